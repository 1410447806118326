//! XML messages as JSON texts: what is written is read again as the same tree, and what the authority published is read.

#![expect(clippy::unwrap_used, reason = "test support")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dragoman_samples::{files, sample};
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::json::Style;
use dragoman_syntax::{Limits, Read, sample as sampled, xml};
use dragoman_tree::{NodeId, Tree};

fn mappings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings")
}

fn grammar(file: &Path) -> Arc<Grammar> {
    Arc::new(grammar::parse(&fs::read_to_string(file).unwrap(), &|_| None).unwrap())
}

fn read<'i>(text: &'i str, grammar: &Grammar) -> Read<'i> {
    xml::as_json::read(text.as_bytes(), grammar, &Limits::default())
}

/// What differs after a message was written as JSON and read again.
fn differs(tree: &Tree<'_>, grammar: &Grammar) -> Option<String> {
    let text = xml::as_json::write(tree, grammar, Style::Pretty);
    let again = read(&text, grammar);
    assert!(again.findings.is_empty(), "{:?}\n{text}", again.findings);
    xml::difference(tree, &again.tree, Some(grammar)).map(|difference| format!("{difference}\n{text}"))
}

#[test]
fn messages_of_every_transit_grammar_come_back() {
    let mut all = 0;
    for file in files(&mappings().join("ncts"), &["gram"]) {
        let grammar = grammar(&file);
        for seed in 0..8 {
            let tree = sampled::sample(&grammar, seed);
            assert_eq!(differs(&tree, &grammar), None, "{} {seed}", file.display());
            all += 1;
        }
    }
    assert!(all > 400, "{all}");
}

#[test]
fn the_published_samples_come_back_in_either_form() {
    let Some(folder) = sample("uk-ncts/samples") else { return };
    let mut count = 0;
    for file in files(&folder, &["json", "xml"]) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let message = name.get(..6).unwrap().to_uppercase();
        let bytes = fs::read(&file).unwrap();
        let limits = Limits::default();
        // Some are of the older phase.
        let read = |phase: &str| {
            let grammar = grammar(&mappings().join(format!("ncts/{phase}/{message}.gram")));
            let read = if name.ends_with("json") {
                xml::as_json::read(&bytes, &grammar, &limits)
            } else {
                xml::read(&bytes, Some(&grammar), &limits)
            };
            let unknown = read.tree.ids().filter(|node| !read.tree.place(*node).is_known()).count();
            (unknown, grammar, read)
        };
        let (_, grammar, Read { tree, findings }) =
            ["p6", "p5"].map(read).into_iter().min_by_key(|read| read.0).unwrap();
        assert!(findings.iter().all(|finding| finding.code == "DG-E0133"), "{name}: {findings:?}");
        assert_eq!(differs(&tree, &grammar), None, "{name}");
        count += 1;
    }
    assert!(count >= 50, "{count}");
}

const GRAMMAR: &str = "ncts/p6/CC007C.gram";

#[test]
fn the_order_of_members_means_nothing() {
    let grammar = grammar(&mappings().join(GRAMMAR));
    let text = r#"{"@xmlns:n1":"http://ncts.dgtaxud.ec","n1:CC007C":{"TransitOperation":{"simplifiedProcedure":"1","MRN":"M"},
        "Authorisation":[{"type":"C520","sequenceNumber":1},{"sequenceNumber":2.50}],"messageSender":"a","@PhaseID":"NCTS5.1"}}"#;
    let Read { tree, findings } = read(text, &grammar);
    assert!(findings.is_empty(), "{findings:?}");
    let written = xml::write(&tree, Some(&grammar), &xml::WriteOptions { indent: None, declaration: false });
    let expected = "<ncts:CC007C xmlns:ncts=\"http://ncts.dgtaxud.ec\" PhaseID=\"NCTS5.1\"><messageSender>a</messageSender>\
        <TransitOperation><MRN>M</MRN><simplifiedProcedure>1</simplifiedProcedure></TransitOperation>\
        <Authorisation><sequenceNumber>1</sequenceNumber><type>C520</type></Authorisation>\
        <Authorisation><sequenceNumber>2.50</sequenceNumber></Authorisation></ncts:CC007C>";
    assert_eq!(String::from_utf8(written.bytes).unwrap(), expected);
    // A value is where it stands in the text.
    let mrn = tree.ids().find(|node| tree.name(*node) == "MRN").unwrap();
    let span = tree.file_span(mrn);
    assert_eq!(&text[span.start as usize..span.end as usize], "M");
    let one_line = "{\"n1:CC007C\":{\"@PhaseID\":\"NCTS5.1\",\"messageSender\":\"a\",\
        \"TransitOperation\":{\"MRN\":\"M\",\"simplifiedProcedure\":\"1\"},\
        \"Authorisation\":[{\"sequenceNumber\":1,\"type\":\"C520\"},{\"sequenceNumber\":2.50}]}}";
    assert_eq!(xml::as_json::write(&tree, &grammar, Style::Compact), one_line);
}

#[test]
fn what_is_not_a_message_is_said() {
    let grammar = grammar(&mappings().join(GRAMMAR));
    let codes = |text: &str| {
        read(text, &grammar).findings.iter().map(|finding| finding.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(codes(r#"{"n1:CC007C":{},"other":{}}"#), ["DG-E0132"]);
    assert_eq!(codes(r#"{"n1:CC007C":{"Authorisation":[]}}"#), ["DG-E0133"]);
    assert_eq!(codes(r#"{"n1:CC007C":{"Authorisation":[{]}}"#), ["DG-E0202"], "what is no JSON");
    for none in ["", "{}", "[]", "7", r#"{"n1:CC007C":"text"}"#] {
        assert!(read(none, &grammar).tree.is_empty(), "{none}");
    }
    // What the grammar does not know is there all the same.
    let Read { tree, .. } =
        read(r##"{"CC007C":{"new":{"a":["b",["c"]],"#":"d"},"?pi":"e","@f":true,"g":null}}"##, &grammar);
    let names: Vec<_> =
        tree.ids().map(|node| (tree.name(node), tree.value(node).unwrap_or_default())).collect();
    let expected = [
        ("CC007C", ""),
        ("f", "true"),
        ("new", ""),
        ("#", "d"),
        ("a", "b"),
        ("a", ""),
        ("a", "c"),
        ("?pi", "e"),
        ("g", ""),
    ];
    assert_eq!(names, expected);
    assert!(!tree.place(NodeId(2)).is_known());
}
