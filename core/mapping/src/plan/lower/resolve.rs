//! Wire paths to slots.

use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_tree::{Kind, PlaceId};
use regex::Regex;

use super::{Context, Lowering, Outcome};
use crate::language::ast::{self, Predicate, Setting, Step, WirePath};
use crate::plan::{Condition, Literal, Select, Slot, SlotId, Test};

impl Lowering<'_> {
    /// The names that a wire name stands for: itself, or the alternatives of an alias.
    pub(super) fn aliases(cx: &Context<'_>, name: &str) -> Vec<String> {
        let group = name.strip_prefix('<').and_then(|tag| tag.strip_suffix('>'));
        let plain = group.unwrap_or(name);
        let found = cx.file.settings.iter().find_map(|setting| match setting {
            Setting::Alias(alias, names) if alias.is == plain => Some(names),
            _ => None,
        });
        let dress = |name: &str| if group.is_some() { format!("<{name}>") } else { name.to_owned() };
        found
            .map_or_else(|| vec![name.to_owned()], |names| names.iter().map(|name| dress(&name.is)).collect())
    }

    /// The slot of a path below the context's slot. The last step may repeat only where `list` says so.
    pub(super) fn slot(&mut self, cx: &Context<'_>, path: &WirePath, list: bool) -> Outcome<SlotId> {
        let mut slot = cx.slot;
        for (index, step) in path.steps.iter().enumerate() {
            let last = index + 1 == path.steps.len();
            slot = self.step(cx, slot, step, list && last)?;
        }
        Ok(slot)
    }

    fn step(&mut self, cx: &Context<'_>, from: SlotId, step: &Step, list: bool) -> Outcome<SlotId> {
        let chain = self.places(cx, self.plan.slot(from).place, step)?;
        let mut slot = from;
        for (index, place) in chain.iter().enumerate() {
            let last = index + 1 == chain.len();
            let select = if last { self.select(cx, *place, step)? } else { self.first_of_composite(*place) };
            let grammar = &self.plan.grammar;
            let repeats = grammar.place(*place).max > 1;
            let selected = !matches!(select, Select::Any | Select::From(_) | Select::Rest);
            if repeats && !selected && !(list && last) {
                let name = grammar.name_of(*place).to_owned();
                return self.refuse_hint(
                    cx,
                    &step.at,
                    format!("`{name}` can occur {} times here, and this line would take only one", times(grammar, *place)),
                    "make it a list (`path[] <=> …`), select one (`[n]`, `[code = \"x\"]`), or read all (`>>`)",
                );
            }
            slot = self.child_slot(slot, *place, select, list && last);
            if last {
                self.predicate_literals(cx, slot, step)?;
            }
        }
        Ok(slot)
    }

    /// The places that a step walks through: one, or two where a composite was left out.
    fn places(&mut self, cx: &Context<'_>, from: PlaceId, step: &Step) -> Outcome<Vec<PlaceId>> {
        let name = cx.expand(&step.name);
        let names = Self::aliases(cx, &name);
        let grammar = self.plan.grammar.clone();
        if names.iter().filter(|name| grammar.child(from, name).is_some()).count() > 1 {
            let message = format!("`{name}` stands for {}, and this grammar has both", names.join(" and "));
            return self.refuse_hint(
                cx,
                &step.at,
                message,
                "an alias names what is called differently elsewhere",
            );
        }
        for name in &names {
            let twins: Vec<_> = grammar
                .children_named(from, name)
                .filter(|place| (grammar.place(*place).kind == Kind::Attribute) == step.attribute)
                .filter(|place| step.role.as_ref().is_none_or(|role| has_role(&grammar, *place, role)))
                .collect();
            let nth = step.nth_place.unwrap_or(1) as usize;
            if let Some(place) = twins.get(nth.saturating_sub(1)) {
                return Ok(vec![*place]);
            }
            if let Some(chain) = through_composite(&grammar, from, name) {
                return match chain.as_slice() {
                    [only] => Ok(only.clone()),
                    _ => self.refuse_hint(
                        cx,
                        &step.at,
                        format!("`{name}` stands in several composites of `{}`", grammar.name_of(from)),
                        "name the composite too, such as `C502/6313`",
                    ),
                };
            }
        }
        self.missing(cx, from, step, &name)
    }

    /// The step leads nowhere in this grammar: inert here, refused where it fits no use at all.
    fn missing<T>(&mut self, cx: &Context<'_>, from: PlaceId, step: &Step, name: &str) -> Outcome<T> {
        let grammar = &self.plan.grammar;
        let known: Vec<_> = grammar.children(from).map(|place| grammar.name_of(place)).collect();
        let near = dragoman_model::nearest(name, known.iter().copied());
        let hint = near.map(|near| format!("did you mean `{near}`?"));
        let message = format!("`{}` has no `{name}` in {}", grammar.path(from), grammar.name());
        self.inert(cx, &step.at, message, hint)
    }

    fn select(&mut self, cx: &Context<'_>, place: PlaceId, step: &Step) -> Outcome<Select> {
        let mut all = Vec::new();
        for predicate in &step.predicates {
            match predicate {
                Predicate::Nth(number) => return Ok(Select::Nth(*number)),
                Predicate::From(number) => return Ok(Select::From(*number)),
                Predicate::Rest(_) => return Ok(Select::Rest),
                Predicate::Conditions(conditions) => {
                    for condition in conditions {
                        all.push(self.condition(cx, place, condition)?);
                    }
                }
            }
        }
        Ok(if all.is_empty() { Select::Any } else { Select::Where(all) })
    }

    /// Compiles a comparison of a leaf below `place`.
    pub(super) fn condition(
        &mut self,
        cx: &Context<'_>,
        place: PlaceId,
        condition: &ast::Condition,
    ) -> Outcome<Condition> {
        let path = self.leaf_path(cx, place, &condition.path)?;
        let boxed = |values: &[String]| values.iter().map(|value| value.as_str().into()).collect();
        let test = match &condition.test {
            ast::Test::In(values) => Test::In(boxed(values)),
            ast::Test::Not(value) => Test::Not(value.as_str().into()),
            ast::Test::Matches(pattern) => Test::Matches(self.regex(cx, &condition.at, pattern)?),
            ast::Test::Absent => Test::Absent,
            ast::Test::Present => Test::Present,
        };
        Ok(Condition { path, test })
    }

    /// A regular expression that must match the whole value.
    pub(super) fn regex(&mut self, cx: &Context<'_>, at: &ast::At, pattern: &str) -> Outcome<Regex> {
        match Regex::new(&format!("^(?:{pattern})$")) {
            Ok(regex) => Ok(regex),
            Err(_) => self.refuse(cx, at, format!("`/{pattern}/` is no regular expression")),
        }
    }

    /// A path as places below `place`, without slots: for looking, not for claiming.
    pub(super) fn leaf_path(
        &mut self,
        cx: &Context<'_>,
        place: PlaceId,
        path: &WirePath,
    ) -> Outcome<Vec<PlaceId>> {
        let mut at = place;
        let mut chain = Vec::new();
        for step in &path.steps {
            let places = self.places(cx, at, step)?;
            at = places.last().copied().unwrap_or(at);
            chain.extend(places);
        }
        Ok(chain)
    }

    /// The slot of a chain of places below another, each without a predicate.
    pub(super) fn chain_slot(&mut self, from: SlotId, chain: &[PlaceId]) -> SlotId {
        chain.iter().fold(from, |slot, place| {
            let select = self.first_of_composite(*place);
            self.child_slot(slot, *place, select, false)
        })
    }

    /// A mandatory composite that repeats in some directories: left out of a path it means its first occurrence.
    fn first_of_composite(&self, place: PlaceId) -> Select {
        let found = self.plan.grammar.place(place);
        let repeats = found.kind == Kind::Composite && found.max > 1 && found.min > 0;
        if repeats { Select::Nth(1) } else { Select::Any }
    }

    /// A predicate with one value writes it: selects when reading, constructs when writing.
    fn predicate_literals(&mut self, cx: &Context<'_>, slot: SlotId, step: &Step) -> Outcome<()> {
        let conditions = step.predicates.iter().filter_map(|predicate| match predicate {
            Predicate::Conditions(conditions) => Some(conditions),
            _ => None,
        });
        for condition in conditions.flatten() {
            let ast::Test::In(values) = &condition.test else { continue };
            let [value] = values.as_slice() else { continue };
            let place = self.plan.slot(slot).place;
            let chain = self.leaf_path(cx, place, &condition.path)?;
            let leaf = self.chain_slot(slot, &chain);
            let source = cx.source(&condition.at);
            let literal = Literal {
                value: value.as_str().into(),
                keep: None,
                selects: true,
                guards: Vec::new(),
                source,
            };
            self.slot_mut(leaf).literal.get_or_insert(literal);
        }
        Ok(())
    }

    /// The child slot of a place with that selection: an existing one, or a new one.
    fn child_slot(&mut self, parent: SlotId, place: PlaceId, select: Select, list: bool) -> SlotId {
        let known = self.plan.slot(parent).children.iter().copied().find(|child| {
            let slot = self.plan.slot(*child);
            slot.place == place && same(&slot.select, &select)
        });
        if let Some(known) =
            known.filter(|known| !list || !self.plan.slot(*known).repeats(&self.plan.grammar))
        {
            return known;
        }
        self.add_slot(parent, place, select)
    }

    /// Adds a slot below another, in writing order.
    pub(super) fn add_slot(&mut self, parent: SlotId, place: PlaceId, select: Select) -> SlotId {
        let id = SlotId(self.plan.slots.len() as u32);
        self.plan.slots.push(Slot::new(place, select, parent));
        let slots = &self.plan.slots;
        let order = |child: &SlotId| slots.get(child.index()).map_or(PlaceId::NONE, |slot| slot.place);
        let at =
            slots.get(parent.index()).map_or(0, |slot| slot.children.partition_point(|c| order(c) <= place));
        self.slot_mut(parent).children.insert(at, id);
        let last = self.plan.slots_of(place).last();
        match last {
            Some(last) => self.slot_mut(last).twin = id,
            None => {
                if let Some(first) = self.plan.first_slot.get_mut(place.index()) {
                    *first = id;
                }
            }
        }
        id
    }

    #[expect(clippy::indexing_slicing, reason = "ids are indices that this plan gave out")]
    pub(super) fn slot_mut(&mut self, id: SlotId) -> &mut Slot {
        &mut self.plan.slots[id.index()]
    }
}

