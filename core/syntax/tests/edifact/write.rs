//! Writing: escapes, envelope, character sets and the wire index, as examples.

use dragoman_syntax::edifact::{
    Interchange, Party, ServiceString, Unencodable, WriteOptions, Written, messages, write,
};
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{Kind, Names, PlaceId, Span, Tree, TreeBuilder};

use crate::support::{codes, known, outline, read, traps};

/// A TRAPS message with one BGM that holds this number, and nothing of an envelope.
fn message(number: &str) -> Tree<'static> {
    let grammar = traps();
    let mut build = TreeBuilder::new("", 0, Names::with_base(grammar.names().clone()));
    let none = Span::default();
    let open = |kind: Kind, path: &[&str]| {
        let child = |at: PlaceId, name: &&str| grammar.child(at, name).unwrap();
        let place = path.iter().fold(Grammar::ROOT, child);
        (kind, grammar.place(place).name, place)
    };
    let [root, bgm, leaf] =
        [open(Kind::Message, &[]), open(Kind::Segment, &["BGM"]), open(Kind::Data, &["BGM", "1004"])];
    build.open(root.0, root.1, root.2, none);
    build.open(bgm.0, bgm.1, bgm.2, none);
    let value = build.owned(number);
    build.leaf(leaf.0, leaf.1, leaf.2, none, value);
    build.finish()
}

fn envelope(syntax: &str, version: &str) -> Interchange {
    let party = |id: &str| Party { id: id.into(), ..Party::default() };
    Interchange {
        syntax: syntax.into(),
        version: version.into(),
        sender: party("ME"),
        recipient: party("YOU"),
        date: "261122".into(),
        time: "1200".into(),
        reference: "R1".into(),
        test: "1".into(),
        ..Interchange::default()
    }
}

fn text(written: &Written) -> &str {
    std::str::from_utf8(&written.bytes).unwrap()
}

#[test]
fn content_never_becomes_structure() {
    let grammar = traps();
    let title = "SHIRT'UNS+S'MOA+86:0?";
    let tree = message(title);
    let options = WriteOptions { interchange: Some(envelope("UNOC", "3")), ..WriteOptions::default() };
    let written = write(&[(&tree, Some(&grammar))], &options).unwrap();
    let expected = "UNB+UNOC:3+ME+YOU+261122:1200+R1++++++1'UNH+1+TRAPS:D:96B:UN'\
        BGM++SHIRT?'UNS?+S?'MOA?+86?:0??'UNT+3+1'UNZ+1+R1'";
    assert_eq!(text(&written), expected);
    let (read, findings) = read(&written.bytes, &known);
    assert!(findings.is_empty());
    assert!(outline(read[0].tree()).contains(&format!("    1004 {title}\n")));
}

#[test]
fn una_is_written_where_it_is_needed() {
    let grammar = traps();
    let tree = message("a*b+c,5");
    let una = |service: Option<ServiceString>, una: bool, version: &str| {
        let interchange = Some(envelope("UNOC", version));
        let options = WriteOptions { service, una, interchange, ..WriteOptions::default() };
        text(&write(&[(&tree, Some(&grammar))], &options).unwrap()).to_owned()
    };
    assert!(una(None, true, "3").starts_with("UNA:+.? 'UNB+"));
    let comma = ServiceString { decimal: b',', ..ServiceString::default() };
    assert!(una(Some(comma), false, "3").starts_with("UNA:+,? 'UNB+"));
    let stars = ServiceString::from_una(*b":*.? ~").unwrap();
    let written = una(Some(stars), false, "3");
    assert!(written.starts_with("UNA:*.? ~UNB*UNOC:3*") && written.contains("~BGM**a?*b+c,5~"), "{written}");
    assert!(una(None, false, "4").contains("'BGM++a?*b?+c,5'"));
    assert!(una(None, false, "3").contains("'BGM++a*b?+c,5'"));
}

#[test]
fn characters_are_never_changed_silently() {
    let grammar = traps();
    let tree = message("Würze für 5 €");
    let with = |syntax: &str, unencodable| {
        let interchange = Some(envelope(syntax, "3"));
        let options = WriteOptions { interchange, unencodable, ..WriteOptions::default() };
        write(&[(&tree, Some(&grammar))], &options)
    };
    let refused = with("UNOC", Unencodable::Refuse).unwrap_err();
    assert_eq!(codes(&refused.findings), ["DG-E0332"]);
    assert_eq!(refused.findings[0].wire_path.as_deref(), Some("/TRAPS[1]/BGM[1]/1004[1]"));
    assert_eq!(
        refused.to_string(),
        "the interchange cannot be written: `€` is outside UNOC (ISO 8859-1), in `Würze für 5 €`"
    );
    assert!(with("UNOC", Unencodable::Keep).is_err());
    let written = with("UNOC", Unencodable::Substitute('+')).unwrap();
    assert_eq!(codes(&written.findings), ["DG-E0332"]);
    assert!(written.bytes.windows(13).any(|bytes| bytes == b"f\xFCr 5 ?+'UNT+"));
    assert!(with("UNOY", Unencodable::Refuse).unwrap().findings.is_empty());
    // Small letters are no part of level A, but they can be written.
    let small = message("small");
    let kept = WriteOptions {
        interchange: Some(envelope("UNOA", "3")),
        unencodable: Unencodable::Keep,
        ..WriteOptions::default()
    };
    let written = write(&[(&small, Some(&grammar))], &kept).unwrap();
    assert_eq!(codes(&written.findings), ["DG-E0332"]);
    assert!(text(&written).contains("BGM++small'"));
}

