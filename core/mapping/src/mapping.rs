//! A loaded mapping at work.

use std::sync::Arc;

use dragoman_model::Document;
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::xml::split_name;
use dragoman_tree::{Kind, NodeId, PlaceId, Tree};

use crate::error_point;
use crate::get::{self, Got};
use crate::language::ast::{Condition, Test, WirePath};
use crate::load::Mapping;
use crate::over;
use crate::point;
use crate::pointer::{self, Base, Resolution};
use crate::put::{self, Put};
use crate::xpath;

impl Mapping {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The root place of the documents it reads and writes.
    pub fn model(&self) -> PlaceId {
        self.model
    }

    /// The syntax of its messages.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The root element or message, where the mapping names it.
    pub fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// True where messages of this mapping can begin with an element or message of that name: their own root, or the
    /// outermost element around it.
    pub fn begins_with(&self, name: &str) -> bool {
        let around = self.wrapper.as_ref().and_then(|wrapper| wrapper.names.first());
        self.root.as_ref().is_none_or(|root| root == name)
            || around.is_some_and(|outermost| outermost == name)
    }

    /// The grammars it reads, in the order of preference.
    pub fn grammars(&self) -> impl Iterator<Item = &Arc<Grammar>> {
        self.plans.iter().map(|plan| &plan.grammar)
    }

    /// The grammar it writes.
    pub fn written(&self) -> Option<&Arc<Grammar>> {
        self.plans.get(self.writes).map(|plan| &plan.grammar)
    }

    /// True where the tree is a message of this mapping: its root, and what `recognise` demands.
    pub fn recognises(&self, tree: &Tree<'_>) -> bool {
        self.documents(tree)
            .first()
            .is_some_and(|document| self.recognise.iter().all(|condition| holds(tree, *document, condition)))
    }

    /// The nodes of a message that are documents: what `root` names, else the root, as far as they satisfy
    /// `require`.
    pub fn documents(&self, tree: &Tree<'_>) -> Vec<NodeId> {
        if tree.is_empty() {
            return Vec::new();
        }
        let Some(root) = self.root_of(tree) else { return Vec::new() };
        // A page may be a list alone: each of its entries is a document.
        let entries = |node: NodeId| match tree.node(node).kind {
            Kind::Array => tree.children(node).collect(),
            _ => vec![node],
        };
        let is_document = |node: &NodeId| {
            let is_whole = self.syntax != Syntax::Json || tree.node(*node).kind == Kind::Object;
            is_whole && self.require.iter().all(|condition| holds(tree, *node, condition))
        };
        let among = |nodes: Vec<NodeId>| -> Vec<NodeId> {
            nodes.into_iter().flat_map(entries).filter(is_document).collect()
        };
        if self.roots.is_empty() {
            return among(vec![root]);
        }
        let found = self.roots.iter().map(|path| among(follow(tree, root, path)));
        found.into_iter().find(|nodes| !nodes.is_empty()).unwrap_or_default()
    }

    /// The root of the message in what stands around it.
    fn root_of(&self, tree: &Tree<'_>) -> Option<NodeId> {
        let Some(root) = self.root.as_ref().filter(|_| self.syntax != Syntax::Json) else {
            return Some(NodeId::ROOT);
        };
        let bare = tree.name(NodeId::ROOT) == root;
        let Some(wrapper) = &self.wrapper else { return bare.then_some(NodeId::ROOT) };
        if bare && wrapper.optional {
            return Some(NodeId::ROOT);
        }
        let is = |node: NodeId, name: &str| split_name(tree.name(node)).1 == name;
        let mut names = wrapper.names.iter().chain([root]);
        let outermost = names.next().filter(|name| is(NodeId::ROOT, name)).map(|_| NodeId::ROOT);
        names.try_fold(outermost?, |node, name| tree.children(node).find(|child| is(*child, name)))
    }

    /// True where the tree has documents of this mapping, or an empty list in the place of them: a page without
    /// any. It may be without what `recognise` demands.
    pub fn fits(&self, tree: &Tree<'_>) -> bool {
        let is_empty = |path: &WirePath| {
            let found = follow(tree, NodeId::ROOT, path);
            found.first().is_some_and(|node| tree.node(*node).kind == Kind::Array)
        };
        !self.documents(tree).is_empty() || (!tree.is_empty() && self.roots.iter().any(is_empty))
    }

