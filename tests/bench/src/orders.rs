//! Orders as marketplaces send them: JSON to a tree, against `serde_json::Value`.

use std::path::Path;

use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::{Limits, json};
use serde_json::Value;

use crate::pairs::{Pair, pair};

/// How many orders stand in one array.
const ORDERS: usize = 200;

/// Measures over the cases of the platforms, each as an array of many. `None` where the two disagree.
pub fn measure(adapters: &Path, rounds: usize) -> Option<Pair> {
    let case = |name: &str| std::fs::read_to_string(adapters.join(name).join("cases/complete.in")).ok();
    let many = |text: String| format!("[{}]", vec![text; ORDERS].join(","));
    let texts: Vec<String> = ["amazon", "shopify"].into_iter().filter_map(case).map(many).collect();
    let ours = || texts.iter().map(|text| ours(text)).sum::<usize>();
    let rival = || texts.iter().map(|text| rival(text)).sum::<usize>();
    let bytes = texts.iter().map(String::len).sum();
    (ours() == rival() && ours() > 0).then(|| pair(bytes, rounds, ours, rival))
}

/// How many strings, numbers, bools and nulls there are.
fn ours(text: &str) -> usize {
    let read = json::read(text.as_bytes(), None, Grammar::ROOT, &Limits::default());
    let leaf = |id| read.tree.is_leaf(id) && read.tree.node(id).kind != dragoman_tree::Kind::Array;
    if read.findings.is_empty() { read.tree.ids().filter(|id| leaf(*id)).count() } else { 0 }
}

fn rival(text: &str) -> usize {
    serde_json::from_str(text).map_or(0, |value| scalars(&value))
}

fn scalars(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(scalars).sum(),
        Value::Object(members) => members.values().map(scalars).sum(),
        _ => 1,
    }
}
