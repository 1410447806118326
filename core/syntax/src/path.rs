//! The place of a node in its message, written for people and for matching with what authorities say.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt::Write;

use dragoman_tree::{Kind, NodeId, Tree};
use rustc_hash::FxHashMap;

use crate::grammar::{Grammar, Syntax};
use crate::xml;

/// The indexed path of a node: `/MetaData[1]/Declaration[1]/Amount[2]/@currencyID` in XML,
/// `orders[0].lines[2].sku` in JSON, `/CUSDEC[1]/<CST>[2]/FTX[1]/C108[1]/4440[3]` in EDIFACT.
///
/// XML and EDIFACT count from 1 among the siblings of the same step (as `XPath` does), JSON counts the items of
/// a list from 0. Namespaces are left out, except where the grammar has same-named siblings of other namespaces:
/// the later ones carry its prefix (`/MetaData[1]/Response[1]/{od}Declaration[1]`).
pub fn wire_path(tree: &Tree<'_>, node: NodeId, grammar: Option<&Grammar>) -> String {
    write(tree, node, grammar, &|node| occurrence(tree, node, grammar))
}

/// The paths of many nodes of a message: each as [`wire_path`] gives it, without counting siblings again for every
/// node. They are counted when the first path is asked for.
#[derive(Clone, Debug)]
pub struct WirePaths<'t, 'i> {
    tree: &'t Tree<'i>,
    grammar: Option<&'t Grammar>,
    occurrences: OnceCell<Vec<u32>>,
}

impl<'t, 'i> WirePaths<'t, 'i> {
    /// The paths of a message.
    pub fn new(tree: &'t Tree<'i>, grammar: Option<&'t Grammar>) -> Self {
        Self { tree, grammar, occurrences: OnceCell::new() }
    }

    /// The path of a node.
    pub fn path(&self, node: NodeId) -> String {
        let occurrences = self.occurrences.get_or_init(|| count(self.tree, self.grammar));
        let occurrence = |node: NodeId| occurrences.get(node.index()).map_or(1, |count| *count as usize);
        write(self.tree, node, self.grammar, &occurrence)
    }
}

/// The number of each node, from 1, among its siblings with the same step.
fn count(tree: &Tree<'_>, grammar: Option<&Grammar>) -> Vec<u32> {
    let mut occurrences = vec![1; tree.len()];
    let mut seen: FxHashMap<(Kind, bool, Cow<'_, str>), u32> = FxHashMap::default();
    for parent in tree.ids() {
        seen.clear();
        for node in tree.children(parent) {
            let found = tree.node(node);
            let repeats = is_json(found.kind) && found.repeats;
            let kind = if is_json(found.kind) { Kind::Object } else { found.kind };
            let count = seen.entry((kind, repeats, name(tree, node, grammar))).or_default();
            *count += 1;
            if let Some(occurrence) = occurrences.get_mut(node.index()) {
                *occurrence = *count;
            }
        }
    }
    occurrences
}

fn write(tree: &Tree<'_>, node: NodeId, grammar: Option<&Grammar>, occurrence: Occurrence<'_>) -> String {
    let mut nodes: Vec<_> = std::iter::once(node).chain(tree.ancestors(node)).collect();
    nodes.reverse();
    let mut path = String::new();
    for node in nodes {
        step(tree, node, &name(tree, node, grammar), occurrence, &mut path);
    }
    if path.is_empty() { ".".into() } else { path }
}

/// Gives the number of a node, from 1, among its siblings with the same step.
type Occurrence<'o> = &'o dyn Fn(NodeId) -> usize;

fn step(tree: &Tree<'_>, node: NodeId, name: &str, occurrence: Occurrence<'_>, path: &mut String) {
    let kind = tree.node(node).kind;
    let _ = match kind {
        Kind::Attribute => write!(path, "/@{name}"),
        Kind::Text => write!(path, "/text()[{}]", occurrence(node)),
        _ if is_json(kind) => return member(tree, node, name, occurrence, path),
        _ => write!(path, "/{name}[{}]", occurrence(node)),
    };
}

/// True for what stands in JSON and in documents.
const fn is_json(kind: Kind) -> bool {
    matches!(kind, Kind::Object | Kind::Array | Kind::String | Kind::Number | Kind::Bool | Kind::Null)
}

/// A member of an object or an item of an array; the root is no step.
fn member(tree: &Tree<'_>, node: NodeId, name: &str, occurrence: Occurrence<'_>, path: &mut String) {
    let found = tree.node(node);
    if node == NodeId::ROOT {
        return;
    }
    if tree.node(found.parent).kind != Kind::Array {
        let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
        let (dot, quote) = (if path.is_empty() { "" } else { "." }, if is_plain { "" } else { "'" });
        let _ = write!(path, "{dot}{quote}{name}{quote}");
    }
    if found.repeats {
        let _ = write!(path, "[{}]", occurrence(node).saturating_sub(1));
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
    let is_same = |at: &NodeId| match tree.node(*at) {
        other if is_json(found.kind) => other.repeats == found.repeats && other.name == found.name,
        other => other.kind == found.kind && name(tree, *at, grammar) == own,
    };
    siblings.filter(is_same).count()
}

/// The name of a node as a path writes it.
fn name<'t>(tree: &'t Tree<'_>, node: NodeId, grammar: Option<&Grammar>) -> Cow<'t, str> {
    if is_json(tree.node(node).kind) {
        return Cow::Borrowed(tree.name(node));
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, json, xml};

    #[test]
    fn all_paths_at_once_are_the_paths_one_by_one() {
        let limits = Limits::default();
        let json = br#"{"a":[1,{"b":2},[3,[]],null],"a":5,"x y":{"":[{}]},"a":[6]}"#;
        let element = b"<r a='1'>t<b/>u<b c='2'>v</b><p:b xmlns:p='x'/>w</r>";
        let trees =
            [json::read(json, None, Grammar::ROOT, &limits).tree, xml::read(element, None, &limits).tree];
        for tree in &trees {
            let paths = WirePaths::new(tree, None);
            for node in tree.ids() {
                assert_eq!(paths.path(node), wire_path(tree, node, None));
            }
        }
        let last = trees.map(|tree| wire_path(&tree, NodeId(tree.len() as u32 - 1), None));
        assert_eq!(last, ["a[4]", "/r[1]/text()[3]"]);
    }
}
