//! A mapping compiled against one grammar: what reading and writing run on.
//!
//! The wire side is a trie of [`Slot`]s (a place of the grammar and what selects among its repeats), the
//! canonical side a tree of [`Scope`]s (the document, and one a list). [`Line`]s tie leaves of the one to leaves of
//! the other. Nothing here is looked up by name when a message is translated.

mod choice;
mod condition;
mod extension;
mod line;
mod lower;
mod scope;
mod slot;

use std::sync::Arc;

pub use choice::{Arm, Choice, ChoiceId, Guard, Hop, LooksAt};
pub use condition::{Condition, Test};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_tree::{Kind, PlaceId};
pub use extension::{Extension, ExtensionId};
pub use line::{Derived, Leaf, Line, LineId, Spread, Sum};
pub(crate) use lower::{Library, Lowered, lower};
pub use scope::{Fixed, Group, Scope, ScopeId, Stand};
pub use slot::{Literal, Object, Select, Slot, SlotId};

use crate::language::ast::At;

/// Where a rule came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The mapping's name.
    pub file: Arc<str>,
    /// The bytes of the rule.
    pub at: At,
    /// Its line, from 1.
    pub line: u32,
}

/// A mapping compiled against one grammar.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The grammar.
    pub grammar: Arc<Grammar>,
    /// The slots; the first is the root.
    pub slots: Vec<Slot>,
    /// The scopes; the first is the document.
    pub scopes: Vec<Scope>,
    /// The lines.
    pub lines: Vec<Line>,
    /// The choices.
    pub choices: Vec<Choice>,
    /// The checks.
    pub sums: Vec<Sum>,
    /// The extensions.
    pub extensions: Vec<Extension>,
    /// The first slot of each place of the grammar.
    pub first_slot: Vec<SlotId>,
    /// What is looked up for every message, found once.
    pub index: Index,
}

/// Lines and fields that need more than their own leaves.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Lines with a derived value.
    pub derived: Vec<LineId>,
    /// Lines whose value is a key elsewhere.
    pub references: Vec<LineId>,
    /// Fields that a choice looks at.
    pub watched: Vec<PlaceId>,
    /// For each scope, its rank among the lines that fill one list; 0 where it is the only one.
    pub ranks: Vec<u32>,
    /// True where a `fixed` depends on an object that may not be there.
    pub fixes_objects: bool,
    /// For each scope, the lines that write what selects its elements among their siblings.
    pub selectors: Vec<Vec<Selector>>,
    /// For each scope, those in it.
    pub inner: Vec<Vec<ScopeId>>,
    /// All fields that lines write or read, sorted.
    pub fields: Vec<PlaceId>,
    /// For each scope, the lines that write a code of a table: it may lack the value of an entry.
    pub tables: Vec<Vec<LineId>>,
    /// For each scope, the lines that only read.
    pub reads: Vec<Vec<LineId>>,
}

/// A line that writes a leaf by which elements are selected.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The leaf, as places below the element.
    pub path: Vec<PlaceId>,
    /// The line.
    pub line: LineId,
}

impl Plan {
    /// A slot of this plan.
    #[expect(clippy::indexing_slicing, reason = "ids are indices that this plan gave out")]
    pub fn slot(&self, id: SlotId) -> &Slot {
        &self.slots[id.index()]
    }

