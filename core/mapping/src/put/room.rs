//! What the format has room for. Of EDIFACT only what a receiver can read is written of itself: values that fit their
//! element, elements that are whole, no more of them than the directory lets stand. The rest is lost, and reported.
//! Over an original everything is written: what the original held may break its directory, and comes back.

use dragoman_syntax::validate;
use dragoman_tree::{Kind, Mark, NodeId, PlaceId};

use super::{Lost, Use, Writing};
use crate::plan::{Line, Select, Slot, SlotId};

/// A point to go back to.
#[derive(Clone, Copy)]
pub(super) struct Before {
    out: Mark,
    nodes: usize,
    carried: usize,
}

impl Writing<'_, '_> {
    /// True where only what fits is written.
    pub(super) fn is_strict(&self) -> bool {
        !self.is_over && self.plan.grammar.syntax.has_segments()
    }

    /// Why a text cannot stand in a slot.
    pub(super) fn misfit(&self, slot: SlotId, text: &str) -> Option<String> {
        if !self.is_strict() || slot == SlotId::NONE {
            return None;
        }
        if text.is_empty() {
            return Some("an empty value cannot be told from none here".into());
        }
        validate::fault(&self.plan.grammar, self.plan.slot(slot).place, text)
    }

    /// Why the cells of one element cannot be read back.
    pub(super) fn cells_misfit(&self, line: &Line, cells: &[String]) -> Option<String> {
        let leaf = line.leaves.first().filter(|_| self.is_strict())?;
        if cells.first().is_none_or(String::is_empty) || cells.last().is_none_or(String::is_empty) {
            return Some(
                "an empty line would stand at the edge of a segment, where it cannot be read".into(),
            );
        }
        cells.iter().filter(|cell| !cell.is_empty()).find_map(|cell| self.misfit(leaf.slot, cell))
    }

    /// How many more elements of a slot's place the open element has room for.
    pub(super) fn vacancies(&self, slot: &Slot) -> usize {
        if !self.is_strict() {
            return usize::MAX;
        }
        let max = self.plan.grammar.place(slot.place).max as usize;
        if matches!(slot.select, Select::Any) && slot.twin == SlotId::NONE {
            return max;
        }
        let parent = self.out.current().unwrap_or(NodeId::ROOT);
        max.saturating_sub(self.children(parent, slot.place))
    }

    fn children(&self, parent: NodeId, place: PlaceId) -> usize {
        let tree = self.out.tree();
        let inside = tree.ids().skip(parent.index() + 1).map(|node| tree.node(node));
        inside.filter(|node| node.parent == parent && node.place == place).count()
    }

    /// What the open element lacks of what its grammar demands.
    pub(super) fn lacks(&self, slot: &Slot) -> Option<String> {
        if !self.is_strict() {
            return None;
        }
        let grammar = &self.plan.grammar;
        let node = self.out.current().unwrap_or(NodeId::ROOT);
        // The message type in UNH is the writer's.
        let is_demanded =
            |place: &PlaceId| grammar.place(*place).min > 0 && grammar.name_of(*place) != "S009";
        let demanded = grammar.children(slot.place).filter(is_demanded);
        let missing = demanded.into_iter().find(|place| self.children(node, *place) == 0)?;
        let (name, parent) = (grammar.name_of(missing), grammar.path(slot.place));
        Some(format!("`{parent}` needs `{name}`, for which there is nothing"))
    }

    /// True for a segment that its group, or the message, cannot do without: it stands even with nothing in it.
    pub(super) fn is_demanded(&self, slot: &Slot) -> bool {
        let place = self.plan.grammar.place(slot.place);
        place.kind == Kind::Segment && place.min > 0 && matches!(slot.select, Select::Any)
    }

    /// A point to go back to.
    pub(super) fn before(&self) -> Before {
        Before { out: self.out.mark(), nodes: self.sources.len(), carried: self.carried.len() }
    }

    /// Takes back what was written since.
    pub(super) fn take_back(&mut self, before: Before) {
        self.out.rollback(before.out);
        self.sources.truncate(before.nodes);
        self.slots.truncate(before.nodes);
    }

    /// Takes back what was written since, and reports the leaves that went into it.
    pub(super) fn give_up(&mut self, before: Before, why: &str) {
        let carried = self.carried.split_off(before.carried.min(self.carried.len()));
        self.take_back(before);
        for node in carried {
            if let Some(how) = self.uses.get_mut(node.index()) {
                *how = Use::Lost;
            }
            self.lost.push(Lost { node, why: why.to_owned() });
        }
    }
}
