//! Writing: envelope and counts made, delimiters in content, binary data.

use dragoman_syntax::x12::{Content, Delimiters, Encoding, Envelope, Party, WriteOptions, write};
use dragoman_tree::{Kind, NodeId, PlaceId, Span, Tree, TreeBuilder};

use crate::support::{codes, interchange, known, read, rewritten, shape, traps};

/// A transaction set of the traps with an order number, an item with two product ids, and no envelope.
fn order(number: &str) -> Tree<'static> {
    let grammar = traps();
    let mut build = TreeBuilder::new("", 0, dragoman_tree::Names::with_base(grammar.names().clone()));
    let root = dragoman_syntax::grammar::Grammar::ROOT;
    let open = |build: &mut TreeBuilder<'static>, parent: PlaceId, name: &str, kind: Kind| {
        let place = grammar.child(parent, name).unwrap();
        build.open(kind, grammar.place(place).name, place, Span::default());
        place
    };
    let id = build.names().intern("888");
    build.open(Kind::Message, id, root, Span::default());
    let leaf = |build: &mut TreeBuilder<'static>, parent: PlaceId, name: &str, text: &str| {
        let place = traps().child(parent, name).unwrap();
        let value = build.owned(text);
        let name = traps().place(place).name;
        build.leaf(Kind::Data, name, place, Span::default(), value);
    };
    let beg = open(&mut build, root, "BEG", Kind::Segment);
    leaf(&mut build, beg, "01", "00");
    leaf(&mut build, beg, "03", number);
    build.close();
    let group = open(&mut build, root, "<PO1>", Kind::Group);
    let po1 = open(&mut build, group, "PO1", Kind::Segment);
    for (qualifier, product) in [("VN", "V-1"), ("UP", "012345678905")] {
        let pair = open(&mut build, po1, "06", Kind::Composite);
        leaf(&mut build, pair, "01", qualifier);
        leaf(&mut build, pair, "02", product);
        build.close();
    }
    build.finish()
}

fn envelope() -> Envelope {
    let party = |id: &str| Party { id: id.into(), qualifier: "ZZ".into(), application: String::new() };
    Envelope {
        sender: party("SENDER"),
        recipient: party("RECEIVER"),
        date: "261101".into(),
        time: "0900".into(),
        version: "00501".into(),
        number: "7".into(),
        ..Envelope::default()
    }
}

const EXPECTED: &str = "\
ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261101*0900*^*00501*000000007*0*P*:~
GS*XX*SENDER*RECEIVER*261101*0900*1*X*005010~
ST*888*0001~
BEG*00**1~
PO1******VN*V-1*UP*012345678905~
SE*4*0001~
ST*888*0002~
BEG*00**2~
PO1******VN*V-1*UP*012345678905~
SE*4*0002~
GE*2*1~
IEA*1*000000007~
";

#[test]
fn the_envelope_and_its_counts_are_made() {
    let (one, two, grammar) = (order("1"), order("2"), traps());
    let options = WriteOptions { envelope: Some(envelope()), lines: true, ..WriteOptions::default() };
    let written = write(&[(&one, Some(&grammar)), (&two, Some(&grammar))], &options).unwrap();
    assert_eq!(written.findings, []);
    assert_eq!(String::from_utf8_lossy(&written.bytes).replace('\r', ""), EXPECTED);
    let (messages, findings) = read(&written.bytes, &known);
    assert_eq!((messages.len(), codes(&findings)), (2, vec![]));
    for leaf in &written.index.leaves {
        let text = &written.bytes[leaf.start as usize..leaf.end as usize];
        let value = one.value(leaf.node).unwrap();
        assert!(text == value.as_bytes() || text == b"2", "{value}");
    }
}

