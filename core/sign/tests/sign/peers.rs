//! Independent tools agree: `xmlsec1` on RSA, `openssl` on SM2. Skipped where they are not installed.

use std::path::Path;
use std::process::{Command, Output};

use dragoman_sign::{Digest, check};

use crate::setup::{methods, now, rsa, sealed, sm2};

const ORDER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- one --><o:Order guid=\"A&amp;1\" xmlns:x=\"urn:x\" \
                     xmlns:o=\"urn:o\">\n  <o:Line x:n='2' a=\"1\">手袋 &lt; 2 &#13;</o:Line><o:Empty/><![CDATA[<a>]]></o:Order>\n";

fn run(tool: &str, folder: &Path, arguments: &[&str]) -> Output {
    Command::new(tool).args(arguments).current_dir(folder).output().unwrap()
}

fn has(tool: &str) -> bool {
    let is_there = Command::new(tool).arg("--version").output().is_ok();
    if !is_there {
        dragoman_samples::skip(&format!("{tool} is not installed (Debian: {tool})"));
    }
    is_there
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn xmlsec1_finds_what_we_sign_signed() {
    if !has("xmlsec1") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("rsa.pem"), include_str!("rsa.pem")).unwrap();
    let sealed = sealed(ORDER, &rsa());
    std::fs::write(at.join("signed.xml"), &sealed).unwrap();
    let verify = ["--verify", "--trusted-pem", "rsa.pem", "--enabled-key-data", "x509", "signed.xml"];
    let verified = run("xmlsec1", at, &verify);
    assert!(verified.status.success(), "{}", told(&verified));
    std::fs::write(at.join("signed.xml"), sealed.replace("手袋", "手套")).unwrap();
    let verified = run("xmlsec1", at, &verify);
    assert!(!verified.status.success(), "{}", told(&verified));
}

#[test]
fn what_xmlsec1_signs_is_found_signed() {
    if !has("xmlsec1") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("rsa.pem"), include_str!("rsa.pem")).unwrap();
    std::fs::write(at.join("rsa.key.pem"), include_str!("rsa.key.pem")).unwrap();
    let template = ORDER.replace(
        "</o:Order>",
        "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">
           <SignedInfo>
             <CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>
             <SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\"/>
             <Reference URI=\"\">
               <Transforms><Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/></Transforms>
               <DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/><DigestValue/>
             </Reference>
           </SignedInfo><SignatureValue/><KeyInfo><KeyName/><X509Data/></KeyInfo></Signature></o:Order>",
    );
    std::fs::write(at.join("template.xml"), template).unwrap();
    let sign = ["--sign", "--privkey-pem", "rsa.key.pem,rsa.pem", "--output", "signed.xml", "template.xml"];
    let signed = run("xmlsec1", at, &sign);
    assert!(signed.status.success(), "{}", told(&signed));
    let signed = std::fs::read(at.join("signed.xml")).unwrap();
    check(&signed, &methods(), &[rsa().certificate], now()).unwrap();
}

#[test]
fn openssl_agrees_on_digest_and_signature_of_sm2() {
    if !has("openssl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let pair = sm2();
    let sealed = sealed(ORDER, &pair);
    let checked = check(sealed.as_bytes(), &methods(), &[pair.certificate], now()).unwrap();
    std::fs::write(at.join("canonical"), &checked.canonical).unwrap();
    let digest = run("openssl", at, &["dgst", "-sm3", "-hex", "canonical"]);
    let hex: String = Digest::Sm3.of(&checked.canonical).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(told(&digest).trim().ends_with(&hex), "{}", told(&digest));

    // What openssl signs is in DER, and is taken as well as the 64 bytes.
    std::fs::write(at.join("sm2.key.pem"), include_str!("sm2.key.pem")).unwrap();
    std::fs::write(at.join("sm2.pem"), include_str!("sm2.pem")).unwrap();
    let identity = ["-pkeyopt", "distid:1234567812345678", "-rawin", "-digest", "sm3"];
    let sign = ["pkeyutl", "-sign", "-inkey", "sm2.key.pem", "-in", "canonical", "-out", "signature"];
    let signed = run("openssl", at, &[&sign[..], &identity[..]].concat());
    assert!(signed.status.success(), "{}", told(&signed));
    let signature = std::fs::read(at.join("signature")).unwrap();
    let certificate = sm2().certificate;
    let verifies = |message: &[u8]| certificate.verifies(dragoman_sign::Scheme::Sm2Sm3, message, &signature);
    assert!(verifies(&checked.canonical) && !verifies(b"another"));

    // And openssl takes ours.
    let ours =
        dragoman_sign::Signer::sign(&sm2().key, dragoman_sign::Scheme::Sm2Sm3, &checked.canonical).unwrap();
    std::fs::write(at.join("ours"), der(&ours)).unwrap();
    let verify =
        ["pkeyutl", "-verify", "-certin", "-inkey", "sm2.pem", "-in", "canonical", "-sigfile", "ours"];
    let verified = run("openssl", at, &[&verify[..], &identity[..]].concat());
    assert!(verified.status.success(), "{}", told(&verified));
}

/// Two numbers of 32 bytes as a sequence in DER.
fn der(signature: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| {
        let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(31);
        let mut number = bytes[first..].to_vec();
        if number[0] >= 0x80 {
            number.insert(0, 0);
        }
        [&[2, u8::try_from(number.len()).unwrap()], &*number].concat()
    };
    let both = [number(&signature[..32]), number(&signature[32..])].concat();
    [&[0x30, u8::try_from(both.len()).unwrap()], &*both].concat()
}
