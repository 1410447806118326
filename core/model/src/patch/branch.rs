//! A document that can be changed: an owned tree, made for a patch and given back as a document.

use dragoman_tree::{Kind, NodeId, PlaceId, Span};

use super::Scalar;
use crate::document::{Select, Step};
use crate::{Document, Draft, EntryId, Origin, Schema, Source, Type};

/// One node with all that is below it.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub name: String,
    pub place: PlaceId,
    pub repeats: bool,
    pub kind: Kind,
    pub value: Option<Box<str>>,
    /// Who supplied it, outside the message. A value that is set has nobody.
    pub sources: Vec<Source>,
    pub children: Vec<Branch>,
}

impl Branch {
    /// The node of a document and all below it.
    pub fn of(document: &Document<'_>, node: NodeId) -> Self {
        let tree = document.tree();
        let at = tree.node(node);
        Self {
            name: tree.name(node).to_owned(),
            place: at.place,
            repeats: at.repeats,
            kind: at.kind,
            value: tree.value(node).map(Into::into),
            sources: document.sources(document.origin(node)).to_vec(),
            children: tree.children(node).map(|child| Self::of(document, child)).collect(),
        }
    }

    /// The child that a step selects: its index among the children.
    pub fn position(&self, step: &Step<'_>) -> Option<usize> {
        let named = self.children.iter().enumerate().filter(|(_, child)| child.name == step.name);
        let mut named = named.filter(|(_, child)| child.kind != Kind::Array);
        let found = match step.select {
            Select::First => named.next(),
            Select::Index(index) => named.filter(|(_, child)| child.repeats).nth(index),
            Select::Key(key, value) => named.find(|(_, child)| child.text(key) == Some(value)),
        };
        found.map(|(at, _)| at)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|child| child.name == name)?.value.as_deref()
    }

    /// A new child for a step that selects none; an entry by key has its key. `None` where the model has no
    /// such member, or an index leaves a gap.
    pub fn create(&mut self, step: &Step<'_>) -> Option<&mut Self> {
        let schema = Schema::standard();
        let open = !self.place.is_known() || schema.type_of(self.place) == Type::Open;
        let place = if open { PlaceId::NONE } else { schema.child(self.place, step.name)? };
        let list = schema.get(place).map_or(step.select != Select::First, |field| field.list);
        let entries = self.children.iter().filter(|child| child.name == step.name && child.repeats).count();
        if matches!(step.select, Select::Index(index) if index != entries)
            || (list && step.select == Select::First)
        {
            return None;
        }
        let mut child = Self::object(step.name, place, list);
        if let Select::Key(key, value) = step.select {
            let leaf = child.create(&Step { name: key, select: Select::First })?;
            leaf.set(&Scalar { kind: Kind::String, text: value.into() });
        }
        self.children.push(child);
        self.children.last_mut()
    }

    /// An object without members.
    pub fn object(name: &str, place: PlaceId, repeats: bool) -> Self {
        let (name, kind, sources) = (name.to_owned(), Kind::Object, Vec::new());
        Self { name, place, repeats, kind, value: None, sources, children: Vec::new() }
    }

    /// Makes it a value.
    pub fn set(&mut self, scalar: &Scalar) {
        (self.kind, self.value) = (scalar.kind, Some(scalar.text.clone()));
        self.sources.clear();
    }

    /// The document of which this is the root.
    pub fn document(&self) -> Document<'static> {
        let mut draft = Draft::new(self.place, "", 0);
        self.write_children(&mut draft, EntryId::ROOT);
        draft.finish()
    }

    fn write_children(&self, draft: &mut Draft<'static>, entry: EntryId) {
        for child in &self.children {
            if child.place.is_known() {
                child.write(draft, entry);
            } else {
                child.write_open(draft, entry);
            }
        }
    }

    fn write(&self, draft: &mut Draft<'static>, entry: EntryId) {
        let (span, origin) = (Span::default(), self.origin(draft));
        if let Some(text) = &self.value {
            let value = draft.owned(text);
            draft.any_leaf(entry, self.place, self.kind, value, span, origin);
        } else if self.kind == Kind::Array {
            draft.empty_list(entry, self.place, span, origin);
        } else if self.repeats {
            let own = draft.entry(entry, self.place, span, origin);
            self.write_children(draft, own);
        } else if Schema::standard().type_of(self.place) == Type::Open {
            let own = draft.extensions(entry, self.place);
            self.write_children(draft, own);
        } else {
            draft.object(entry, self.place, span, origin);
            self.write_children(draft, entry);
        }
    }

    fn origin(&self, draft: &mut Draft<'static>) -> Origin {
        if self.sources.is_empty() { Origin::None } else { draft.sources_of(self.sources.iter().cloned()) }
    }

    fn write_open(&self, draft: &mut Draft<'static>, entry: EntryId) {
        if self.value.is_none() && self.kind == Kind::Object {
            let own = if self.repeats {
                draft.open_entry(entry, &self.name, Origin::None)
            } else {
                draft.open_object(entry, &self.name, Origin::None)
            };
            self.write_children(draft, own);
        } else {
            let value = self.value.as_ref().map(|text| draft.owned(text));
            let value = value.unwrap_or(dragoman_tree::Value::NONE);
            draft.open_leaf(entry, &self.name, self.kind, self.repeats, value, Origin::None);
        }
    }
}
