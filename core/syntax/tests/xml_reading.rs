//! Reading XML, case by case.

#![expect(clippy::unwrap_used, reason = "test support")]

use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::{Limits, Read, wire_path, xml};
use dragoman_tree::{Kind, NodeId, PlaceId, Severity, Tree};

const GRAMMAR: &str = r"grammar 1 test/response
syntax xml
namespace md = urn:meta
namespace default = urn:response
namespace od = urn:declaration
md:MetaData *  @version  token
  Version  token
  default:Response 1..
    Code *  token
    Error 0..99
      Pointer 0..
        Section  token
    Declaration *
      ID  text
      Amount  decimal..16,3  @currencyID *  token3
    od:Declaration
      ID  text
      Item 0..999
    Note  text
";

fn grammar() -> Grammar {
    grammar::parse(GRAMMAR, &|_| None).unwrap()
}

fn read<'i>(input: &'i str, grammar: Option<&Grammar>) -> Read<'i> {
    xml::read(input.as_bytes(), grammar, &Limits::default())
}

/// Kind, name, value and place of every node.
fn rows(tree: &Tree<'_>, grammar: &Grammar) -> Vec<String> {
    let row = |id| {
        let place = grammar.path(tree.place(id));
        let place = if tree.place(id).is_known() { place.as_str() } else { "-" };
        format!("{} {:?} {place}", tree.name(id), tree.value(id).unwrap_or("."))
    };
    tree.ids().map(row).collect()
}

fn codes(read: &Read<'_>) -> Vec<String> {
    let place = |finding: &dragoman_tree::Finding| finding.wire_path.clone().unwrap_or_default();
    read.findings.iter().map(|finding| format!("{} {}", finding.code, place(finding)).trim().into()).collect()
}

const BODY: &str = "<Version>1</Version><Response><Code>07</Code><Declaration><ID>A</ID><Amount currencyID='GBP'>1.50</Amount>\
    </Declaration><Declaration><ID>B</ID></Declaration></Response>";

#[test]
fn places_follow_namespaces() {
    let grammar = grammar();
    let namespaced = "<m:MetaData xmlns:m='urn:meta' version='2'><m:Version>1</m:Version><Response xmlns='urn:response' \
        xmlns:d='urn:declaration'><Code>07</Code><d:Declaration><d:ID>B</d:ID></d:Declaration><Declaration><ID>A</ID>\
        </Declaration></Response></m:MetaData>";
    let found = read(namespaced, Some(&grammar));
    assert_eq!(codes(&found), Vec::<String>::new());
    let expected = [
        "MetaData \".\" /MetaData",
        "version \"2\" /MetaData/version",
        "Version \"1\" /MetaData/Version",
        "Response \".\" /MetaData/Response",
        "Code \"07\" /MetaData/Response/Code",
        "Declaration \".\" /MetaData/Response/Declaration",
        "ID \"B\" /MetaData/Response/Declaration/ID",
        "Declaration \".\" /MetaData/Response/Declaration",
        "ID \"A\" /MetaData/Response/Declaration/ID",
    ];
    assert_eq!(rows(&found.tree, &grammar), expected);
    let (first, second) = (found.tree.place(NodeId(5)), found.tree.place(NodeId(7)));
    assert_eq!(grammar.place(first).namespace, 3);
    assert_eq!(grammar.place(second).namespace, 2);
    let path = wire_path(&found.tree, NodeId(6), Some(&grammar));
    assert_eq!(path, "/MetaData[1]/Response[1]/{od}Declaration[1]/ID[1]");
}

#[test]
fn places_follow_position_where_there_are_no_namespaces() {
    let grammar = grammar();
    let text = format!("<MetaData>{BODY}</MetaData>");
    let found = read(&text, Some(&grammar));
    assert_eq!(codes(&found), ["DG-E0118"]);
    assert_eq!(found.findings[0].severity, Severity::Info);
    let declarations: Vec<_> = found.tree.ids().filter(|id| found.tree.name(*id) == "Declaration").collect();
    let namespaces = declarations.iter().map(|id| grammar.place(found.tree.place(*id)).namespace);
    assert_eq!(namespaces.collect::<Vec<_>>(), [2, 3]);
    assert!(found.tree.ids().all(|id| found.tree.place(id).is_known()));
    let written =
        xml::write(&found.tree, Some(&grammar), &xml::WriteOptions { indent: None, declaration: false });
    let expected = "<md:MetaData xmlns:md=\"urn:meta\" xmlns=\"urn:response\" xmlns:od=\"urn:declaration\">\
        <md:Version>1</md:Version><Response><Code>07</Code><Declaration><ID>A</ID><Amount currencyID=\"GBP\">1.50</Amount>\
        </Declaration><od:Declaration><od:ID>B</od:ID></od:Declaration></Response></md:MetaData>";
    assert_eq!(String::from_utf8(written.bytes.clone()).unwrap(), expected);
    let again = xml::read(&written.bytes, Some(&grammar), &Limits::default());
    assert_eq!(rows(&again.tree, &grammar), rows(&found.tree, &grammar));
    assert_eq!(xml::difference(&found.tree, &again.tree, Some(&grammar)), None);
}

