//! Reading: envelope, structure, elements, as examples.

use dragoman_syntax::edifact::Reader;
use dragoman_tree::{NodeId, Severity};

use crate::support::{codes, known, outline, read};

const UNB: &str = "UNB+UNOC:3+ME+YOU+261122:1200+R1'";

/// The tree of one TRAPS message with these segments.
fn tree(segments: &str) -> (String, Vec<String>) {
    let count = segments.matches('\'').count() + 2;
    let text = format!("{UNB}UNH+1+TRAPS:D:96B:UN'{segments}UNT+{count}+1'UNZ+1+R1'");
    let (messages, findings) = read(text.as_bytes(), &known);
    let lines: Vec<_> = outline(messages[0].tree()).lines().map(str::to_owned).collect();
    let after = lines.iter().position(|line| line.trim() == "0051 UN").unwrap();
    (lines[after + 1..].join("\n"), codes(&findings).into_iter().map(str::to_owned).collect())
}

#[test]
fn the_envelope_is_in_the_tree() {
    let text = format!("{UNB}UNH+1+TRAPS:D:96B:UN'BGM+830+X1'UNT+3+1'UNZ+1+R1'");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0]);
    let tree = messages[0].tree();
    let expected = "TRAPS
  UNB
    S001
      0001 UNOC
      0002 3
    S002
      0004 ME
    S003
      0010 YOU
    S004
      0017 261122
      0019 1200
    0020 R1
  UNH
    0062 1
    S009
      0065 TRAPS
      0052 D
      0054 96B
      0051 UN
  BGM
    C002
      1001 830
    1004 X1
";
    assert_eq!(outline(tree), expected);
    let reference = tree.child(tree.child(NodeId::ROOT, "UNB").unwrap(), "0020").unwrap();
    let span = tree.file_span(reference);
    assert_eq!(&text[span.start as usize..span.end as usize], "R1");
    assert_eq!(messages[0].kind.to_string(), "TRAPS D.96B UN");
}

#[test]
fn the_nearest_open_place_wins() {
    // Sibling groups with one trigger: two in the first RFF, one beside, the rest in the last; TAX by
    // section.
    let nads = "NAD+A'NAD+B'NAD+C'NAD+D'ADR+GB'";
    let text = format!("BGM'RFF+X'{nads}UNS+D'CST+1'TAX+1'CST+2'UNS+S'TAX+4'AUT+Z'");
    let (outline, codes) = tree(&text);
    let tags: Vec<_> = outline.lines().filter(|line| line.trim().len() == 3 || line.contains('<')).collect();
    let expected = [
        "  BGM",
        "  <RFF>",
        "    RFF",
        "    <NAD>",
        "      NAD",
        "    <NAD>",
        "      NAD",
        "  <NAD>",
        "    NAD",
        "  <NAD>",
        "    NAD",
        "    ADR",
        "  UNS",
        "  <CST>",
        "    CST",
        "    <TAX>",
        "      TAX",
        "  <CST>",
        "    CST",
        "  UNS",
        "  <TAX>",
        "    TAX",
        "  AUT",
    ];
    assert_eq!((tags, codes), (expected.to_vec(), Vec::new()));
}

#[test]
fn a_section_to_come_is_not_jumped_over() {
    let (outline, codes) = tree("BGM'TAX+1'RFF+A'UNS+D'CST+1'UNS+S'TAX+4'");
    assert!(outline.contains("  TAX!\n    1! 1\n  <RFF>"), "{outline}");
    assert_eq!(codes, ["DG-E0320"]);
    // Where it never comes, the rest is placed nevertheless.
    let (outline, codes) = tree("BGM'CST+1'UNS+S'TAX+4'");
    assert!(!outline.contains('!') && codes.is_empty(), "{outline}");
}

#[test]
fn what_has_no_place_is_kept_and_found() {
    let (outline, codes) = tree("BGM'XYZ+a+b:c'FTX+AAA'RFF+Z'BGM+2'");
    let expected = "  BGM
  XYZ!
    1! a
    2!
      1! b
      2! c
  FTX
    4451 AAA
  <RFF>
    RFF
      C506
        1153 Z
    BGM!
      1! 2";
    assert_eq!(outline, expected);
    assert_eq!(codes, ["DG-E0320", "DG-E0320"]);
    let (outline, codes) = tree("BGM++a:b+c+d:e'RFF+Z:1:2'");
    let expected = "  BGM
    1004 a
    2!
      2! b
    1225 c
    4!
      1! d
      2! e
  <RFF>
    RFF
      C506
        1153 Z
        1154 1
        3! 2";
    assert_eq!(outline, expected);
    assert_eq!(codes, ["DG-E0322", "DG-E0321", "DG-E0322"]);
}

#[test]
fn too_often_is_left_to_validation() {
    let (outline, codes) = tree("BGM'BGM'FTX+1'FTX+2'FTX+3'");
    assert_eq!((outline.matches('!').count(), outline.matches("FTX").count(), codes.len()), (0, 3, 0));
}

#[test]
fn empty_occurrences_count() {
    let (outline, _) = tree("BGM'FTX+AAA+::x::'UNS+D'CST++:1++b:++++z'");
    let expected = "  BGM
  FTX
    4451 AAA
    C108
      4440 
      4440 
      4440 x
  UNS
    0081 D
  <CST>
    CST
      C246
        1131 1
      C246
      C246
        7361 b
      4183 
      4183 z";
    assert_eq!(outline, expected);
}

