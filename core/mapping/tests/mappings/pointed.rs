//! Pointers that are `XPath`s, at whatever message: nothing is ever pointed at but what the path names, and it is said how sure
//! that is. What a path names is found here by walking through the elements by their names.

use std::sync::LazyLock;

use dragoman_mapping::{Base, Confidence};
use dragoman_tree::{Kind, NodeId, Tree};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::mapped::{Mapped, file, mapped};

/// Mappings whose authorities point by `XPath`, each with a message.
static MESSAGES: LazyLock<Vec<(&Mapped, String)>> = LazyLock::new(|| {
    let names = [
        ("ncts/CC015C", "eu-ncts/cases/CC015C"),
        ("ens/CC315A", "gb-ens/cases/CC315A"),
        ("emcs/IE815", "eu-emcs/cases/IE815"),
    ];
    names
        .iter()
        .map(|(mapping, case)| (mapped(mapping), file(&format!("adapters/{case}.in")).unwrap()))
        .collect()
});

/// A step of a path: the name of an element, and which of that name.
type Step = (String, Option<usize>);

/// The elements below the root, which is the first of them.
fn elements(tree: &Tree<'_>) -> Vec<NodeId> {
    tree.ids().filter(|node| tree.node(*node).kind == Kind::Element).collect()
}

/// The message with an element twice, or without it.
fn altered(mapped: &Mapped, text: &str, which: Index, twice: bool) -> String {
    let tree = mapped.read(text);
    let all = elements(&tree);
    let node = all[which.index(all.len())];
    if node == all[0] {
        return text.to_owned();
    }
    let (start, end) = range(text, &tree, node, &all);
    let (before, element, after) = (&text[..start], &text[start..end], &text[end..]);
    if twice { format!("{before}{element}{element}{after}") } else { format!("{before}{after}") }
}

/// Where an element begins and ends: no element of these messages is inside another of its name.
fn range(text: &str, tree: &Tree<'_>, node: NodeId, all: &[NodeId]) -> (usize, usize) {
    let name = tree.name(node);
    let before = all.iter().filter(|other| **other < node && tree.name(**other) == name).count();
    let tags = |closing: bool| {
        text.match_indices('<').filter_map(move |(at, _)| {
            let tag = &text[at + 1..];
            let tag = if closing { tag.strip_prefix('/')? } else { tag };
            let end = tag.find([' ', '>', '/'])?;
            let local = tag[..end].rsplit(':').next();
            (local == Some(name)).then_some(at)
        })
    };
    let start = tags(false).nth(before).unwrap();
    let head = start + text[start..].find('>').unwrap() + 1;
    if text[..head].ends_with("/>") {
        return (start, head);
    }
    let close = tags(true).find(|at| *at > start).unwrap();
    (start, close + text[close..].find('>').unwrap() + 1)
}

/// The path to an element, each step with its number.
fn path(tree: &Tree<'_>, node: NodeId) -> Vec<Step> {
    let around: Vec<NodeId> = tree.ancestors(node).collect();
    let step = |at: NodeId| (tree.name(at).to_owned(), Some(numbered(tree, at)));
    around.into_iter().rev().chain([node]).map(step).collect()
}

fn numbered(tree: &Tree<'_>, node: NodeId) -> usize {
    if node == NodeId::ROOT {
        return 1;
    }
    let like = |other: &NodeId| tree.name(*other) == tree.name(node);
    tree.children(tree.node(node).parent).filter(like).position(|other| other == node).unwrap() + 1
}

/// How a pointer is not what it was.
#[derive(Clone, Debug)]
enum Change {
    /// A step without its number, or with another.
    Number(Index, Option<usize>),
    /// A step with the name of some element.
    Name(Index, Index),
    /// The path ends earlier.
    Shorter,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), prop::option::of(0..5_usize)).prop_map(|(at, number)| Change::Number(at, number)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, name)| Change::Name(at, name)),
        Just(Change::Shorter),
    ]
}

fn apply(change: &Change, steps: &mut Vec<Step>, tree: &Tree<'_>) {
    let length = steps.len();
    match change {
        Change::Number(at, number) => steps[at.index(length)].1 = *number,
        Change::Name(at, name) => {
            let all = elements(tree);
            tree.name(all[name.index(all.len())]).clone_into(&mut steps[at.index(length)].0);
        }
        Change::Shorter if length > 1 => steps.truncate(length - 1),
        Change::Shorter => {}
    }
}

