//! A declaration in three panes side by side: the orders as they came, the canonical document, the message as it is
//! sent. What belongs together has a number in common, so that pointing at a value lights the others.

use std::collections::HashMap;

use dragoman_model::{Document, Source};
use dragoman_tree::{Kind, NodeId, Tree};
use serde::Serialize;
use utoipa::ToSchema;

/// Three panes. A declaration that was handed in has no orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Panes {
    /// One pane an order.
    pub orders: Vec<Pane>,
    /// The canonical document.
    pub canonical: Pane,
    /// The message.
    pub wire: Pane,
}

/// One pane.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Pane {
    /// What it shows: `order 1001`, `gb-cds/declaration`.
    pub title: String,
    /// Its lines.
    pub lines: Vec<PaneLine>,
}

/// One line: an object, an element, a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaneLine {
    /// How deep it stands, from 0.
    pub depth: usize,
    /// Its name.
    pub name: String,
    /// Its value, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The canonical path, in the canonical pane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The numbers of the values that it belongs to: those of canonical lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<u32>,
    /// Who supplied it, in the canonical pane.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Supplied>,
}

/// Who supplied a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Supplied {
    /// `order`, `master`, `profile`, `consignment`, `rate`, `rule`.
    pub by: &'static str,
    /// Which: an order's number, an article, a rule's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub which: Option<String>,
    /// The field there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// An order pane in the making: the order's number and its message.
pub(crate) struct OrderTree<'t, 'i> {
    /// The order's number.
    pub number: &'t str,
    /// The message, from the node that is the order on.
    pub tree: &'t Tree<'i>,
    /// That node.
    pub node: NodeId,
}

/// The canonical pane.
pub(crate) fn canonical(document: &Document<'_>) -> Pane {
    let tree = document.tree();
    let line = |node: NodeId, depth| {
        let is_leaf = tree.value(node).is_some();
        PaneLine {
            path: is_leaf.then(|| document.path(node)),
            of: if is_leaf { vec![node.0] } else { Vec::new() },
            from: if is_leaf { supplied(document, node) } else { Vec::new() },
            ..plain(tree, node, depth)
        }
    };
    let lines = below(tree, NodeId::ROOT).into_iter().map(|(node, depth)| line(node, depth)).collect();
    Pane { title: "canonical".to_owned(), lines }
}

/// The pane of a message; `carriers` names the canonical node that each of its nodes belongs to.
pub(crate) fn wire(title: &str, tree: &Tree<'_>, carriers: &[NodeId]) -> Pane {
    let line = |(node, depth): (NodeId, usize)| {
        let carrier = carriers.get(node.index()).filter(|carrier| **carrier != NodeId::ROOT);
        let of = carrier.filter(|_| tree.is_leaf(node)).map(|carrier| carrier.0);
        PaneLine { of: of.into_iter().collect(), ..plain(tree, node, depth) }
    };
    Pane { title: title.to_owned(), lines: below(tree, NodeId::ROOT).into_iter().map(line).collect() }
}

/// The pane of an order that a declaration was made from.
pub(crate) fn order(order: &OrderTree<'_, '_>, declaration: &Document<'_>) -> Pane {
    let mut values: HashMap<(u64, u64), Vec<u32>> = HashMap::new();
    for node in declaration.leaves() {
        for source in declaration.sources(declaration.origin(node)) {
            if let Source::Order { order: number, span, .. } = source
                && **number == *order.number
            {
                values.entry((span.start.into(), span.end.into())).or_default().push(node.0);
            }
        }
    }
    let tree = order.tree;
    let line = |(node, depth): (NodeId, usize)| {
        let span = tree.file_span(node);
        let of = values.get(&(span.start, span.end)).filter(|_| tree.is_leaf(node)).cloned();
        PaneLine { of: of.unwrap_or_default(), ..plain(tree, node, depth) }
    };
    let lines = below(tree, order.node).into_iter().map(line).collect();
    Pane { title: format!("order {}", order.number), lines }
}

/// The nodes at and below one, with their depth.
fn below(tree: &Tree<'_>, from: NodeId) -> Vec<(NodeId, usize)> {
    if tree.is_empty() {
        return Vec::new();
    }
    let mut open: Vec<NodeId> = Vec::new();
    let mut nodes = Vec::new();
    for node in tree.subtree(from) {
        let ended = |at: &NodeId| tree.node(*at).end <= node;
        while open.pop_if(|at| ended(at)).is_some() {}
        nodes.push((node, open.len()));
        open.push(node);
    }
    nodes
}

fn plain(tree: &Tree<'_>, node: NodeId, depth: usize) -> PaneLine {
    let value = tree.value(node).map(str::to_owned);
    let value = value.or_else(|| (tree.node(node).kind == Kind::Null).then(|| "null".to_owned()));
    PaneLine { depth, name: tree.name(node).to_owned(), value, path: None, of: Vec::new(), from: Vec::new() }
}

fn supplied(document: &Document<'_>, node: NodeId) -> Vec<Supplied> {
    let sources = document.sources(document.origin(node));
    let one = |source: &Source| {
        let (by, which, field) = match source {
            Source::Order { order, line: Some(line), field, .. } => {
                ("order", Some(format!("{order}, line {line}")), Some(field))
            }
            Source::Order { order, field, .. } => ("order", Some(order.to_string()), Some(field)),
            Source::Master { sku, field, .. } => ("master", Some(sku.to_string()), Some(field)),
            Source::Profile { field, .. } => ("profile", None, Some(field)),
            Source::Consignment { field, .. } => ("consignment", None, Some(field)),
            Source::Rate { from, to, date, .. } => ("rate", Some(format!("{from} to {to}, {date}")), None),
            Source::Rule { id } => ("rule", Some(id.to_string()), None),
            Source::Wire(_) => return None,
        };
        Some(Supplied { by, which, field: field.map(ToString::to_string) })
    };
    let mut all: Vec<_> = sources.iter().filter_map(one).collect();
    all.dedup();
    all
}
