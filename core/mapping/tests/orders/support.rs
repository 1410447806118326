//! Mappings of the program, messages, and what is asked of every translation.

use std::fs;
use std::sync::{Arc, OnceLock};

use dragoman_mapping::language::LoadError;
use dragoman_mapping::{Got, Mapping, Put, Sources, canonical, load};
use dragoman_model::Document;
use dragoman_samples::sample;
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::json::{self, Numbers, Style};
use dragoman_syntax::{Limits, Read, wire_path};
use dragoman_tree::{Kind, Names, NodeId, PlaceId, Tree, TreeBuilder};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A file of the workspace.
pub fn file(path: &str) -> Option<String> {
    fs::read_to_string(format!("{ROOT}/{path}")).ok()
}

/// The text of a mapping of the program.
pub fn text(mapping: &str) -> String {
    file(&format!("mappings/{mapping}.map")).unwrap()
}

/// A mapping with its grammar.
pub struct Platform {
    pub mapping: Mapping,
    pub grammar: Arc<Grammar>,
}

/// The mapping of Amazon's orders.
pub fn amazon() -> &'static Platform {
    static AMAZON: OnceLock<Platform> = OnceLock::new();
    AMAZON.get_or_init(|| Platform::of("amazon/order"))
}

/// The mapping of Shopify's orders.
pub fn shopify() -> &'static Platform {
    static SHOPIFY: OnceLock<Platform> = OnceLock::new();
    SHOPIFY.get_or_init(|| Platform::of("shopify/order"))
}

impl Platform {
    fn of(name: &str) -> Self {
        let text = text(name);
        Self::with(name, &text).unwrap_or_else(|errors| {
            let all: Vec<_> = errors.iter().map(|error| error.render(&text)).collect();
            panic!("{}", all.join("\n"))
        })
    }

    /// The mapping with another text.
    pub fn with(name: &str, text: &str) -> Result<Self, Vec<LoadError>> {
        let grammar = |name: &str| {
            let text = file(&format!("mappings/{name}.gram"))?;
            Some(Arc::new(grammar::parse(&text, &|_| None).unwrap()))
        };
        let sources = Sources {
            mapping: &|asked| (asked == name).then(|| text.to_owned()),
            grammar: &grammar,
            table: &|table| file(&format!("mappings/codes/{table}.csv")),
        };
        let mapping = load(name, &sources)?;
        let grammar = mapping.written().unwrap().clone();
        Ok(Self { mapping, grammar })
    }

    /// Reads a text as a message of the platform.
    pub fn read<'i>(&self, text: &'i str) -> Read<'i> {
        json::read(text.as_bytes(), Some(&self.grammar), Grammar::ROOT, &Limits::default())
    }

    /// All documents of a message.
    pub fn get<'i>(&self, tree: &Tree<'i>) -> Vec<Got<'i>> {
        let nodes = self.mapping.documents(tree);
        nodes.into_iter().map(|node| self.mapping.get(tree, node, &self.grammar).unwrap()).collect()
    }

    /// Writes a document, of itself.
    pub fn put<'i>(&self, document: &Document<'i>) -> Put<'i> {
        self.mapping.put(document).unwrap()
    }

    /// Writes a document over the message it was read from, or another version of it.
    pub fn put_over<'i>(&self, document: &Document<'i>, tree: &Tree<'_>, got: &Got<'_>) -> Put<'i> {
        self.mapping.put_over(document, tree, got, &self.grammar).unwrap()
    }

    /// The place of a node, for people.
    pub fn path(&self, tree: &Tree<'_>, node: NodeId) -> String {
        wire_path(tree, node, Some(&self.grammar))
    }
}

/// The canonical JSON of a document.
pub fn canonical(document: &Document<'_>) -> String {
    canonical::write(document, Style::Pretty)
}

/// A document from canonical JSON.
pub fn document(text: &str) -> Document<'_> {
    let read = canonical::read(text.as_bytes(), None, &Limits::default());
    assert_eq!((read.findings, read.residue), (vec![], vec![]), "{text}");
    read.document.unwrap()
}

/// The first difference of two messages.
pub fn difference(left: &Tree<'_>, right: &Tree<'_>) -> Option<String> {
    json::difference(left, right, Numbers::Literal).map(|found| found.to_string())
}

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

