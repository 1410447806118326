//! `choose` and `a | b`: lines that count only where their arm is taken.

use dragoman_tree::PlaceId;

use super::{Context, Lowering, Outcome};
use crate::codec::Codec;
use crate::language::ast::{ArmTest, Arrow, Choose, Map, Predicate, Selector, WirePath};
use crate::plan::{Arm, Choice, ChoiceId, Guard, Hop, Leaf, Line, LooksAt, Spread, Test};

impl Lowering<'_> {
    pub(super) fn choose(&mut self, cx: &Context<'_>, choose: &Choose) -> Outcome<()> {
        let field = self.field(cx, &choose.path)?;
        let looks_at = match &choose.wire {
            Some(path) => {
                let place = self.plan.slot(cx.slot).place;
                LooksAt::Wire(self.leaf_path(cx, place, path)?)
            }
            None => LooksAt::Value,
        };
        let by_value = matches!(looks_at, LooksAt::Value);
        let mut arms = Vec::new();
        for arm in &choose.arms {
            arms.push(self.arm(cx, arm)?);
        }
        self.disjoint(cx, choose, &arms)?;
        let choice = Choice {
            scope: cx.scope,
            field: Some(field),
            slot: cx.slot,
            looks_at,
            arms,
            source: cx.source(&cx.rule),
        };
        let id = self.add_choice(choice);
        if !by_value {
            self.selector_line(cx, choose, field, id)?;
        }
        for (number, arm) in choose.arms.iter().enumerate() {
            let mut guards = cx.guards.clone();
            guards.push(Guard { choice: id, arm: number as u8 });
            let sparse = cx.sparse || arm.sparse;
            let sparse_block = cx.sparse_block || arm.sparse;
            self.block(&Context { guards, sparse, sparse_block, ..cx.clone() }, &arm.rules);
        }
        Ok(())
    }

    fn arm(&mut self, cx: &Context<'_>, arm: &crate::language::ast::Arm) -> Outcome<Arm> {
        let (test, writes) = match &arm.test {
            ArmTest::Name => (Test::In(vec![arm.name.is.as_str().into()]), Some(arm.name.is.as_str().into())),
            ArmTest::Literals(values) => {
                let values: Vec<Box<str>> = values.iter().map(|value| value.is.as_str().into()).collect();
                let first = values.first().cloned();
                (Test::In(values), first)
            }
            ArmTest::Regex(regex) => (Test::Matches(self.regex(cx, &regex.at, &regex.is)?), None),
        };
        Ok(Arm { name: arm.name.is.as_str().into(), test, writes, sparse: arm.sparse })
    }

    /// Arms must not share a value: a literal of one may not match another.
    fn disjoint(&mut self, cx: &Context<'_>, choose: &Choose, arms: &[Arm]) -> Outcome<()> {
        for (index, arm) in arms.iter().enumerate() {
            let Test::In(values) = &arm.test else { continue };
            for value in values {
                let others = arms.iter().enumerate().filter(|(other, _)| *other != index);
                if let Some((other, _)) = others.into_iter().find(|(_, other)| other.test.holds(Some(value)))
                {
                    let (one, two) = (&arm.name, arms.get(other).map_or("", |arm| &arm.name));
                    let at = choose.arms.get(index.max(other)).map_or(&cx.rule, |arm| &arm.name.at);
                    return self.refuse_hint(
                        cx,
                        at,
                        format!("the arms `{one}` and `{two}` both take \"{value}\""),
                        "arms of a choice must be disjoint; narrow the regular expression or the literals",
                    );
                }
            }
        }
        let patterns: Vec<&str> = arms.iter().filter_map(pattern).collect();
        if patterns.len() > 1 && !have_own_lengths(&patterns) {
            return self.refuse_hint(
                cx,
                &cx.rule,
                "two arms with regular expressions cannot be shown to be disjoint",
                "tell them apart by length alone (`.{10}`, `.{1,9}`, `.{19,}`), write one as literals, or join them",
            );
        }
        Ok(())
    }

    /// The line that reads and writes the selector itself.
    fn selector_line(
        &mut self,
        cx: &Context<'_>,
        choose: &Choose,
        field: PlaceId,
        choice: ChoiceId,
    ) -> Outcome<()> {
        let Some(path) = &choose.wire else { return Ok(()) };
        let slot = self.slot(cx, path, false)?;
        self.add_line(Line {
            scope: cx.scope,
            arrow: Arrow::Both,
            guards: cx.guards.clone(),
            fields: vec![field],
            list: None,
            anchor: slot,
            leaves: vec![Leaf::new(slot, Vec::new())],
            codec: Codec::Arms(choice),
            spread: Spread::Once,
            derived: None,
            position: false,
            default: None,
            always: false,
            empty: false,
            sparse: cx.sparse,
            reference: None,
            source: cx.source(&cx.rule),
        });
        Ok(())
    }

    /// `left <=> a | b`: one arm an alternative; the first that is not empty is read, the first is written.
    pub(super) fn alternatives(&mut self, cx: &Context<'_>, map: &Map, all: &[Selector]) -> Outcome<()> {
        let place = self.plan.slot(cx.slot).place;
        let mut paths = Vec::new();
        let mut arms = Vec::new();
        for (number, selector) in all.iter().enumerate() {
            paths.push(self.hops(cx, place, &selector.path)?);
            let name: Box<str> = number.to_string().into();
            arms.push(Arm { name: name.clone(), test: Test::Present, writes: None, sparse: false });
        }
        let id = self.add_choice(Choice {
            scope: cx.scope,
            field: None,
            slot: cx.slot,
            looks_at: LooksAt::First(paths),
            arms,
            source: cx.source(&cx.rule),
        });
        for (number, selector) in all.iter().enumerate() {
            let mut guards = cx.guards.clone();
            guards.push(Guard { choice: id, arm: number as u8 });
            self.mapped(&Context { guards, ..cx.clone() }, map, &selector.path, selector.cells.as_ref())?;
        }
        Ok(())
    }

    /// The way to an alternative, with what selects its elements.
    fn hops(&mut self, cx: &Context<'_>, place: PlaceId, path: &WirePath) -> Outcome<Vec<Hop>> {
        let mut hops: Vec<Hop> = Vec::new();
        for step in &path.steps {
            let at = hops.last().map_or(place, |hop| hop.place);
            let only = WirePath { steps: vec![step.clone()], at: step.at.clone() };
            let places = self.leaf_path(cx, at, &only)?;
            hops.extend(places.into_iter().map(|place| Hop { place, conditions: Vec::new() }));
            for predicate in &step.predicates {
                let Predicate::Conditions(conditions) = predicate else { continue };
                for condition in conditions {
                    let Some(hop) = hops.last_mut() else { continue };
                    let condition = self.condition(cx, hop.place, condition)?;
                    hop.conditions.push(condition);
                }
            }
        }
        Ok(hops)
    }
}

