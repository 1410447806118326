//! The objects of a text as the tree that a grammar describes.

use dragoman_tree::{Kind, Names, NodeId, PlaceId, Span, Tree, TreeBuilder};
use rustc_hash::FxHashSet;

use super::context::CONTEXT;
use super::is_type_of;
use super::nodes::{Key, Nodes};
use super::value::Item;
use crate::Limits;
use crate::grammar::Grammar;

/// A tree has at most so many times the nodes of its text.
const TIMES: usize = 16;

/// So many nodes more there may be of a short text.
const FEW: usize = 1024;

/// Objects are read in each other up to so deep.
const DEEPEST: usize = 128;

pub(super) struct Writer<'n, 't, 'i, 'g> {
    nodes: &'n Nodes<'t, 'i, 'g>,
    grammar: &'g Grammar,
    build: TreeBuilder<'i>,
    /// What has been written of what is said.
    written: FxHashSet<NodeId>,
    /// The objects that are open.
    path: Vec<Key>,
    most: usize,
    is_cut: bool,
    /// True while the last object at the top is written.
    is_last: bool,
}

/// Where something is written.
#[derive(Clone, Copy)]
struct Slot<'s> {
    name: &'s str,
    place: PlaceId,
    repeats: bool,
}

impl<'n, 't, 'i, 'g> Writer<'n, 't, 'i, 'g> {
    pub fn new(nodes: &'n Nodes<'t, 'i, 'g>, grammar: &'g Grammar, limits: &Limits) -> Self {
        let json = nodes.json;
        let names = Names::with_base(grammar.names().clone());
        let build = TreeBuilder::new(json.text(), json.base(), names);
        let most = json.len().saturating_mul(TIMES).saturating_add(FEW).min(limits.nodes);
        let (written, path) = (FxHashSet::default(), Vec::new());
        Self { nodes, grammar, build, written, path, most, is_cut: false, is_last: true }
    }

    /// The tree, and whether something was left as names for want of room.
    pub fn finish(self) -> (Tree<'i>, bool) {
        (self.build.finish(), self.is_cut)
    }

    /// Writes the objects of the type that the grammar describes; where there is none, what the text begins with. What
    /// none of them names comes last.
    pub fn all(&mut self) {
        let roots: Vec<_> = self.nodes.order.iter().filter(|key| self.is_root(key)).cloned().collect();
        match &roots[..] {
            [] => self.whole(),
            [one] => self.object(one, None, Slot { name: "", place: Grammar::ROOT, repeats: false }),
            several => {
                let name = self.build.names().intern("");
                self.build.open(Kind::Array, name, PlaceId::NONE, Span::default());
                for (index, key) in several.iter().enumerate() {
                    self.is_last = index + 1 == several.len();
                    let slot = Slot { name: "", place: Grammar::ROOT, repeats: true };
                    self.object(key, None, slot);
                }
                self.build.close();
            }
        }
    }

    fn is_root(&self, key: &Key) -> bool {
        let places = self.nodes.said.get(key).into_iter().flatten();
        let mut types = places.flat_map(|node| self.nodes.types(*node));
        types.any(|(_, name)| is_type_of(&name, self.grammar))
    }

    /// A text in which nothing is of that type: its own object, or the first of its graph.
    fn whole(&mut self) {
        let slot = Slot { name: "", place: Grammar::ROOT, repeats: false };
        let json = self.nodes.json;
        let is_object = json.node(NodeId::ROOT).kind == Kind::Object;
        let has_graph = || json.children(NodeId::ROOT).any(|one| self.nodes.expanded(one) == "@graph");
        if is_object && !has_graph() {
            let key = self.nodes.key(NodeId::ROOT);
            self.object(&key, Some(NodeId::ROOT), slot);
            return;
        }
        match self.nodes.order.first() {
            Some(first) => self.object(first, None, slot),
            None => {
                let (name, node) = (self.build.names().intern(""), json.node(NodeId::ROOT));
                let value = self.build.adopt(json, node.value);
                self.build.leaf(node.kind, name, Grammar::ROOT, node.span, value);
            }
        }
    }

    /// An object with all that is said of it, `here` and elsewhere; with its name alone where it stands in itself.
    fn object(&mut self, key: &Key, here: Option<NodeId>, slot: Slot<'_>) {
        let nodes = self.nodes;
        let is_free = !self.path.contains(key) && self.path.len() < DEEPEST && self.has_room();
        let said = nodes.said.get(key).filter(|_| is_free && self.describes(slot.place));
        let mut places: Vec<_> = said.into_iter().flatten().copied().collect();
        if let Some(here) = here.filter(|here| !places.contains(here)) {
            places.push(here);
        }
        let Some(first) = places.first() else { return };
        let span = nodes.json.node(*first).span;
        let node = self.open(slot, span);
        let is_top = self.path.is_empty();
        self.path.push(key.clone());
        if node == NodeId::ROOT || slot.place == Grammar::ROOT {
            self.context(slot.place, *first);
        }
        self.written.extend(&places);
        self.members(&places, slot.place);
        self.said_from_the_other_side(key, &places, slot.place);
        if is_top && self.is_last {
            self.rest();
        }
        self.path.pop();
        self.build.close();
    }

