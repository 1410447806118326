//! Laws of reading and writing XML, for any tree and any input.

use dragoman_syntax::{Limits, xml};
use dragoman_tree::{Kind, Names, NodeId, PlaceId, Severity, Span, Tree, TreeBuilder};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Element {
    namespace: &'static str,
    name: String,
    attributes: Vec<(&'static str, String, String)>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Text(String),
    Children(Vec<(Option<String>, Element)>, Option<String>),
}

const NAMESPACES: [&str; 4] = ["", "urn:one", "urn:t&w<o>\"'", "http://www.w3.org/XML/1998/namespace"];

/// Text that tries to break out: markup, references, controls that XML allows, bidi, four-byte characters, length.
fn hostile() -> BoxedStrategy<String> {
    let pieces = prop_oneof![
        Just("]]>".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("<![CDATA[".to_owned()),
        Just("<?xml version=\"1.0\"?>".to_owned()),
        Just("</a><b x='\"'>".to_owned()),
        Just("&amp;&#10;&lt;&nbsp;&".to_owned()),
        Just("\r\n\t \r\r\n".to_owned()),
        Just("\u{202E}\u{2066}\u{FEFF}\u{85}\u{2028}\u{7F}".to_owned()),
        Just("\u{1F600}\u{10FFFF}\u{FFFD}".to_owned()),
        "[ -~]{0,8}",
        "\\PC{0,8}",
    ];
    let long = Just("x\u{1F600}".repeat(5_000));
    prop_oneof![20 => prop::collection::vec(pieces, 0..4).prop_map(|pieces| pieces.concat()), 1 => long]
        .boxed()
}

fn name() -> BoxedStrategy<String> {
    prop_oneof!["[A-Z][a-zA-Z0-9]{0,6}", "[a-z_][a-z0-9._-]{0,4}", Just("Überschrift".to_owned())].boxed()
}

fn element() -> impl Strategy<Value = Element> {
    let attribute = (prop::sample::select(&NAMESPACES[..]), name(), hostile());
    let attributes = prop::collection::vec(attribute, 0..3).boxed();
    let head = (prop::sample::select(&NAMESPACES[..]), name(), attributes);
    let leaf = (head.clone(), hostile()).prop_map(|((namespace, name, attributes), text)| Element {
        namespace,
        name,
        attributes,
        content: Content::Text(text),
    });
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let text = || prop::option::weighted(0.2, hostile());
        let children = prop::collection::vec((text(), inner), 1..5);
        (head.clone(), children, text()).prop_map(|((namespace, name, attributes), children, tail)| Element {
            namespace,
            name,
            attributes,
            content: Content::Children(children, tail),
        })
    })
}

fn build(element: &Element, parent: &str, tree: &mut TreeBuilder<'_>) {
    let in_namespace = |namespace: &str, name: &str| format!("{{{namespace}}}{name}");
    let name = if element.namespace == parent {
        element.name.clone()
    } else {
        in_namespace(element.namespace, &element.name)
    };
    let name = tree.names().intern(&name);
    let node = tree.open(Kind::Element, name, PlaceId::NONE, Span::default());
    let mut seen = Vec::new();
    for (namespace, name, value) in &element.attributes {
        let name = if namespace.is_empty() { name.clone() } else { in_namespace(namespace, name) };
        if !seen.contains(&name) {
            let (id, value) = (tree.names().intern(&name), tree.owned(value));
            tree.leaf(Kind::Attribute, id, PlaceId::NONE, Span::default(), value);
            seen.push(name);
        }
    }
    match &element.content {
        Content::Text(text) => {
            let value = tree.owned(text);
            tree.node_mut(node).value = value;
        }
        Content::Children(children, tail) => {
            for (text, child) in children {
                build_text(text.as_deref(), tree);
                build(child, element.namespace, tree);
            }
            build_text(tail.as_deref(), tree);
        }
    }
    tree.close();
}

fn build_text(text: Option<&str>, tree: &mut TreeBuilder<'_>) {
    let blank = |text: &&str| !text.trim_matches([' ', '\t', '\n', '\r']).is_empty();
    if let Some(text) = text.filter(blank) {
        let (name, value) = (tree.names().intern("#text"), tree.owned(text));
        tree.leaf(Kind::Text, name, PlaceId::NONE, Span::default(), value);
    }
}

/// Everything of a tree but where it came from. No text and empty text are the same.
fn shape<'t>(tree: &'t Tree<'_>) -> Vec<(Kind, &'t str, NodeId, NodeId, &'t str)> {
    let row = |id| {
        let node = tree.node(id);
        (node.kind, tree.name(id), node.parent, node.end, tree.value(id).unwrap_or_default())
    };
    tree.ids().map(row).collect()
}

