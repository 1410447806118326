//! What users of other EDIFACT software complain about, each as a test.

use dragoman_syntax::edifact::{Form, Reader, WriteOptions, write};
use dragoman_syntax::validate;
use dragoman_tree::NodeId;

use crate::control::acknowledge;
use crate::support::{codes, known, outline, read};

const UNB: &str = "UNB+UNOC:3+ME+YOU+261122:1200+R1'";

fn message(body: &str) -> String {
    let count = body.matches('\'').count() + 2;
    format!("{UNB}UNH+1+TRAPS:D:96B:UN'{body}UNT+{count}+1'UNZ+1+R1'")
}

/// Reads a text, and writes it with what it was read with.
fn rewritten(text: &str) -> String {
    let (messages, _) = read(text.as_bytes(), &known);
    let options = WriteOptions { service: Some(messages[0].service), ..WriteOptions::default() };
    let written = write(&[(messages[0].tree(), messages[0].grammar.as_deref())], &options).unwrap();
    String::from_utf8(written.bytes).unwrap()
}

/// A file of any size: one message is in memory at a time.
#[test]
fn memory_does_not_grow_with_the_file() {
    let body = "UNH+1+TRAPS:D:96B:UN'BGM+1'FTX+AAA+one of very many messages'UNT+4+1'";
    let mut reader = Reader::new(&known);
    reader.push(UNB.as_bytes());
    for _ in 0..10_000 {
        reader.push(body.as_bytes());
        let message = reader.next_message().unwrap();
        assert!(message.tree().len() < 40);
        drop(message);
        assert!(reader.next_message().is_none());
    }
    reader.push(b"UNZ+10000+R1'");
    reader.finish();
    assert!(reader.next_message().is_none());
    assert_eq!(codes(&reader.findings()), [""; 0]);
}

/// The same trigger in sibling groups: the first that still has room, and nothing is lost when none has.
#[test]
fn the_same_segment_in_sibling_groups_is_never_lost() {
    let nads: String = (0..14).map(|number| format!("NAD+X+N{number}'")).collect();
    let text = message(&format!("BGM+1'RFF+A:1'{nads}UNS+D'UNS+S'"));
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0]);
    let tree = messages[0].tree();
    let found = outline(tree);
    assert!((0..14).all(|number| found.contains(&format!(" N{number}\n"))), "{found}");
    // Two in the group of RFF, one in the first of the message, nine in the second, two too many there.
    assert_eq!(codes(&validate(tree, messages[0].grammar.as_deref().unwrap())), ["DG-E0404"]);
    assert_eq!(rewritten(&text), text);
}

/// A group of one segment, and the same trigger on both sides of UNS.
#[test]
fn groups_end_at_the_section_control() {
    let text = message("BGM+1'UNS+D'CST+1'TAX+1'UNS+S'TAX+7'TAX+8'");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0]);
    let tree = messages[0].tree();
    let top: Vec<_> = tree.children(NodeId::ROOT).map(|node| tree.name(node)).collect();
    assert_eq!(top, ["UNB", "UNH", "BGM", "UNS", "<CST>", "UNS", "<TAX>", "<TAX>"]);
}

/// UNOY is UTF-8, and comes back as the same bytes.
#[test]
fn utf_8_is_not_mangled() {
    let text = message("BGM+++Łódź 漢'").replace("UNOC:3", "UNOY:4").replace("261122", "20261122");
    assert!(codes(&read(text.as_bytes(), &known).1).is_empty());
    assert_eq!(rewritten(&text), text);
}

/// UNOC holds all of ISO 8859-1, the underscore too.
#[test]
fn the_underscore_is_in_unoc() {
    let text = message("BGM+++a_b@c{d}'");
    assert_eq!(codes(&read(text.as_bytes(), &known).1), [""; 0]);
}

/// A UNA whose repetition separator is a blank means that there is none, in version 4 too.
#[test]
fn a_blank_in_una_is_no_repetition_separator() {
    let text =
        format!("UNA:+.? '{}", message("BGM+++a b*c'").replace(":3+", ":4+").replace("261122", "20261122"));
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0]);
    assert!(outline(messages[0].tree()).contains("1225 a b*c"));
    assert_eq!(rewritten(&text), text);
}

/// The letters UNA in a value begin nothing.
#[test]
fn una_in_a_value_is_text() {
    let text = message("BGM+++UNA?+x'FTX+UNA+UNB'");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!((messages.len(), codes(&findings)), (1, vec![]));
    assert_eq!(rewritten(&text), text);
}

/// A released release character does not release the terminator after it.
#[test]
fn a_released_release_character_releases_nothing() {
    let text = message("BGM+++why????'FTX+A+??'");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0]);
    assert!(outline(messages[0].tree()).contains("1225 why??\n"));
    assert_eq!(rewritten(&text), text);
}

/// The decimal mark that UNA announces is written again.
#[test]
fn the_decimal_mark_comes_back() {
    let text = format!("UNA:+,? '{}", message("BGM+++1,5'"));
    assert_eq!(rewritten(&text), text);
}

/// Counts and references are made, whatever was in the file.
#[test]
fn counts_are_right_without_being_given() {
    let text = message("BGM+1'");
    assert_eq!(rewritten(&text.replace("UNT+3+1", "UNT+99+X").replace("UNZ+1", "UNZ+7")), text);
}

/// CONTRL says what is wrong, and where, not only that something is.
#[test]
fn an_acknowledgement_is_made_and_is_no_blanket_rejection() {
    let good = message("BGM+1'UNS+D'UNS+S'");
    let made = acknowledge(good.as_bytes(), Form::Control);
    assert!(made[0].contains("UCM+1+TRAPS:D:96B:UN+7'"), "{made:?}");
    let bad = good.replace("BGM+1", "BGM+1234");
    let made = acknowledge(bad.as_bytes(), Form::Control);
    assert!(made[0].contains("UCM+1+TRAPS:D:96B:UN+4'UCS+2'UCD+39+2:1'"), "{made:?}");
}

/// A directory that nobody has is read without groups, with one word about it.
#[test]
fn an_unknown_directory_does_not_break_the_parse() {
    let text = message("BGM+1'").replace("D:96B", "D:55C").replace("TRAPS", "FOODEC");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!((messages.len(), codes(&findings)), (1, vec!["DG-E0318"]));
    assert_eq!(rewritten(&text), text);
}

/// Broken data is a finding with its place, and the rest is read.
#[test]
fn broken_data_is_located_and_the_rest_is_read() {
    let good = message("BGM+1'");
    let text = format!("{}{good}", good.replace("UNT+3+1'UNZ+1+R1'", "BGM+"));
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(messages.len(), 2);
    assert!(!findings.is_empty() && findings.iter().all(|finding| finding.span.is_some()), "{findings:?}");
}

/// Release characters do not count, and letters count once whatever their bytes are.
#[test]
fn lengths_are_those_of_the_text() {
    let full = format!("{}{}", "?+".repeat(17), "é".repeat(18));
    let text = message(&format!("BGM++{full}'UNS+D'UNS+S'")).replace("UNOC:3", "UNOY:3");
    let (messages, _) = read(text.as_bytes(), &known);
    assert_eq!(validate(messages[0].tree(), messages[0].grammar.as_deref().unwrap()), []);
    let text = text.replace("BGM++", "BGM++x");
    let (messages, _) = read(text.as_bytes(), &known);
    assert_eq!(codes(&validate(messages[0].tree(), messages[0].grammar.as_deref().unwrap())), ["DG-E0409"]);
}
