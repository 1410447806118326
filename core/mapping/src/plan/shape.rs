//! What writing needs to know of the trie: which slots can come to life.

use super::lower::Lowering;
use super::{SlotId, Stand};
use crate::language::ast::Arrow;

impl Lowering<'_> {
    /// Marks the slots that take part in writing: those with a line, a constant or an object, and those above.
    pub(super) fn mark_writing(&mut self) {
        for number in (0..self.plan.slots.len() as u32).rev() {
            let id = SlotId(number);
            let slot = self.plan.slot(id);
            let written = slot.leaf_of.iter().any(|line| self.plan.line(*line).arrow != Arrow::Read);
            let stands = slot.entries.is_some()
                || !slot.joined.is_empty()
                || !slot.objects.is_empty()
                || slot.extension.is_some();
            let below = slot.children.iter().any(|child| self.plan.slot(*child).writes);
            if written || stands || below || slot.literal.is_some() {
                self.slot_mut(id).writes = true;
            }
        }
        if let Some(document) = self.plan.scopes.first_mut() {
            document.stand = Stand::Document;
        }
    }
}