#[test]
fn what_the_grammar_does_not_know_is_kept() {
    let grammar = grammar();
    let text = "<md:MetaData xmlns:md='urn:meta' xmlns:x='urn:x' x:a='1' b='2'><md:Odd><md:Version>n</md:Version></md:Odd>\
        <x:Version><x:Inner/></x:Version><Version/></md:MetaData>";
    let found = read(text, Some(&grammar));
    let expected = [
        "MetaData \".\" /MetaData",
        "{urn:x}a \"1\" -",
        "b \"2\" -",
        "Odd \".\" -",
        "Version \"n\" -",
        "{urn:x}Version \".\" -",
        "Inner \"\" -",
        "{}Version \"\" -",
    ];
    assert_eq!(rows(&found.tree, &grammar), expected);
    let written = xml::write(&found.tree, Some(&grammar), &xml::WriteOptions::default());
    let again = xml::read(&written.bytes, Some(&grammar), &Limits::default());
    assert_eq!(rows(&again.tree, &grammar), expected);
    let other = read("<Other xmlns='urn:meta'><Version>1</Version></Other>", Some(&grammar));
    assert!(other.tree.ids().all(|id| other.tree.place(id) == PlaceId::NONE));
}

#[test]
fn order_and_repetition_do_not_hide_places() {
    let grammar = grammar();
    let text = "<MetaData xmlns='urn:meta'><Response xmlns='urn:response'><Note/><Error/><Error><Pointer/><Pointer/></Error>\
        <Code/><Declaration/><Declaration/><Code/></Response></MetaData>";
    let found = read(text, Some(&grammar));
    assert!(found.tree.ids().all(|id| found.tree.place(id).is_known()));
    let path = wire_path(&found.tree, NodeId(6), Some(&grammar));
    assert_eq!(path, "/MetaData[1]/Response[1]/Error[2]/Pointer[2]");
}

#[test]
fn texts_are_one_value_in_pieces() {
    let text = "<a>one</a>";
    let found = read(text, None);
    assert!(found.tree.node(NodeId::ROOT).value.is_borrowed());
    let text = "<r><a>x &amp; y<!-- c --> z<![CDATA[<&]]></a><b><![CDATA[a<b]]></b><c>l1\r\nl2\rl3</c><d> </d><e></e></r>";
    let found = read(text, None);
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    let tree = &found.tree;
    let values: Vec<_> = tree.children(NodeId::ROOT).map(|id| tree.value(id).unwrap()).collect();
    assert_eq!(values, ["x & y z<&", "a<b", "l1\nl2\nl3", " ", ""]);
    let ids: Vec<_> = tree.children(NodeId::ROOT).collect();
    let pieces = |id: NodeId| tree.pieces(id).map(|span| &text[span.range()]).collect::<Vec<_>>();
    assert_eq!(pieces(ids[0]), ["x ", "&amp;", " y", " z", "<&"]);
    assert_eq!(pieces(ids[1]), ["a<b"]);
    assert!(tree.node(ids[1]).value.is_borrowed());
    assert_eq!(&text[tree.node(ids[2]).span.range()], "l1\r\nl2\rl3");
    assert_eq!(&text[tree.node(ids[4]).span.range()], "<e>");
    assert_eq!(&text[tree.node(NodeId::ROOT).span.range()], "<r>");
}