fn check_spans(input: &[u8], read: &dragoman_syntax::Read<'_>) {
    let decoded = xml::decode(input);
    let end = decoded.base + decoded.text.len() as u64;
    assert!(!read.tree.is_empty());
    for id in read.tree.ids() {
        let span = read.tree.file_span(id);
        assert!(span.start <= span.end && span.end <= end, "{span:?} of {end}");
        for piece in read.tree.pieces(id) {
            assert!(piece.start <= piece.end && u64::from(piece.end) <= end, "{piece:?}");
        }
    }
    let end = end.max(input.len() as u64);
    for finding in &read.findings {
        if let Some(span) = &finding.span {
            assert!(span.start <= span.end && span.end <= end, "{finding:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_written_is_read_again(element in element(), indent in prop::option::of(0_usize..4)) {
        let mut tree = TreeBuilder::new("", 0, Names::default());
        build(&element, "", &mut tree);
        let tree = tree.finish();
        let options = xml::WriteOptions { indent, declaration: true };
        let written = xml::write(&tree, None, &options);
        prop_assert!(written.findings.is_empty(), "{:?}", written.findings);
        let read = xml::read(&written.bytes, None, &Limits::default());
        prop_assert!(read.findings.is_empty(), "{:?}\n{}", read.findings, String::from_utf8_lossy(&written.bytes));
        prop_assert_eq!(shape(&tree), shape(&read.tree));
        prop_assert_eq!(xml::difference(&tree, &read.tree, None), None);
        check_spans(&written.bytes, &read);
    }

    #[test]
    fn what_cannot_be_written_is_reported(text in "\\PC{0,3}[\u{0}-\u{8}\u{FFFE}]\\PC{0,3}", name in "\\PC{0,5}") {
        let mut tree = TreeBuilder::new("", 0, Names::default());
        let (id, value) = (tree.names().intern(&name), tree.owned(&text));
        tree.leaf(Kind::Element, id, PlaceId::NONE, Span::default(), value);
        let tree = tree.finish();
        let written = xml::write(&tree, None, &xml::WriteOptions::default());
        prop_assert!(written.findings.iter().any(|finding| finding.severity == Severity::Error));
        let read = xml::read(&written.bytes, None, &Limits::default());
        prop_assert!(read.findings.is_empty(), "{:?}", read.findings);
        let allowed = |c: char| c >= ' ' && c != '\u{FFFE}';
        let expected: String = text.chars().map(|c| if allowed(c) { c } else { '\u{FFFD}' }).collect();
        prop_assert_eq!(read.tree.value(NodeId::ROOT), Some(expected.as_str()));
    }

    #[test]
    fn any_bytes_are_read(input in prop::collection::vec(any::<u8>(), 0..200)) {
        check_spans(&input, &xml::read(&input, None, &Limits::default()));
    }

    #[test]
    fn any_markup_is_read(pieces in prop::collection::vec(markup(), 0..30)) {
        let input = pieces.concat();
        check_spans(input.as_bytes(), &xml::read(input.as_bytes(), None, &Limits::default()));
        let wide: Vec<u8> = input.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check_spans(&wide, &xml::read(&wide, None, &Limits::default()));
    }

    #[test]
    fn cut_and_scratched_documents_are_read(element in element(), cut in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut tree = TreeBuilder::new("", 0, Names::default());
        build(&element, "", &mut tree);
        let mut bytes = xml::write(&tree.finish(), None, &xml::WriteOptions::default()).bytes;
        let at = cut.index(bytes.len());
        check_spans(&bytes[..at], &xml::read(&bytes[..at], None, &Limits::default()));
        bytes[at] = byte;
        check_spans(&bytes, &xml::read(&bytes, None, &Limits::default()));
    }
}

fn markup() -> impl Strategy<Value = String> {
    const FIXED: [&str; 31] = [
        "<a>",
        "</a>",
        "<b c='d'/>",
        "<p:b xmlns:p='urn:x'>",
        "</p:b>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x ?>",
        "<?xml version='1.0'?>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "&amp;",
        "&#1;",
        "&nbsp;",
        "&",
        "<",
        ">",
        "\"",
        "'",
        "\r\n",
        "ä",
        "\u{FEFF}",
        " x=\"1\"",
        " xmlns=''",
        " xmlns='urn:y'",
        "<q:c>",
        "\u{1}",
        "=",
        "/>",
        "<a x=1>",
    ];
    prop_oneof![4 => prop::sample::select(&FIXED[..]).prop_map(str::to_owned), 1 => "\\PC{0,3}"]
}
