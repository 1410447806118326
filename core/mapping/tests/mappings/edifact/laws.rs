//! The laws, on samples of both directories.

use dragoman_model::Scope;

use super::support::{CUSDEC, CUSDEC_99B, CUSRES, CUSRES_99B, DIRECTORIES, Format, case_of};
use crate::mapped::{canonical, document};

const DECLARATIONS: [&str; 3] = ["import", "low-value", "export"];
const RESPONSES: [&str; 4] = ["accepted", "rejected", "released", "controlled"];

fn formats() -> Vec<(&'static Format, &'static [&'static str], &'static str)> {
    vec![
        (&CUSDEC, &DECLARATIONS, DIRECTORIES[0]),
        (&CUSDEC_99B, &DECLARATIONS, DIRECTORIES[1]),
        (&CUSRES, &RESPONSES, DIRECTORIES[0]),
        (&CUSRES_99B, &RESPONSES, DIRECTORIES[1]),
    ]
}

#[test]
fn samples_come_back_over_themselves_and_of_their_documents_alone() {
    for (format, cases, directory) in formats() {
        for case in cases {
            let message = case_of(case, directory);
            let (tree, grammar) = format.one(message.as_bytes());
            let got = format.get(&tree, &grammar);
            assert_eq!(got.residue().count(), 0, "{case} {directory}");
            let over = format.mapping.put_over(&got.document, &tree, &got, &grammar).unwrap();
            assert_eq!(CUSDEC.difference(&tree, &over.tree), None, "{case} {directory}");
            let text = canonical(&got.document);
            let alone = document(&text);
            let put = format.put(&alone);
            assert_eq!(put.lost, [], "{case} {directory}");
            let bytes = format.bytes(&put.tree).unwrap();
            let (again, grammar) = format.one(&bytes);
            assert_eq!(CUSDEC.difference(&tree, &again), None, "{case} {directory}");
            let again = format.get(&again, &grammar);
            let differs = dragoman_model::difference(&got.document, &again.document, Scope::Whole);
            assert!(differs.is_none(), "{case} {directory}: {}", differs.unwrap().path);
        }
    }
}

/// What the document no longer has leaves the message, what it gains stands in the grammar's order, and what the
/// mapping does not speak of stays.
#[test]
fn a_changed_document_changes_its_message() {
    let message = case_of("import", "D:99B")
        .replace("UNS+D'\r\nCST+1", "UNS+D'\r\nDMS+INV-1'\r\nLIN+1'\r\nCST+1")
        .replace("GIS+A20:109'", "GIS+A20:109'\r\nGIS+N:79:95'");
    let (tree, grammar) = CUSDEC.one(message.as_bytes());
    let got = CUSDEC.get(&tree, &grammar);
    let had = got.residue().count();
    assert!(had > 3);
    let text = canonical(&got.document).replace("\"specific_circumstance\": \"A20\",", "").replace(
        "\"description\": \"Porcelain mugs\"",
        "\"description\": \"Mugs\", \"statement\": \"Fragile\"",
    );
    let over = CUSDEC.mapping.put_over(&document(&text), &tree, &got, &grammar).unwrap();
    let bytes = String::from_utf8(CUSDEC_99B.bytes(&over.tree).unwrap()).unwrap();
    assert!(
        !bytes.contains("A20") && bytes.contains("GIS+N:79:95'") && bytes.contains("DMS+INV-1'LIN+1'"),
        "{bytes}"
    );
    assert!(bytes.contains("FTX+AAA+++Mugs'FTX+AAI+++Fragile'LOC+27+CN'"), "{bytes}");
    let (again, grammar) = CUSDEC.one(bytes.as_bytes());
    let again = CUSDEC.get(&again, &grammar);
    assert_eq!(again.residue().count(), had);
    let differs = dragoman_model::difference(&document(&text), &again.document, Scope::Whole);
    assert!(differs.is_none(), "{}", differs.unwrap().path);
}

#[test]
fn messages_and_interchanges_are_documents_each() {
    let one = case_of("import", "D:96B");
    let two = case_of("low-value", "D:99B");
    let file = format!("{one}{two}{one}");
    let read = CUSDEC.read(file.as_bytes());
    let numbers: Vec<String> = read
        .iter()
        .map(|(tree, grammar, _)| {
            let got = CUSDEC.get(tree, grammar);
            let lrn = got.document.find("lrn").unwrap();
            got.document.tree().value(lrn).unwrap().to_owned()
        })
        .collect();
    assert_eq!(numbers, ["TT-2026-0042", "TT-2026-0043", "TT-2026-0042"]);
}

/// Reading never fails: every cut and every changed byte gives messages whose counts add up and which come back.
#[test]
fn broken_messages_are_read() {
    let message = case_of("import", "D:96B");
    for at in (0..message.len()).step_by(7) {
        let (before, after) = message.split_at(at);
        let changed = ["'", "+", ":", "?", "\u{0}", ""]
            .map(|byte| format!("{before}{byte}{}", after.get(1..).unwrap_or_default()));
        for text in changed.iter().map(String::as_str).chain([before, after]) {
            for (tree, grammar, _) in CUSDEC.read(text.as_bytes()) {
                if tree.is_empty() || !grammar.name().contains("cusdec") {
                    continue;
                }
                let got = CUSDEC.get(&tree, &grammar);
                let over = CUSDEC.mapping.put_over(&got.document, &tree, &got, &grammar).unwrap();
                let differs = CUSDEC.difference(&tree, &over.tree);
                assert!(differs.is_none(), "{differs:?} {}", &text[..text.len().min(120)]);
            }
        }
    }
}
