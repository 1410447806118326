//! What the shared validation says of EDIFACT messages, by the grammar of CUSDEC D.96B.

use dragoman_syntax::validate;

use crate::support::{codes, published, read};

const GOOD: &str = "UNH+1+CUSDEC:D:96B:UN'BGM+929+LRN1+9'NAD+IM+GB1'UNS+D'\
    CST+1+85171300:122:95'MEA+WT+AAB+KGM:12'UNS+S'CNT+5:1'";

/// Code and wire path of each finding, for a message with one thing changed.
fn findings(from: &str, to: &str) -> Vec<(String, String)> {
    assert!(GOOD.contains(from));
    let text = format!("UNB+UNOC:3+ME+YOU+261122:1200+R1'{}UNT+9+1'UNZ+1+R1'", GOOD.replacen(from, to, 1));
    let (messages, found) = read(text.as_bytes(), &published);
    assert!(codes(&found).iter().all(|code| matches!(*code, "DG-E0310")), "{found:?}");
    let grammar = messages[0].grammar.as_deref().unwrap();
    let found = validate(messages[0].tree(), grammar);
    found.into_iter().map(|found| (found.code.into_owned(), found.wire_path.unwrap_or_default())).collect()
}

#[test]
fn conditions_of_the_directory_are_checked() {
    let cases = [
        ("BGM", "BGM", &[][..]),
        ("BGM+929+LRN1+9'", "", &[("DG-E0405", "/CUSDEC[1]/BGM[1]")]),
        ("NAD+IM", "NAD+IMP", &[("DG-E0414", "/CUSDEC[1]/<NAD>[1]/NAD[1]/3035[1]")]),
        ("NAD+IM+GB1", "NAD++GB1", &[("DG-E0405", "/CUSDEC[1]/<NAD>[1]/NAD[1]/3035[1]")]),
        ("CST+1+", "CST+123456+", &[("DG-E0409", "/CUSDEC[1]/<CST>[1]/CST[1]/1496[1]")]),
        ("CST+1+85171300", "CST+1+", &[("DG-E0405", "/CUSDEC[1]/<CST>[1]/CST[1]/C246[1]/7361[1]")]),
        // Neither sign nor decimal mark count for the length of a number.
        ("CNT+5:1", "CNT+5:-12345678901234567.8", &[]),
        ("CNT+5:1", "CNT+5:12,5", &[]),
        ("CNT+5:1", "CNT+5:1234567890123456789", &[("DG-E0409", "/CUSDEC[1]/CNT[1]/C270[1]/6066[1]")]),
        ("CNT+5:1", "CNT+5:12a", &[("DG-E0408", "/CUSDEC[1]/CNT[1]/C270[1]/6066[1]")]),
        ("+9'", "+9'BGM+929+LRN1+9'", &[("DG-E0404", "/CUSDEC[1]/BGM[2]")]),
        ("UNS+D'", "UNS'", &[("DG-E0405", "/CUSDEC[1]/UNS[1]/0081[1]")]),
        ("+AAB+", "+XXX+", &[("DG-E0414", "/CUSDEC[1]/<CST>[1]/MEA[1]/C502[1]/6313[1]")]),
    ];
    for (from, to, expected) in cases {
        let found = findings(from, to);
        let found: Vec<_> = found.iter().map(|(code, path)| (code.as_str(), path.as_str())).collect();
        assert_eq!(found, expected, "{from} -> {to}");
    }
}

/// A code is of the UN's list unless its composite names another list (1131) or its owner (3055).
#[test]
fn codes_of_other_lists_are_not_checked() {
    assert_eq!(findings("BGM+929", "BGM+XYZ").len(), 1);
    assert!(findings("BGM+929", "BGM+XYZ:107").is_empty());
    assert!(findings("BGM+929", "BGM+XYZ::95").is_empty());
}
