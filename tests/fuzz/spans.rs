//! Where things stand: what must hold of every tree and every finding, whatever the syntax.

use dragoman_syntax::wire_path;
use dragoman_tree::{Finding, NodeId, Span, Tree};

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
        let borrowed = tree.value(id).filter(|value| !value.is_empty() && node.value.is_borrowed());
        if let (Some(value), false) = (borrowed, node.span.is_empty()) {
            let whole = tree.pieces(id).next().and_then(|piece| window.get(piece.range()));
            assert!(
                tree.pieces(id).count() > 1 || whole == Some(value.as_bytes()),
                "{}",
                wire_path(tree, id, None)
            );
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
