//! CONTRL and APERAK: made of findings, in every syntax version and at every level, and read again.

use dragoman_syntax::edifact::{
    Acknowledger, Action, Answer, Form, Stamp, WriteOptions, answer, messages, write,
};
use dragoman_syntax::validate;
use dragoman_tree::Finding;

use crate::support::{checked_in, codes, known, published, read};

/// The acknowledgements of a file, as they are written.
pub fn acknowledge(bytes: &[u8], form: Form) -> Vec<String> {
    let mut reader = messages(bytes, &known);
    let mut all = Acknowledger::new(form);
    for mut message in reader.by_ref() {
        let mut findings: Vec<Finding> = std::mem::take(&mut message.findings);
        let checked = message.grammar.as_deref().map(|grammar| validate(message.tree(), grammar));
        findings.extend(checked.unwrap_or_default());
        all.add(&message, &findings);
    }
    let stamp = Stamp { date: "20261129".into(), time: "0900".into(), number: 7 };
    let made = all.finish(&reader.findings(), &stamp);
    let text = |made: dragoman_syntax::edifact::Acknowledgement| {
        let messages: Vec<_> = made.messages.iter().map(|tree| (tree, None)).collect();
        let options = WriteOptions { interchange: Some(made.envelope), ..WriteOptions::default() };
        String::from_utf8(write(&messages, &options).unwrap().bytes).unwrap()
    };
    made.into_iter().map(text).collect()
}

fn file(version: &str, body: &str, tail: &str) -> String {
    let date = if version == "4" { "20261122" } else { "261122" };
    format!("UNB+UNOC:{version}+ME:14+YOU:14+{date}:1200+R1++++1'{body}{tail}")
}

fn control(text: &str) -> String {
    let all = acknowledge(text.as_bytes(), Form::Control);
    let [one] = &all[..] else { panic!("{all:?}") };
    let body = one.split_once("UCI").unwrap().1.rsplit_once("UNT+").unwrap().0;
    format!("UCI{body}")
}

const GOOD: &str = "UNH+1+TRAPS:D:96B:UN'BGM+1'UNS+D'UNS+S'UNT+5+1'";

#[test]
fn a_good_interchange_is_acknowledged_in_its_syntax_version() {
    let text = file("3", GOOD, "UNZ+1+R1'");
    let made = acknowledge(text.as_bytes(), Form::Control);
    let expected = "UNB+UNOC:3+YOU:14+ME:14+261129:0900+7'UNH+1+CONTRL:D:3:UN'UCI+R1+ME:14+YOU:14+7'\
        UCM+1+TRAPS:D:96B:UN+7'UNT+4+1'UNZ+1+7'";
    assert_eq!(made, [expected]);
    let made = acknowledge(file("4", GOOD, "UNZ+1+R1'").as_bytes(), Form::Control);
    assert!(made[0].starts_with("UNB+UNOC:4+YOU:14+ME:14+20261129:0900+7'UNH+1+CONTRL:4:1:UN'"), "{made:?}");
}

#[test]
fn errors_are_reported_at_the_level_they_are_at() {
    let body = "UNH+1+TRAPS:D:96B:UN'BGM+1234:AB+x'RFF+:A'XXX+1'UNS+D'UNS+S'UNT+7+1'";
    assert_eq!(
        control(&file("3", body, "UNZ+1+R1'")),
        "UCI+R1+ME:14+YOU:14+7'UCM+1+TRAPS:D:96B:UN+4'UCS+2'UCD+39+2:1'UCS+3'UCD+13+2:1'UCS+4+15'"
    );
    let count = GOOD.replace("UNT+5+1", "UNT+6+2");
    assert_eq!(
        control(&file("3", &count, "UNZ+1+R1'")),
        "UCI+R1+ME:14+YOU:14+7'UCM+1+TRAPS:D:96B:UN+4+29+UNT'"
    );
    assert_eq!(
        control(&file("3", GOOD, "UNZ+2+R1'")),
        "UCI+R1+ME:14+YOU:14+4+29+UNZ'UCM+1+TRAPS:D:96B:UN+7'"
    );
    assert_eq!(control(&file("3", GOOD, "")), "UCI+R1+ME:14+YOU:14+4+13+UNZ'UCM+1+TRAPS:D:96B:UN+7'");
}

#[test]
fn groups_are_named() {
    let ung = "UNG+TRAPS+A:14+B:14+261122:1200+G1+UN+D:96B'";
    let text =
        file("3", &format!("{ung}{GOOD}UNE+2+G1'{}{GOOD}UNE+1+G2'", ung.replace("G1", "G2")), "UNZ+2+R1'");
    let expected = "UCI+R1+ME:14+YOU:14+7'UCF+G1+A:14+B:14+4+29+UNE'UCM+1+TRAPS:D:96B:UN+7'\
        UCF+G2+A:14+B:14+7'UCM+1+TRAPS:D:96B:UN+7'";
    assert_eq!(control(&text), expected);
}

#[test]
fn a_segment_that_is_missing_is_reported_after_the_one_before_it() {
    let text = file("3", "UNH+1+TRAPS:D:96B:UN'BGM+1'UNS+S'UNT+4+1'", "UNZ+1+R1'");
    assert_eq!(control(&text), "UCI+R1+ME:14+YOU:14+7'UCM+1+TRAPS:D:96B:UN+4'UCS+3+13'");
}

