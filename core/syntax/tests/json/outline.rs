//! Trees in a form that tests can compare, and as the values of another library.

use dragoman_syntax::json::{self, Style};
use dragoman_syntax::{Limits, Read};
use dragoman_tree::{Kind, NodeId, PlaceId, Severity, Tree};
use serde_json::Value;

/// Reads without a grammar, as deep as the reader goes.
pub fn read(input: &[u8]) -> Read<'_> {
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    json::read(input, None, PlaceId::NONE, &limits)
}

/// All that matters of each node: parent, kind, repeats, name, value.
pub fn outline<'t>(tree: &'t Tree<'_>) -> Vec<(NodeId, Kind, bool, &'t str, Option<&'t str>)> {
    let line = |id: NodeId| {
        let node = tree.node(id);
        (node.parent, node.kind, node.repeats, tree.name(id), tree.value(id))
    };
    tree.ids().map(line).collect()
}

/// The codes of the findings of severity error.
pub fn errors(read: &Read<'_>) -> Vec<String> {
    let errors = read.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code.to_string()).collect()
}

/// The tree as a value of `serde_json`; of members that occur twice the last counts, as there.
pub fn value(tree: &Tree<'_>, node: NodeId) -> Value {
    match tree.node(node).kind {
        Kind::Object => {
            let mut object = serde_json::Map::new();
            for child in tree.children(node) {
                let name = tree.name(child).to_owned();
                let item = value(tree, child);
                match object.get_mut(&name) {
                    Some(Value::Array(items)) if tree.node(child).repeats => items.push(item),
                    _ if tree.node(child).repeats => drop(object.insert(name, Value::Array(vec![item]))),
                    _ => drop(object.insert(name, item)),
                }
            }
            Value::Object(object)
        }
        Kind::Array => Value::Array(tree.children(node).map(|child| value(tree, child)).collect()),
        Kind::String => Value::String(tree.value(node).unwrap().into()),
        _ => serde_json::from_str(&text(tree, node)).unwrap(),
    }
}

pub fn text(tree: &Tree<'_>, node: NodeId) -> String {
    let mut out = String::new();
    json::write_node(tree, node, Style::Compact, &mut out);
    out
}
