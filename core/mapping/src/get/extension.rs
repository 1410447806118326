//! Extensions: a part of the message goes into the document as it is.

use dragoman_model::{EntryId, Origin};
use dragoman_syntax::grammar::Place;
use dragoman_tree::{Finding, Kind, NodeId};
use rustc_hash::FxHashSet;

use super::{Cell, Claim, NOT_DECODED, Reading, TWICE};
use crate::plan::{Extension, Slot};

impl Reading<'_, '_> {
    /// Carries a leaf, an item of a list or an object with all below it. A leaf that reads as no value is none.
    pub(super) fn carry_whole(&mut self, extension: &Extension, node: NodeId) {
        if self.holds(&extension.guards) != Some(true) {
            return;
        }
        if self.tree.is_leaf(node) {
            match self.leaf_cell(node, extension.empty) {
                Cell::Text(..) => {}
                Cell::NoValue(_) => return self.set_claim(node, Claim::Checked),
                Cell::Missing => return,
            }
        }
        if !self.is_plain(node) {
            let message = "what stands here twice, or in an array of an array, cannot be an extension";
            return self.note(Finding::warning(&NOT_DECODED, message), node);
        }
        let (Some((name, above)), Some(entry)) =
            (extension.names.split_last(), self.open(extension.scope, node))
        else {
            return;
        };
        let open = self.draft.extensions(entry, extension.place);
        let into = above.iter().fold(open, |open, name| self.draft.open_object(open, name, Origin::None));
        if !self.is_entry(node) && self.draft.has_open(into, name) {
            let message = format!("`{name}` is there already; the first one counts");
            return self.note(Finding::warning(&TWICE, message), node);
        }
        self.keep(into, name, node);
    }

    /// Adds a node with all below it to an open object.
    fn keep(&mut self, into: EntryId, name: &str, node: NodeId) {
        let found = self.tree.node(node);
        let origin = Origin::Wire(node);
        let is_branch = found.kind == Kind::Element && !self.tree.is_leaf(node);
        if found.kind == Kind::Object || is_branch {
            let object = if self.is_entry(node) {
                self.draft.open_entry(into, name, origin)
            } else {
                self.draft.open_object(into, name, origin)
            };
            if self.tree.is_leaf(node) {
                self.set_claim(node, Claim::Carried);
                self.set_carrier(node, node);
            }
            for child in self.tree.children(node) {
                self.keep(object, self.tree.name(child), child);
            }
            return;
        }
        let kind = if matches!(found.kind, Kind::Element | Kind::Data) { Kind::String } else { found.kind };
        let value = self.draft.adopt(self.tree, found.value);
        self.draft.open_leaf(into, name, kind, self.is_entry(node), value, origin);
        self.set_claim(node, Claim::Carried);
        self.set_carrier(node, node);
        if !self.is_entry(node) {
            self.keep_attributes(into, name, node);
        }
    }

    /// The attributes of an element with a text stand beside it, as `name@attribute`.
    fn keep_attributes(&mut self, into: EntryId, name: &str, node: NodeId) {
        for attribute in self.tree.children(node).filter(|at| self.tree.node(*at).kind == Kind::Attribute) {
            self.keep(into, &format!("{name}@{}", self.tree.name(attribute)), attribute);
        }
    }

    /// True for an item of an array, and for an element that may repeat.
    fn is_entry(&self, node: NodeId) -> bool {
        let found = self.tree.node(node);
        let repeats = |place: &Place| place.max > 1;
        found.repeats
            || (found.kind == Kind::Element && self.plan.grammar.get(found.place).is_some_and(repeats))
    }

    /// True where no array stands in an array, and no member twice in one object: an open object holds neither.
    fn is_plain(&self, node: NodeId) -> bool {
        let found = self.tree.node(node);
        let mut namesakes = self.tree.children(found.parent);
        let alone = self.is_entry(node)
            || namesakes.all(|other| other == node || self.tree.node(other).name != found.name);
        alone && self.tree.subtree(node).all(|at| self.has_single_members(at))
    }

    fn has_single_members(&self, object: NodeId) -> bool {
        let names = |repeats: bool| {
            let children = self.tree.children(object).map(|child| self.tree.node(child));
            children.filter(move |child| child.repeats == repeats).map(|child| child.name)
        };
        let items: FxHashSet<_> = names(true).collect();
        let mut singles = FxHashSet::default();
        let array = self.tree.node(object).kind == Kind::Array && !self.tree.is_leaf(object);
        !array && names(false).all(|name| !items.contains(&name) && singles.insert(name))
    }

    /// A null where an object should be reads as no value, and so does an empty array.
    pub(super) fn is_no_object(&self, slot: &Slot, node: NodeId) -> bool {
        let none = match self.tree.node(node).kind {
            Kind::Null => self.absence.null,
            Kind::Array => self.tree.is_leaf(node),
            _ => false,
        };
        none && slot.entries.is_none() && self.plan.grammar.children(slot.place).next().is_some()
    }
}
