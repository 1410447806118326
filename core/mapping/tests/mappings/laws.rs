//! The laws that hold for every mapping, asked of one document. Messages are compared as their texts read again.

use std::collections::BTreeSet;

use dragoman_mapping::{Got, Put};
use dragoman_model::{Document, Draft, Scope};
use dragoman_syntax::json::{self, Style};
use dragoman_tree::{Names, NodeId, Tree, TreeBuilder};

use crate::mapped::{Mapped, canonical, document};

/// How a message that was written over another one differs from it, as its text reads again.
pub fn over_differs(mapped: &Mapped, put: &Put<'_>, from: &Tree<'_>) -> Option<String> {
    let (text, findings) = mapped.write(&put.tree);
    assert_eq!(findings, []);
    mapped.difference(from, &mapped.read(&text))
}

/// How what is written of a document's canonical JSON alone differs from the message it was read from.
pub fn alone_differs(mapped: &Mapped, got: &Got<'_>, from: &Tree<'_>) -> Option<String> {
    let text = canonical(&got.document);
    let document = document(&text);
    let (text, findings) = mapped.write(&accounted(mapped.put(&document), &document).tree);
    assert_eq!(findings, []);
    mapped.difference_alone(from, got, &mapped.read(&text))
}

/// What was written, with every leaf of the document accounted for.
pub fn accounted<'i>(put: Put<'i>, document: &Document<'_>) -> Put<'i> {
    let leaves = document.leaves().count();
    assert!(put.counts.add_up() && put.counts.leaves == leaves, "{:?} of {leaves}", put.counts);
    let lost: BTreeSet<NodeId> = put.lost.iter().map(|lost| lost.node).collect();
    assert_eq!(lost.len(), put.counts.reported, "{:?}", put.lost);
    put
}

/// The leaves of a message, each with what became of it; no value stands in the place of another, which would have been
/// looked for by reading the message again.
pub fn counted(tree: &Tree<'_>, got: &Got<'_>) {
    let counts = got.counts();
    let leaves = tree.ids().filter(|node| tree.is_leaf(*node)).count();
    assert!(counts.add_up() && counts.leaves == leaves, "{counts:?} of {leaves}");
    assert_eq!(got.document.replaced(), 0);
}

/// `get(put(d, s)) = d`, less what `put` reported as lost; without a message, `get(put(d)) = d`.
pub fn comes_back(
    mapped: &Mapped,
    own: &Document<'_>,
    over: Option<(&Tree<'_>, &Got<'_>)>,
) -> Option<String> {
    let put = match over {
        Some((tree, got)) => mapped.put_over(own, tree, got),
        None => mapped.put(own),
    };
    let put = accounted(put, own);
    let (text, findings) = mapped.write(&put.tree);
    assert_eq!(findings, []);
    let tree = mapped.read(&text);
    let again = mapped.get(&tree);
    let Some(again) = again.first() else { return Some("no document".into()) };
    let expected = less(own, &put.lost.iter().map(|lost| lost.node).collect());
    let difference = dragoman_model::difference(&document(&expected), &again.document, Scope::Whole);
    difference.map(|found| format!("{}: {:?} against {:?}", found.path, found.left, found.right))
}

/// `put(d) = put(d, empty)`, where empty is what is written of a document that says nothing.
pub fn needs_no_message(mapped: &Mapped, own: &Document<'_>) -> Option<String> {
    let nothing = Draft::new(mapped.mapping.model(), "", 0).finish();
    let (text, _) = mapped.write(&mapped.put(&nothing).tree);
    let empty = mapped.read(&text);
    let got = mapped.mapping.get(&empty, NodeId::ROOT, &mapped.grammar).unwrap();
    mapped.difference(&mapped.put(own).tree, &mapped.put_over(own, &empty, &got).tree)
}

/// The canonical JSON of a document without some of its nodes, and without what then holds nothing.
pub fn less(document: &Document<'_>, lost: &BTreeSet<NodeId>) -> String {
    if lost.is_empty() {
        return canonical(document);
    }
    let tree = document.tree();
    let mut out = TreeBuilder::new(tree.text(), 0, Names::with_base(document.schema().names().clone()));
    copy(tree, NodeId::ROOT, &mut out, &|node| lost.contains(&node));
    json::write(&out.finish(), Style::Pretty)
}

/// Copies a node but for those that are `dropped`, and for objects of which nothing is left; true where there was
/// something to copy.
pub fn copy<'i>(
    tree: &Tree<'i>,
    node: NodeId,
    out: &mut TreeBuilder<'i>,
    dropped: &dyn Fn(NodeId) -> bool,
) -> bool {
    let mark = out.mark();
    let found = *tree.node(node);
    let name = out.names().intern(tree.name(node));
    let copied = out.open(found.kind, name, found.place, found.span);
    let value = out.adopt(tree, found.value);
    out.node_mut(copied).value = value;
    out.node_mut(copied).repeats = found.repeats;
    let is_end = tree.children(node).next().is_none();
    let mut kept = is_end && !dropped(node);
    for child in tree.children(node) {
        kept |= copy(tree, child, out, dropped);
    }
    if kept {
        out.close();
    } else {
        out.rollback(mark);
    }
    kept
}