#[test]
fn without_a_release_character_separators_are_unencodable() {
    let grammar = traps();
    let tree = message("a+b");
    let service = Some(ServiceString { release: None, ..ServiceString::default() });
    let interchange = Some(envelope("UNOC", "3"));
    let options = WriteOptions { service, interchange, ..WriteOptions::default() };
    assert!(write(&[(&tree, Some(&grammar))], &options).is_err());
    let options = WriteOptions { unencodable: Unencodable::Substitute('-'), ..options };
    assert!(text(&write(&[(&tree, Some(&grammar))], &options).unwrap()).contains("BGM++a-b'"));
}

#[test]
fn bytes_that_read_otherwise_are_found() {
    let grammar = traps();
    let options = WriteOptions { interchange: Some(envelope("UNOC", "3")), ..WriteOptions::default() };
    let written = write(&[(&message("Ã¼"), Some(&grammar))], &options).unwrap();
    assert_eq!(codes(&written.findings), ["DG-E0333"]);
}

#[test]
fn groups_counts_and_references_are_made() {
    let unb = "UNB+UNOC:3+ME+YOU+261122:1200+R1'";
    let ung = |reference: &str| format!("UNG+TRAPS+ME+YOU+261122:1200+{reference}+UN+D:96B'");
    let message = |reference: &str| format!("UNH+{reference}+TRAPS:D:96B:UN'BGM'UNT+3+{reference}'");
    let text = format!(
        "{unb}{}{}{}UNE+2+G1'{}{}UNE+1+G2'UNZ+2+R1'",
        ung("G1"),
        message("1"),
        message("2"),
        ung("G2"),
        message("3")
    );
    let (read, findings) = read(text.as_bytes(), &known);
    assert!(findings.is_empty());
    let trees: Vec<_> = read.iter().map(|message| (message.tree(), message.grammar.as_deref())).collect();
    let written = write(&trees, &WriteOptions::default()).unwrap();
    assert_eq!(std::str::from_utf8(&written.bytes).unwrap(), text);
    assert_eq!(codes(&written.findings), [""; 0]);
    let other = text.replace("ME+YOU+261122:1200+R1", "ME+THEM+261122:1200+R1");
    let (mut read, mut more) = (read, messages(other.as_bytes(), &known));
    read.push(more.next().unwrap());
    let trees: Vec<_> = read.iter().map(|message| (message.tree(), message.grammar.as_deref())).collect();
    let written = write(&trees, &WriteOptions::default()).unwrap();
    assert_eq!(codes(&written.findings), ["DG-E0335"]);
}

#[test]
fn what_has_no_room_is_found_and_not_written() {
    let segments = "BGM'UNS+D'CST+1+a+b+c+d+e'UNS+S'";
    let text = format!("UNB+UNOC:3+ME+YOU+261122:1200+R1'UNH+1+TRAPS:D:96B:UN'{segments}UNT+6+1'UNZ+1+R1'");
    let (read, _) = read(text.as_bytes(), &known);
    // The same tree with the codes of two goods items in one segment.
    let tree = read[0].tree();
    let mut build = TreeBuilder::new("", 0, tree.names().clone());
    for id in tree.ids() {
        while build.depth() > tree.ancestors(id).count() {
            build.close();
        }
        let node = tree.node(id);
        let value = tree.value(id).map(|value| build.owned(value));
        let copy = build.open(node.kind, node.name, node.place, node.span);
        if let Some(value) = value {
            build.node_mut(copy).value = value;
        }
        if tree.name(id) == "C246" && tree.occurrence(id) == 5 {
            build.close();
            build.open(node.kind, node.name, node.place, node.span);
        }
    }
    let tree = build.finish();
    let written = write(&[(&tree, read[0].grammar.as_deref())], &WriteOptions::default()).unwrap();
    assert_eq!(codes(&written.findings), ["DG-E0330"]);
    assert!(std::str::from_utf8(&written.bytes).unwrap().contains("CST+1+a+b+c+d'"));
}

#[test]
fn the_wire_index_knows_every_leaf() {
    let segments = "BGM+830:1+X?'Y'UNS+D'CST+1+a++c'FTX+AAA+::t'UNS+S'";
    let text = format!("UNB+UNOC:3+ME+YOU+261122:1200+R1'UNH+1+TRAPS:D:96B:UN'{segments}UNT+7+1'UNZ+1+R1'");
    let (read, _) = read(text.as_bytes(), &known);
    let tree = read[0].tree();
    let written = write(&[(tree, read[0].grammar.as_deref())], &WriteOptions::default()).unwrap();
    let index = &written.index;
    let leaves = tree.ids().filter(|id| tree.value(*id).is_some_and(|value| !value.is_empty()));
    assert_eq!(index.leaves.iter().map(|leaf| leaf.node).collect::<Vec<_>>(), leaves.collect::<Vec<_>>());
    for leaf in &index.leaves {
        let bytes = &written.bytes[leaf.start as usize..leaf.end as usize];
        let span = tree.file_span(leaf.node);
        assert_eq!(bytes, &text.as_bytes()[span.start as usize..span.end as usize]);
        assert_eq!(index.leaf_at(leaf.start), Some(leaf));
        assert_eq!(index.leaf_at(leaf.end), None);
    }
    // As CONTRL counts: the fifth segment is FTX, its second element's third component `t`.
    let ftx = index.segment(0, 5).unwrap();
    assert_eq!(tree.name(ftx.node.unwrap()), "FTX");
    let at: Vec<_> = index.leaves(ftx).iter().map(|leaf| (leaf.element, leaf.component)).collect();
    assert_eq!(at, [(1, 1), (2, 3)]);
    assert_eq!(index.segment(0, 7).unwrap().node, None);
    assert!(index.segment(0, 0).is_none() && index.segment(1, 1).is_none());
    assert_eq!(size_of::<dragoman_syntax::edifact::WireLeaf>(), 16);
}