fn times(grammar: &Grammar, place: PlaceId) -> String {
    match grammar.place(place).max {
        u32::MAX => "any number of".into(),
        max => max.to_string(),
    }
}

fn has_role(grammar: &Grammar, place: PlaceId, role: &str) -> bool {
    let namespace = grammar.place(place).namespace as usize;
    grammar.namespaces.get(namespace).is_some_and(|namespace| &*namespace.prefix == role)
}

/// The ways to reach a component of that name through a composite of a segment; `None` where there is none.
fn through_composite(grammar: &Grammar, from: PlaceId, name: &str) -> Option<Vec<Vec<PlaceId>>> {
    if grammar.syntax != Syntax::Edifact || grammar.get(from)?.kind != Kind::Segment {
        return None;
    }
    let composites = grammar.children(from).filter(|place| grammar.place(*place).kind == Kind::Composite);
    let chains: Vec<_> =
        composites.filter_map(|composite| Some(vec![composite, grammar.child(composite, name)?])).collect();
    (!chains.is_empty()).then_some(chains)
}

fn same(one: &Select, other: &Select) -> bool {
    match (one, other) {
        (Select::Any, Select::Any) | (Select::Rest, Select::Rest) => true,
        (Select::Nth(a), Select::Nth(b)) | (Select::From(a), Select::From(b)) => a == b,
        (Select::Where(a), Select::Where(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| a.path == b.path && same_test(&a.test, &b.test))
        }
        _ => false,
    }
}

fn same_test(one: &Test, other: &Test) -> bool {
    match (one, other) {
        (Test::In(a), Test::In(b)) => a == b,
        (Test::Not(a), Test::Not(b)) => a == b,
        (Test::Matches(a), Test::Matches(b)) => a.as_str() == b.as_str(),
        (Test::Absent, Test::Absent) | (Test::Present, Test::Present) => true,
        _ => false,
    }
}
