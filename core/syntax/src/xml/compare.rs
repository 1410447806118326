//! Whether two documents say the same.

use std::fmt;

use dragoman_tree::{Kind, NodeId, Tree};

use super::name::{expanded, split};
use super::text::{is_blank, trimmed};
use crate::grammar::Grammar;
use crate::path::wire_path;

/// Where two documents part for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place in the left document, and its value there; `None` where it has nothing.
    pub left: Option<Side>,
    /// The place in the right document, and its value there; `None` where it has nothing.
    pub right: Option<Side>,
}

/// One side of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The wire path.
    pub path: String,
    /// The text; `None` for an element with child elements.
    pub value: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |side: &Option<Side>| match side {
            Some(Side { path, value: Some(value) }) => format!("{path} {value:?}"),
            Some(Side { path, value: None }) => path.clone(),
            None => "nothing".into(),
        };
        write!(f, "{} against {}", shown(&self.left), shown(&self.right))
    }
}

/// The first difference of two documents that were read with the same grammar, or `None`.
///
/// Names with their namespaces, the order of elements, attributes and text count, text without white space at its
/// ends where the grammar collapses it. Prefixes, the order of attributes, comments, white space between elements,
/// schema locations and declarations do not.
pub fn difference(left: &Tree<'_>, right: &Tree<'_>, grammar: Option<&Grammar>) -> Option<Difference> {
    difference_at((left, NodeId::ROOT), (right, NodeId::ROOT), grammar, &|_| false)
}

/// The first difference of two elements with all below them: of a message in what stands around it, and the message
/// alone. Elements of the left one that are `ignored` do not count.
pub fn difference_at(
    (left, one): (&Tree<'_>, NodeId),
    (right, other): (&Tree<'_>, NodeId),
    grammar: Option<&Grammar>,
    ignored: &dyn Fn(NodeId) -> bool,
) -> Option<Difference> {
    let pair = Pair { left, right, grammar, ignored };
    match (left.is_empty(), right.is_empty()) {
        (true, true) => None,
        (false, true) => Some(pair.differ(Some(one), None)),
        (true, false) => Some(pair.differ(None, Some(other))),
        (false, false) => pair.element(one, other, "", ""),
    }
}

struct Pair<'t, 'l, 'r> {
    left: &'t Tree<'l>,
    right: &'t Tree<'r>,
    grammar: Option<&'t Grammar>,
    ignored: &'t dyn Fn(NodeId) -> bool,
}

impl<'t> Pair<'t, '_, '_> {
    fn element(
        &self,
        left: NodeId,
        right: NodeId,
        left_parent: &'t str,
        right_parent: &'t str,
    ) -> Option<Difference> {
        let left_name = expanded(self.left, left, self.grammar, left_parent);
        let right_name = expanded(self.right, right, self.grammar, right_parent);
        if left_name != right_name {
            return Some(self.differ(Some(left), Some(right)));
        }
        self.attributes(left, right).or_else(|| self.content(left, right, left_name.0, right_name.0))
    }

    fn attributes(&self, left: NodeId, right: NodeId) -> Option<Difference> {
        let (left, right) = (attributes(self.left, left), attributes(self.right, right));
        for index in 0..left.len().max(right.len()) {
            match (left.get(index), right.get(index)) {
                (Some(one), Some(other)) if one.0 == other.0 => {
                    if self.text(self.left, one.1) != self.text(self.right, other.1) {
                        return Some(self.differ(Some(one.1), Some(other.1)));
                    }
                }
                // In sorted order, the smaller name is the one that the other side lacks.
                (Some(one), other) if other.is_none_or(|other| one.0 < other.0) => {
                    return Some(self.differ(Some(one.1), None));
                }
                (_, other) => return Some(self.differ(None, other.map(|other| other.1))),
            }
        }
        None
    }

    fn content(
        &self,
        left: NodeId,
        right: NodeId,
        left_namespace: &'t str,
        right_namespace: &'t str,
    ) -> Option<Difference> {
        let is_null = |tree: &Tree<'_>, node: NodeId| tree.node(node).kind == Kind::Null;
        let differ = is_null(self.left, left) != is_null(self.right, right);
        if differ || self.text(self.left, left) != self.text(self.right, right) {
            return Some(self.differ(Some(left), Some(right)));
        }
        let mut left_children = content(self.left, left).filter(|child| !(self.ignored)(*child));
        let mut right_children = content(self.right, right);
        loop {
            let (one, other) = (left_children.next(), right_children.next());
            let (Some(left), Some(right)) = (one, other) else {
                return if one == other { None } else { Some(self.differ(one, other)) };
            };
            let kinds = (self.left.node(left).kind, self.right.node(right).kind);
            let found = match kinds {
                (Kind::Text, Kind::Text) if self.left.value(left) == self.right.value(right) => None,
                (Kind::Text, _) | (_, Kind::Text) => Some(self.differ(Some(left), Some(right))),
                _ => self.element(left, right, left_namespace, right_namespace),
            };
            if found.is_some() {
                return found;
            }
        }
    }

    /// The text of a leaf as far as it counts.
    fn text<'v>(&self, tree: &'v Tree<'_>, node: NodeId) -> &'v str {
        let value = tree.value(node).unwrap_or_default();
        let Some(grammar) = self.grammar.filter(|_| tree.place(node).is_known()) else { return value };
        match grammar.facets_of(tree.place(node)) {
            Some(facets) if facets.base.collapses() => trimmed(value),
            // White space in an element that holds no text is white space between elements.
            None if is_blank(value) => "",
            _ => value,
        }
    }

    fn differ(&self, left: Option<NodeId>, right: Option<NodeId>) -> Difference {
        let side = |tree: &Tree<'_>, node: NodeId| Side {
            path: wire_path(tree, node, self.grammar),
            value: tree.value(node).map(Into::into),
        };
        let left = left.map(|node| side(self.left, node));
        let right = right.map(|node| side(self.right, node));
        Difference { left, right }
    }
}

/// The attributes of an element by name. Their order means nothing.
fn attributes<'t>(tree: &'t Tree<'_>, node: NodeId) -> Vec<((Option<&'t str>, &'t str), NodeId)> {
    let attributes = tree.children(node).filter(|at| tree.node(*at).kind == Kind::Attribute);
    let mut found: Vec<_> = attributes.map(|at| (split(tree.name(at)), at)).collect();
    found.sort_unstable();
    found
}

/// The child elements and texts of an element.
fn content<'t>(tree: &'t Tree<'_>, node: NodeId) -> impl Iterator<Item = NodeId> + 't {
    tree.children(node).filter(|at| tree.node(*at).kind != Kind::Attribute)
}
