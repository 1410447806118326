//! Where things stand: what must hold of every tree and every finding, whatever the syntax.

use dragoman_syntax::wire_path;
use dragoman_tree::{Finding, Kind, NodeId, Span, Tree, Value};

/// Findings point into the text.
pub fn findings(findings: &[Finding], length: usize) {
    for finding in findings {
        if let Some(span) = &finding.span {
            assert!(span.start <= span.end && span.end <= length as u64, "{finding:?} of {length}");
        }
    }
}

/// Spans lie in the text, siblings do not overlap and come in its order, what is borrowed stands at its span.
/// Nodes whose span is empty were made.
pub fn tree(tree: &Tree<'_>, text: &[u8]) {
    assert!(!tree.is_empty());
    let window = &text[usize::try_from(tree.base()).unwrap()..];
    let mut extents: Vec<Option<Span>> = vec![None; tree.len()];
    for id in tree.ids().rev() {
        let node = tree.node(id);
        assert!(node.parent < id || id == NodeId::ROOT, "a parent comes first");
        assert!(node.end > id && node.end.index() <= tree.len());
        let bytes = window.get(node.span.range());
        assert!(bytes.is_some(), "{} has {:?} of {}", wire_path(tree, id, None), node.span, window.len());
        if node.value != Value::NONE && node.value.is_borrowed() && tree.pieces(id).count() == 1 {
            let piece = tree.pieces(id).next().unwrap();
            let stands =
                node.span.is_empty() || window.get(piece.range()) == tree.value(id).map(str::as_bytes);
            assert!(stands || is_quoted(tree, id, bytes), "{}", wire_path(tree, id, None));
        }
        let own = Some(node.span).filter(|span| !span.is_empty());
        let mut whole = own;
        let mut before: Option<Span> = None;
        for child in tree.children(id) {
            assert_eq!(tree.node(child).parent, id);
            let Some(extent) = extents[child.index()] else { continue };
            assert!(
                before.is_none_or(|before| before.end <= extent.start),
                "{}",
                wire_path(tree, child, None)
            );
            whole = Some(whole.map_or(extent, |whole| whole.to(extent)));
            before = Some(extent);
        }
        extents[id.index()] = whole;
    }
}

/// An empty JSON string has its quotes as its span.
fn is_quoted(tree: &Tree<'_>, id: NodeId, bytes: Option<&[u8]>) -> bool {
    tree.node(id).kind == Kind::String && tree.value(id) == Some("") && bytes == Some(b"\"\"")
}
