//! What is refused when a mapping is loaded, beyond paths that lead nowhere.

use dragoman_syntax::grammar::Syntax;
use dragoman_tree::{Kind, PlaceId};

use super::{Context, Lowering, Outcome};
use crate::codec::Codec;
use crate::language::LoadError;
use crate::language::ast::{Arrow, Map};
use crate::plan::{Condition, Guard, Line, LineId, LooksAt, ScopeId, Select, SlotId, Source, Spread, Test};

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
            let id = SlotId(number);
            self.one_writer(id);
            self.carried_alone(id);
            self.selections(id);
            self.predicate(id);
            self.mandatory(id);
            self.lonely_constant(id);
            self.spread_alone(id);
        }
        self.one_reader();
        self.choice_cycles();
        self.choice_lists();
    }

    pub(super) fn report(&mut self, source: &Source, message: String, hint: Option<String>) {
        let mut error = LoadError::new(&source.file, &source.at, message);
        error.hint = hint;
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    fn report_two(&mut self, one: LineId, two: LineId, message: String) {
        let other = self.plan.line(one).source.clone();
        let source = self.plan.line(two).source.clone();
        let hint = if other.file == source.file {
            format!("the other one is on line {}", other.line)
        } else {
            format!("the other one is on line {} of {}", other.line, other.file)
        };
        self.report(&source, message, Some(hint));
    }

    /// No two lines write one leaf, but in different arms of one choice.
    fn one_writer(&mut self, id: SlotId) {
        let writers = self.lines_of(id, |line| line.arrow != Arrow::Read);
        if let Some((one, two)) = first_pair(&writers, |one, two| self.clash(one, two)) {
            let path = self.plan.grammar.path(self.plan.slot(id).place);
            self.report_two(one, two, format!("two lines write `{path}`"));
        }
    }

    /// No two lines read one canonical leaf of one scope, but in different arms.
    fn one_reader(&mut self) {
        let lines = self.plan.lines.iter().enumerate();
        let reading = lines.filter(|(_, line)| line.arrow != Arrow::Write && line.list.is_none());
        let mut readers: Vec<(ScopeId, PlaceId, LineId)> = reading
            .flat_map(|(id, line)| line.fields.iter().map(move |field| (line.scope, *field, id as LineId)))
            .filter(|(_, field, _)| !self.schema.get(*field).is_some_and(|found| found.list))
            .collect();
        readers.sort_unstable();
        let shared: Vec<_> = readers
            .chunk_by(|one, two| (one.0, one.1) == (two.0, two.1))
            .filter_map(|run| {
                let lines: Vec<LineId> = run.iter().map(|(_, _, line)| *line).collect();
                let guards = |line: LineId| &self.plan.line(line).guards;
                let pair = first_pair(&lines, |one, two| !exclusive(guards(one), guards(two)))?;
                Some((run.first()?.1, pair))
            })
            .collect();
        for (field, (one, two)) in shared {
            self.report_two(one, two, format!("two lines read `{}`", self.schema.path(field)));
        }
    }

    fn lines_of(&self, id: SlotId, of: impl Fn(&Line) -> bool) -> Vec<LineId> {
        self.plan.slot(id).leaf_of.iter().copied().filter(|line| of(self.plan.line(*line))).collect()
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

    /// What selects among the repeats of one place must tell them apart.
    fn selections(&mut self, id: SlotId) {
        let slot = self.plan.slot(id);
        let siblings: Vec<SlotId> = self.plan.slot(slot.parent_or(id)).children.clone();
        let same =
            |other: &SlotId| *other > id && self.plan.slot(*other).place == slot.place && id != SlotId::ROOT;
        let others: Vec<SlotId> = siblings.iter().copied().filter(same).collect();
        let name = self.plan.grammar.name_of(slot.place).to_owned();
        let overlap = others.iter().find(|other| overlaps(&slot.select, &self.plan.slot(**other).select));
        if let Some(other) = overlap.copied() {
            let rests = matches!(slot.select, Select::Rest);
            let source = self.source_of(other).or_else(|| self.source_of(id));
            let (message, hint) = if rests {
                (format!("`{name}[rest]` stands twice"), "what is left can go to one place only")
            } else {
                let of = |id: SlotId| self.plan.selection(self.plan.slot(id)).unwrap_or_else(|| name.clone());
                (
                    format!("{} and {} can take the same one", of(id), of(other)),
                    "make the predicates disjoint",
                )
            };
            if let Some(source) = source {
                self.report(&source, message, Some(hint.into()));
            }
        }
        if let Select::From(number) = self.plan.slot(id).select
            && number > 1
            && !siblings
                .iter()
                .any(|other| matches!(self.plan.slot(*other).select, Select::Nth(at) if at + 1 == number))
            && let Some(source) = self.source_of(id)
        {
            let message = format!("`{name}[{number}..]` without `{name}[{}]`", number - 1);
            self.report(
                &source,
                message,
                Some("written alone, the second would be read as the first".into()),
            );
        }
    }

    /// A predicate must construct what it selects, or a line must write what it looks at.
    fn predicate(&mut self, id: SlotId) {
        let slot = self.plan.slot(id);
        if slot.extension.is_some() {
            return;
        }
        let name = self.plan.grammar.name_of(slot.place).to_owned();
        if matches!(slot.select, Select::Rest) && !self.writes_any_qualifier(id) {
            if let Some(source) = self.source_of(id) {
                let message =
                    format!("`{name}[rest]` has no line for the qualifier that tells its entries apart");
                self.report(&source, message, Some("map the leaf that the other predicates compare".into()));
            }
            return;
        }
        let Select::Where(conditions) = &slot.select else { return };
        for condition in conditions.clone() {
            let leaf = self.slot_below(id, &condition.path);
            let lines =
                leaf.map(|leaf| self.lines_of(leaf, |line| line.arrow != Arrow::Read)).unwrap_or_default();
            let constant = leaf.is_some_and(|leaf| self.plan.slot(leaf).literal.is_some());
            let path: Vec<_> = condition.path.iter().map(|place| self.plan.grammar.name_of(*place)).collect();
            let path = path.join("/");
            if constant && let Some(line) = lines.first() {
                let source = self.plan.line(*line).source.clone();
                let message = format!("`{path}` is fixed by the predicate of `{name}` and mapped again");
                self.report(&source, message, Some("leave out this line".into()));
            } else if !constant && lines.is_empty() && !matches!(condition.test, Test::Absent) {
                let Some(source) = self.source_of(id) else { return };
                let message = format!("the predicate on `{path}` selects, and nothing writes it");
                let hint = "compare with one value, or map the leaf in the block";
                self.report(&source, message, Some(hint.into()));
            }
        }
    }

    /// True where a line inside writes a leaf that a sibling's predicate compares.
    fn writes_any_qualifier(&self, id: SlotId) -> bool {
        let slot = self.plan.slot(id);
        let siblings = self.plan.slot(slot.parent_or(id)).children.iter().map(|other| self.plan.slot(*other));
        let mut compared = siblings.filter(|other| other.place == slot.place).flat_map(|other| match &other
            .select
        {
            Select::Where(conditions) => conditions.iter().map(|condition| condition.path.clone()).collect(),
            _ => Vec::new(),
        });
        compared.any(|path| {
            self.slot_below(id, &path)
                .is_some_and(|leaf| !self.lines_of(leaf, |line| line.arrow != Arrow::Read).is_empty())
        })
    }

    pub(super) fn slot_below(&self, from: SlotId, path: &[PlaceId]) -> Option<SlotId> {
        path.iter().try_fold(from, |at, place| {
            let children = &self.plan.slot(at).children;
            children.iter().copied().find(|child| self.plan.slot(*child).place == *place)
        })
    }

    /// What is written must be whole: the grammar's mandatory siblings are written too.
    fn mandatory(&mut self, id: SlotId) {
        let slot = self.plan.slot(id);
        if !slot.writes || slot.ignored.is_some() || slot.extension.is_some() {
            return;
        }
        let grammar = self.plan.grammar.clone();
        let written = |place: PlaceId| {
            slot.children.iter().any(|child| {
                let child = self.plan.slot(*child);
                child.place == place && (child.writes || child.ignored.is_some())
            })
        };
        let missing = grammar.children(slot.place).find(|place| {
            let found = grammar.place(*place);
            found.min > 0 && !written(*place) && !self.made_by_writer(*place)
        });
        let (Some(place), Some(source)) = (missing, self.source_of(id)) else { return };
        if self.is_partial(id) {
            return;
        }
        let (name, parent) = (grammar.name_of(place), grammar.path(slot.place));
        let message = format!("`{parent}` is written without `{name}`, which its grammar demands");
        self.report(&source, message, Some(format!("map `{name}`, or give it a `const`")));
    }

    /// What the writer makes itself: envelope segments, fixed values.
    fn made_by_writer(&self, place: PlaceId) -> bool {
        let found = self.plan.grammar.place(place);
        let fixed = |at: PlaceId| self.plan.grammar.place(at).fixed.is_some();
        let name = self.plan.grammar.name_of(place);
        let envelope = match self.plan.grammar.syntax {
            Syntax::Edifact => matches!(name, "UNB" | "UNH" | "S009" | "UNT" | "UNZ"),
            Syntax::X12 => {
                let parent = self.plan.grammar.name_of(found.parent);
                matches!(name, "ISA" | "GS" | "ST") || matches!(parent, "GS" | "ST")
            }
            Syntax::Flat => found.same,
            Syntax::Xml | Syntax::Json => false,
        };
        envelope || fixed(place) || (place.0..found.end.0).map(PlaceId).any(fixed)
    }

    /// True where the slot is only written in one direction of a document (JSON orders are never written whole).
    fn is_partial(&self, _id: SlotId) -> bool {
        self.plan.grammar.syntax == Syntax::Json
    }

    /// A constant must not bring an optional group to life alone.
    fn lonely_constant(&mut self, id: SlotId) {
        let slot = self.plan.slot(id);
        let Some(literal) = slot.literal.as_ref().filter(|literal| !literal.selects) else { return };
        let source = literal.source.clone();
        let mut at = slot.parent;
        while at != SlotId::NONE && at != SlotId::ROOT {
            let around = self.plan.slot(at);
            let place = self.plan.grammar.place(around.place);
            let optional = place.min == 0 && place.kind != Kind::Composite;
            if optional && around.entries.is_none() && !self.has_lines(at) {
                let path = self.plan.grammar.path(around.place);
                let message = format!("the constant alone would write `{path}`, which is optional");
                return self.report(&source, message, Some("nothing of the document is in there".into()));
            }
            at = around.parent;
        }
    }

    /// An element that one line spreads a text over is written for the text alone.
    fn spread_alone(&mut self, id: SlotId) {
        let slot = self.plan.slot(id);
        let Some(spread) = slot.spread else { return };
        let inside = |line: &Line| line.leaves.iter().any(|leaf| self.is_within(leaf.slot, id));
        let writes =
            |(number, line): &(LineId, &Line)| *number != spread && line.arrow != Arrow::Read && inside(line);
        let Some((number, _)) = (0..).zip(&self.plan.lines).find(writes) else { return };
        let path = self.plan.grammar.path(slot.place);
        let message =
            format!("`{path}` is written for the text that is spread over it, and another line is inside");
        let hint =
            "open it with a block: `. <=> FTX { code <=> 4441; text <=> . >> 4440 text(cut) }`".to_owned();
        let source = self.plan.line(number).source.clone();
        self.report(&source, message, Some(hint));
    }

    fn is_within(&self, slot: SlotId, outer: SlotId) -> bool {
        let above = |at: &SlotId| Some(self.plan.slot(*at).parent).filter(|parent| *parent != SlotId::NONE);
        slot != SlotId::NONE && std::iter::successors(Some(slot), above).any(|at| at == outer)
    }

    fn has_lines(&self, id: SlotId) -> bool {
        let slot = self.plan.slot(id);
        let bound = slot.entries.is_some() || slot.extension.is_some();
        let own = bound || !slot.leaf_of.is_empty() || !slot.objects.is_empty();
        own || slot.children.iter().any(|child| self.has_lines(*child))
    }

    /// A choice must not depend on a value that only its own arm reads.
    fn choice_cycles(&mut self) {
        for id in 0..self.plan.choices.len() as u16 {
            let choice = self.plan.choice(id);
            let (LooksAt::Value, Some(field)) = (&choice.looks_at, choice.field) else { continue };
            let source = choice.source.clone();
            let mut readers = self.plan.lines.iter().filter(|line| line.fields.contains(&field));
            if readers.any(|line| line.guards.iter().any(|guard| guard.choice == id)) {
                let path = self.schema.path(field);
                let message = format!("the choice looks at `{path}`, which its own arm reads");
                self.report(&source, message, Some("move the line out of the choice".into()));
            }
        }
    }

    /// A list cannot wait for a canonical value.
    fn choice_lists(&mut self) {
        let waits = |guard: &Guard| matches!(self.plan.choice(guard.choice).looks_at, LooksAt::Value);
        let waiting = self.plan.scopes.iter().find(|scope| scope.guards.iter().any(waits));
        let spread =
            self.plan.lines.iter().find(|line| line.spread != Spread::Once && line.guards.iter().any(waits));
        let source = waiting.map(|scope| &scope.source).or(spread.map(|line| &line.source)).cloned();
        if let Some(source) = source {
            let message = "a list in an arm of a choice by canonical value is not in this version".to_owned();
            self.report(&source, message, Some("choose by a wire leaf".into()));
        }
    }

    fn source_of(&self, id: SlotId) -> Option<Source> {
        self.plan.source_of(self.plan.slot(id)).cloned()
    }
}

fn first_pair(lines: &[LineId], clash: impl Fn(LineId, LineId) -> bool) -> Option<(LineId, LineId)> {
    lines.iter().enumerate().find_map(|(at, one)| {
        let two = lines.iter().skip(at + 1).find(|two| clash(*one, **two))?;
        Some((*one, *two))
    })
}

fn exclusive(one: &[Guard], two: &[Guard]) -> bool {
    one.iter().any(|a| two.iter().any(|b| a.choice == b.choice && a.arm != b.arm))
}

/// True where two selections of one place can take the same occurrence.
fn overlaps(one: &Select, two: &Select) -> bool {
    match (one, two) {
        (Select::Rest, Select::Rest) => true,
        (Select::Rest, _) | (_, Select::Rest) => false,
        (Select::Nth(a), Select::Nth(b)) => a == b,
        (Select::Nth(n), Select::From(from)) | (Select::From(from), Select::Nth(n)) => n >= from,
        (Select::Where(a), Select::Where(b)) => !disjoint(a, b),
        _ => true,
    }
}

fn disjoint(one: &[Condition], two: &[Condition]) -> bool {
    one.iter().any(|a| {
        two.iter().filter(|b| a.path == b.path).any(|b| match (&a.test, &b.test) {
            (Test::In(values), other) | (other, Test::In(values)) => {
                values.iter().all(|value| !other.holds(Some(value)))
            }
            (Test::Absent, other) | (other, Test::Absent) => !matches!(other, Test::Absent),
            _ => false,
        })
    })
}
