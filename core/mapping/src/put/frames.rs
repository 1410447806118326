//! Where writing is in the document: the current entry of each list, and its leaves by place.

use dragoman_tree::{NodeId, PlaceId};

use super::{NONE, Use, Writing};
use crate::codec::Piece;
use crate::get::arm_of;
use crate::plan::{Choice, Condition, Guard, Line, LooksAt, Plan, Scope, ScopeId, Select, Stand};

impl<'w> Writing<'w, '_> {
    /// Makes an entry current: its leaves are found by place from now on, and its lists are shared out.
    pub(super) fn set_frame(&mut self, id: ScopeId, entry: Option<NodeId>) {
        let plan: &'w Plan = self.plan;
        let base = plan.scope(id).place;
        if let Some(frame) = self.frames.get_mut(id.index()) {
            *frame = entry;
        }
        let Some(table) = self.tables.get_mut(id.index()) else { return };
        table.fill(NONE);
        if let Some(entry) = entry {
            let end = self.document.node(entry).end.0;
            let mut at = entry.0;
            while at < end {
                let node = self.document.node(NodeId(at));
                let offset = node.place.0.wrapping_sub(base.0) as usize;
                if let Some(slot) = table.get_mut(offset).filter(|slot| **slot == NONE) {
                    *slot = at;
                }
                at = if node.repeats && at != entry.0 { node.end.0 } else { at + 1 };
            }
        }
        self.share_out(id);
    }

    /// Gives each entry of each list to the first line that accepts it and has room; over an original, to one
    /// whose entries that has before others.
    fn share_out(&mut self, parent: ScopeId) {
        let plan: &'w Plan = self.plan;
        let Some(inner) = plan.index.inner.get(parent.index()).filter(|inner| !inner.is_empty()) else {
            return;
        };
        for id in inner {
            if let Some(assigned) = self.assigned.get_mut(id.index()) {
                assigned.clear();
            }
        }
        let mut lists: Vec<PlaceId> = inner.iter().map(|id| plan.scope(*id).place).collect();
        lists.dedup();
        for list in lists {
            let alone = inner.iter().filter(|id| plan.scope(**id).place == list).count() == 1;
            for entry in self.list(parent, list) {
                let takers = inner.iter().copied().filter(|id| {
                    let scope = plan.scope(*id);
                    scope.place == list && self.has_room(*id) && self.accepts(*id, scope, entry, alone)
                });
                let taker = takers.min_by_key(|id| {
                    let lived = self.lived.get(id.index()).is_some_and(|lived| *lived);
                    (!lived, !self.has_codes(*id, entry))
                });
                let assigned = taker.and_then(|id| self.assigned.get_mut(id.index()));
                if let Some(assigned) = assigned.filter(|assigned| !assigned.contains(&entry)) {
                    assigned.push(entry);
                }
            }
        }
        for id in inner {
            self.group(*id);
        }
    }

    fn has_room(&self, id: ScopeId) -> bool {
        let scope = self.plan.scope(id);
        let taken = self.assigned.get(id.index()).map_or(0, Vec::len);
        match scope.stand {
            Stand::Joined => taken == 0,
            // The elements around have room each.
            _ if scope.group.is_some() => true,
            _ => taken < self.plan.grammar.place(self.plan.slot(scope.slot).place).max as usize,
        }
    }

    /// True where an entry belongs to a line. What the line fixes may be unsaid only where it is the only one.
    fn accepts(&self, id: ScopeId, scope: &Scope, entry: NodeId, alone: bool) -> bool {
        let value = |place: PlaceId| {
            let mut below = self.document.subtree(entry);
            below.find(|node| self.document.place(*node) == place).and_then(|node| self.document.value(node))
        };
        let fixed =
            scope.fixed.iter().all(|fixed| value(fixed.place).map_or(alone, |value| *value == *fixed.value));
        let chosen = self.plan.choices.iter().filter(|choice| choice.scope == id).all(|choice| {
            let value = choice.field.and_then(value);
            value.is_none_or(|value| arm_by_value(choice, value).is_some())
        });
        fixed && chosen && self.hold(&scope.guards) && self.is_selected(id, scope, entry)
    }

    /// True where the tables of a line have codes for what the entry says.
    fn has_codes(&self, id: ScopeId, entry: NodeId) -> bool {
        let lines = self.plan.index.tables.get(id.index()).map(Vec::as_slice).unwrap_or_default();
        lines.iter().map(|line| self.plan.line(*line)).all(|line| {
            let place = line.fields.first().copied().unwrap_or(PlaceId::NONE);
            let node = self.document.subtree(entry).find(|node| self.document.place(*node) == place);
            let value = node.and_then(|node| self.document.value(node));
            value.is_none_or(|value| line.codec.encode(&[Some(value)]).is_ok())
        })
    }

    /// True where the element that would be written for an entry falls to this line again when it is read.
    fn is_selected(&self, id: ScopeId, scope: &Scope, entry: NodeId) -> bool {
        let Some(selectors) = self.plan.index.selectors.get(id.index()).filter(|all| !all.is_empty()) else {
            return true;
        };
        let written = |condition: &Condition| {
            let selector = selectors.iter().find(|selector| selector.path == condition.path)?;
            Some(self.selector_value(self.plan.line(selector.line), entry))
        };
        let slot = self.plan.slot(scope.slot);
        let holds = |condition: &Condition| {
            written(condition).is_none_or(|value| condition.test.holds(value.as_deref()))
        };
        match &slot.select {
            Select::Where(conditions) => conditions.iter().all(holds),
            Select::Rest => {
                let siblings = self.plan.slots_of(slot.place).map(|sibling| self.plan.slot(sibling));
                !siblings.filter(|sibling| sibling.parent == slot.parent).any(|sibling| {
                    match &sibling.select {
                        Select::Where(conditions) => conditions.iter().all(holds),
                        _ => false,
                    }
                })
            }
            _ => true,
        }
    }

    /// What a line would write for an entry.
    fn selector_value(&self, line: &Line, entry: NodeId) -> Option<String> {
        let field = line.fields.first()?;
        let mut below = self.document.subtree(entry);
        let node = below.find(|node| self.document.place(*node) == *field);
        let Some(value) = node.and_then(|node| self.document.value(node)) else {
            return line.default.as_deref().map(str::to_owned);
        };
        match line.codec.encode(&[Some(value)]).ok()? {
            [Piece::Text(text), ..] => Some(text),
            [Piece::Whole(_), ..] => Some(value.to_owned()),
            _ => None,
        }
    }

    /// The entries of a list of a scope's current entry.
    pub(super) fn list(&self, scope: ScopeId, list: PlaceId) -> Vec<NodeId> {
        let Some(first) = self.node_at(scope, list) else { return Vec::new() };
        let parent = self.document.node(first).parent;
        let siblings = self.document.children(parent).skip_while(|node| *node < first);
        siblings
            .filter(|node| self.document.place(*node) == list && self.document.node(*node).repeats)
            .collect()
    }

    /// The document's node for a place of a scope's current entry.
    pub(super) fn node_at(&self, scope: ScopeId, place: PlaceId) -> Option<NodeId> {
        let offset = place.0.checked_sub(self.plan.scope(scope).place.0)? as usize;
        let node = self.tables.get(scope.index())?.get(offset).copied()?;
        (node != NONE).then_some(NodeId(node))
    }

    /// True where all guards hold for what is current.
    pub(super) fn hold(&self, guards: &[Guard]) -> bool {
        guards.iter().all(|guard| self.arm(guard.choice) == Some(guard.arm))
    }

    /// The arm of a choice for what is current.
    pub(super) fn arm(&self, id: crate::plan::ChoiceId) -> Option<u8> {
        let choice = self.plan.choice(id);
        match choice.field {
            None => Some(self.alternatives.get(id as usize).copied().flatten().unwrap_or(0)),
            Some(field) => {
                let node = self.node_at(choice.scope, field)?;
                arm_by_value(choice, self.document.value(node)?)
            }
        }
    }

    /// True where an arm that is taken makes the document sparse.
    pub(super) fn is_sparse(&self) -> bool {
        (0..self.plan.choices.len() as u16).any(|id| {
            let choice = self.plan.choice(id);
            let sparse = choice.arms.iter().any(|arm| arm.sparse);
            sparse && self.arm(id).and_then(|arm| choice.arms.get(arm as usize)).is_some_and(|arm| arm.sparse)
        })
    }

    /// Marks what says which document this is: the message says it by being what it is.
    pub(super) fn mark_identity(&mut self) {
        for name in ["type", "id", "profile"] {
            if let Some(node) = self.document.child(NodeId::ROOT, name) {
                self.set_use(node, Use::Checked);
            }
        }
    }

    /// Marks the leaves that say nothing of their own: fixed values, and what is only read.
    pub(super) fn mark_fixed(&mut self, id: ScopeId) {
        let plan: &'w Plan = self.plan;
        for fixed in &plan.scope(id).fixed {
            if let Some(node) = self.node_at(id, fixed.place) {
                if self.document.value(node) == Some(&fixed.value) {
                    self.set_use(node, Use::Checked);
                } else {
                    self.lose(node, format!("this format is only for `{}` here", fixed.value));
                }
            }
        }
        let reads = plan.index.reads.get(id.index()).map(Vec::as_slice).unwrap_or_default();
        for line in reads.iter().map(|line| plan.line(*line)) {
            for field in &line.fields {
                let first = self.node_at(id, *field);
                let others = line.list.map(|list| self.list(id, list)).unwrap_or_default();
                for node in first.into_iter().chain(others) {
                    self.set_use(node, Use::Checked);
                }
            }
        }
    }
}

/// The arm for a canonical value: by its name where the wire selects, else by its test.
fn arm_by_value(choice: &Choice, value: &str) -> Option<u8> {
    match choice.looks_at {
        LooksAt::Value => arm_of(choice, value),
        _ => choice.arms.iter().position(|arm| *arm.name == *value).map(|at| at as u8),
    }
}