#[test]
fn text_between_elements_is_a_node() {
    let found = read("<a>\n one <b/> two &lt;\n <c/>\n </a>", None);
    let rows: Vec<_> = found.tree.ids().map(|id| (found.tree.node(id).kind, found.tree.value(id))).collect();
    let expected = [
        (Kind::Element, None),
        (Kind::Text, Some("\n one ")),
        (Kind::Element, Some("")),
        (Kind::Text, Some(" two <\n ")),
        (Kind::Element, Some("")),
    ];
    assert_eq!(rows, expected);
    assert_eq!(wire_path(&found.tree, NodeId(3), None), "/a[1]/text()[2]");
}

#[test]
fn declarations_of_namespaces_and_locations_are_no_nodes() {
    let text = "<a xmlns='urn:a' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='urn:a a.xsd' \
        xsi:nil='true' xml:lang='en' x=' a\n&#10;b&quot;'/>";
    let found = read(text, None);
    let rows: Vec<_> = found.tree.ids().map(|id| (found.tree.name(id), found.tree.value(id))).collect();
    let expected = [
        ("{urn:a}a", Some("")),
        ("{http://www.w3.org/2001/XMLSchema-instance}nil", Some("true")),
        ("{http://www.w3.org/XML/1998/namespace}lang", Some("en")),
        ("x", Some(" a \nb\"")),
    ];
    assert_eq!(rows, expected);
    assert_eq!(&text[found.tree.node(NodeId(3)).span.range()], " a\n&#10;b&quot;");
    assert_eq!(wire_path(&found.tree, NodeId(2), None), "/a[1]/@lang");
}

#[test]
fn broken_documents_are_read_up_to_the_fault() {
    let cases: [(&str, usize, &[&str]); 16] = [
        ("<a><b>1</b><c>2</d></a>", 3, &["DG-E0110 /a[1]/c[1]"]),
        ("<a><b>1</b><c", 2, &["DG-E0110 /a[1]"]),
        ("<a><b>1</b>", 2, &["DG-E0110 /a[1]"]),
        ("<a><b x='1' x='2'/><c/></a>", 3, &["DG-E0110 /a[1]/b[1]"]),
        ("<a><b x=1/></a>", 2, &["DG-E0110 /a[1]/b[1]"]),
        ("<a><b x='1'y='2'/></a>", 3, &["DG-E0110 /a[1]/b[1]"]),
        ("<a><1/></a>", 1, &["DG-E0110 /a[1]"]),
        ("<a/><b/>", 1, &["DG-E0112"]),
        ("<a/>text", 1, &["DG-E0112"]),
        ("text<a/>", 1, &["DG-E0112"]),
        ("{\"a\": 1}", 1, &["DG-E0111"]),
        ("", 1, &["DG-E0111"]),
        ("<!-- only -->", 1, &["DG-E0111"]),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", 1, &["DG-E0113"]),
        ("</a>", 1, &["DG-E0110"]),
        ("<a>\u{1}<b>ok</b></a>", 3, &["DG-E0115"]),
    ];
    for (text, nodes, expected) in cases {
        let found = read(text, None);
        assert_eq!(
            (found.tree.len(), codes(&found)),
            (nodes, expected.iter().map(|code| (*code).into()).collect()),
            "{text}"
        );
        assert!(
            found
                .findings
                .iter()
                .all(|finding| finding.severity == Severity::Error && finding.span.is_some()),
            "{text}"
        );
    }
}

#[test]
fn smaller_faults_do_not_stop_reading() {
    let text = " <?xml version='1.0'?><a><b>x &nbsp; & &#0; ]]></b><!-- a--b --><p:c q:d='<'/><p:c/></a>";
    let found = read(text, None);
    let expected = [
        "DG-E0117",
        "DG-E0114 /a[1]/b[1]",
        "DG-E0114 /a[1]/b[1]",
        "DG-E0114 /a[1]/b[1]",
        "DG-E0115 /a[1]/b[1]",
        "DG-E0115 /a[1]",
        "DG-E0116 /a[1]",
        "DG-E0115 /a[1]/c[1]",
        "DG-E0116 /a[1]/c[1]",
    ];
    assert_eq!(codes(&found), expected);
    assert_eq!(found.tree.value(NodeId(1)), Some("x &nbsp; & &#0; ]]>"));
    let shown: Vec<_> = found
        .findings
        .iter()
        .map(|finding| {
            let span = finding.span.clone().unwrap();
            &text[span.start as usize..span.end as usize]
        })
        .collect();
    let spans = ["<?xml version='1.0'?>", "&nbsp;", "&", "&#0;", "]]>", "--", "<p:c q:d='<'/>", "<", "<"];
    assert_eq!(shown, spans);
    assert_eq!(found.tree.len(), 5);
}

