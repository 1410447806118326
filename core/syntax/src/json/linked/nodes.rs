//! The objects of a text by their ids: what is said of one may stand in several places, and where it is only named.

use std::borrow::Cow;
use std::sync::Arc;

use dragoman_tree::{Kind, NodeId, Tree};
use rustc_hash::FxHashMap;

use super::context::{CONTEXT, Context};
use crate::grammar::Linked;

/// Which object: by its id, or where it stands, if it has none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Its id, expanded.
    Id(Box<str>),
    /// The only place where anything is said of it.
    Place(NodeId),
}

/// The objects of a text.
#[derive(Debug)]
pub(super) struct Nodes<'t, 'i, 'g> {
    pub json: &'t Tree<'i>,
    pub linked: &'g Linked,
    contexts: Vec<Arc<Context>>,
    /// For each node of the text the context that holds there.
    context_of: Vec<u32>,
    /// Where something is said of an object beside its id.
    pub said: FxHashMap<Key, Vec<NodeId>>,
    /// The same objects in the order of the text.
    pub order: Vec<Key>,
    /// Who names an object, by the member that does.
    pub named_by: FxHashMap<(String, Key), Vec<Key>>,
    /// Contexts that are kept elsewhere, with where they are named.
    pub elsewhere: Vec<(NodeId, String)>,
}

impl<'t, 'i, 'g> Nodes<'t, 'i, 'g> {
    /// Looks through a text that was read without a grammar.
    pub fn of(json: &'t Tree<'i>, linked: &'g Linked) -> Self {
        let mut nodes = Self {
            json,
            linked,
            contexts: vec![Arc::default()],
            context_of: Vec::with_capacity(json.len()),
            said: FxHashMap::default(),
            order: Vec::new(),
            named_by: FxHashMap::default(),
            elsewhere: Vec::new(),
        };
        for node in json.ids() {
            nodes.look(node);
        }
        nodes
    }

    fn look(&mut self, node: NodeId) {
        let json = self.json;
        let above = if node == NodeId::ROOT { 0 } else { self.number(json.node(node).parent) };
        let is_object = json.node(node).kind == Kind::Object;
        let has_own = is_object && json.child(node, CONTEXT).is_some();
        let mut number = above;
        if has_own {
            let (context, elsewhere) = self.context(above).within(json, node);
            self.elsewhere.extend(elsewhere.into_iter().map(|iri| (node, iri.to_owned())));
            number = u32::try_from(self.contexts.len()).unwrap_or(0);
            self.contexts.push(Arc::new(context));
        }
        self.context_of.push(number);
        if is_object && !self.is_within_context(node) {
            self.object(node);
        }
    }

    /// Notes what is said of an object, and who names it.
    fn object(&mut self, node: NodeId) {
        let key = self.key(node);
        if let Some((holder, member)) = self.holder(node) {
            let named = self.named_by.entry((member.into_owned(), key.clone())).or_default();
            named.push(holder);
        }
        if self.says_something(node) {
            let places = self.said.entry(key.clone()).or_default();
            if places.is_empty() {
                self.order.push(key);
            }
            places.push(node);
        }
    }

    /// True where more is said of an object than its id and type, or where it says that it is a value or a list.
    fn says_something(&self, node: NodeId) -> bool {
        let names = self.json.children(node).map(|child| self.expanded(child));
        let mut says = false;
        for name in names {
            match &*name {
                "@value" | "@list" | "@set" => return false,
                CONTEXT | "@id" | "@type" | "@graph" => {}
                _ => says = true,
            }
        }
        says
    }

    fn is_within_context(&self, node: NodeId) -> bool {
        let json = self.json;
        json.name(node) == CONTEXT || json.ancestors(node).any(|above| json.name(above) == CONTEXT)
    }

    /// The object that an object stands in, and the member that it is there.
    fn holder(&self, node: NodeId) -> Option<(Key, Cow<'t, str>)> {
        let (json, mut at) = (self.json, node);
        while at != NodeId::ROOT {
            let parent = json.node(at).parent;
            let name = self.expanded(at);
            let is_own = json.node(parent).kind == Kind::Object && !name.is_empty();
            if is_own && name == "@graph" {
                return None;
            }
            if is_own && !matches!(&*name, "@list" | "@set") {
                return Some((self.key(parent), self.compact(&name)));
            }
            at = parent;
        }
        None
    }

    /// Which object stands at a node.
    pub fn key(&self, node: NodeId) -> Key {
        let json = self.json;
        let id = json.children(node).find(|child| self.expanded(*child) == "@id");
        let id = id.and_then(|id| json.value(id)).map(|id| self.context_at(node).id(id.trim(), self.linked));
        match id {
            None => Key::Place(node),
            Some(id) if id.starts_with("_:") => Key::Id(format!("{id} {}", self.scope(node).0).into()),
            Some(id) => Key::Id((&*id).into()),
        }
    }

    /// Where the name of an object without an id of its own holds: in the text that brings a context or a graph, of which
    /// several may have been put together.
    fn scope(&self, node: NodeId) -> NodeId {
        let json = self.json;
        let begins = |at: &NodeId| ["@graph", CONTEXT].iter().any(|name| json.child(*at, name).is_some());
        std::iter::once(node).chain(json.ancestors(node)).find(begins).unwrap_or(NodeId::ROOT)
    }

    /// The context that holds at a node.
    pub fn context_at(&self, node: NodeId) -> &Context {
        self.context(self.number(node))
    }

    fn context(&self, number: u32) -> &Arc<Context> {
        static NONE: std::sync::LazyLock<Arc<Context>> = std::sync::LazyLock::new(Arc::default);
        self.contexts.get(number as usize).unwrap_or(&NONE)
    }

    fn number(&self, node: NodeId) -> u32 {
        self.context_of.get(node.index()).copied().unwrap_or_default()
    }

    /// What the name of a member stands for.
    pub fn expanded(&self, member: NodeId) -> Cow<'t, str> {
        let (parent, name) = (self.json.node(member).parent, self.json.name(member));
        // What has no name is an item of an array, or the whole.
        if name.is_empty() { Cow::Borrowed(name) } else { self.context_at(parent).member(name, self.linked) }
    }

    /// An expanded name as the grammar has it.
    pub fn compact(&self, name: &str) -> Cow<'t, str> {
        Cow::Owned(self.linked.compact(name).into_owned())
    }

    /// The types of an object, as the grammar names them.
    pub fn types(&self, node: NodeId) -> Vec<(NodeId, String)> {
        let json = self.json;
        let own = json.children(node).filter(|child| self.expanded(*child) == "@type");
        let named = |child: NodeId| {
            let name = self.context_at(node).member(json.value(child)?, self.linked);
            Some((child, self.compact(&name).into_owned()))
        };
        own.filter_map(named).collect()
    }
}