#[test]
fn delimiters_in_content_are_never_corruption() {
    let (tree, grammar) = (order("A*B~C:D^E"), traps());
    let written = |content, delimiters| {
        let envelope = Some(envelope());
        write(
            &[(&tree, Some(&grammar))],
            &WriteOptions { envelope, content, delimiters, ..WriteOptions::default() },
        )
    };
    let number = |bytes: &[u8]| {
        let (messages, findings) = read(bytes, &known);
        assert_eq!(codes(&findings), [""; 0]);
        let tree = messages[0].tree();
        let beg = tree.child(NodeId::ROOT, "BEG").unwrap();
        tree.value(tree.child(beg, "03").unwrap()).unwrap().to_owned()
    };
    let changed = written(Content::Change, None).unwrap();
    assert_eq!(codes(&changed.findings), ["DG-E0355"]);
    assert_eq!(number(&changed.bytes), "A*B~C:D^E");
    let substituted = written(Content::Substitute(' '), None).unwrap();
    assert_eq!(number(&substituted.bytes), "A B C D E");
    assert!(codes(&substituted.findings).contains(&"DG-E0332"));
    let refused = written(Content::Refuse, None).unwrap_err();
    assert!(codes(&refused.findings).contains(&"DG-E0332"));
    // Where ISX announces a release character, nothing has to change.
    let release = Delimiters { release: Some(b'?'), ..Delimiters::of_version("00501") };
    let released = written(Content::Change, Some(release)).unwrap();
    assert!(String::from_utf8_lossy(&released.bytes).contains("A?*B?~C?:D?^E"));
}

#[test]
fn what_isa_has_no_room_for_is_refused() {
    let (tree, grammar) = (order("1"), traps());
    let envelope = Envelope { number: "1234567890".into(), ..envelope() };
    let options = WriteOptions { envelope: Some(envelope), ..WriteOptions::default() };
    let refused = write(&[(&tree, Some(&grammar))], &options).unwrap_err();
    assert_eq!(codes(&refused.findings), ["DG-E0353"]);
    let bare = write(&[(&tree, Some(&grammar))], &WriteOptions::default()).unwrap();
    assert_eq!(codes(&bare.findings), ["DG-E0352"]);
    let same = Delimiters { component: b'*', ..Delimiters::default() };
    let options = WriteOptions { delimiters: Some(same), ..WriteOptions::default() };
    assert!(write(&[(&tree, Some(&grammar))], &options).is_err());
}

/// Only TA1 segments stand without ST and SE: a transaction set that calls itself so keeps its envelope.
#[test]
fn a_set_that_calls_itself_ta1_is_no_acknowledgement() {
    let text = interchange("BEG*00**1~SE*~").replace("ST*888*", "ST*TA1*").into_bytes();
    let (messages, _) = read(&text, &known);
    assert_eq!(messages.len(), 1);
    let written = rewritten(&messages, false).unwrap();
    let (again, _) = read(&written, &known);
    assert_eq!(again.len(), 1, "{}", String::from_utf8_lossy(&written));
    assert_eq!(shape(messages[0].tree()), shape(again[0].tree()));
}

#[test]
fn binary_data_comes_back_with_its_length() {
    let text = interchange("BEG*00**1~BIN*9*a~b*c~SE*~").replace("SE*5*", "SE*4*").into_bytes();
    let latin: Vec<u8> = text.iter().map(|byte| if *byte == b'c' { 0xE9 } else { *byte }).collect();
    for (bytes, encoding) in [(text, Encoding::Utf8), (latin, Encoding::Latin1)] {
        let (messages, _) = read(&bytes, &known);
        assert_eq!(messages[0].encoding, encoding);
        let written = rewritten(&messages, true).unwrap();
        let (again, findings) = read(&written, &known);
        assert!(!codes(&findings).contains(&"DG-E0348"));
        assert_eq!(shape(messages[0].tree()), shape(again[0].tree()));
    }
}

/// Levels without numbers are numbered, each with that of the level around; numbers that are stated stay.
#[test]
fn levels_are_numbered() {
    for (body, expected) in [
        ("HL***S~HL***O~HL***I~HL***I~", "HL*1**S~HL*2*1*O~HL*3*2*I~HL*4*2*I~"),
        ("HL***S~HL*1**O~HL***I~", "HL*2**S~HL*1*2*O~HL*3*1*I~"),
        ("HL*7**S~HL*9**O~", "HL*7**S~HL*9**O~"),
    ] {
        let text = interchange(&format!("BEG*00**1~{body}"));
        let (messages, _) = read(text.as_bytes(), &known);
        let written = String::from_utf8(rewritten(&messages, true).unwrap()).unwrap();
        assert!(written.contains(&format!("BEG*00**1~{expected}SE*")), "{written}");
    }
}
