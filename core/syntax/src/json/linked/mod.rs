//! JSON-LD 1.1 to the tree that a grammar describes, whichever of its forms a text has: compact, expanded, with other
//! prefixes or a vocabulary, with `@graph`, with objects that are named in one place and described in another, with values
//! that state their type, with one item or a list of one.
//!
//! The tree is as if the text had been written with the prefixes of the grammar, each object in the place where it is named,
//! beginning with the object of the type that the grammar describes. Spans are those of the text. Contexts that are kept
//! elsewhere are not fetched.

mod context;
mod nodes;
mod value;
mod write;

use dragoman_tree::{Code, Finding, Kind, NodeId, PlaceId, Tree};

use self::nodes::Nodes;
use self::write::Writer;
use super::read::one_by_one;
use crate::grammar::{Grammar, Linked};
use crate::{Limits, Read};

/// A context that the text names and does not bring.
pub const ELSEWHERE: Code = Code {
    id: "DG-E0220",
    title: "the context of JSON-LD is kept elsewhere",
    help: "A text of JSON-LD may name a context by its address. It is not fetched: what a message means would depend on \
           somebody else's server. The prefixes that the message usually has were used. Where names are not found, ask for \
           the context in the text.",
};

/// Objects that name each other without end.
pub const TOO_MUCH: Code = Code {
    id: "DG-E0221",
    title: "too many objects are named in JSON-LD",
    help: "Objects that are named in many places are read in each of them. Here that would be many times as much as the text \
           itself, so the rest was left as names.",
};

/// True where a text may be JSON-LD: it has a keyword.
pub(super) fn may_be(input: &[u8]) -> bool {
    memchr::memmem::find(input, b"\"@").is_some()
}

/// Reads a text into the tree that the grammar describes.
pub(super) fn as_described<'i>(
    input: &'i [u8],
    grammar: &Grammar,
    linked: &Linked,
    limits: &Limits,
) -> Read<'i> {
    let Read { tree: json, mut findings } = one_by_one(input, None, Grammar::ROOT, limits);
    let nodes = Nodes::of(&json, linked);
    for (node, iri) in &nodes.elsewhere {
        let said = Finding::info(&ELSEWHERE, format!("the context `{iri}` is not fetched"));
        findings.push(said.at(json.base(), json.node(*node).span));
    }
    let mut writer = Writer::new(&nodes, grammar, limits);
    writer.all();
    let (tree, is_cut) = writer.finish();
    if tree.is_empty() {
        // No object is named: it is no text of linked objects.
        return one_by_one(input, Some(grammar), Grammar::ROOT, limits);
    }
    if is_cut {
        findings.push(Finding::warning(&TOO_MUCH, "the rest of what is named was left as names"));
    }
    Read { tree, findings }
}

/// The objects that a message names without saying anything of them, where the grammar would have them say more; and where
/// none of the type that the grammar describes is there, those that name one of that type. In the order of the message, each once.
pub fn wanted(tree: &Tree<'_>, grammar: &Grammar) -> Vec<String> {
    let Some(linked) = &grammar.header.linked else { return Vec::new() };
    let has_root = tree.ids().any(|node| is_root(tree, node, grammar));
    let mut known = rustc_hash::FxHashSet::default();
    let mut named = Vec::new();
    for node in tree.ids().filter(|node| tree.node(*node).kind == Kind::Object) {
        let Some(id) = tree.child(node, "@id").and_then(|id| tree.value(id)).map(str::trim) else { continue };
        let says_more = tree.children(node).any(|child| !matches!(tree.name(child), "@id" | "@type"));
        let is_back = || linked.inverses.iter().any(|(_, back)| **back == *tree.name(node));
        if says_more {
            known.insert(id);
        } else if is_described(grammar, tree.place(node)) || (!has_root && is_back()) {
            named.push(id);
        }
    }
    let mut wanted: Vec<String> = Vec::new();
    for id in named.into_iter().filter(|id| !known.contains(id)) {
        if !wanted.iter().any(|other| other == id) {
            wanted.push(id.to_owned());
        }
    }
    wanted
}

/// True where the grammar knows more of an object than which it is.
fn is_described(grammar: &Grammar, place: PlaceId) -> bool {
    let says_more = |child| !matches!(grammar.name_of(child), "@id" | "@type");
    place.is_known() && grammar.children(place).any(says_more)
}

/// True of an object of the type that the grammar describes, where that begins.
fn is_root(tree: &Tree<'_>, node: NodeId, grammar: &Grammar) -> bool {
    let own = tree.child(node, "@type").and_then(|own| tree.value(own));
    tree.place(node) == Grammar::ROOT && own.is_some_and(|own| is_type_of(own, grammar))
}

/// True of the type that the grammar describes, as it names it: its root, with any prefix.
fn is_type_of(name: &str, grammar: &Grammar) -> bool {
    name.rsplit(':').next().is_some_and(|local| local == grammar.name_of(Grammar::ROOT))
}
