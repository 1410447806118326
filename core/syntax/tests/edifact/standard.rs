//! What ISO 9735 has beyond the plain message: syntax versions, character sets, lines of one length, explicit
//! nesting.

use std::fmt::Write;

use dragoman_syntax::edifact::{Charset, Interchange, Unencodable, WriteOptions, write};
use dragoman_tree::{NodeId, Severity, Tree};
use proptest::prelude::*;

use crate::support::{codes, known, outline, read, shape};

/// One text in every part of ISO 8859 that the syntax identifiers name, by hand from the tables of the standard.
const LETTERS: [(&str, &[u8], &str); 11] = [
    ("UNOC", b"M\xFCller", "Müller"),
    ("UNOD", b"\xA3\xF3d\xBC", "Łódź"),
    ("UNOE", b"\xBC\xDE\xE1\xDA\xD2\xD0", "Москва"),
    ("UNOF", b"\xC1\xE8\xDE\xED\xE1", "Αθήνα"),
    ("UNOG", b"\xA6u\xF1", "Ĥuñ"),
    ("UNOH", b"R\xEFga", "Rīga"),
    ("UNOI", b"\xE5\xD5\xD1", "مصر"),
    ("UNOJ", b"\xE9\xF9\xF8\xE0\xEC", "ישראל"),
    ("UNOK", b"\xDDstanbul", "İstanbul"),
    ("UNOW", "漢".as_bytes(), "漢"),
    ("UNOY", "Łódź 漢".as_bytes(), "Łódź 漢"),
];

fn interchange(syntax: &str, version: &str, value: &[u8]) -> Vec<u8> {
    let date = if version == "4" { "20261122" } else { "261122" };
    let head = format!("UNB+{syntax}:{version}+ME+YOU+{date}:1200+R1'UNH+1+TRAPS:D:96B:UN'BGM+++");
    [head.as_bytes(), value, b"'UNT+3+1'UNZ+1+R1'"].concat()
}

fn value<'t>(tree: &'t Tree<'_>, path: &[&str]) -> Option<&'t str> {
    let node = path.iter().try_fold(NodeId::ROOT, |node, name| tree.child(node, name))?;
    tree.value(node)
}

#[test]
fn every_character_set_is_read_and_written() {
    for version in ["1", "2", "3", "4"] {
        for (syntax, bytes, text) in LETTERS {
            let file = interchange(syntax, version, bytes);
            let (messages, findings) = read(&file, &known);
            assert_eq!(codes(&findings), [""; 0], "{syntax}");
            let tree = messages[0].tree();
            assert_eq!(value(tree, &["BGM", "1225"]), Some(text), "{syntax}");
            let written = write(&[(tree, messages[0].grammar.as_deref())], &WriteOptions::default()).unwrap();
            assert_eq!(written.bytes, file, "{syntax}");
        }
    }
}

/// Values under UNOX: by hand from ISO/IEC 2022, RFC 1468, RFC 1557 and the tables of the sets. The bytes of the first
/// hold `+`, `'`, `:` and `?`.
const EXTENDED: [(&[u8], &str); 9] = [
    (b"\x1B$B%+!'!:%?\x1B(B", "カ：〆タ"),
    (b"ab\x1B$BF|K\\\x1B(B?+c", "ab日本+c"),
    (b"\x1B(I1?:\x1B(B", "ｱｿｺ"),
    (b"M\x1B-A\xFCller", "Müller"),
    (b"\x1B-L\xBC\xDE\xE1\xDA\xD2\xD0 ?'1?'", "Москва '1'"),
    (b"\x1B-F\xC1\xE8\xDE\xED\xE1", "Αθήνα"),
    (b"\x1B-B\xA3\xF3d\xBC", "Łódź"),
    (b"\x1B$(CGQ19\x1B(B", "한국"),
    (b"\x1B$A5gD>?M\x1B(B", "电木客"),
];

#[test]
fn escapes_designate_other_sets() {
    for (bytes, text) in EXTENDED {
        let file = interchange("UNOX", "3", bytes);
        let (messages, findings) = read(&file, &known);
        assert_eq!(codes(&findings), [""; 0], "{text}");
        let tree = messages[0].tree();
        assert_eq!(value(tree, &["BGM", "1225"]), Some(text));
        let written = write(&[(tree, messages[0].grammar.as_deref())], &WriteOptions::default()).unwrap();
        let read_again = read(&written.bytes, &known).0;
        assert_eq!(value(read_again[0].tree(), &["BGM", "1225"]), Some(text));
        if !text.contains(['电', 'ｱ']) {
            assert_eq!(written.bytes, file, "{text}");
        }
    }
}

#[test]
fn an_escape_of_an_unknown_set_stays_and_is_found() {
    let file = interchange("UNOX", "3", b"a\x1B%Gb");
    let (messages, findings) = read(&file, &known);
    assert_eq!(value(messages[0].tree(), &["BGM", "1225"]), Some("a\u{1B}%Gb"));
    assert_eq!(codes(&findings), ["DG-E0317"]);
}

proptest! {
    /// Whichever sets hold the characters of a value, it comes back.
    #[test]
    fn what_is_written_with_escapes_is_read(text in "[ -~äßЖяΩώŁźşمש日本語仮名カナｱｲ韓国한글电木客]{0,20}[a-z한]") {
        let released: String = text.replace('?', "??").replace('+', "?+").replace(':', "?:").replace('\'', "?'");
        let file = interchange("UNOY", "3", released.as_bytes());
        let (messages, _) = read(&file, &known);
        let interchange = Some(Interchange { syntax: "UNOX".into(), version: "3".into(), ..Interchange::default() });
        let options = WriteOptions { interchange, ..WriteOptions::default() };
        let written = write(&[(messages[0].tree(), messages[0].grammar.as_deref())], &options).unwrap();
        let (again, _) = read(&written.bytes, &known);
        prop_assert_eq!(value(again[0].tree(), &["BGM", "1225"]), Some(&*text));
    }
}

