//! Acknowledgements: made of what was found, written, read again, and linked to what they are about.

use dragoman_syntax::validate;
use dragoman_syntax::x12::{
    Acknowledger, Form, Stamp, Verdict, WriteOptions, answer, interchange_answers, messages, write,
};
use dragoman_tree::Finding;

use crate::support::{codes, interchange, known, published, read};

/// The acknowledgements of a file, as text without their ISA.
fn acknowledged(text: &str, form: Form) -> Vec<String> {
    let mut all = Acknowledger::new(form);
    let mut reader = messages(text.as_bytes(), &known);
    for mut message in reader.by_ref() {
        let mut findings: Vec<Finding> = std::mem::take(&mut message.findings);
        findings
            .extend(message.grammar.as_deref().map(|it| validate(message.tree(), it)).unwrap_or_default());
        all.add(&message, &findings);
    }
    let stamp = Stamp { date: "20261129".into(), time: "1005".into(), number: 7 };
    let made = all.finish(&reader.findings(), &stamp);
    let written = made.iter().map(|one| {
        let messages: Vec<_> = one.messages.iter().map(|tree| (tree, None)).collect();
        let options = WriteOptions { envelope: Some(one.envelope.clone()), ..WriteOptions::default() };
        let written = write(&messages, &options).unwrap();
        // What is made is well-formed by its own grammar.
        let (again, findings) = read(&written.bytes, &published);
        assert_eq!(codes(&findings), [""; 0], "{}", String::from_utf8_lossy(&written.bytes));
        for message in &again {
            assert_eq!(validate(message.tree(), message.grammar.as_deref().unwrap()), []);
        }
        String::from_utf8_lossy(&written.bytes).into_owned()
    });
    written.collect()
}

/// The segments between ST and SE.
fn body(text: &str) -> Vec<&str> {
    let segments = text.split('~').skip_while(|segment| !segment.starts_with("ST*")).skip(1);
    segments.take_while(|segment| !segment.starts_with("SE*")).collect()
}

#[test]
fn what_is_right_is_accepted() {
    let text = interchange("BEG*00**1~");
    let made = acknowledged(&text, Form::Functional);
    assert_eq!(made.len(), 1);
    assert!(made[0].contains("*ZZ*RECEIVER       *ZZ*SENDER         *261129*1005*^*00501*000000007*0*P*:~"));
    assert!(made[0].contains("~GS*FA*BB*AA*20261129*1005*1*X*005010~"));
    assert_eq!(body(&made[0]), ["AK1*XX*1", "AK2*888*0001", "AK5*A", "AK9*A*1*1*1"]);
}

#[test]
fn every_error_has_its_place_and_code() {
    let cases: [(&str, &[&str]); 12] = [
        ("BEG*00~", &["AK3*BEG*2**8", "AK4*3**1"]),
        ("BEG*0**1~", &["AK3*BEG*2**8", "AK4*1**4*0"]),
        ("BEG*000**1~", &["AK3*BEG*2**8", "AK4*1**5*000"]),
        ("BEG*00**1*****~DTM*002*20261301~", &["AK3*DTM*3**8", "AK4*2**8*20261301"]),
        ("BEG*00**1~DTM*002**2460~", &["AK3*DTM*3**8", "AK4*3**9*2460"]),
        ("BEG*00**1~N1*ST~", &["AK3*N1*3**8", "AK4*2**2"]),
        ("BEG*00**1~PO1*1*2****VN*A*UP~", &["AK3*PO1*3**8", "AK4*9**1"]),
        ("BEG*00**1***7~", &["AK3*BEG*2**8", "AK4*6**3*7"]),
        ("N1*ST*A~", &["AK3*BEG*3**3"]),
        ("BEG*00**1~N1*ST*A~BEG*00**2~", &["AK3*BEG*4**2"]),
        ("BEG*00**1~PO1*1*1~SAC*A****12.5~", &["AK3*SAC*4**8", "AK4*5**6*12.5"]),
        ("BEG*00**1~PO1*1*1~III*1^2^3^4~", &["AK3*III*4**8", "AK4*1::4**3*4"]),
    ];
    for (message, expected) in cases {
        let made = acknowledged(&interchange(message), Form::Functional);
        let body = body(&made[0]);
        assert_eq!(&body[2..body.len() - 2], expected, "{message}: {body:?}");
        assert_eq!(&body[body.len() - 2..], ["AK5*R*5", "AK9*R*1*1*0"], "{message}");
    }
}