#[test]
fn limits_stop_reading() {
    let limits = Limits { depth: 3, attributes: 2, nodes: 10, bytes: 100 };
    let read = |text: &str| {
        let read = xml::read(text.as_bytes(), None, &limits);
        (read.tree.len(), read.findings.iter().map(|finding| finding.code.to_string()).collect::<Vec<_>>())
    };
    let limit = || vec!["DG-E0119".to_owned()];
    assert_eq!(read("<a><b><c>1</c></b></a>"), (3, vec![]));
    assert_eq!(read("<a><b><c><d/></c></b></a>"), (3, limit()));
    assert_eq!(read("<a b='1' c='2' d='3'/>"), (3, limit()));
    assert_eq!(read(&format!("<a>{}</a>", "<b/>".repeat(12))), (10, limit()));
    assert_eq!(read(&format!("<a>{}</a>", "x".repeat(100))), (1, limit()));
}

#[test]
fn other_encodings_are_read() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend("<a>ä€</a>".encode_utf16().flat_map(u16::to_le_bytes));
    let found = xml::read(&bytes, None, &Limits::default());
    assert_eq!((found.tree.value(NodeId::ROOT), codes(&found)), (Some("ä€"), vec!["DG-E0101".into()]));
    let marked = xml::read("\u{FEFF}<a>x</a>".as_bytes(), None, &Limits::default());
    assert_eq!((marked.tree.file_span(NodeId::ROOT), codes(&marked)), (6..7, vec![]));
}

#[test]
fn text_before_what_is_no_element_is_the_value() {
    let read = xml::read(b"<a>text<1b/></a>", None, &Limits::default());
    assert_eq!((read.tree.len(), read.tree.value(NodeId::ROOT)), (1, Some("text")));
}

#[test]
fn an_encoding_that_is_no_text_is_pointed_at_as_it_stands() {
    let bytes = b"<?xml version='1.0' encoding='\xC1\xAB'?><a/>";
    let finding = &xml::read(bytes, None, &Limits::default()).findings[0];
    assert_eq!((&*finding.code, finding.span.clone()), ("DG-E0103", Some(30..32)));
}

#[test]
fn no_attribute_is_named_xmlns() {
    for text in ["<a :xmlns='u'/>", "<a p:xmlns='u'/>"] {
        let read = xml::read(text.as_bytes(), None, &Limits::default());
        assert_eq!(read.findings.last().map(|found| &*found.code), Some("DG-E0110"), "{text}");
        assert_eq!(read.tree.len(), 1, "{text}");
    }
}

/// What a grammar allows to be `<null/>` is that only where nothing else stands beside it, and comes back as it was.
#[test]
fn null_in_the_place_of_a_text_is_no_value() {
    let text = "grammar 1 test/null\nsyntax xml\ncomplete\nSad *\n  Name  text nullable  @lang  token\n  Code  text\n";
    let grammar = grammar::parse(text, &|_| None).unwrap();
    assert_eq!(grammar::layout(&grammar), text);
    let kinds = |body: &str| {
        let message = format!("<Sad>{body}</Sad>");
        let tree = read(&message, Some(&grammar)).tree;
        let (written, _) = {
            let written = xml::write(&tree, Some(&grammar), &xml::WriteOptions::default());
            (String::from_utf8(written.bytes).unwrap(), written.findings)
        };
        let again = read(&written, Some(&grammar)).tree;
        assert!(xml::difference(&tree, &again, Some(&grammar)).is_none(), "{written}");
        tree.ids().skip(1).map(|node| tree.node(node).kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds("<Name><null/></Name>"), [Kind::Null]);
    assert_eq!(kinds("<Name>\n <null></null>\n</Name>"), [Kind::Null]);
    assert_eq!(kinds("<Name/>"), [Kind::Element]);
    for kept in [
        "<Name>x<null/></Name>",
        "<Name><null/><null/></Name>",
        "<Name><null>x</null></Name>",
        "<Name lang='en'><null/></Name>",
    ] {
        assert!(!kinds(kept).contains(&Kind::Null), "{kept}");
    }
    let [null, empty] =
        ["<Sad><Name><null/></Name></Sad>", "<Sad><Name/></Sad>"].map(|text| read(text, Some(&grammar)).tree);
    assert!(xml::difference(&null, &empty, Some(&grammar)).is_some());
}
