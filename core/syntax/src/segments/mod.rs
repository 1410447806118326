//! What the syntaxes of segments share, EDIFACT and X12: segments of data elements as offsets, the places that a
//! grammar gives them, and the positions at which they are written.

pub(crate) mod assemble;
pub(crate) mod blanks;
pub(crate) mod cells;
pub(crate) mod class;
mod compare;
pub(crate) mod elements;
pub(crate) mod emit;
pub(crate) mod header;
mod index;
pub(crate) mod lent;
mod mark;
pub(crate) mod outlines;
pub(crate) mod runs;
pub(crate) mod slots;
pub(crate) mod stray;
pub(crate) mod structure;
pub(crate) mod token;

use dragoman_tree::Span;

pub use compare::{Difference, difference};
pub use index::{WireIndex, WireLeaf, WireSegment};

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// The tag of a segment.
    Tag,
    /// A data element, or the first component of one.
    Element,
    /// The first component of a further repetition of a data element.
    Repetition,
    /// A further component.
    Component,
}

/// A field of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it is.
    pub kind: FieldKind,
    /// Its bytes without separators, release characters included.
    pub span: Span,
    /// True where it holds release characters.
    pub released: bool,
}
