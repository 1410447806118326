//! The wire side of a plan: places of the grammar, and what selects among their repeats.

use std::sync::Arc;

use dragoman_syntax::grammar::Grammar;
use dragoman_tree::PlaceId;

use super::{ChoiceId, Condition, ExtensionId, Guard, LineId, ScopeId, Source};

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
    /// All that the slot and those below are written from, where that can be said: without any of it, and without a value
    /// that a line above left for them, they are passed over. Most of a big format is.
    pub inputs: Option<Box<[(ScopeId, PlaceId)]>>,
    /// The one line that is all there is to the slot when reading: most slots are a leaf and its line.
    pub only: Option<LineId>,
}

impl Slot {
    /// A slot that nothing is bound to yet.
    pub(super) fn new(place: PlaceId, select: Select, parent: SlotId) -> Self {
        Self {
            place,
            select,
            parent,
            twin: SlotId::NONE,
            children: Vec::new(),
            entries: None,
            joined: Vec::new(),
            wraps: Vec::new(),
            spread: None,
            lines: Vec::new(),
            leaf_of: Vec::new(),
            choices: Vec::new(),
            objects: Vec::new(),
            extension: None,
            literal: None,
            ignored: None,
            writes: false,
            inputs: None,
            only: None,
        }
    }

    /// The slot above; of the root itself.
    pub(super) fn parent_or(&self, own: SlotId) -> SlotId {
        if self.parent == SlotId::NONE { own } else { self.parent }
    }

    /// True where more than one element can fall into the slot.
    pub(super) fn repeats(&self, grammar: &Grammar) -> bool {
        grammar.place(self.place).max > 1 && !matches!(self.select, Select::Nth(_))
    }
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
    /// Where it is said.
    pub source: Source,
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
