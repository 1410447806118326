//! Which slot a node falls into.

use dragoman_tree::{NodeId, PlaceId};

use super::{Claim, Reading};
use crate::plan::{Condition, Plan, Select, SlotId};

impl<'r> Reading<'r, '_> {
    /// The slot of a node: below its parent's slot, of its place, and selecting it.
    pub(super) fn slot_of(&mut self, node: NodeId) -> SlotId {
        let found = self.tree.node(node);
        let parent = self.slots.get(found.parent.index()).copied().unwrap_or(SlotId::NONE);
        if parent == SlotId::NONE {
            return SlotId::NONE;
        }
        let plan: &'r Plan = self.plan;
        if plan.slot(parent).ignored.is_some() {
            return parent;
        }
        let mut rest = SlotId::NONE;
        if !found.place.is_known() {
            return rest;
        }
        for id in plan.slots_of(found.place) {
            let slot = plan.slot(id);
            if slot.parent != parent {
                continue;
            }
            match &slot.select {
                Select::Any => return id,
                Select::Rest => rest = id,
                Select::Nth(number) => {
                    if self.occurrence(node, found.place) == *number {
                        return id;
                    }
                }
                Select::From(number) => {
                    if self.occurrence(node, found.place) >= *number {
                        return id;
                    }
                }
                Select::Where(conditions) => {
                    if conditions.iter().all(|condition| self.satisfies(node, condition)) {
                        return id;
                    }
                }
            }
        }
        rest
    }

    /// The number of a node among its siblings of one place.
    fn occurrence(&mut self, node: NodeId, place: PlaceId) -> u32 {
        let (last, count) = self.occurrences.entry((self.tree.node(node).parent, place)).or_default();
        if *last != node.0 {
            (*last, *count) = (node.0, *count + 1);
        }
        *count
    }

    pub(super) fn satisfies(&self, node: NodeId, condition: &Condition) -> bool {
        let found = self.descend(node, &condition.path);
        condition.test.holds(found.and_then(|leaf| self.tree.value(leaf)))
    }

    /// The first node that a chain of places leads to.
    pub(super) fn descend(&self, node: NodeId, path: &[PlaceId]) -> Option<NodeId> {
        path.iter().try_fold(node, |at, place| self.tree.child_at(at, *place))
    }

    pub(super) fn set_slot(&mut self, node: NodeId, slot: SlotId) {
        if let Some(entry) = self.slots.get_mut(node.index()) {
            *entry = slot;
        }
    }

    pub(super) fn set_claim(&mut self, node: NodeId, claim: Claim) {
        if let Some(entry) = self.claims.get_mut(node.index()) {
            *entry = claim;
        }
    }

    /// Notes which wire node the document names as the origin of what this one became a part of.
    pub(super) fn set_carrier(&mut self, node: NodeId, origin: NodeId) {
        if let Some(entry) = self.carriers.get_mut(node.index()) {
            *entry = origin;
        }
    }
}
