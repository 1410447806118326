//! Where in the canonical document something stands that was found in the form of a message.

use dragoman_mapping::{Base, Mapping};
use dragoman_syntax::WirePaths;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{Finding, NodeId, PlaceId, Tree};

/// Adds the canonical path to findings that have none: of the element that they are about, or of the one that is missing
/// below it.
pub fn placed(findings: &mut [Finding], mapping: &Mapping, base: &Base<'_>) {
    let tree = base.tree;
    let (mut nodes, paths) = (Vec::new(), WirePaths::new(tree, Some(base.grammar)));
    for finding in findings.iter_mut().filter(|finding| finding.path.is_none()) {
        let (Some(span), Some(wire)) = (&finding.span, &finding.wire_path) else { continue };
        if nodes.is_empty() {
            nodes = by_start(tree);
        }
        let from = nodes.partition_point(|(start, _)| *start < span.start);
        let here = nodes.iter().skip(from).take_while(|(start, _)| *start == span.start);
        finding.path = here.into_iter().find_map(|(_, node)| {
            let rest = wire.strip_prefix(&paths.path(*node))?;
            let place = place(base.grammar, tree, *node, rest)?;
            mapping.path_of(base, *node, place)
        });
    }
}

/// The nodes of a message with where they begin, in that order.
fn by_start(tree: &Tree<'_>) -> Vec<(u64, NodeId)> {
    let start = |node: NodeId| tree.base() + u64::from(tree.node(node).span.start);
    let mut nodes: Vec<_> = tree.ids().map(|node| (start(node), node)).collect();
    nodes.sort_unstable();
    nodes
}

/// The place of a node, or of what is missing below it by the rest of a path: `/NAME`.
fn place(grammar: &Grammar, tree: &Tree<'_>, node: NodeId, rest: &str) -> Option<PlaceId> {
    // What the grammar lacks has no place, and nothing below it.
    let own = tree.place(node);
    if !own.is_known() {
        return None;
    }
    match rest.strip_prefix('/') {
        None => rest.is_empty().then_some(own),
        Some(name) => grammar.child(own, name),
    }
}
