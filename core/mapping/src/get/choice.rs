//! Which arm of a choice a message takes.

use std::cell::OnceCell;

use dragoman_model::EntryId;
use dragoman_tree::{Finding, NodeId};
use rustc_hash::FxHashMap;

use super::{ALSO_GIVEN, NO_ARM, Opened, Reading, Waiting};
use crate::codec::{Codec, Inputs, Piece, Pieces, Refusal, one};
use crate::plan::{Choice, ChoiceId, Guard, Hop, LineId, LooksAt, Plan, ScopeId};

/// Each entry of the draft as it was opened first.
type Entries = FxHashMap<EntryId, Opened>;

impl<'r> Reading<'r, '_> {
    /// Makes a choice when its element is entered.
    pub(super) fn choose(&mut self, id: ChoiceId, node: NodeId) {
        let plan: &'r Plan = self.plan;
        let choice = plan.choice(id);
        let arm = match &choice.looks_at {
            LooksAt::Value => return,
            LooksAt::Wire(path) => {
                let leaf = self.descend(node, path);
                let value = leaf.and_then(|leaf| self.tree.value(leaf));
                value.and_then(|value| arm_of(choice, value.trim()))
            }
            LooksAt::First(paths) => {
                let given: Vec<_> = paths.iter().map(|path| self.follow(node, path)).collect();
                self.second_alternative(&given);
                given.iter().position(Option::is_some).map(|at| at as u8)
            }
        };
        if let Some(slot) = self.arms.get_mut(id as usize) {
            *slot = arm;
        }
    }

    /// The first element that a way leads to.
    fn follow(&self, node: NodeId, way: &[Hop]) -> Option<NodeId> {
        way.iter().try_fold(node, |at, hop| {
            let mut children = self.tree.children(at).filter(|child| self.tree.place(*child) == hop.place);
            children.find(|child| hop.conditions.iter().all(|one| self.satisfies(*child, one)))
        })
    }

    /// Says that another alternative is there too.
    fn second_alternative(&mut self, given: &[Option<NodeId>]) {
        if let Some(second) = given.iter().flatten().nth(1) {
            let name = self.tree.name(*second).to_owned();
            let message = format!("`{name}` stands in two places; the first one counts");
            self.note(Finding::warning(&ALSO_GIVEN, message), *second);
        }
    }

    /// Whether all guards hold; `None` where one depends on a canonical value that may still come.
    pub(super) fn holds(&self, guards: &[Guard]) -> Option<bool> {
        let mut known = Some(true);
        for guard in guards {
            if matches!(self.plan.choice(guard.choice).looks_at, LooksAt::Value) {
                known = None;
            } else if self.arms.get(guard.choice as usize) != Some(&Some(guard.arm)) {
                return Some(false);
            }
        }
        known
    }

    /// The canonical value of a selector: the name of the arm. What selects no arm is refused.
    pub(super) fn arm_name(&mut self, id: ChoiceId, inputs: &Inputs<'_>) -> Result<Pieces, Refusal> {
        let choice = self.plan.choice(id);
        let value = inputs.first().copied().flatten().unwrap_or_default();
        let arm = arm_of(choice, value).and_then(|arm| choice.arms.get(arm as usize));
        match arm {
            Some(arm) => Ok(one(Piece::Text(arm.name.to_string()))),
            None => {
                let known: Vec<_> = choice.arms.iter().map(|arm| &*arm.name).collect();
                Err(Refusal(format!("`{value}` selects none of {}", known.join(", "))))
            }
        }
    }

    /// True unless the line is a selector whose arm leaves the leaf to a line inside.
    pub(super) fn claims_selector(&self, id: LineId) -> bool {
        let Codec::Arms(choice) = self.plan.line(id).codec else { return true };
        let arm = self.arms.get(choice as usize).copied().flatten();
        let arm = arm.and_then(|arm| self.plan.choice(choice).arms.get(arm as usize));
        arm.is_none_or(|arm| arm.writes.is_some())
    }

    /// Runs the lines that waited for a canonical value.
    pub(super) fn run_deferred(&mut self) {
        let opened = OnceCell::new();
        for Waiting { entry, line, node } in std::mem::take(&mut self.deferred) {
            let Some(entry) = entry else { continue };
            let guards = &self.plan.line(line).guards;
            if guards.iter().all(|guard| self.value_holds(*guard, entry, &opened)) {
                self.run(line, node, Some(entry));
            }
        }
    }

    fn value_holds(&self, guard: Guard, entry: EntryId, opened: &OnceCell<Entries>) -> bool {
        let choice = self.plan.choice(guard.choice);
        let (LooksAt::Value, Some(field)) = (&choice.looks_at, choice.field) else {
            return self.arms.get(guard.choice as usize) == Some(&Some(guard.arm));
        };
        let owner = match choice.scope {
            ScopeId::DOCUMENT => Some(EntryId::ROOT),
            scope => Self::enclosing(opened.get_or_init(|| self.opened()), entry, scope),
        };
        let value = owner.and_then(|owner| self.values.get(&(owner, field)));
        value.and_then(|value| arm_of(choice, value)) == Some(guard.arm)
    }

    /// All entries by their numbers.
    fn opened(&self) -> Entries {
        let mut opened = Entries::default();
        for entry in &self.entries {
            opened.entry(entry.entry).or_insert(*entry);
        }
        opened
    }

    /// The entry of a scope that an entry stands in.
    fn enclosing(opened: &Entries, entry: EntryId, scope: ScopeId) -> Option<EntryId> {
        let mut at = opened.get(&entry)?;
        while at.scope != scope {
            if at.parent == at.entry {
                return None;
            }
            at = opened.get(&at.parent)?;
        }
        Some(at.entry)
    }

    /// The finding for a selector without an arm.
    pub(super) fn no_arm(&mut self, node: NodeId, message: String) {
        self.note(Finding::warning(&NO_ARM, message), node);
    }
}

/// The arm that a value selects.
pub(crate) fn arm_of(choice: &Choice, value: &str) -> Option<u8> {
    choice.arms.iter().position(|arm| arm.test.holds(Some(value))).map(|at| at as u8)
}
