//! Reading: places, envelope, loops, pairs, binary data, and what is found wrong.

use dragoman_syntax::validate;
use dragoman_syntax::x12::Delimiters;
use dragoman_tree::NodeId;

use crate::support::{codes, interchange, known, outline, published, read};

const EXPECTED: &str = concat!(
    "    01 00\n",
    "    03 ORDER1\n",
    "    05 20261101\n",
    "  <N1>\n",
    "    N1\n",
    "      01 ST\n",
    "      02 A SHOP\n",
    "      03 92\n",
    "      04 17\n",
    "    N3\n",
    "      01 STREET 1\n",
    "  <N1>\n",
    "    N1\n",
    "      01 BT\n",
    "      02 B\n",
    "  <PO1>\n",
    "    PO1\n",
    "      01 1\n",
    "      02 10\n",
    "      06\n",
    "        01 VN\n",
    "        02 V-1\n",
    "      06\n",
    "        01 UP\n",
    "        02 012345678905\n",
    "    SAC\n",
    "      01 A\n",
    "      05 1250\n",
    "    III\n",
    "      01 1\n",
    "      01 \n",
    "      01 3\n",
    "  <PO1>\n",
    "    PO1\n",
    "      02 2\n",
);

#[test]
fn elements_have_places_and_loops_are_groups() {
    let body = "BEG*00**ORDER1**20261101~N1*ST*A SHOP*92*17~N3*STREET 1~N1*BT*B~\
                PO1*1*10****VN*V-1*UP*012345678905~SAC*A****1250~III*1^^3~PO1**2~";
    let text = interchange(body);
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0]);
    assert_eq!(validate(messages[0].tree(), messages[0].grammar.as_deref().unwrap()), []);
    let shown = outline(messages[0].tree());
    let (_, body) = shown.split_once("  BEG\n").unwrap();
    assert_eq!(body, EXPECTED);
    assert_eq!(messages[0].kind.to_string(), "888 005010");
    let expected = Delimiters { repetition: Some(b'^'), ..Delimiters::default() };
    assert_eq!(messages[0].delimiters, expected);
}

#[test]
fn hl_segments_are_nested_by_their_level() {
    let body = "BEG*00**1~HL*1**S~REF*BM*1~HL*2*1*O~HL*3*2*I~REF*LI*1~HL*4*2*I~HL*5*1*O~HL*6*5*I~";
    let text = interchange(body);
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0]);
    let tree = messages[0].tree();
    let depth = |id: NodeId| tree.ancestors(id).count();
    let levels: Vec<_> = tree
        .ids()
        .filter(|id| tree.name(*id) == "HL")
        .map(|id| (tree.value(tree.child(id, "01").unwrap()).unwrap(), depth(id)))
        .collect();
    assert_eq!(levels, [("1", 2), ("2", 3), ("3", 4), ("4", 4), ("5", 3), ("6", 4)]);
}

#[test]
fn what_is_wrong_is_found_where_it_is() {
    let cases: [(&str, &[&str], &str); 11] = [
        ("BEG*00**1~ZZZ*1~", &["DG-E0320"], "ZZZ*1"),
        ("BEG*00**1~N1*ST*A~BEG*00**2~", &["DG-E0320"], "BEG*00**2"),
        ("BEG*00**1***7~", &["DG-E0321"], "7"),
        ("BEG*00**1~N1*ST~", &["DG-E0417"], "N1"),
        ("BEG*00**1~N1*ST*A*92~", &["DG-E0417"], "N1"),
        ("BEG*00**1~DTM*002*20261301~", &["DG-E0408"], "20261301"),
        ("BEG*00**1~DTM*002**2460~", &["DG-E0408"], "2460"),
        ("BEG*0**1~", &["DG-E0409"], "0"),
        ("BEG*00~", &["DG-E0405"], "BEG"),
        ("BEG*00**1~PO1*1*2****VN~", &["DG-E0405"], "VN"),
        ("BEG*00**1~PO1*1*2~SAC*A****12.50~", &["DG-E0408"], "12.50"),
    ];
    for (body, expected, at) in cases {
        let text = interchange(body);
        let (messages, mut findings) = read(text.as_bytes(), &known);
        findings.extend(validate(messages[0].tree(), messages[0].grammar.as_deref().unwrap()));
        assert_eq!(codes(&findings), expected, "{body} {findings:?}");
        let span = findings[0].span.clone().unwrap();
        assert_eq!(&text[span.start as usize..span.end as usize], at, "{body}");
    }
}