#[test]
fn repetitions_are_siblings_from_version_4_on() {
    let segments = "BGM'RFF+A'NAD+B'COM+1:TE**3:FX'NAD+C'NAD+D'NAD+E'ADR+GB+x*y+Z'";
    let text =
        format!("UNB+UNOC:4+M*E+YOU+20261122:1200+R1'UNH+1+TRAPS:D:96B:UN'{segments}UNT+10+1'UNZ+1+R1'");
    let (messages, findings) = read(text.as_bytes(), &known);
    let found = outline(messages[0].tree());
    assert_eq!(codes(&findings), [""; 0]);
    assert!(found.contains("0004 M*E"), "UNB has no repetitions");
    let com = found.find("      COM").unwrap();
    let expected = "      COM
        C076
          3148 1
          3155 TE
        C076
        C076
          3148 3
          3155 FX
";
    assert!(found[com..].starts_with(expected), "{found}");
    assert!(found.contains("C819\n        3229 x\n      C819\n        3229 y\n      3251 Z\n"), "{found}");
    // Before version 4 they stand at positions of their own.
    let (found, _) = tree("BGM'RFF+A'NAD+B'COM+1:TE++3:FX'NAD+C'NAD+D'NAD+E'ADR+GB+x+y++++Z'");
    assert!(found.contains("C819\n        3229 x\n      C819\n        3229 y\n      3251 Z"), "{found}");
}

#[test]
fn without_a_grammar_positions_are_names() {
    let text = "UNH+1+OTHER:D:96B:UN'LIN:1:2+a:b++c?+d'";
    let (messages, findings) = read(text.as_bytes(), &known);
    let expected = "OTHER!
  UNH!
    1! 1
    2!
      1! OTHER
      2! D
      3! 96B
      4! UN
  LIN!
    0!
      2! 1
      3! 2
    1!
      1! a
      2! b
    3! c+d
";
    assert_eq!(outline(messages[0].tree()), expected);
    assert_eq!(codes(&findings), ["DG-E0306", "DG-E0309", "DG-E0318"]);
}

#[test]
fn envelopes_are_checked_and_never_stop_the_reader() {
    let text = "\u{FEFF}\u{2}UNA:+.? '\r\nUNB+UNOA:3+ME+YOU+261122:1200+R1'\r\n\
        UNG+TRAPS+ME+YOU+261122:1200+G1+UN+D:96B'\
        UNH+1+TRAPS:D:96B:UN'BGM+ä'UNT+9+2'UNE+2+G2'\
        UNH+2+TRAPS:D:96B:UN'BGM'UNZ+1+R2'trailing\r\n\
        UNB+KECA:1+ME+YOU+261122:1200+R3'UNH+3+TRAPS:D:96B:UN'BGM''UNT+3+3'UNZ+1+R3";
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(messages.len(), 3);
    let expected = [
        "DG-E0303", "DG-E0302", "DG-E0304", "DG-E0310", "DG-E0311", "DG-E0316", "DG-E0317", "DG-E0310",
        "DG-E0311", "DG-E0309", "DG-E0311", "DG-E0302", "DG-E0315", "DG-E0319", "DG-E0314",
    ];
    assert_eq!(codes(&findings), expected);
    let group = messages[0].tree().child(NodeId::ROOT, "UNG").unwrap();
    assert_eq!(messages[0].tree().name(messages[0].tree().children(group).last().unwrap()), "S008");
    for finding in &findings {
        let span = finding.span.clone().unwrap();
        assert!(span.end <= text.len() as u64, "{finding:?}");
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    assert_eq!(errors, 7);
}

#[test]
fn a_file_of_another_format_is_named_so() {
    for text in ["", "  \r\n", "<xml/>", "ISA*00*          *00*", "UNBOUND"] {
        let (messages, findings) = read(text.as_bytes(), &known);
        assert!(messages.is_empty());
        assert_eq!(codes(&findings).last(), Some(&"DG-E0301"), "{text}");
    }
}

/// A message of several times the limit is cut, with a finding, and nothing of it is lost.
#[test]
fn messages_have_a_limit() {
    let rffs: Vec<_> = (0..40).map(|number| format!("RFF+ABT:N{number:03}'")).collect();
    let rffs = rffs.concat();
    let text = format!("{UNB}UNH+1+TRAPS:D:96B:UN'BGM'{rffs}UNT+43+1'UNZ+1+R1'");
    let mut reader = Reader::with_limit(&known, 200);
    let mut found = String::new();
    let mut cut = 0;
    let mut take = |reader: &mut Reader<'_>| {
        while let Some(message) = reader.next_message() {
            found += &outline(message.tree());
            cut += codes(&message.findings).into_iter().filter(|code| *code == "DG-E0325").count();
        }
    };
    for piece in text.as_bytes().chunks(7) {
        reader.push(piece);
        take(&mut reader);
    }
    reader.finish();
    take(&mut reader);
    assert_eq!(found.matches(" N").count(), 40);
    assert!((0..40).all(|number| found.contains(&format!(" N{number:03}\n"))), "{found}");
    assert!(cut > 1);
}

#[test]
fn latin_1_is_decoded_and_una_obeyed() {
    let text = b"UNA|*,! ~UNB*UNOC|3*ME*YOU*261122|1200*R1~UNH*1*TRAPS|D|96B|UN~\
        BGM*83\xE4*M!*!!\xFC'+~UNT*3*1~UNZ*1*R1~";
    let (messages, findings) = read(text, &known);
    assert_eq!(codes(&findings), [""; 0]);
    let found = outline(messages[0].tree());
    assert!(found.contains("1001 83ä\n    1004 M*!ü'+\n"), "{found}");
    assert_eq!(messages[0].service.decimal, b',');
}
