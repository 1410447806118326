//! What selects an arm: written by the choice itself, or by a line in the arm.

use dragoman_tree::NodeId;

use super::{Pending, Use, Writing};
use crate::codec::Codec;
use crate::get::arm_of;
use crate::plan::{ChoiceId, Guard, Line, Plan, SlotId};

/// A value of the document that some line in its arm has to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selected {
    node: NodeId,
    choice: ChoiceId,
    arm: u8,
    slot: SlotId,
}

impl<'w> Writing<'w, '_> {
    /// The selector of a choice writes its arm's literal; an arm without one leaves that to a line inside.
    pub(super) fn selector(&mut self, line: &'w Line, choice: ChoiceId) {
        let node = line.fields.first().and_then(|field| self.node_at(line.scope, *field));
        let Some(node) = node else { return };
        let plan: &'w Plan = self.plan;
        let taken = self.arm(choice);
        let arm = taken.and_then(|arm| plan.choice(choice).arms.get(arm as usize));
        let (Some(arm), Some(number)) = (arm, taken) else {
            let value = self.document.value(node).unwrap_or_default();
            return self.lose(node, format!("this format has no code for `{value}`"));
        };
        match (&arm.writes, line.leaves.first()) {
            (Some(text), Some(leaf)) => {
                self.set_use(node, Use::Carried);
                let value = self.out.owned(text);
                self.wait(leaf.slot, Pending { value, from: node, soft: false });
            }
            (None, Some(leaf)) => {
                self.selected.push(Selected { node, choice, arm: number, slot: leaf.slot });
            }
            (_, None) => self.set_use(node, Use::Carried),
        }
    }

    /// Settles what lines had to write: where none did, or another arm's value, neither it nor what the arm wrote
    /// there is read back.
    pub(super) fn settle_selected(&mut self) {
        let plan: &'w Plan = self.plan;
        for Selected { node, choice, arm, slot } in std::mem::take(&mut self.selected) {
            let written = self.slots.iter().enumerate().filter(|(_, own)| **own == slot);
            let values = written.filter_map(|(at, _)| self.out.tree().value(NodeId(at as u32)));
            let is_read = values.into_iter().any(|value| arm_of(plan.choice(choice), value) == Some(arm));
            if is_read {
                self.set_use(node, Use::Carried);
                continue;
            }
            self.lose(node, "nothing in the document gives the code that selects it in this format");
            let guard = Guard { choice, arm };
            let there = |line: &&Line| line.leaves.iter().any(|leaf| leaf.slot == slot);
            let lines = plan.lines.iter().filter(there);
            for line in
                lines.filter(|line| line.guards.contains(&guard) && !matches!(line.codec, Codec::Arms(_)))
            {
                for field in &line.fields {
                    if let Some(part) = self.node_at(line.scope, *field) {
                        self.in_vain(part, "its code selects nothing in this format");
                    }
                }
            }
        }
    }

    /// Counts as lost what was written in vain.
    fn in_vain(&mut self, node: NodeId, why: &str) {
        if let Some(how) = self.uses.get_mut(node.index()).filter(|how| **how == Use::Carried) {
            *how = Use::Unused;
            self.lose(node, why);
        }
    }
}