#[test]
fn the_envelope_is_checked() {
    let good = interchange("BEG*00**1~");
    assert_eq!(codes(&read(good.as_bytes(), &known).1), [""; 0]);
    let cases: [(&str, &str, &[&str]); 12] = [
        ("SE*3*", "SE*4*", &["DG-E0345"]),
        ("SE*3*0001", "SE*3*0002", &["DG-E0346"]),
        ("GE*1*1", "GE*2*1", &["DG-E0345"]),
        ("GE*1*1", "GE*1*9", &["DG-E0346"]),
        ("IEA*1*000000001", "IEA*0*000000001", &["DG-E0345"]),
        ("IEA*1*000000001", "IEA*1*000000002", &["DG-E0346"]),
        ("SE*3*0001~", "", &["DG-E0344"]),
        ("GE*1*1~", "", &["DG-E0344"]),
        ("IEA*1*000000001~", "", &["DG-E0344"]),
        ("GS*XX*AA*BB*20261101*0900*1*X*005010~", "", &["DG-E0343", "DG-E0343", "DG-E0345"]),
        ("ST*888*0001~", "", &["DG-E0347", "DG-E0347", "DG-E0345", "DG-E0349"]),
        ("SENDER         ", "SENDER", &["DG-E0342"]),
    ];
    for (old, new, expected) in cases {
        let text = good.replace(old, new);
        assert_ne!(text, good);
        let (_, findings) = read(text.as_bytes(), &known);
        assert_eq!(codes(&findings), expected, "{old} -> {new}: {findings:?}");
    }
    assert_eq!(codes(&read(b"Dear Sir", &known).1), ["DG-E0341", "DG-E0340"]);
}

#[test]
fn several_interchanges_are_read_each_with_its_own_delimiters() {
    let one = interchange("BEG*00**1~");
    let two = one.replace('*', "|").replace('~', "\r\n");
    let text = format!("{one}\r\n{two}junk{one}");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!((messages.len(), codes(&findings)), (3, vec!["DG-E0341"]));
    assert_eq!(messages[1].delimiters.element, b'|');
    // One that is not closed ends where the next begins.
    let open = one.replace("IEA*1*000000001~", "");
    let text = format!("{open}{one}");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!((messages.len(), codes(&findings)), (2, vec!["DG-E0344"]));
}

#[test]
fn ta1_stands_outside_of_groups() {
    let ta1 = "TA1*000000007*261101*0900*A*000~";
    let set = interchange("BEG*00**1~");
    let text = set.replace("GS*XX", &format!("{ta1}{ta1}GS*XX"));
    let (messages, findings) = read(text.as_bytes(), &published);
    assert_eq!(
        findings.iter().filter(|finding| finding.code != "DG-E0350" && finding.code != "DG-E0320").count(),
        0,
        "{findings:?}"
    );
    let numbers: Vec<_> = messages.iter().map(|message| message.kind.number.as_str()).collect();
    assert_eq!(numbers, ["TA1", "888"]);
    let tree = messages[0].tree();
    assert_eq!(tree.children(NodeId::ROOT).filter(|id| tree.name(*id) == "TA1").count(), 2);
}

#[test]
fn binary_data_may_hold_delimiters() {
    let text = interchange("BEG*00**1~BIN*9*a~b*c~SE*~");
    let (messages, findings) = read(text.as_bytes(), &known);
    let tree = messages[0].tree();
    let bin = tree.child(NodeId::ROOT, "BIN").unwrap();
    assert_eq!(tree.value(tree.child(bin, "02").unwrap()), Some("a~b*c~SE*"));
    // The helper counts tildes.
    assert_eq!(codes(&findings), ["DG-E0345"]);
}

#[test]
fn isx_announces_a_release_character() {
    let text = interchange("BEG*00**A?*B??C~").replace("GS*XX", "ISX*?~GS*XX").replace("00501", "00704");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0]);
    let tree = messages[0].tree();
    let beg = tree.child(NodeId::ROOT, "BEG").unwrap();
    assert_eq!(tree.value(tree.child(beg, "03").unwrap()), Some("A*B?C"));
}
