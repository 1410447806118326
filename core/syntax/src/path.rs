//! The place of a node in its message, written for people and for matching with what authorities say.

use std::borrow::Cow;
use std::fmt::Write;

use dragoman_tree::{Kind, NodeId, Tree};

use crate::grammar::{Grammar, Syntax};
use crate::xml;

/// The indexed path of a node: `/MetaData[1]/Declaration[1]/Amount[2]/@currencyID` in XML,
/// `orders[0].lines[2].sku` in JSON, `/CUSDEC[1]/<CST>[2]/FTX[1]/C108[1]/4440[3]` in EDIFACT.
///
/// XML and EDIFACT count from 1 among the siblings of the same step (as `XPath` does), JSON counts the items of
/// a list from 0. Namespaces are left out, except where the grammar has same-named siblings of other namespaces:
/// the later ones carry its prefix (`/MetaData[1]/Response[1]/{od}Declaration[1]`).
pub fn wire_path(tree: &Tree<'_>, node: NodeId, grammar: Option<&Grammar>) -> String {
    let mut nodes: Vec<_> = std::iter::once(node).chain(tree.ancestors(node)).collect();
    nodes.reverse();
    let mut path = String::new();
    for node in nodes {
        step(tree, node, grammar, &mut path);
    }
    if path.is_empty() { ".".into() } else { path }
}

fn step(tree: &Tree<'_>, node: NodeId, grammar: Option<&Grammar>, path: &mut String) {
    let name = name(tree, node, grammar);
    let _ = match tree.node(node).kind {
        Kind::Attribute => write!(path, "/@{name}"),
        Kind::Text => write!(path, "/text()[{}]", occurrence(tree, node, grammar)),
        Kind::Element | Kind::Message | Kind::Group | Kind::Segment | Kind::Composite | Kind::Data => {
            write!(path, "/{name}[{}]", occurrence(tree, node, grammar))
        }
        Kind::Object | Kind::Array | Kind::String | Kind::Number | Kind::Bool | Kind::Null => {
            return member(tree, node, path);
        }
    };
}

/// A member of an object or an item of an array; the root is no step.
fn member(tree: &Tree<'_>, node: NodeId, path: &mut String) {
    let found = tree.node(node);
    if node == NodeId::ROOT {
        return;
    }
    let name = tree.name(node);
    if tree.node(found.parent).kind != Kind::Array {
        let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
        let (dot, quote) = (if path.is_empty() { "" } else { "." }, if is_plain { "" } else { "'" });
        let _ = write!(path, "{dot}{quote}{name}{quote}");
    }
    if found.repeats {
        let is_item = |at: &NodeId| tree.node(*at).repeats && tree.node(*at).name == found.name;
        let index = tree.children(found.parent).take_while(|at| *at < node).filter(is_item).count();
        let _ = write!(path, "[{index}]");
    }
}

/// The number of a node, from 1, among its siblings with the same step.
fn occurrence(tree: &Tree<'_>, node: NodeId, grammar: Option<&Grammar>) -> usize {
    let found = tree.node(node);
    if node == NodeId::ROOT {
        return 1;
    }
    let own = name(tree, node, grammar);
    let siblings = tree.children(found.parent).take_while(|at| *at <= node);
    let same = |at: &NodeId| tree.node(*at).kind == found.kind && name(tree, *at, grammar) == own;
    siblings.filter(same).count()
}

/// The name of a node as a path writes it.
fn name<'t>(tree: &'t Tree<'_>, node: NodeId, grammar: Option<&Grammar>) -> Cow<'t, str> {
    let (_, local) = xml::split_name(tree.name(node));
    let Some(grammar) = grammar.filter(|grammar| grammar.syntax == Syntax::Xml) else {
        return Cow::Borrowed(local);
    };
    match prefix_of_twin(grammar, tree, node) {
        Some(prefix) => Cow::Owned(format!("{{{prefix}}}{local}")),
        None => Cow::Borrowed(local),
    }
}

/// The prefix of a node that has same-named siblings of other namespaces before it in the grammar.
fn prefix_of_twin<'g>(grammar: &'g Grammar, tree: &Tree<'_>, node: NodeId) -> Option<&'g str> {
    let place = grammar.get(tree.place(node)).filter(|_| node != NodeId::ROOT)?;
    let first = grammar.child_named(place.parent, place.name)?;
    let is_other = grammar.place(first).namespace != place.namespace;
    let namespace = grammar.namespaces.get(usize::from(place.namespace)).filter(|_| is_other)?;
    Some(&namespace.prefix)
}