    fn has_room(&mut self) -> bool {
        let has_room = self.build.tree().len() < self.most;
        self.is_cut |= !has_room;
        has_room
    }

    /// True where the grammar says what an object has; an object that it does not know stays as it stands.
    fn describes(&self, place: PlaceId) -> bool {
        place.is_known()
            && self.grammar.children(place).any(|child| !self.grammar.name_of(child).starts_with('@'))
    }

    fn open(&mut self, slot: Slot<'_>, span: Span) -> NodeId {
        let name = self.build.names().intern(slot.name);
        let node = self.build.open(Kind::Object, name, slot.place, span);
        self.build.node_mut(node).repeats = slot.repeats;
        node
    }

    /// The prefixes of the grammar, where a text says what names stand for.
    fn context(&mut self, object: PlaceId, first: NodeId) {
        let Some(place) = self.grammar.child(object, CONTEXT) else { return };
        let json = self.nodes.json;
        let own = json.child(first, CONTEXT).or_else(|| json.child(NodeId::ROOT, CONTEXT));
        let span = own.map(|own| json.node(own).span).unwrap_or_default();
        self.open(Slot { name: CONTEXT, place, repeats: false }, span);
        for (prefix, iri) in &self.nodes.linked.prefixes {
            let Some(place) = self.grammar.child(place, prefix) else { continue };
            let (name, value) = (self.build.names().intern(prefix), self.build.owned(iri));
            self.build.leaf(Kind::String, name, place, span, value);
        }
        self.build.close();
    }

    /// The members of an object from all places, those of one name together.
    fn members(&mut self, places: &[NodeId], object: PlaceId) {
        let nodes = self.nodes;
        let mut members: Vec<(String, Vec<NodeId>)> = Vec::new();
        for place in places {
            for member in nodes.json.children(*place) {
                let name = nodes.expanded(member);
                let is_said = name == "@id" && members.iter().any(|(own, _)| own == "@id");
                let is_graph = name == "@graph" && *place == NodeId::ROOT;
                if name == CONTEXT || is_said || is_graph {
                    continue;
                }
                let name = nodes.compact(&name).into_owned();
                match members.iter_mut().find(|(own, _)| *own == name) {
                    Some((_, all)) => all.push(member),
                    None => members.push((name, vec![member])),
                }
            }
        }
        for (name, all) in &members {
            self.member(name, all, object);
        }
    }

    fn member(&mut self, name: &str, all: &[NodeId], object: PlaceId) {
        match name {
            "@id" => self.id(all, object),
            "@type" => self.types(all, object),
            _ => self.values(name, all, object),
        }
    }

    fn place(&mut self, object: PlaceId, name: &str) -> PlaceId {
        let name = self.build.names().intern(name);
        if object.is_known() { self.grammar.member(object, name) } else { PlaceId::NONE }
    }

    fn values(&mut self, name: &str, all: &[NodeId], object: PlaceId) {
        let nodes = self.nodes;
        let place = self.place(object, name);
        let mut items = Vec::new();
        for member in all {
            let context = nodes.context_at(nodes.json.node(*member).parent);
            let names = context.names(nodes.json.name(*member)) || self.is_object(place);
            nodes.items(*member, names, &mut items);
        }
        // What says no more than which object this is one of was read from there.
        items.retain(|item| !self.is_way_back(name, *item));
        let is_list = match self.grammar.get(place) {
            Some(known) => known.list,
            None => all.iter().any(|member| nodes.json.node(*member).repeats),
        };
        let several = items.len() > 1;
        for (index, item) in items.into_iter().enumerate() {
            let place = if is_list || index == 0 { place } else { PlaceId::NONE };
            self.item(item, Slot { name, place, repeats: is_list || several });
        }
    }

    /// True where the grammar has an object that is known by its id.
    fn is_object(&self, place: PlaceId) -> bool {
        place.is_known() && self.grammar.child(place, "@id").is_some()
    }

    fn is_way_back(&self, name: &str, item: Item) -> bool {
        let (Item::Object(node), Some(above)) = (item, self.path.iter().rev().nth(1)) else { return false };
        let is_inverse = self.nodes.linked.inverses.iter().any(|(_, back)| **back == *name);
        is_inverse && self.nodes.key(node) == *above
    }