#[test]
fn trailers_are_answered_at_their_level() {
    let good = interchange("BEG*00**1~");
    let said = |old: &str, new: &str| {
        let made = acknowledged(&good.replace(old, new), Form::Functional);
        let text = made.concat();
        let segments = text
            .split('~')
            .filter(|segment| ["TA1", "AK5", "AK9"].iter().any(|tag| segment.starts_with(tag)));
        segments.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(said("SE*3*", "SE*4*"), ["AK5*R*4", "AK9*R*1*1*0"]);
    assert_eq!(said("SE*3*0001", "SE*3*0002"), ["AK5*R*3", "AK9*R*1*1*0"]);
    assert_eq!(said("SE*3*0001~", ""), ["AK5*R*2", "AK9*R*1*1*0"]);
    assert_eq!(said("GE*1*1", "GE*2*1"), ["AK5*A", "AK9*R*1*1*0*5"]);
    assert_eq!(said("GE*1*1", "GE*1*9"), ["AK5*A", "AK9*R*1*1*0*4"]);
    assert_eq!(
        said("IEA*1*000000001", "IEA*1*000000009"),
        ["TA1*000000001*261101*0900*R*001", "AK5*A", "AK9*A*1*1*1"]
    );
    assert_eq!(said("IEA*1*", "IEA*2*"), ["TA1*000000001*261101*0900*E*021", "AK5*A", "AK9*A*1*1*1"]);
    assert_eq!(said("IEA*1*000000001~", ""), ["TA1*000000001*261101*0900*R*023", "AK5*A", "AK9*A*1*1*1"]);
    // ISA14 asks for one.
    assert_eq!(said("*0*P*:", "*1*P*:")[0], "TA1*000000001*261101*0900*A*000");
}

/// "999 is always R": it is not.
#[test]
fn a_999_says_what_the_997_says() {
    let good = acknowledged(&interchange("BEG*00**1~"), Form::Implementation);
    assert!(good[0].contains("ST*999*0001*005010X231A1~"));
    assert_eq!(body(&good[0]), ["AK1*XX*1*005010", "AK2*888*0001", "IK5*A", "AK9*A*1*1*1"]);
}

#[test]
fn answers_are_read_and_linked() {
    let two = interchange("BEG*00**1~")
        .replace("GE*1*1", "ST*888*0002~BEG*0**1~SE*3*0002~GE*2*1")
        .replace("*0*P*:", "*1*P*:");
    let made = acknowledged(&two, Form::Functional);
    let (all, _) = read(made[0].as_bytes(), &published);
    assert_eq!(interchange_answers(all[0].tree())[0].control, "000000001");
    let said = answer(all[1].tree()).unwrap();
    assert_eq!((said.group.as_str(), said.control.as_str(), said.verdict), ("XX", "1", Verdict::Partly));
    let sets: Vec<_> = said.sets.iter().map(|set| (set.control.as_str(), set.verdict)).collect();
    assert_eq!(sets, [("0001", Verdict::Accepted), ("0002", Verdict::Rejected)]);
    assert_eq!(said.sets[1].errors, [("BEG".to_owned(), 2, Some("1".to_owned()), "4".to_owned())]);
}

/// An acknowledgement is never acknowledged.
#[test]
fn no_answer_gets_an_answer() {
    let made = acknowledged(&interchange("BEG*00**1~").replace("ST*888", "ST*997"), Form::Functional);
    assert_eq!(made, [""; 0]);
}

/// AK9 counts all sets; of many those with errors are named, and the first of the others.
#[test]
fn of_many_sets_those_with_errors_are_named() {
    let one = interchange("BEG*00**1~");
    let (head, rest) = one.split_at(one.find("ST*").unwrap());
    let tail = rest.split_at(rest.find("GE*").unwrap()).1.replace("GE*1*", "GE*3000*");
    let set = |number: usize| {
        let code = if number == 1500 { "0" } else { "00" };
        format!("ST*888*{number:04}~BEG*{code}**1~SE*3*{number:04}~")
    };
    let sets: String = (1..=3000).map(set).collect();
    let made = acknowledged(&format!("{head}{sets}{tail}"), Form::Functional);
    let all = body(&made[0]);
    assert_eq!(all.iter().filter(|segment| segment.starts_with("AK2")).count(), 1001);
    assert!(all.contains(&"AK2*888*1500"), "{all:?}");
    assert_eq!(all.last().copied(), Some("AK9*P*3000*3000*2999"));
}