/// Copies a node but for the leaves that are `dropped`, and for objects of which nothing is left; true where there
/// was something to copy.
pub fn copy<'i>(
    tree: &Tree<'i>,
    node: NodeId,
    out: &mut TreeBuilder<'i>,
    dropped: &dyn Fn(NodeId) -> bool,
) -> bool {
    let mark = out.mark();
    let found = *tree.node(node);
    let name = out.names().intern(tree.name(node));
    let copied = out.open(found.kind, name, found.place, found.span);
    let value = out.adopt(tree, found.value);
    out.node_mut(copied).value = value;
    out.node_mut(copied).repeats = found.repeats;
    let mut kept = tree.is_leaf(node) && !dropped(node);
    for child in tree.children(node) {
        kept |= copy(tree, child, out, dropped);
    }
    if kept {
        out.close();
    } else {
        out.rollback(mark);
    }
    kept
}

/// The answers with orders that Amazon's own model gives as examples, for people and for its sandbox.
pub fn vendor_examples() -> Vec<String> {
    let Some(path) = sample("marketplaces/amazon/orders_2026-01-01.json") else { return Vec::new() };
    let model = fs::read_to_string(path).unwrap();
    let tree = json::read(model.as_bytes(), None, Grammar::ROOT, &Limits::default()).tree;
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
pub fn comes_back(platform: &Platform, message: &str) -> (String, Alone) {
    let tree = platform.read(message).tree;
    let [got] = platform.get(&tree).try_into().unwrap();
    let read = got.counts();
    assert!(read.add_up() && read.residue + read.reported == 0, "{read:?}");
    let over = platform.put_over(&got.document, &tree, &got);
    assert_eq!(difference(&tree, &over.tree), None);
    let text = canonical(&got.document);
    let alone = platform.put(&document(&text));
    assert!(alone.counts.add_up());
    assert_eq!((&alone.lost, &alone.findings), (&vec![], &vec![]));
    let order = platform.mapping.documents(&tree)[0];
    let (had, has) = (without_nothing(&tree, order), without_nothing(&alone.tree, NodeId::ROOT));
    assert_eq!(difference(&had, &has), None);
    let mut whole = TreeBuilder::new(tree.text(), 0, Names::default());
    copy(&tree, order, &mut whole, &|_| false);
    let equal = difference(&whole.finish(), &alone.tree).is_none();
    (text, if equal { Alone::Equal } else { Alone::WithoutNothing })
}

/// The leaves of an order in the grammar: those that the message lacks, and of the others those that are canonical
/// and those that are extensions.
pub fn leaves(platform: &Platform, message: &str) -> [Vec<String>; 3] {
    let tree = platform.read(message).tree;
    let [got] = platform.get(&tree).try_into().unwrap();
    let order = platform.mapping.documents(&tree)[0];
    let mut leaves: [Vec<String>; 3] = Default::default();
    for place in (0..platform.grammar.place(Grammar::ROOT).end.0).map(PlaceId) {
        if platform.grammar.children(place).next().is_some() {
            continue;
        }
        let nodes: Vec<NodeId> = tree.subtree(order).filter(|node| tree.place(*node) == place).collect();
        let is_extension = |node: &NodeId| {
            let carrier = got.carriers[node.index()];
            carrier != NodeId::ROOT && !got.document.tree().place(carrier).is_known()
        };
        let kind = if nodes.is_empty() { 0 } else { 1 + usize::from(nodes.iter().all(is_extension)) };
        leaves[kind].push(platform.grammar.path(place));
    }
    leaves
}

/// Where a value stands on both sides: wire path, canonical path, value.
pub type Triple = (&'static str, &'static str, &'static str);

/// The triples that do not hold for a message.
pub fn broken(platform: &Platform, message: &str, triples: &[Triple]) -> Vec<String> {
    let tree = platform.read(message).tree;
    let Some(got) = platform.get(&tree).into_iter().next() else { return vec!["no document".into()] };
    let wire = |path: &str| tree.ids().find(|node| platform.path(&tree, *node) == path);
    let holds = |(from, to, value): &Triple| {
        let node = got.document.find(to)?;
        let origin = got.document.origin(node);
        let same = origin == dragoman_model::Origin::Wire(wire(from)?);
        (same && got.document.tree().value(node) == Some(value)).then_some(())
    };
    let found = |to: &str| got.document.find(to).and_then(|node| got.document.tree().value(node));
    triples
        .iter()
        .filter(|triple| holds(triple).is_none())
        .map(|triple| format!("{triple:?}, but {:?}", found(triple.1)))
        .collect()
}
