//! What writing needs to know of the trie: which slots can come to life.

use super::lower::Lowering;
use super::{Index, Line, LineId, Scope, SlotId};
use crate::language::ast::Arrow;

impl Lowering<'_> {
    /// Marks the slots that take part in writing: those with a line, a constant or an object, and those above.
    pub(super) fn mark_writing(&mut self) {
        for number in (0..self.plan.slots.len() as u32).rev() {
            let id = SlotId(number);
            let slot = self.plan.slot(id);
            let written = slot.leaf_of.iter().any(|line| self.plan.line(*line).arrow != Arrow::Read);
            let stands = slot.entries.is_some() || !slot.joined.is_empty() || !slot.objects.is_empty();
            let below = slot.children.iter().any(|child| self.plan.slot(*child).writes);
            if written || stands || below || slot.literal.is_some() {
                self.slot_mut(id).writes = true;
            }
        }
    }

    /// Finds once what is looked up for every message.
    pub(super) fn index(&mut self) {
        let plan = &self.plan;
        let lines = |of: fn(&Line) -> bool| {
            plan.lines.iter().enumerate().filter(|(_, line)| of(line)).map(|(id, _)| id as LineId).collect()
        };
        let late = |scope: &Scope| scope.fixed.iter().any(|fixed| fixed.within != scope.place);
        self.plan.index = Index {
            derived: lines(|line| line.derived.is_some()),
            references: lines(|line| line.reference.is_some()),
            watched: plan.choices.iter().filter_map(|choice| choice.field).collect(),
            fixes_objects: plan.scopes.iter().any(late),
        };
    }
}
