//! What the nodes of a tree are in JSON.

use dragoman_tree::{Kind, NameId, NodeId, Tree};
use rustc_hash::FxHashMap;

use super::scan;

/// A JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape<'t> {
    Object,
    Array,
    String(&'t str),
    /// A number whose text is one in JSON.
    Number(&'t str),
    Bool(&'t str),
    Null,
}

/// What a node is written as. A number or bool whose text JSON does not allow is a string; a branch of another
/// syntax is an object.
pub(super) fn shape<'t>(tree: &'t Tree<'_>, node: NodeId) -> Shape<'t> {
    let kind = tree.node(node).kind;
    let has_children = tree.children(node).next().is_some();
    match (kind, tree.value(node)) {
        (Kind::Array, _) => Shape::Array,
        (Kind::Null, _) => Shape::Null,
        (Kind::Object, _) => Shape::Object,
        _ if has_children || !kind.can_be_leaf() => Shape::Object,
        (_, None) => Shape::Null,
        (Kind::Number, Some(text)) if scan::is_number(text.as_bytes()) => Shape::Number(text),
        (Kind::Bool, Some(text @ ("true" | "false"))) => Shape::Bool(text),
        (_, Some(text)) => Shape::String(text),
    }
}

/// True where two neighbours are items of one array.
pub(super) fn same_array(tree: &Tree<'_>, one: NodeId, other: NodeId) -> bool {
    let (one, other) = (tree.node(one), tree.node(other));
    one.repeats && other.repeats && one.name == other.name
}

/// Moves the items of an array that stand apart among the children of an object together, to where the first is.
pub(super) fn gather(tree: &Tree<'_>, children: &mut [NodeId]) {
    if !is_scattered(tree, children) {
        return;
    }
    let mut firsts: FxHashMap<NameId, NodeId> = FxHashMap::default();
    for id in children.iter().filter(|id| tree.node(**id).repeats) {
        firsts.entry(tree.node(*id).name).or_insert(*id);
    }
    children.sort_by_key(|id| {
        let node = tree.node(*id);
        firsts.get(&node.name).filter(|_| node.repeats).copied().unwrap_or(*id)
    });
}

fn is_scattered(tree: &Tree<'_>, children: &[NodeId]) -> bool {
    let begins = |at: usize, id: NodeId| {
        let before = at.checked_sub(1).and_then(|at| children.get(at));
        tree.node(id).repeats && !before.is_some_and(|before| same_array(tree, *before, id))
    };
    let firsts = || children.iter().enumerate().filter(|(at, id)| begins(*at, **id)).map(|(_, id)| *id);
    if firsts().nth(1).is_none() {
        return false;
    }
    let mut names: Vec<NameId> = firsts().map(|id| tree.node(id).name).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair.first() == pair.last())
}
