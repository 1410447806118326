//! Extensions: parts of a message that stand in the document's `extensions` as they are.
//!
//! `extensions.amazon.points <=> expense.pointsCost` carries a leaf, a list or an object with all below it, in the
//! platform's own words. It stands in the document, or in the entry of a list that the line is in.

use dragoman_tree::PlaceId;

use super::{Guard, ScopeId, Source};

/// The number of an extension.
pub type ExtensionId = u32;

/// A part of a message that the document holds as it is.
#[derive(Clone, Debug)]
pub struct Extension {
    /// The document, or the list in whose entry it stands.
    pub scope: ScopeId,
    /// The open object there.
    pub place: PlaceId,
    /// The names below that: the adapter, then the member.
    pub names: Vec<Box<str>>,
    /// True where present and empty is a value.
    pub empty: bool,
    /// When it counts.
    pub guards: Vec<Guard>,
    /// Where it is said.
    pub source: Source,
}
