//! `dragoman print`, as people use it.

use std::fs;
use std::process::Command;

use crate::run::{Folder, dragoman_in};

/// The accompanying document of a published release: what a reader of PDF finds in it, and what a scanner reads off it.
#[test]
fn the_barcode_of_a_transit_accompanying_document_is_read() {
    let Some(samples) = dragoman_samples::sample("uk-ncts/samples") else { return };
    let release = samples.join("cc029c-valid.xml");
    let folder = Folder::new();
    let print = |form: &str, file: &str| {
        dragoman_in(folder.path(), &["print", "--form", form, "--out", "tad.pdf", file], b"")
    };
    let ran = print("eu-ncts/tad", &release.display().to_string());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(fs::read(folder.path().join("tad.pdf")).unwrap().starts_with(b"%PDF-1"));
    let declared = samples.join("cc015c-valid.xml").display().to_string();
    let refused = print("eu-ncts/tad", &declared);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("the form is for documents with `type` = `customs_response`"),
        "{}",
        refused.stderr
    );
    let in_folder = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).current_dir(folder.path()).output().ok()
    };
    let Some(text) = in_folder("pdftotext", &["tad.pdf", "-"]) else {
        return dragoman_samples::skip("pdftotext (poppler-utils) is not installed");
    };
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("Holder of the transit procedure [13 07]") && text.contains("List of items"),
        "{text}"
    );
    let drawn = in_folder("pdftoppm", &["-r", "150", "-png", "tad.pdf", "tad"]).unwrap();
    assert!(drawn.status.success());
    let Some(scanned) = in_folder("zbarimg", &["--quiet", "tad-1.png"]) else {
        return dragoman_samples::skip("zbarimg (zbar-tools) is not installed");
    };
    assert_eq!(String::from_utf8(scanned.stdout).unwrap(), "CODE-128:27WF9X1FQ9RCKN0TM3\n");
}

/// Names of offices are those of the published list.
#[test]
fn an_accompanying_document_names_its_offices() {
    let folder = Folder::new();
    let case = crate::run::root().join("adapters/eu-ncts/cases/CC029C.in").display().to_string();
    let ran = dragoman_in(folder.path(), &["print", "--form", "eu-ncts/tad", "--out", "tad.pdf", &case], b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let text = Command::new("pdftotext").args(["tad.pdf", "-"]).current_dir(folder.path()).output();
    let Ok(text) = text else {
        return dragoman_samples::skip("pdftotext (poppler-utils) is not installed");
    };
    let text = String::from_utf8(text.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    for name in ["Dover/Folkestone Eurotunnel Freight", "FR620001 Calais port tunnel bureau", "Hamburg"] {
        assert!(text.contains(name), "{name}: {text}");
    }
}

#[test]
fn a_certificate_of_origin_is_printed_of_its_edifact() {
    let folder = Folder::new();
    let case = crate::run::root().join("adapters/edifact/cases/certificate-of-origin.in");
    let case = case.display().to_string();
    let ran =
        dragoman_in(folder.path(), &["print", "--form", "rcep/certificate", "--out", "a/b.pdf", &case], b"");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(fs::read(folder.path().join("a/b.pdf")).unwrap().starts_with(b"%PDF-1"));
    let unknown =
        dragoman_in(folder.path(), &["print", "--form", "rcep/nothing", "--out", "b.pdf", &case], b"");
    assert_eq!(unknown.code, 2);
    assert!(
        unknown
            .stderr
            .contains("there are eu-ncts/tad, handoff/cn23, handoff/commercial-invoice, rcep/certificate, rcep/declaration"),
        "{}",
        unknown.stderr
    );
}