fn pattern(arm: &Arm) -> Option<&str> {
    let Test::Matches(regex) = &arm.test else { return None };
    regex.as_str().strip_prefix("^(?:")?.strip_suffix(")$")
}

/// True where patterns ask for lengths alone, and no length is asked for twice.
fn have_own_lengths(patterns: &[&str]) -> bool {
    let all: Option<Vec<Vec<(u32, u32)>>> =
        patterns.iter().map(|pattern| pattern.split('|').map(lengths).collect()).collect();
    let Some(mut all) = all.map(|all| all.concat()) else { return false };
    all.sort_unstable();
    all.windows(2).all(|pair| matches!(pair, [one, two] if one.1 < two.0))
}

/// `.{10}`, `.{1,9}`, `.{19,}`: the least and the greatest length.
fn lengths(pattern: &str) -> Option<(u32, u32)> {
    let range = pattern.strip_prefix(".{")?.strip_suffix('}')?;
    let (least, most) = range.split_once(',').unwrap_or((range, range));
    let most = if most.is_empty() { u32::MAX } else { most.parse().ok()? };
    Some((least.parse().ok()?, most))
}

#[cfg(test)]
mod tests {
    use super::have_own_lengths;

    #[test]
    fn lengths_tell_patterns_apart() {
        assert!(have_own_lengths(&[".{10}", ".{18}", ".{1,9}|.{11,17}|.{19,}"]));
        for other in
            [&[".{10}", ".{1,10}"][..], &[".{10}", "[0-9]{18}"], &[".{19,}", ".{20}"], &[".{x}", ".{1}"]]
        {
            assert!(!have_own_lengths(other), "{other:?}");
        }
    }
}
