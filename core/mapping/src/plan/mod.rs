//! A mapping compiled against one grammar: what reading and writing run on.
//!
//! The wire side is a trie of [`Slot`]s (a place of the grammar and what selects among its repeats), the
//! canonical side a tree of [`Scope`]s (the document, and one a list). [`Line`]s tie leaves of the one to leaves of
//! the other. Nothing here is looked up by name when a message is translated.

mod alternatives;
mod check;
mod domain;
mod extension;
mod lines;
mod looks;
mod lower;
mod resolve;
mod shape;

use std::sync::Arc;

use dragoman_syntax::grammar::Grammar;
use dragoman_tree::PlaceId;
use regex::Regex;

use crate::codec::Codec;
use crate::language::ast::{Arrow, At, Derivation};

pub use extension::{Extension, ExtensionId};
pub(crate) use lower::{Library, Lowered, lower};

/// The number of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotId(pub u32);

impl SlotId {
    /// The root element or message.
    pub const ROOT: Self = Self(0);
    /// A node that the mapping has nothing to say about.
    pub const NONE: Self = Self(u32::MAX);

    /// The id as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The number of a scope; 0 is the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u16);

impl ScopeId {
    /// The document itself.
    pub const DOCUMENT: Self = Self(0);

    /// The id as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The number of a line.
pub type LineId = u32;

/// The number of a choice.
pub type ChoiceId = u16;

/// A condition for a line to count: that choice has that arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The choice.
    pub choice: ChoiceId,
    /// Its arm.
    pub arm: u8,
}

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

/// What selects among the repeats of a place.
#[derive(Clone, Debug)]
pub enum Select {
    /// Every occurrence.
    Any,
    /// The n-th occurrence, from 1.
    Nth(u32),
    /// The n-th occurrence and those after it.
    From(u32),
    /// Occurrences of which all this holds.
    Where(Vec<Condition>),
    /// Occurrences that no other slot of the place takes.
    Rest,
}

/// One comparison of a predicate.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The leaf, as places below the occurrence.
    pub path: Vec<PlaceId>,
    /// What must hold of it.
    pub test: Test,
}

/// What must hold of a leaf.
#[derive(Clone, Debug)]
pub enum Test {
    /// One of these values.
    In(Vec<Box<str>>),
    /// Present, and not this value.
    Not(Box<str>),
    /// The whole value matches.
    Matches(Regex),
    /// Not there.
    Absent,
    /// There.
    Present,
}

impl Test {
    /// Applies the test to a leaf's text.
    pub fn holds(&self, value: Option<&str>) -> bool {
        match (self, value) {
            (Self::In(values), Some(value)) => values.iter().any(|one| **one == *value),
            (Self::Not(one), Some(value)) => **one != *value,
            (Self::Matches(regex), Some(value)) => regex.is_match(value),
            (Self::Absent, found) => found.is_none(),
            (Self::Present, found) => found.is_some(),
            (_, None) => false,
        }
    }
}

/// A place of the wire as this mapping sees it.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The place in the grammar.
    pub place: PlaceId,
    /// What selects among repeats.
    pub select: Select,
    /// The slot above.
    pub parent: SlotId,
    /// The next slot of the same place.
    pub twin: SlotId,
    /// The slots below, in writing order.
    pub children: Vec<SlotId>,
    /// The list whose entries stand here, one an element.
    pub entries: Option<ScopeId>,
    /// Lists that share this element with other lines: at most one entry each.
    pub joined: Vec<ScopeId>,
    /// Lists whose emptiness shows as this element without content (`wrapped`).
    pub wraps: Vec<ScopeId>,
    /// The line that is spread over the repeats of this element.
    pub spread: Option<LineId>,
    /// Lines whose leaves stand here or below; they run when the element is entered.
    pub lines: Vec<LineId>,
    /// The lines that read or write the text of this very slot.
    pub leaf_of: Vec<LineId>,
    /// Choices that are made when the element is entered.
    pub choices: Vec<ChoiceId>,
    /// Canonical objects that this element stands for, present even when empty.
    pub objects: Vec<Object>,
    /// The extension that holds this element as it is.
    pub extension: Option<ExtensionId>,
    /// A constant: of a `const` rule or of the predicate of the slot above.
    pub literal: Option<Literal>,
    /// Why the subtree is ignored.
    pub ignored: Option<Arc<str>>,
    /// True where some line below or here writes: the slot takes part in writing.
    pub writes: bool,
    /// The one line that is all there is to the slot when reading: most slots are a leaf and its line.
    pub only: Option<LineId>,
}

/// A canonical object bound to an element.
#[derive(Clone, Debug)]
pub struct Object {
    /// The scope it is in.
    pub scope: ScopeId,
    /// Its place.
    pub place: PlaceId,
    /// When it counts.
    pub guards: Vec<Guard>,
}

/// A constant of the wire.
#[derive(Clone, Debug)]
pub struct Literal {
    /// The value that is written.
    pub value: Box<str>,
    /// Another value is kept as an extension of that name (`const … keep`).
    pub keep: Option<Box<str>>,
    /// From a predicate: reading already compared it.
    pub selects: bool,
    /// When it counts.
    pub guards: Vec<Guard>,
    /// Where it is said.
    pub source: Source,
}

/// How a scope's entries stand on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// The document.
    Document,
    /// One element an entry.
    Each,
    /// One entry at most, in an element that it shares.
    Joined,
}

