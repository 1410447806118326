//! What is refused when a mapping is loaded, beyond paths that lead nowhere.

use super::lower::{Context, Lowering, Outcome};
use super::{Guard, Line, LineId, SlotId};
use crate::codec::Codec;
use crate::language::LoadError;
use crate::language::ast::{Arrow, Map};

impl Lowering<'_> {
    /// A one-way line says why.
    pub(super) fn check_direction(&mut self, cx: &Context<'_>, map: &Map) -> Outcome<()> {
        if map.arrow != Arrow::Both && map.why.is_none() {
            return self.refuse_hint(
                cx,
                &cx.rule,
                "a one-way line must say why",
                "end it with `because \"…\"`, or make it `<=>`",
            );
        }
        Ok(())
    }

    /// The checks that need the whole plan.
    pub(super) fn check(&mut self) {
        for number in 0..self.plan.slots.len() as u32 {
            self.one_writer(SlotId(number));
        }
    }

    /// No two lines write one leaf, but in different arms of one choice.
    fn one_writer(&mut self, id: SlotId) {
        let slot = self.plan.slot(id);
        let writers: Vec<LineId> =
            slot.leaf_of.iter().copied().filter(|line| self.plan.line(*line).arrow != Arrow::Read).collect();
        let clash = writers.iter().enumerate().find_map(|(at, one)| {
            let others = writers.get(at + 1..)?;
            let (one, two) = (*one, *others.iter().find(|two| self.clash(*one, **two))?);
            Some((one, two))
        });
        if let Some((one, two)) = clash {
            let path = self.plan.grammar.path(self.plan.slot(id).place);
            let (one, two) = (self.plan.line(one), self.plan.line(two));
            let first = one.source.clone();
            let source = two.source.clone();
            let error = LoadError::new(&source.file, &source.at, format!("two lines write `{path}`"));
            self.errors
                .push(error.hint(format!("the other one is at byte {} of {}", first.at.start, first.file)));
        }
    }

    fn clash(&self, one: LineId, two: LineId) -> bool {
        let (one, two) = (self.plan.line(one), self.plan.line(two));
        !exclusive(&one.guards, &two.guards) && !self.yields(one, two) && !self.yields(two, one)
    }

    /// The selector of a choice leaves the writing to the lines of an arm with a regular expression.
    fn yields(&self, selector: &Line, other: &Line) -> bool {
        let Codec::Arms(choice) = selector.codec else { return false };
        other.guards.iter().any(|guard| {
            let arm = self.plan.choice(choice).arms.get(guard.arm as usize);
            guard.choice == choice && arm.is_some_and(|arm| arm.writes.is_none())
        })
    }
}

fn exclusive(one: &[Guard], two: &[Guard]) -> bool {
    one.iter().any(|a| two.iter().any(|b| a.choice == b.choice && a.arm != b.arm))
}
