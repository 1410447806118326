//! Canonical documents: a [`Tree`] whose places are the schema's, with the origin of every node.
//!
//! A document is made by a [`Draft`], in which values are set in any order, or by a [`DocumentBuilder`] over
//! it that addresses by path, and is read-only from then on.

mod builder;
mod draft;
mod emit;
mod origin;
mod path;
mod paths;
#[cfg(test)]
mod tests;

use dragoman_tree::{NodeId, PlaceId, Tree};

use crate::{Schema, Type};

pub use builder::{DocumentBuilder, PathError};
pub use draft::{Draft, DraftMark, EntryId};
pub use origin::{Origin, Source};
pub use path::{Select, Step, steps};
pub(crate) use path::{is_key, quoted};
pub use paths::DocumentPaths;

/// One canonical document. Entries of a list are siblings of the list's place that `repeats`; an empty list
/// that is kept is one node of kind Array. Below `extensions` nodes have names of their own and
/// [`PlaceId::NONE`].
#[derive(Clone, Debug)]
pub struct Document<'i> {
    tree: Tree<'i>,
    origins: Vec<Origin>,
    sources: Vec<Source>,
    replaced: usize,
}

impl<'i> Document<'i> {
    /// The arena.
    pub fn tree(&self) -> &Tree<'i> {
        &self.tree
    }

    /// The document with a text of its own, to keep when the input goes. Spans stay.
    pub fn detach(&self) -> Document<'static> {
        let (origins, sources) = (self.origins.clone(), self.sources.clone());
        Document { tree: self.tree.detach(), origins, sources, replaced: self.replaced }
    }

    /// The schema that its places belong to.
    pub fn schema(&self) -> &'static Schema {
        Schema::standard()
    }

    /// The place of the root: which document it is.
    pub fn document(&self) -> PlaceId {
        self.tree.place(NodeId::ROOT)
    }

    /// How many literals were set and then replaced by another one for the same place.
    pub fn replaced(&self) -> usize {
        self.replaced
    }

    /// The type of the document: `declaration`, `order` ...
    pub fn kind(&self) -> &str {
        self.schema().name_of(self.document())
    }

    /// True for a declaration that speaks about another (`kind` amendment, cancellation, presentation, return):
    /// absent is unchanged and nothing is mandatory.
    pub fn is_sparse(&self) -> bool {
        let kind =
            self.schema().child(self.document(), "kind").and_then(|kind| self.value(NodeId::ROOT, kind));
        matches!(kind, Some("amendment" | "cancellation" | "presentation" | "report" | "return"))
    }

    /// Where a node came from.
    pub fn origin(&self, node: NodeId) -> Origin {
        self.origins.get(node.index()).copied().unwrap_or_default()
    }

    /// What an origin names outside the message; empty for any other origin.
    pub fn sources(&self, origin: Origin) -> &[Source] {
        let Origin::Sources { first, count } = origin else { return &[] };
        let first = first as usize;
        self.sources.get(first..first + usize::from(count)).unwrap_or_default()
    }

    /// The node at `place` below `node` (the first, where it is a list), without entering the entries of
    /// another list: a place inside a list is reached from its entry.
    pub fn get(&self, node: NodeId, place: PlaceId) -> Option<NodeId> {
        let schema = self.schema();
        let mut at = node;
        while self.tree.place(at) != place {
            at = self.tree.children(at).find(|child| schema.contains(self.tree.place(*child), place))?;
            if self.tree.node(at).repeats && self.tree.place(at) != place {
                return None;
            }
        }
        Some(at)
    }

    /// The literal at `place` below `node`.
    pub fn value(&self, node: NodeId, place: PlaceId) -> Option<&str> {
        self.tree.value(self.get(node, place)?)
    }

    /// The entries of the list at `place` below `node`, in order.
    pub fn entries(&self, node: NodeId, place: PlaceId) -> impl Iterator<Item = NodeId> + '_ {
        let list = self.get(node, place).map(|first| self.tree.node(first).parent);
        let siblings = list.into_iter().flat_map(|parent| self.tree.children(parent));
        siblings.filter(move |child| self.tree.place(*child) == place && self.tree.node(*child).repeats)
    }

    /// The node of a path, in the stable form or with indices; a list without either means its first entry.
    pub fn find(&self, path: &str) -> Option<NodeId> {
        steps(path)?.iter().try_fold(NodeId::ROOT, |at, step| self.select(at, step))
    }

    fn select(&self, parent: NodeId, step: &Step<'_>) -> Option<NodeId> {
        let name = self.tree.names().find(step.name)?;
        let mut named = self.tree.children(parent).filter(|child| self.tree.node(*child).name == name);
        match step.select {
            Select::First => named.next(),
            Select::Index(index) => named.filter(|child| self.tree.node(*child).repeats).nth(index),
            Select::Key(key, value) => named.find(|child| {
                let key = self.tree.child(*child, key);
                key.and_then(|key| self.tree.value(key)) == Some(value)
            }),
        }
    }

    /// The type of a node; [`Type::Open`] inside `extensions`.
    pub fn type_of(&self, node: NodeId) -> Type {
        self.schema().type_of(self.tree.place(node))
    }

    /// All nodes that hold a value or stand for something present and empty: values, empty lists, empty
    /// objects.
    pub fn leaves(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.tree.ids().filter(|id| self.tree.node(*id).end.0 == id.0 + 1)
    }
}