#[test]
fn a_byte_without_character_is_found() {
    let file = interchange("UNOF", "3", b"a\xD2b");
    let (messages, findings) = read(&file, &known);
    assert_eq!(value(messages[0].tree(), &["BGM", "1225"]), Some("a\u{FFFD}b"));
    assert_eq!(codes(&findings), ["DG-E0317"]);
}

#[test]
fn the_sets_of_the_airlines_are_levels_a_and_b() {
    assert_eq!(Charset::from_identifier("IATA"), Charset::UnoA);
    assert_eq!(Charset::from_identifier("IATB"), Charset::UnoB);
    let (_, findings) = read(&interchange("IATA", "1", b"SMITH/J"), &known);
    assert_eq!(codes(&findings), [""; 0]);
}

/// Cuts bytes into lines of one length.
fn wrap(bytes: &[u8], length: usize, end: &[u8]) -> Vec<u8> {
    bytes.chunks(length).collect::<Vec<_>>().join(end)
}

#[test]
fn lines_of_one_length_are_joined() {
    let text = "UNA:+.? 'UNB+UNOC:3+SENDER+RECIPIENT+261122:1200+R1'UNH+1+TRAPS:D:96B:UN'BGM+83+A?+B?'C+9'\
        FTX+AAA+some text:that is long:enough to be cut by more than one end of a line'\
        FTX+AAB+some text:that is long:enough to be cut by more than one end of a line'UNS+D'CST+1+a:b'\
        CST+2+A?+B?'C:d'CST+3+A?+B?'C:d'CST+4+A?+B?'C:d'CST+5+A?+B?'C:d'CST+6+A?+B?'C:d'CST+7+A?+B?'C:d'\
        UNS+S'UNT+14+1'UNZ+1+R1'";
    let (whole, nothing) = read(text.as_bytes(), &known);
    assert_eq!(codes(&nothing), [""; 0]);
    for (length, end) in [(80, "\r\n"), (15, "\n"), (23, "\r\n"), (11, "\n"), (72, "\r\n"), (37, "\n")] {
        let file = wrap(text.as_bytes(), length, end.as_bytes());
        let (messages, findings) = read(&file, &known);
        assert_eq!(codes(&findings), ["DG-E0327"], "{length}");
        assert_eq!(shape(messages[0].tree()), shape(whole[0].tree()), "{length}");
    }
}

#[test]
fn explicit_nesting_is_compared_with_the_structure() {
    let text = |nad: &str, com: &str, rff: &str| {
        format!(
            "UNB+UNOC:3+ME+YOU+261122:1200+R1'UNH+1+TRAPS:D:96B:UN'BGM+1'RFF:1+A:1'NAD:1:1+X'COM:1:1:1+a:b'\
             COM{com}+a:b'NAD{nad}+Y'RFF{rff}+A:2'UNS+D'UNS+S'UNT+11+1'UNZ+1+R1'"
        )
    };
    let good = text(":1:2", ":1:1:2", ":2:1");
    let (messages, findings) = read(good.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0], "{findings:?}");
    let written = write(&[(messages[0].tree(), messages[0].grammar.as_deref())], &WriteOptions::default());
    assert_eq!(String::from_utf8(written.unwrap().bytes).unwrap(), good);
    let bad = text(":1:1", ":1:1:2", ":2");
    let (_, findings) = read(bad.as_bytes(), &known);
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!((&*finding.code, finding.severity), ("DG-E0324", Severity::Warning));
    assert_eq!(finding.message, "stated 1:1, counted 1:2:1");
    assert!(finding.wire_path.as_deref().is_some_and(|path| path.contains("<NAD>[2]/NAD[1]")), "{finding:?}");
}

#[test]
fn a_bare_message_is_read_and_written() {
    let text = "UNH+1+TRAPS:D:96B:UN'BGM+1'UNT+3+1'";
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), ["DG-E0306"]);
    let options = WriteOptions { unencodable: Unencodable::Refuse, ..WriteOptions::default() };
    let written = write(&[(messages[0].tree(), messages[0].grammar.as_deref())], &options).unwrap();
    assert_eq!((written.bytes.as_slice(), codes(&written.findings)), (text.as_bytes(), vec!["DG-E0336"]));
}

proptest! {
    /// Wherever lines are cut, the tree is the same, whole or in pieces.
    #[test]
    fn cut_lines_give_the_same_tree(length in 10..40_usize, values in proptest::collection::vec("[A-Z?+: ]{0,40}", 3..8)) {
        let mut text = String::from("UNB+UNOC:3+ME+YOU+261122:1200+R1'UNH+1+TRAPS:D:96B:UN'BGM+1'");
        for value in &values {
            let plain = value.trim().replace('?', "??").replace('+', "?+").replace(':', "?:");
            let _ = write!(text, "FTX+AAA+{plain}x'");
        }
        let _ = write!(text, "UNT+{}+1'UNZ+1+R1'", values.len() + 3);
        prop_assume!(text.len() > 4 * length);
        let file = wrap(text.as_bytes(), length, b"\r\n");
        let (whole, _) = read(text.as_bytes(), &known);
        let (cut, _) = read(&file, &known);
        prop_assert_eq!(outline(whole[0].tree()), outline(cut[0].tree()));
        crate::laws::same_in_pieces(&file, &[1, 7]);
    }
}