    fn item(&mut self, item: Item, slot: Slot<'_>) {
        let json = self.nodes.json;
        match item {
            Item::Object(node) => self.object(&self.nodes.key(node), Some(node), slot),
            Item::Named(node) => {
                self.open(slot, json.node(node).span);
                self.id(&[node], slot.place);
                self.build.close();
            }
            Item::Scalar { node, kind, value } => {
                let value = self.build.adopt(json, value);
                self.leaf(node, kind, value, slot);
            }
            Item::Array(node) => self.leaf(node, Kind::Array, dragoman_tree::Value::NONE, slot),
        }
    }

    fn leaf(&mut self, node: NodeId, kind: Kind, value: dragoman_tree::Value, slot: Slot<'_>) {
        let name = self.build.names().intern(slot.name);
        let leaf = self.build.leaf(kind, name, slot.place, self.nodes.json.node(node).span, value);
        self.build.node_mut(leaf).repeats = slot.repeats && kind != Kind::Array;
    }

    fn id(&mut self, all: &[NodeId], object: PlaceId) {
        let nodes = self.nodes;
        for member in all {
            let Some(text) = nodes.json.value(*member) else { continue };
            let id = nodes.context_at(nodes.json.node(*member).parent).id(text, nodes.linked);
            let id = nodes.compact(&id).into_owned();
            self.text(*member, "@id", &id, object, false);
        }
    }

    /// The types of an object: the one that the grammar describes first. More than one is more than it describes.
    fn types(&mut self, all: &[NodeId], object: PlaceId) {
        let nodes = self.nodes;
        let Some(first) = all.first() else { return };
        let mut seen: Vec<(NodeId, String)> = Vec::new();
        for (node, name) in all.iter().map(|one| nodes.json.node(*one).parent).flat_map(|of| nodes.types(of))
        {
            if !seen.iter().any(|(_, own)| *own == name) {
                seen.push((node, name));
            }
        }
        seen.sort_by_key(|(_, name)| object == Grammar::ROOT && !is_type_of(name, self.grammar));
        let several = seen.len() > 1;
        for (index, (node, name)) in seen.iter().enumerate() {
            let object = if index == 0 { object } else { PlaceId::NONE };
            self.text(*node, "@type", name, object, several);
        }
        if seen.is_empty() {
            let slot = Slot { name: "@type", place: PlaceId::NONE, repeats: false };
            let mut items = Vec::new();
            nodes.items(*first, false, &mut items);
            for item in items {
                self.item(item, slot);
            }
        }
    }

    /// A text as it stands, where it says the same.
    fn text(&mut self, node: NodeId, name: &str, text: &str, object: PlaceId, repeats: bool) {
        let json = self.nodes.json;
        let place = self.place(object, name);
        let is_same = json.value(node) == Some(text);
        let value =
            if is_same { self.build.adopt(json, json.node(node).value) } else { self.build.owned(text) };
        self.leaf(node, Kind::String, value, Slot { name, place, repeats });
    }

    /// What others say that they are of this one, where it does not say so itself.
    fn said_from_the_other_side(&mut self, key: &Key, places: &[NodeId], object: PlaceId) {
        let nodes = self.nodes;
        for (own, back) in &nodes.linked.inverses {
            let Some(place) = self.grammar.child(object, own).filter(|_| object.is_known()) else { continue };
            let says = |place: &NodeId| {
                nodes.json.children(*place).any(|one| *nodes.compact(&nodes.expanded(one)) == **own)
            };
            let named = nodes.named_by.get(&(back.to_string(), key.clone()));
            let Some(named) = named.filter(|_| !places.iter().any(says)) else { continue };
            let is_list = self.grammar.get(place).is_some_and(|known| known.list);
            for (index, other) in
                named.iter().filter(|other| !self.path.contains(other)).enumerate().collect::<Vec<_>>()
            {
                let place = if is_list || index == 0 { place } else { PlaceId::NONE };
                self.object(other, None, Slot { name: own, place, repeats: is_list || index > 0 });
            }
        }
    }

    /// What is said of objects that nothing named.
    fn rest(&mut self) {
        let nodes = self.nodes;
        for key in &nodes.order {
            let places = nodes.said.get(key).into_iter().flatten();
            let unwritten: Vec<_> = places.copied().filter(|node| !self.written.contains(node)).collect();
            if unwritten.is_empty() || self.is_root(key) {
                continue;
            }
            let span = unwritten.first().map(|node| nodes.json.node(*node).span).unwrap_or_default();
            self.open(Slot { name: "@graph", place: PlaceId::NONE, repeats: true }, span);
            self.path.push(key.clone());
            self.written.extend(&unwritten);
            self.members(&unwritten, PlaceId::NONE);
            self.path.pop();
            self.build.close();
        }
    }
}
