//! List entries, objects, constants: what an element is, beside the lines about its text.

use dragoman_model::{EntryId, Origin};
use dragoman_tree::{Finding, Kind, NodeId, PlaceId, Span};

use super::{Claim, NOT_CONSTANT, Opened, Reading};
use crate::plan::{Group, Plan, ScopeId, Slot, Stand};

impl<'r> Reading<'r, '_> {
    /// Opens what stands at this element.
    pub(super) fn enter(&mut self, slot: &'r Slot, node: NodeId) {
        let empty = self.is_empty_element(node);
        if let Some(scope) = slot.entries {
            self.set_frame(scope, None);
            let plan: &'r Plan = self.plan;
            if self.holds(&plan.scope(scope).guards) == Some(true) && !self.is_no_entry(scope, node) {
                let entry = match &plan.scope(scope).group {
                    None => self.open_entry(scope, node),
                    Some(group) => self.open_grouped(scope, group, node),
                };
                if empty && entry.is_some() && slot.leaf_of.is_empty() {
                    self.set_claim(node, Claim::Carried);
                }
            }
        }
        for scope in &slot.joined {
            self.set_frame(*scope, None);
        }
        if empty && let Some(scope) = slot.wraps.first() {
            self.wrapper(*scope, node);
        } else if empty && !slot.objects.is_empty() && !self.is_no_text(slot, node) {
            self.empty_object(slot, node);
        } else if empty && let Some(scope) = slot.joined.first().filter(|_| slot.leaf_of.is_empty()) {
            self.open(*scope, node);
            self.set_claim(node, Claim::Carried);
        } else if self.reads_as_nothing(slot, node) {
            self.set_claim(node, Claim::Checked);
        }
    }

    /// True for `{}` where a text should be.
    fn is_no_text(&self, slot: &Slot, node: NodeId) -> bool {
        self.tree.node(node).kind == Kind::Object && !slot.leaf_of.is_empty()
    }

    /// True for `{}`, or an empty element, where an object would only stand around the members that lines are about, and
    /// for an element that has to be there.
    fn reads_as_nothing(&self, slot: &Slot, node: NodeId) -> bool {
        let kind = self.tree.node(node).kind;
        let stands_around = || self.plan.grammar.children(slot.place).next().is_some();
        let is_group = kind == Kind::Element && self.is_empty_element(node) && stands_around();
        let is_object = is_group || kind == Kind::Object && self.tree.is_leaf(node);
        let is_nothing = is_object && self.absence.empty;
        let stands_empty = || self.is_empty_element(node) && self.plan.stands_empty(slot.place);
        (is_nothing || stands_empty()) && slot.entries.is_none()
    }

    /// True for what is no entry of a list: `[]`, a null, a text where an object should be.
    fn is_no_entry(&mut self, scope: ScopeId, node: NodeId) -> bool {
        let kind = self.tree.node(node).kind;
        let is_text = matches!(kind, Kind::String | Kind::Number | Kind::Bool);
        let objects = self.schema.children(self.plan.scope(scope).place).next().is_some();
        (is_text && objects) || self.is_empty_list(scope, node)
    }

    /// `[]`: a list that is there and holds nothing.
    fn is_empty_list(&mut self, scope: ScopeId, node: NodeId) -> bool {
        let found = self.tree.node(node);
        let none = found.kind == Kind::Array || (found.kind == Kind::Null && self.absence.null);
        if none && self.tree.is_leaf(node) {
            let wrapped = self.plan.scope(scope).wrapped;
            let parent = self.frame(self.plan.scope(scope).parent);
            if let Some(parent) = parent.filter(|_| wrapped && found.kind == Kind::Array) {
                let place = self.plan.scope(scope).place;
                self.draft.empty_list(parent, place, found.span, Origin::Wire(node));
                self.set_carrier(node, node);
                self.set_claim(node, Claim::Carried);
            } else {
                self.set_claim(node, Claim::Checked);
            }
        }
        none
    }

    /// An element without content that stands for an empty list.
    fn wrapper(&mut self, scope: ScopeId, node: NodeId) {
        let found = self.plan.scope(scope);
        if let Some(parent) = self.open(found.parent, node) {
            self.draft.empty_list(parent, found.place, self.tree.node(node).span, Origin::Wire(node));
            self.set_claim(node, Claim::Carried);
            self.set_carrier(node, node);
        }
    }

    fn is_empty_element(&self, node: NodeId) -> bool {
        let found = self.tree.node(node);
        let blank = self.tree.text_of(found.value).is_none_or(|text| text.trim().is_empty());
        found.end.0 == node.0 + 1
            && matches!(found.kind, Kind::Element | Kind::Object | Kind::Composite)
            && blank
    }

    fn empty_object(&mut self, slot: &'r Slot, node: NodeId) {
        for object in &slot.objects {
            let entry = self.open(object.scope, node);
            if let Some(entry) = entry.filter(|_| self.holds(&object.guards) == Some(true)) {
                self.draft.object(entry, object.place, self.tree.node(node).span, Origin::Wire(node));
                self.set_claim(node, Claim::Carried);
                self.set_carrier(node, node);
                return;
            }
        }
    }

    /// The open entry of a scope.
    pub(super) fn frame(&self, scope: ScopeId) -> Option<EntryId> {
        self.frames.get(scope.index()).copied().flatten()
    }

    fn set_frame(&mut self, scope: ScopeId, entry: Option<EntryId>) {
        if let Some(frame) = self.frames.get_mut(scope.index()) {
            *frame = entry;
        }
    }

    /// The open entry of a scope; a list that shares its element gets its one entry when something is put there.
    pub(super) fn open(&mut self, scope: ScopeId, node: NodeId) -> Option<EntryId> {
        let open = self.frame(scope);
        let found = self.plan.scope(scope);
        if open.is_some() || found.stand != Stand::Joined || self.holds(&found.guards) != Some(true) {
            return open;
        }
        self.open_entry(scope, node)
    }

    fn open_entry(&mut self, scope: ScopeId, node: NodeId) -> Option<EntryId> {
        let plan: &'r Plan = self.plan;
        let found = plan.scope(scope);
        let parent = self.open(found.parent, node)?;
        let text = self.schema.children(found.place).next().is_none();
        self.draft.rank(self.rank(scope));
        let entry = if text {
            parent
        } else {
            self.draft.entry(parent, found.place, self.tree.node(node).span, Origin::Wire(node))
        };
        if !text {
            self.set_carrier(node, node);
        }
        self.entries.push(Opened { entry, parent, scope });
        self.set_frame(scope, Some(entry));
        self.fixed(scope, entry);
        Some(entry)
    }

    /// Opens an entry that names the one around it.
    fn open_grouped(&mut self, scope: ScopeId, group: &'r Group, node: NodeId) -> Option<EntryId> {
        let (leaf, value) = self.key_around(scope, group, node)?;
        let entry = self.open_entry(scope, node)?;
        let value = self.draft.adopt(self.tree, value);
        self.give(entry, group.field, value, leaf);
        Some(entry)
    }

    /// Sets the fixed leaves of an entry, but for those of an object that may not be there.
    pub(super) fn fixed(&mut self, scope: ScopeId, entry: EntryId) {
        let plan: &'r Plan = self.plan;
        let found = plan.scope(scope);
        for fixed in found.fixed.iter().filter(|fixed| fixed.within == found.place) {
            self.set_fixed(entry, fixed.place, &fixed.value);
        }
    }

    pub(super) fn set_fixed(&mut self, entry: EntryId, place: PlaceId, value: &str) {
        let value = self.draft.owned(value);
        self.draft.leaf(entry, place, value, Span::default(), Origin::None);
    }

    /// Compares a constant.
    pub(super) fn literal(&mut self, slot: &'r Slot, node: NodeId) {
        let Some(literal) = &slot.literal else { return };
        if self.holds(&literal.guards) == Some(false) {
            return;
        }
        let Some(text) = self.tree.value(node) else { return };
        let text = self.plan.collapsed(slot.place, text);
        if *text == *literal.value {
            if !matches!(self.claims.get(node.index()), Some(Claim::Carried)) {
                self.set_claim(node, Claim::Checked);
            }
            return;
        }
        if literal.selects {
            return;
        }
        if let Some(name) = &literal.keep {
            let value = self.draft.adopt(self.tree, self.tree.node(node).value);
            self.extension(name, value, node);
            self.set_claim(node, Claim::Carried);
            self.set_carrier(node, node);
            return;
        }
        let message = format!("`{text}` stands where `{}` is expected", literal.value);
        self.note(Finding::warning(&NOT_CONSTANT, message), node);
    }

    /// Sets `extensions.<family>.<name>` of the document.
    fn extension(&mut self, name: &str, value: dragoman_tree::Value, node: NodeId) {
        let document = self.plan.scope(ScopeId::DOCUMENT).place;
        let Some(place) = self.schema.child(document, "extensions") else { return };
        let (family, name) = name.split_once('.').unwrap_or(("", name));
        let extensions = self.draft.extensions(EntryId::ROOT, place);
        let family = self.draft.open_object(extensions, family, Origin::None);
        self.draft.open_leaf(family, name, Kind::String, false, value, Origin::Wire(node));
    }
}
