//! What is asked of the translation of an order, and the vendors' examples.

use std::fs;

use dragoman_syntax::Limits;
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::json::{self, Style};
use dragoman_tree::{Kind, Names, NodeId, PlaceId, Tree, TreeBuilder};

use crate::laws::{self, copy, counted, over_differs};
use crate::mapped::{Mapped, canonical, document};

/// A part of a message without what reads as no value on these platforms: nulls, empty texts, empty arrays, and
/// objects that hold nothing else.
pub fn without_nothing<'i>(tree: &Tree<'i>, node: NodeId) -> Tree<'i> {
    let mut out = TreeBuilder::new(tree.text(), 0, Names::default());
    copy(tree, node, &mut out, &|node| {
        let kind = tree.node(node).kind;
        let empty = kind == Kind::String && tree.value(node) == Some("");
        tree.is_leaf(node) && (empty || matches!(kind, Kind::Null | Kind::Array))
    });
    out.finish()
}

/// The answers with orders that Amazon's own model gives as examples, for people and for its sandbox.
pub fn vendor_examples() -> Vec<String> {
    let Some(path) = dragoman_samples::sample("marketplaces/amazon/orders_2026-01-01.json") else {
        return Vec::new();
    };
    let model = fs::read(path).unwrap();
    let tree = json::read(&model, None, Grammar::ROOT, &Limits::default()).tree;
    let is_order = |node: NodeId| tree.child(node, "orderId").is_some_and(|id| tree.value(id).is_some());
    let holds_order = |node: &NodeId| {
        let orders = ["order", "orders"].into_iter().filter_map(|name| tree.child(*node, name));
        tree.node(*node).kind == Kind::Object && orders.into_iter().any(is_order)
    };
    let text = |node: NodeId| {
        let mut text = String::new();
        json::write_node(&tree, node, Style::Compact, &mut text);
        text
    };
    tree.ids().filter(holds_order).map(text).collect()
}

/// How an order comes back of its canonical JSON alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alone {
    /// As it was.
    Equal,
    /// Without what reads as no value.
    WithoutNothing,
}

/// Asks everything of the one order of a message: nothing is left over, and it comes back over the original as it
/// was, and of its canonical JSON alone but for what reads as no value. Gives the canonical JSON.
pub fn comes_back(mapped: &Mapped, message: &str) -> (String, Alone) {
    let tree = mapped.read(message);
    let [got] = mapped.get(&tree).try_into().unwrap();
    let read = got.counts();
    assert!(read.add_up() && read.residue + read.reported == 0, "{read:?}");
    let over = mapped.put_over(&got.document, &tree, &got);
    assert_eq!(mapped.difference(&tree, &over.tree), None);
    let text = canonical(&got.document);
    let alone = mapped.put(&document(&text));
    assert!(alone.counts.add_up());
    assert_eq!((&alone.lost, &alone.findings), (&vec![], &vec![]));
    let order = mapped.mapping.documents(&tree)[0];
    let (had, has) = (without_nothing(&tree, order), without_nothing(&alone.tree, NodeId::ROOT));
    assert_eq!(mapped.difference(&had, &has), None);
    let mut whole = TreeBuilder::new(tree.text(), 0, Names::default());
    copy(&tree, order, &mut whole, &|_| false);
    let equal = mapped.difference(&whole.finish(), &alone.tree).is_none();
    (text, if equal { Alone::Equal } else { Alone::WithoutNothing })
}

/// The leaves of an order in the grammar: those that the message lacks, and of the others those that are canonical
/// and those that are extensions.
pub fn leaves(mapped: &Mapped, message: &str) -> [Vec<String>; 3] {
    let tree = mapped.read(message);
    let [got] = mapped.get(&tree).try_into().unwrap();
    let order = mapped.mapping.documents(&tree)[0];
    let mut leaves: [Vec<String>; 3] = Default::default();
    for place in (0..mapped.grammar.place(Grammar::ROOT).end.0).map(PlaceId) {
        if mapped.grammar.children(place).next().is_some() {
            continue;
        }
        let nodes: Vec<NodeId> = tree.subtree(order).filter(|node| tree.place(*node) == place).collect();
        let is_extension = |node: &NodeId| {
            let carrier = got.carriers[node.index()];
            carrier != NodeId::ROOT && !got.document.tree().place(carrier).is_known()
        };
        let kind = if nodes.is_empty() { 0 } else { 1 + usize::from(nodes.iter().all(is_extension)) };
        leaves[kind].push(mapped.grammar.path(place));
    }
    leaves
}

/// Puts `{}` and `[]` for each part of an order in turn, and asks that nothing of that goes without a word: it is
/// counted, the order comes back over itself, and its document comes back of what is written alone, but for `known`:
/// the parts of which that is not so, and what then differs.
pub fn empties_come_back(mapped: &Mapped, message: &str, known: &[(&str, &str)]) {
    let whole = mapped.read(message);
    let order = mapped.mapping.documents(&whole)[0];
    let mut failed = Vec::new();
    for part in whole.subtree(order).skip(1) {
        for empty in [Kind::Object, Kind::Array] {
            let mut out = TreeBuilder::new(whole.text(), 0, Names::default());
            emptied(&whole, NodeId::ROOT, (part, empty), &mut out);
            let text = json::write(&out.finish(), Style::Compact);
            let tree = mapped.read(&text);
            if mapped.mapping.documents(&tree) != [order] {
                continue;
            }
            let got = mapped.get(&tree).remove(0);
            counted(&tree, &got);
            let over = mapped.put_over(&got.document, &tree, &got);
            let differences =
                [over_differs(mapped, &over, &tree), laws::comes_back(mapped, &got.document, None)];
            let differences = differences.into_iter().flatten();
            failed.extend(differences.map(|how| (mapped.path(&whole, part), how)));
        }
    }
    failed.dedup();
    let failed: Vec<_> = failed.iter().map(|(part, how)| (part.as_str(), how.as_str())).collect();
    assert_eq!(failed, known);
}

/// Copies a node, and something empty for one part of it.
fn emptied<'i>(tree: &Tree<'i>, node: NodeId, part: (NodeId, Kind), out: &mut TreeBuilder<'i>) {
    let found = *tree.node(node);
    let name = out.names().intern(tree.name(node));
    let is_part = node == part.0;
    let copied = out.open(if is_part { part.1 } else { found.kind }, name, found.place, found.span);
    out.node_mut(copied).repeats = found.repeats;
    if !is_part {
        let value = out.adopt(tree, found.value);
        out.node_mut(copied).value = value;
        for child in tree.children(node) {
            emptied(tree, child, part, out);
        }
    }
    out.close();
}