    /// A scope of this plan.
    #[expect(clippy::indexing_slicing, reason = "ids are indices that this plan gave out")]
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.index()]
    }

    /// A line of this plan.
    #[expect(clippy::indexing_slicing, reason = "ids are indices that this plan gave out")]
    pub fn line(&self, id: LineId) -> &Line {
        &self.lines[id as usize]
    }

    /// A choice of this plan.
    #[expect(clippy::indexing_slicing, reason = "ids are indices that this plan gave out")]
    pub fn choice(&self, id: ChoiceId) -> &Choice {
        &self.choices[id as usize]
    }

    /// A selection as people write it, with the file and line of a rule that stands in it; `None` for `[rest]`
    /// and slots without a selection.
    pub(crate) fn selection(&self, slot: &Slot) -> Option<String> {
        let predicate = match &slot.select {
            Select::Any | Select::Rest => return None,
            Select::Nth(number) => number.to_string(),
            Select::From(number) => format!("{number}.."),
            Select::Where(conditions) => {
                let all: Vec<_> = conditions.iter().map(|condition| self.condition(condition)).collect();
                all.join(" and ")
            }
        };
        let source = self.source_of(slot);
        let origin = source.map(|source| format!(" ({}:{})", source.file, source.line)).unwrap_or_default();
        Some(format!("{}[{predicate}]{origin}", self.grammar.name_of(slot.place)))
    }

    /// Some rule at or below a slot, to point at: the outermost.
    pub(crate) fn source_of<'p>(&'p self, slot: &'p Slot) -> Option<&'p Source> {
        let line = slot.leaf_of.first().map(|line| &self.line(*line).source);
        let scope = slot.entries.map(|scope| &self.scope(scope).source);
        let object = slot.objects.first().map(|object| &object.source);
        let extension = slot.extension.and_then(|id| Some(&self.extensions.get(id as usize)?.source));
        let below = || slot.children.iter().find_map(|child| self.source_of(self.slot(*child)));
        line.or(scope).or(object).or(extension).or_else(below)
    }

    fn condition(&self, condition: &Condition) -> String {
        let path: Vec<_> = condition.path.iter().map(|place| self.grammar.name_of(*place)).collect();
        let path = path.join("/");
        match &condition.test {
            Test::In(values) => format!("{path} = {}", values.join("|")),
            Test::Not(value) => format!("{path} != {value}"),
            Test::Matches(regex) => format!("{path} = /{regex}/"),
            Test::Absent => format!("!{path}"),
            Test::Present => path,
        }
    }

    /// A text of a place as far as it counts: without white space at its ends where the grammar collapses it.
    pub fn collapsed<'t>(&self, place: PlaceId, text: &'t str) -> &'t str {
        let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
        let collapses = || self.grammar.facets_of(place).is_some_and(|facets| facets.base.collapses());
        if trimmed.len() < text.len() && collapses() { trimmed } else { text }
    }

    /// True for an element that its grammar demands and that may hold nothing: it says nothing by being there.
    pub fn stands_empty(&self, place: PlaceId) -> bool {
        let (grammar, found) = (&self.grammar, self.grammar.place(place));
        let is_one =
            grammar.syntax == Syntax::Xml && found.kind == Kind::Element && (found.min, found.max) == (1, 1);
        let mut below = grammar.children(place).peekable();
        is_one && below.peek().is_some() && below.all(|child| grammar.place(child).min == 0)
    }

    /// True where all that a slot has at a place is the entry of a list, which is there or not.
    pub fn is_entry(&self, slot: &Slot, place: PlaceId) -> bool {
        let own = slot.children.iter().map(|child| self.slot(*child));
        own.filter(|child| child.place == place).any(|child| {
            let leaves = child.children.iter().flat_map(|leaf| &self.slot(*leaf).leaf_of);
            let mut scopes = leaves.map(|line| self.line(*line).scope);
            child.entries.is_some()
                || !child.joined.is_empty() && scopes.all(|scope| child.joined.contains(&scope))
        })
    }

    /// How many characters a leaf holds.
    pub fn room(&self, leaf: &Leaf) -> usize {
        let facets = self.grammar.facets_of(self.slot(leaf.slot).place);
        facets.map_or(usize::MAX, |facets| facets.max_length as usize)
    }

    /// The lines with a derived value.
    pub fn derived_lines(&self) -> impl Iterator<Item = &Line> {
        self.index.derived.iter().map(|line| self.line(*line))
    }

    /// The lines whose value is the key of an entry elsewhere.
    pub fn reference_lines(&self) -> impl Iterator<Item = &Line> {
        self.index.references.iter().map(|line| self.line(*line))
    }

    /// The slots of a place, in file order.
    pub fn slots_of(&self, place: PlaceId) -> impl Iterator<Item = SlotId> + '_ {
        let first = self.first_slot.get(place.index()).copied().filter(|slot| *slot != SlotId::NONE);
        std::iter::successors(first, |slot| Some(self.slot(*slot).twin).filter(|twin| *twin != SlotId::NONE))
    }
}