    /// Reads the document at a node of a message that was read with that grammar of this mapping.
    /// `None` where the grammar is not one of its own.
    pub fn get<'i>(&self, tree: &Tree<'i>, at: NodeId, grammar: &Grammar) -> Option<Got<'i>> {
        let plan = self.plans.iter().find(|plan| plan.grammar.name() == grammar.name())?;
        Some(get::get(plan, tree, at, &self.absence))
    }

    /// Writes a document, of itself.
    pub fn put<'i>(&self, document: &Document<'i>) -> Option<Put<'i>> {
        Some(put::put(self.plans.get(self.writes)?, document, None))
    }

    /// Writes a document over the message it was read from, or another version of that: what the mapping does
    /// not speak of stays. `None` where the grammar is not one of this mapping's.
    pub fn put_over<'i>(
        &self,
        document: &Document<'i>,
        original: &Tree<'_>,
        got: &Got<'_>,
        grammar: &Grammar,
    ) -> Option<Put<'i>> {
        let plan = self.plans.iter().find(|plan| plan.grammar.name() == grammar.name())?;
        let fresh = put::put(plan, document, Some(got));
        Some(over::over(plan, document, fresh, original, got))
    }
}

impl Mapping {
    /// Resolves an authority's pointer, a WCO section chain (`42A.67A.68A#1/006`), an indexed
    /// `XPath` (`/CC315A[1]/GOOITEGDS[2]`) or of EDIFACT an error point
    /// (`10:2+LOC:34:5`), against the message as it was sent. `None` where the base was not read or written with a grammar of this mapping.
    pub fn resolve(&self, base: &Base<'_>, pointer: &str) -> Option<Resolution> {
        let plan = self.plans.iter().find(|plan| plan.grammar.name() == base.grammar.name())?;
        if self.syntax == Syntax::Edifact {
            return error_point::resolve(base, pointer);
        }
        if pointer.starts_with('/') {
            return Some(xpath::resolve(plan, base, pointer));
        }
        let alias =
            |tag: &str| self.aliases.iter().find(|(alias, _)| alias == tag).map(|(_, name)| name.clone());
        Some(pointer::resolve(plan, base, pointer, &alias))
    }

    /// The canonical path of a place at or below a node of the message. `None` where the mapping gives it none.
    pub fn path_of(&self, base: &Base<'_>, node: NodeId, place: PlaceId) -> Option<String> {
        let plan = self.plans.iter().find(|plan| plan.grammar.name() == base.grammar.name())?;
        pointer::canonical(plan, base, node, place)
    }

    /// The pointer by which an authority means a canonical place at or below a node of the base's document: what
    /// [`Self::resolve`] takes back to it: a WCO section chain, or an `XPath` where the format does not have the numbers
    /// of the WCO Data Model. `None` where the message has no place for it.
    pub fn point(&self, base: &Base<'_>, near: NodeId, place: PlaceId) -> Option<String> {
        let plan = self.plans.iter().find(|plan| plan.grammar.name() == base.grammar.name())?;
        if self.syntax == Syntax::Edifact {
            let carried = base.carriers.iter().position(|carrier| *carrier == near && near != NodeId::ROOT);
            return Some(error_point::point(base, carried.map_or(NodeId::ROOT, |at| NodeId(at as u32))));
        }
        // Pointers of the WCO go by the numbers of classes: where values alone have theirs, there is none.
        let is_element = |place: PlaceId| base.grammar.place(place).kind == Kind::Element;
        let is_class = |place: &PlaceId| base.grammar.children(*place).any(is_element);
        let is_numbered = (0..base.grammar.len())
            .filter_map(|at| Some(PlaceId(u32::try_from(at).ok()?)))
            .filter(is_class)
            .any(|place| base.grammar.place(place).wco.is_some());
        if !is_numbered {
            return point::xpath(plan, base, near, place);
        }
        let tag_of =
            |name: &str| self.aliases.iter().find(|(_, alias)| alias == name).map(|(tag, _)| tag.clone());
        point::point(plan, base, near, place, &tag_of)
    }
}

/// The nodes that a path of names reaches.
fn follow(tree: &Tree<'_>, from: NodeId, path: &WirePath) -> Vec<NodeId> {
    path.steps.iter().fold(vec![from], |nodes, step| {
        let below = nodes.into_iter().flat_map(|node| {
            let children: Vec<_> =
                tree.children(node).filter(|child| tree.name(*child) == step.name).collect();
            children
        });
        below.collect()
    })
}

fn holds(tree: &Tree<'_>, from: NodeId, condition: &Condition) -> bool {
    let found = follow(tree, from, &condition.path).first().copied();
    let value = found.and_then(|node| tree.value(node)).map(str::trim);
    match &condition.test {
        Test::Present => found.is_some(),
        Test::Absent => found.is_none(),
        Test::In(values) => value.is_some_and(|value| values.iter().any(|one| one == value)),
        Test::Not(one) => value.is_some_and(|value| one != value),
        Test::Matches(pattern) => {
            let regex = regex::Regex::new(&format!("^(?:{pattern})$"));
            value.zip(regex.ok()).is_some_and(|(value, regex)| regex.is_match(value))
        }
    }
}
