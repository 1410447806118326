//! Choices of arms, and what depends on an arm.

use dragoman_tree::PlaceId;

use super::{Condition, ScopeId, SlotId, Source, Test};

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
    /// Which of these elements, as ways below the slot, is the first that is there.
    First(Vec<Vec<Hop>>),
}

/// A step of the way to an alternative.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The place.
    pub place: PlaceId,
    /// What must hold of the element.
    pub conditions: Vec<Condition>,
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
