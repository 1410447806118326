//! What ties leaves of the wire to leaves of the document.

use dragoman_tree::PlaceId;

use super::{Guard, ScopeId, SlotId, Source, Test};
use crate::codec::Codec;
use crate::language::ast::{Arrow, Derivation};

/// The number of a line.
pub type LineId = u32;

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
#[expect(clippy::struct_excessive_bools, reason = "what a line says of itself in independent words")]
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
    /// The number of the entry in its list, where it is not stated.
    pub position: bool,
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
