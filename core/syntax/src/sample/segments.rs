//! Messages of EDIFACT and X12. A segment is written only where a reader finds it again: the structure pass that
//! readers use says where that is.

use dragoman_tree::{Kind, PlaceId, Tree};

use super::Generator;
use crate::grammar::{Condition, Grammar, Relation};
use crate::segments::structure::{Cursor, Outline};

/// The segments that the writer makes.
const ENVELOPE: [&str; 8] = ["UNA", "UNB", "UNG", "UNH", "UIH", "ISA", "GS", "ST"];

/// A whole message, but for its envelope.
pub(super) fn message(generator: Generator) -> Tree<'static> {
    let outline = Outline::new(generator.grammar.clone());
    let mut message = Segments { made: generator, outline, cursor: Cursor::default() };
    message.cursor.restart();
    message.made.open(Grammar::ROOT);
    message.children(Grammar::ROOT);
    message.made.build.close();
    message.made.build.finish()
}

struct Segments {
    made: Generator,
    outline: Outline,
    cursor: Cursor,
}

impl Segments {
    /// Fills the message, or what follows the trigger of a group, with segments and groups.
    fn children(&mut self, parent: PlaceId) {
        let grammar = self.made.grammar.clone();
        let is_loop = grammar.place(parent).kind == Kind::Group && self.outline.opener(parent) != parent;
        for place in grammar.children(parent).skip(usize::from(is_loop)) {
            if !ENVELOPE.contains(&grammar.name_of(place)) {
                self.occurrences(place);
            }
        }
    }

    /// Writes a segment or group as often as chance has it, where a reader finds it again.
    fn occurrences(&mut self, place: PlaceId) {
        let is_group = self.made.grammar.place(place).kind == Kind::Group;
        let segment = if is_group { self.outline.opener(place) } else { place };
        for _ in 0..self.made.times(place) {
            if !self.goes_to(segment) {
                return;
            }
            if is_group {
                self.made.open(place);
                if segment == place {
                    self.children(place);
                    self.cursor.end(&self.outline, self.outline.tag(place));
                } else {
                    self.made.segment(segment);
                    self.children(place);
                }
                self.made.build.close();
            } else {
                self.made.segment(segment);
            }
        }
    }

    /// Moves to the place of a segment, where a reader would take it for that.
    fn goes_to(&mut self, segment: PlaceId) -> bool {
        let grammar = self.made.grammar.clone();
        let tag = self.outline.tag(segment);
        let fixed = |position: u32| {
            let at = |child: &PlaceId| u32::from(grammar.place(*child).position) == position;
            let child = grammar.children(segment).find(at);
            child.and_then(|child| grammar.place(child).fixed.as_deref()).unwrap_or_default().as_bytes()
        };
        let mut ahead = self.cursor.clone();
        let target = ahead.place(&self.outline, tag, &fixed, 0);
        let is_found = target.is_some_and(|target| target.segment == segment);
        if is_found {
            self.cursor = ahead;
        }
        is_found
    }
}

impl Generator {
    /// A segment with what its syntax notes demand together.
    fn segment(&mut self, place: PlaceId) {
        let grammar = self.grammar.clone();
        self.open(place);
        let mut there = self.present(place);
        let conditions = grammar.rules_of(place).map_or(&[][..], |rules| &rules.conditions);
        // One repair may call for another, but not for ever: each position is described once.
        for _ in 0..=conditions.len() {
            for condition in conditions {
                mend(condition, &grammar, place, &mut there);
            }
        }
        self.elements(&there);
        self.build.close();
    }

    /// Which elements of a segment or composite are there: what is optional every other time, the first always.
    fn present(&mut self, parent: PlaceId) -> Vec<PlaceId> {
        let grammar = self.grammar.clone();
        let mut there = Vec::new();
        for (index, place) in grammar.children(parent).enumerate() {
            let found = grammar.place(place);
            // What repeats another value is the writer's.
            let may_be = !found.same && (index == 0 || self.random.once_in(2));
            if found.min > 0 || found.fixed.is_some() || may_be {
                there.push(place);
            }
        }
        there
    }

    fn elements(&mut self, there: &[PlaceId]) {
        let grammar = self.grammar.clone();
        for place in there.iter().copied() {
            let found = grammar.place(place);
            let least = found.min.max(1);
            for _ in 0..self.random.between(least, found.max.min(least + 1)) {
                if found.kind == Kind::Composite {
                    self.open(place);
                    let components = self.present(place);
                    self.elements(&components);
                    self.build.close();
                } else {
                    self.leaf(place);
                }
            }
        }
    }
}

/// Adds or takes away elements so that a syntax note holds.
fn mend(condition: &Condition, grammar: &Grammar, segment: PlaceId, there: &mut Vec<PlaceId>) {
    let at =
        |position: u16| grammar.children(segment).find(|child| grammar.place(*child).position == position);
    let is_there = |there: &[PlaceId], position| at(position).is_some_and(|place| there.contains(&place));
    if condition.holds(|position| is_there(there, position)) {
        return;
    }
    let described: Vec<PlaceId> = condition.positions.iter().filter_map(|position| at(*position)).collect();
    if condition.relation == Relation::Exclusive {
        let keep = described.iter().find(|place| there.contains(place)).copied();
        there.retain(|place| !described.contains(place) || Some(*place) == keep);
    } else if described.len() == condition.positions.len() {
        let only_first = condition.relation == Relation::Required;
        let added = described.into_iter().take(if only_first { 1 } else { usize::MAX });
        there.extend(added.filter(|place| !there.contains(place)).collect::<Vec<_>>());
    } else {
        // What it asks for is not described: what asks for it goes.
        there.retain(|place| !described.contains(place) || grammar.place(*place).min > 0);
    }
    there.sort_unstable();
}
