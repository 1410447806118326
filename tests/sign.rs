//! `dragoman sign`, as people use it.

use std::fs;
use std::process::Command;

use crate::run::{Folder, dragoman_in, root};

/// An inventory of China's customs that was read, written and signed: its schema takes it, `xmlsec1` finds it signed, and so
/// does the program; another certificate, and another message, do not.
#[test]
fn an_inventory_is_signed_and_found_signed() {
    let Some(samples) = dragoman_samples::sample("china-ceb/2022-05") else { return };
    let folder = Folder::new();
    let at = |name: &str| folder.path().join(name);
    let key = |name: &str| root().join("core/sign/tests/sign").join(name).display().to_string();
    let run = |arguments: &[&str], input: &[u8]| dragoman_in(folder.path(), arguments, input);
    let published = fs::read(samples.join("samples-import/CEB621Message.xml")).unwrap();
    let written = run(&["translate", "--from", "cn-ceb/ceb621", "--to", "cn-ceb/ceb621"], &published);
    for pair in ["rsa", "sm2"] {
        let (private, certificate) = (key(&format!("{pair}.key.pem")), key(&format!("{pair}.pem")));
        let other = key(if pair == "rsa" { "sm2.pem" } else { "rsa.pem" });
        let sign = ["sign", "--key", &private, "--certificate", &certificate];
        let signed = run(&sign, written.stdout.as_bytes());
        assert_eq!((signed.code, signed.stderr.as_str()), (0, ""));
        let check = ["sign", "--certificate", &certificate];
        let checked = run(&check, signed.stdout.as_bytes());
        assert_eq!(checked.code, 0, "{}", checked.stderr);
        assert!(checked.stderr.contains("all of it is signed by certificate"), "{}", checked.stderr);
        assert_eq!(run(&["sign", "--certificate", &other], signed.stdout.as_bytes()).code, 1);
        let changed = signed.stdout.replacen("<ceb:qty>", "<ceb:qty>1", 1);
        let refused = run(&check, changed.as_bytes());
        assert_eq!(refused.code, 1);
        assert!(refused.stderr.contains("its digest is another"), "{}", refused.stderr);
        let valid = run(&["validate", "--as", "cn-ceb/ceb621", "-"], signed.stdout.as_bytes());
        // What the published values say is another thing than how they are written.
        let mut said = valid.stderr.lines().filter(|line| line.starts_with("error["));
        assert!(said.all(|line| line.starts_with("error[DG-E0804]")), "{}", valid.stderr);
        let again = run(&sign, signed.stdout.as_bytes());
        assert_eq!(again.code, 2);
        assert!(again.stderr.contains("signed already"), "{}", again.stderr);

        fs::write(at("signed.xml"), &signed.stdout).unwrap();
        let schema = samples.join("xsd/海关跨境进口业务节点报文定义202205.xsd").display().to_string();
        let peer = |program: &str, arguments: &[&str]| {
            Command::new(program).args(arguments).current_dir(folder.path()).output().ok()
        };
        let Some(judged) = peer("xmllint", &["--noout", "--schema", &schema, "signed.xml"]) else {
            return dragoman_samples::skip("xmllint (libxml2-utils) is not installed");
        };
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
        if pair == "rsa" {
            let trusted =
                ["--verify", "--trusted-pem", &certificate, "--enabled-key-data", "x509", "signed.xml"];
            let Some(verified) = peer("xmlsec1", &trusted) else {
                return dragoman_samples::skip("xmlsec1 (xmlsec1) is not installed");
            };
            assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
        }
    }
}

/// Export has the signature before what may follow it; a message that nobody signs is not signed.
#[test]
fn the_signature_stands_where_the_schema_has_it() {
    let folder = Folder::new();
    let key = |name: &str| root().join("core/sign/tests/sign").join(name).display().to_string();
    let (private, certificate) = (key("rsa.key.pem"), key("rsa.pem"));
    let case = fs::read_to_string(root().join("adapters/cn-ceb/cases/ceb303.in")).unwrap();
    let extended = case.replace(
        "</ceb:CEB303Message>",
        "<ceb:ExtendMessage><ceb:name>x</ceb:name><ceb:version>1</ceb:version></ceb:ExtendMessage></ceb:CEB303Message>",
    );
    let sign = ["sign", "--key", &private, "--certificate", &certificate];
    let signed = dragoman_in(folder.path(), &sign, extended.as_bytes());
    let text = &signed.stdout;
    assert!(text.contains("</ds:Signature><ceb:ExtendMessage>"), "{}{text}", signed.stderr);
    let receipt = fs::read(root().join("adapters/cn-ceb/cases/ceb304.in")).unwrap();
    let refused = dragoman_in(folder.path(), &sign, &receipt);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("`cn-ceb/ceb304` is not signed"), "{}", refused.stderr);
}
