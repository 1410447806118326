//! Input made to exhaust: every reader ends, lists a bounded number of findings, says that there are more, and keeps
//! its limits.

use std::sync::Arc;

use dragoman_syntax::edifact::{self, MessageType, messages};
use dragoman_syntax::grammar::{Grammar, parse};
use dragoman_syntax::{Limits, Read, json, validate, xml};
use dragoman_tree::{Finding, Findings};

const MANY: usize = 100_000;

/// The closing word of a list that was cut.
fn more(findings: &[Finding]) -> Option<&str> {
    findings.iter().map(|finding| finding.message.as_str()).find(|message| message.contains("not listed"))
}

fn read_xml(text: &str) -> Read<'_> {
    xml::read(text.as_bytes(), None, &Limits::default())
}

fn read_json(text: &str) -> Read<'_> {
    json::read(text.as_bytes(), None, Grammar::ROOT, &Limits::default())
}

#[test]
fn xml_is_bounded() {
    let limits = Limits::default();
    assert_eq!(read_xml(&"<a>".repeat(MANY)).tree.len(), limits.depth);
    let attributes: String = (0..MANY).map(|number| format!(" a{number}=''")).collect();
    assert!(read_xml(&format!("<a{attributes}/>")).tree.len() <= limits.attributes + 1);
    let declarations: String = (0..MANY).map(|number| format!(" xmlns:a{number}='u'")).collect();
    assert_eq!(read_xml(&format!("<a{declarations}/>")).findings.len(), 1);
    for fault in ["&x;", "<b>]]></b>", "<!-- -- -->", "\u{1}"] {
        let text = format!("<a>{}{}</a>", "<c/>".repeat(MANY), fault.repeat(MANY));
        let read = read_xml(&text);
        assert!((1001..=1003).contains(&read.findings.len()), "{fault}: {}", read.findings.len());
    }
    let few = Limits { nodes: 100, ..limits };
    let text = format!("<a>{}</a>", "<b>t</b>u".repeat(MANY));
    assert!(xml::read(text.as_bytes(), None, &few).tree.len() <= 101);
}

#[test]
fn json_is_bounded() {
    let limits = Limits::default();
    assert_eq!(read_json(&"[".repeat(MANY)).tree.len(), limits.depth);
    assert!(read_json(&"{\"a\":".repeat(MANY)).tree.len() <= limits.depth);
    for faults in [",", "]", "1 ", "x,", "\"\\q\","] {
        let text = format!("[{}", faults.repeat(MANY));
        assert!(read_json(&text).findings.len() <= 101, "{faults}");
    }
    let twice = format!("{{{}\"b\":1}}", "\"a\":1,".repeat(MANY));
    assert_eq!(read_json(&twice).findings.len(), 101);
    let numbers = format!("[{}1]", "1,".repeat(MANY));
    assert_eq!(read_json(&numbers).tree.len(), MANY + 2);
    let few = Limits { nodes: 100, ..limits };
    assert_eq!(json::read(numbers.as_bytes(), None, Grammar::ROOT, &few).tree.len(), 100);
}

const TOY: &str = "grammar 1 toy/one\nsyntax xml\nOne *\n  Two 0..\n  Three 0..\n";

#[test]
fn validation_is_bounded() {
    let grammar = parse(TOY, &|_| None).unwrap();
    for part in ["<Three/><Two/>", "<Four/>"] {
        let text = format!("<One>{}</One>", part.repeat(MANY));
        let read = xml::read(text.as_bytes(), Some(&grammar), &Limits::default());
        assert_eq!(validate(&read.tree, &grammar).len(), 1001, "{part}");
    }
}

/// A message type with one segment.
fn toy(kind: &MessageType) -> Option<Arc<Grammar>> {
    const TEXT: &str = "grammar 1 toy/two\nsyntax edifact\nuse service\nmessage TOY D 96B UN\n\
                        segment BGM 1225 an..3\n0000 UNB\n0010 UNH *\n0020 BGM *\n";
    const SERVICE: &str = include_str!("../../../mappings/edifact/service.gram");
    parse(TEXT, &|_| Some(SERVICE)).ok().filter(|_| kind.name == "TOY").map(Arc::new)
}

#[test]
fn edifact_is_bounded() {
    let begin = "UNB+UNOC:3+A+B+261122:1200+R'UNH+1+TOY:D:96B:UN'";
    for (part, nodes) in
        [("'", 30), ("XYZ'", MANY + 30), ("BGM+1+2'", 3 * MANY + 30), ("UNS+D'", 2 * MANY + 30)]
    {
        let text = format!("{begin}{}", part.repeat(MANY));
        let message = messages(text.as_bytes(), &toy).next().unwrap();
        assert!(message.tree().len() <= nodes, "{part}: {}", message.tree().len());
        assert!(message.findings.len() <= 2 * Findings::MOST + 4, "{part}: {}", message.findings.len());
        assert!(more(&message.findings).is_some(), "{part}");
    }
    for (part, count) in [("+", 30), ("+a", MANY + 30), (":a", MANY + 30), ("?+", 30)] {
        let text = format!("{begin}BGM+1{}'", part.repeat(MANY));
        let message = messages(text.as_bytes(), &toy).next().unwrap();
        assert!(message.tree().len() <= count && message.findings.len() <= 2 * Findings::MOST + 4, "{part}");
    }
    for part in ["UNG+1'", "UNB+X'", "UNZ+1'", "UNE+1'", "UNT+1'", "UNA", "junk "] {
        let text = format!("{begin}UNT+2+1'{}", part.repeat(MANY));
        let mut reader = messages(text.as_bytes(), &toy);
        assert_eq!(reader.by_ref().count(), 1, "{part}");
        assert!(reader.findings().len() <= Findings::MOST + 1, "{part}");
    }
}

/// White space between messages is passed once, not again with every piece.
#[test]
fn blanks_in_pieces_are_passed_for_good() {
    let mut reader = edifact::Reader::new(&toy);
    reader.push(b"UNB+UNOC:3+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+B+261122:1200+R'UNH+1+TOY:D:96B:UN'UNT+2+1'");
    assert!(reader.next_message().is_some());
    for _ in 0..1_000 {
        reader.push(&[b'\n'; 1_000]);
        assert!(reader.next_message().is_none());
    }
    reader.push(b"UNH+2+TOY:D:96B:UN'UNT+2+2'UNZ+2+R'");
    reader.finish();
    let message = reader.next_message().unwrap();
    let header = message.tree().ids().find(|id| message.tree().name(*id) == "UNH").unwrap();
    assert_eq!(message.tree().file_span(header), 1_000_086..1_000_089);
}

#[test]
fn an_element_that_takes_all_positions_is_no_overflow() {
    let text = "grammar 1 toy/three\nsyntax edifact\nsegment BGM 1225 an..3 x4294967295 1004 an..35 x9\n0000 BGM *\n";
    assert!(parse(text, &|_| None).is_ok());
}