/// The elements that a path names; and those of the longest part of it that is there.
fn walk(tree: &Tree<'_>, steps: &[Step]) -> (Vec<NodeId>, Vec<NodeId>) {
    let (root, rest) = steps.split_first().unwrap();
    let mut at = vec![elements(tree)[0]];
    if root.0 != tree.name(at[0]) {
        return (Vec::new(), Vec::new());
    }
    for (name, number) in rest {
        let below = |node: &NodeId| -> Vec<NodeId> {
            let named = tree
                .children(*node)
                .filter(|child| tree.node(*child).kind == Kind::Element && tree.name(*child) == name);
            match number {
                None => named.collect(),
                Some(number) => named.skip(number.wrapping_sub(1)).take(1).collect(),
            }
        };
        let next: Vec<NodeId> = at.iter().flat_map(below).collect();
        if next.is_empty() {
            return (next, at);
        }
        at = next;
    }
    (at.clone(), at)
}

/// True where what was found are those elements, or of each the one text that is all there is to it: a group of one value
/// is pointed at, and the value is meant.
fn are(tree: &Tree<'_>, found: &[NodeId], named: &[NodeId]) -> bool {
    let texts = |node: NodeId| {
        let is_text = |at: &NodeId| tree.node(*at).kind == Kind::Element && tree.value(*at).is_some();
        tree.subtree(node).filter(is_text).collect::<Vec<_>>()
    };
    let is = |(found, named): (&NodeId, &NodeId)| found == named || texts(*named) == [*found];
    !named.is_empty() && found.len() == named.len() && found.iter().zip(named).all(is)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn nothing_is_pointed_at_but_what_the_path_names(
        which in any::<Index>(),
        alterations in prop::collection::vec((any::<Index>(), prop::bool::weighted(0.8)), 0..5),
        target in any::<Index>(),
        changes in prop::collection::vec(change(), 0..4),
        prefix in prop_oneof![Just(""), Just("p:")],
    ) {
        let (mapped, case) = which.get(&MESSAGES);
        let text = alterations.iter().fold(case.clone(), |text, (node, twice)| altered(mapped, &text, *node, *twice));
        let tree = mapped.read(&text);
        let got = mapped.get_one(&tree);
        let base = Base { tree: &tree, grammar: &mapped.grammar, document: &got.document, carriers: &got.carriers };
        let all = elements(&tree);
        let mut steps = path(&tree, all[target.index(all.len())]);
        for change in &changes {
            apply(change, &mut steps, &tree);
        }
        let pointer: String = steps.iter().map(|(name, number)| {
            let number = number.map(|number| format!("[{number}]")).unwrap_or_default();
            format!("/{prefix}{name}{number}")
        }).collect();
        let found = mapped.mapping.resolve(&base, &pointer).unwrap();
        let (named, nearest) = walk(&tree, &steps);
        match found.confidence {
            Confidence::Exact => prop_assert!(are(&tree, &found.nodes, &named) && named.len() == 1, "{pointer}: {found:?}"),
            Confidence::RepeatUnknown => prop_assert!(are(&tree, &found.nodes, &named), "{pointer}: {found:?}"),
            Confidence::Missing => prop_assert!(named.is_empty() && found.nodes == nearest, "{pointer}: {found:?}"),
            Confidence::NotFound => prop_assert!(named.is_empty() && found.nodes.is_empty(), "{pointer}: {found:?}"),
        }
        // What is said of a place of the document stands in what was pointed at, or around it: a date and its time are two
        // elements that carry one place.
        for carrier in &found.carriers {
            let is_in = |at: usize| found.nodes.iter().any(|node| (node.0 as usize..tree.node(*node).end.0 as usize).contains(&at));
            let stands = got.carriers.iter().enumerate().any(|(at, other)| other == carrier && is_in(at));
            prop_assert!(found.confidence == Confidence::Missing || stands, "{pointer}: {found:?}");
        }
        prop_assert!(found.wire_paths.len() == found.nodes.len());
    }
}