/// The document, or a list of it.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The scope around it.
    pub parent: ScopeId,
    /// The list in the schema; the document's root place for scope 0.
    pub place: PlaceId,
    /// One past the last place inside.
    pub end: PlaceId,
    /// Where its entries stand.
    pub slot: SlotId,
    /// How.
    pub stand: Stand,
    /// The member that identifies an entry.
    pub key: Option<PlaceId>,
    /// Leaves set on reading and demanded on writing.
    pub fixed: Vec<Fixed>,
    /// When it counts.
    pub guards: Vec<Guard>,
    /// An empty list keeps its wrapper.
    pub wrapped: bool,
    /// Where it is said; several lines fill one list in this order.
    pub source: Source,
}

/// `fixed path = "value"`.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The leaf.
    pub place: PlaceId,
    /// Its value.
    pub value: Box<str>,
    /// The object that must be there for it: where no other leaf of it is, neither is this.
    pub within: PlaceId,
}

/// A leaf of the wire that a line reads or writes.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Its slot; [`SlotId::NONE`] of a line that only reads: it looks, and claims nothing that others carry.
    pub slot: SlotId,
    /// Its places below the line's anchor; empty where the anchor itself is the leaf.
    pub path: Vec<PlaceId>,
    /// Of several leaves at the end of the path the first that passes this; where not said, the very first.
    pub only: Option<Test>,
}

impl Leaf {
    /// The leaf of a slot that a line also writes.
    pub fn new(slot: SlotId, path: Vec<PlaceId>) -> Self {
        Self { slot, path, only: None }
    }
}

/// How many values a line makes of how many elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// One of one.
    Once,
    /// One of the cells of all repeats of an element.
    Cells,
    /// One of the cells of the one element that the line stands in.
    Within,
    /// A list: rows of all repeats of an element, cut where the codec says.
    Chains,
    /// A list over leaves of their own: an entry a leaf, in their order.
    Slots,
    /// A list that is only read: an entry for each leaf at the end of the path.
    Looks,
}

/// One line: canonical leaves, wire leaves, and the codec between.
#[derive(Clone, Debug)]
pub struct Line {
    /// The scope of its canonical leaves.
    pub scope: ScopeId,
    /// Which way it runs.
    pub arrow: Arrow,
    /// When it counts.
    pub guards: Vec<Guard>,
    /// Its canonical leaves, in the codec's order. For [`Spread::Chains`] the members of an entry.
    pub fields: Vec<PlaceId>,
    /// The list of a [`Spread::Chains`], [`Spread::Slots`] or [`Spread::Looks`].
    pub list: Option<PlaceId>,
    /// The innermost slot around its wire leaves; for a spread the repeated element.
    pub anchor: SlotId,
    /// Its wire leaves, in the codec's order.
    pub leaves: Vec<Leaf>,
    /// The codec.
    pub codec: Codec,
    /// Values and elements.
    pub spread: Spread,
    /// Derived from the document where it is not stated.
    pub derived: Option<Derived>,
    /// Written where the document has no value.
    pub default: Option<Box<str>>,
    /// Written even where the grammar does not demand it.
    pub always: bool,
    /// Present-and-empty is a value.
    pub empty: bool,
    /// In a sparse document: neither derived nor defaulted.
    pub sparse: bool,
    /// The list that the value is a key of.
    pub reference: Option<PlaceId>,
    /// Where it is said.
    pub source: Source,
}

/// A value that follows from the document.
#[derive(Clone, Copy, Debug)]
pub struct Derived {
    /// How.
    pub how: Derivation,
    /// The list that is counted, or the leaf that is summed.
    pub of: PlaceId,
}

/// A choice of arms.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The scope of the canonical value.
    pub scope: ScopeId,
    /// The canonical value that names the arm; none for alternatives.
    pub field: Option<PlaceId>,
    /// Where it is made.
    pub slot: SlotId,
    /// What it looks at on reading.
    pub looks_at: LooksAt,
    /// The arms.
    pub arms: Vec<Arm>,
    /// Where it is said.
    pub source: Source,
}

/// What a choice looks at when a message is read.
#[derive(Clone, Debug)]
pub enum LooksAt {
    /// A wire leaf: its places below the choice's slot.
    Wire(Vec<PlaceId>),
    /// The canonical value that another line reads.
    Value,
    /// Which of these elements, as places below the slot, is the first that is not empty.
    First(Vec<Vec<PlaceId>>),
}

/// An arm of a choice.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its name: the canonical value.
    pub name: Box<str>,
    /// What selects it on the wire, or among canonical values.
    pub test: Test,
    /// What it writes; an arm with a regular expression leaves that to a line inside.
    pub writes: Option<Box<str>>,
    /// The document is sparse in this arm.
    pub sparse: bool,
}

/// A check between three decimals of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The list whose entries have the three; the document's root place for what it has once.
    pub list: PlaceId,
    /// The operands and the stated result.
    pub fields: [PlaceId; 3],
    /// `*`, `+` or `-`.
    pub operator: char,
    /// The largest difference that is let pass.
    pub within: Option<Box<str>>,
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
        let below = |slot: &Slot| slot.leaf_of.first().map(|line| self.line(*line).source.clone());
        let source = below(slot).or_else(|| slot.children.iter().find_map(|child| below(self.slot(*child))));
        let origin = source.map(|source| format!(" ({}:{})", source.file, source.line)).unwrap_or_default();
        Some(format!("{}[{predicate}]{origin}", self.grammar.name_of(slot.place)))
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