#[test]
fn an_acknowledgement_is_never_acknowledged() {
    let made = acknowledge(file("3", GOOD, "UNZ+1+R1'").as_bytes(), Form::Control);
    assert_eq!(acknowledge(made[0].as_bytes(), Form::Control), [""; 0]);
}

/// Reads an answer with the grammar of its version, which has nothing to say against it.
pub fn answered(text: &str) -> Answer {
    let (messages, findings) = read(text.as_bytes(), &|kind| {
        checked_in(&format!("edifact/contrl/{}", if kind.version == "4" { "4" } else { "3" }))
    });
    let message = &messages[0];
    assert_eq!(codes(&findings), [""; 0], "{text}");
    assert_eq!(codes(&validate(message.tree(), message.grammar.as_deref().unwrap())), [""; 0], "{text}");
    let with = answer(&(message.tree(), message.grammar.as_deref())).unwrap();
    let (plain, _) = read(text.as_bytes(), &|_| None);
    assert_eq!(answer(&(plain[0].tree(), None)).as_ref(), Some(&with));
    with
}

#[test]
fn what_is_made_is_read_again_and_points_at_what_was_sent() {
    for version in ["2", "3", "4"] {
        let bad = "UNH+2+TRAPS:D:96B:UN'BGM+1234:AB+x'UNS+D'UNS+S'UNT+5+2'";
        let text = file(version, &format!("{GOOD}{bad}"), "UNZ+2+R1'");
        let made = acknowledge(text.as_bytes(), Form::Control);
        let answer = answered(&made[0]);
        assert_eq!((&*answer.reference, &*answer.sender, &*answer.recipient), ("R1", "ME", "YOU"));
        assert_eq!((answer.of("", "1"), answer.of("", "2")), (Action::Acknowledged, Action::Rejected));
        let (sent, _) = read(text.as_bytes(), &known);
        let outgoing: Vec<_> = sent.iter().map(|one| (one.tree(), one.grammar.as_deref())).collect();
        let written = write(&outgoing, &WriteOptions::default()).unwrap();
        assert_eq!(written.bytes, text.as_bytes());
        let error = &answer.messages[1].errors[0];
        assert_eq!(error.code, "39");
        let leaf = error.leaf(&written.index, 1).unwrap();
        assert_eq!(sent[1].tree().value(leaf.node), Some("1234"));
    }
}

#[test]
fn what_is_not_named_is_what_it_is_in() {
    let text = |uci: &str, rest: &str| {
        format!("UNB+UNOC:3+A+B+261122:1200+9'UNH+1+CONTRL:D:3:UN'UCI+R1+ME+YOU+{uci}'{rest}UNT+3+1'UNZ+1+9'")
    };
    let of = |text: String| {
        let (messages, _) = read(text.as_bytes(), &|_| None);
        answer(&(messages[0].tree(), None)).unwrap()
    };
    assert_eq!(of(text("4+29+UNZ", "")).of("", "1"), Action::Rejected);
    assert_eq!(of(text("8", "")).of("", "1"), Action::Received);
    assert_eq!(of(text("7", "")).of("G", "1"), Action::Acknowledged);
    assert_eq!(of(text("9", "")).of("", "1"), Action::Unknown);
    let grouped = of(text("7", "UCF+G+A+B+4+29+UNE'UCM+1+X:D:96B:UN+7'"));
    assert_eq!((grouped.of("G", "1"), grouped.of("H", "1")), (Action::Rejected, Action::Acknowledged));
}

#[test]
fn an_aperak_says_every_error_in_words() {
    let body = "UNH+1+TRAPS:D:96B:UN'BGM+1234:AB+x'UNS+D'UNS+S'UNT+5+1'";
    let made = acknowledge(
        file("3", &format!("{body}{}", GOOD.replace("+1'", "+2'").replace("H+1", "H+2")), "UNZ+2+R1'")
            .as_bytes(),
        Form::Application,
    );
    let (messages, findings) = read(made[0].as_bytes(), &published);
    assert!(codes(&findings).iter().all(|code| *code == "DG-E0318"), "{findings:?}");
    assert_eq!(messages.len(), 2);
    assert!(made[0].contains("BGM+313+1+27'") && made[0].contains("RFF+ACW:1'RFF+AAK:x'"), "{made:?}");
    assert!(made[0].contains("ERC+DG-E0409'FTX+AAO+++/TRAPS["), "{made:?}");
    assert!(made[0].contains("BGM+312+2+44'"), "{made:?}");
}

/// What is not named is accepted: a file of many good messages is acknowledged in few words, and the bad one among them
/// is found in it.
#[test]
fn of_many_messages_those_with_errors_are_named() {
    let message = |number: usize| match number {
        1500 => format!("UNH+{number}+TRAPS:D:96B:UN'BGM+1'XXX+1'UNS+D'UNS+S'UNT+6+{number}'"),
        _ => format!("UNH+{number}+TRAPS:D:96B:UN'BGM+1'UNS+D'UNS+S'UNT+5+{number}'"),
    };
    let body: String = (1..=3000).map(message).collect();
    let file = format!("UNB+UNOC:3+ME+YOU+261122:1200+R1'{body}UNZ+3000+R1'");
    let [made] = &acknowledge(file.as_bytes(), Form::Control)[..] else {
        panic!("one interchange is answered by one")
    };
    assert_eq!(made.matches("UCM+").count(), 1001);
    assert!(
        made.contains("UCM+1500+") && made.contains("UCM+1000+") && !made.contains("UCM+1001+"),
        "{made}"
    );
    assert!(made.contains("UCI+R1+ME+YOU+7"), "{made}");
}
