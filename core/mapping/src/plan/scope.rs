//! The canonical side of a plan: the document, and one scope a list.

use dragoman_tree::PlaceId;

use super::{Guard, SlotId, Source};

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
    /// The list whose elements hold this one's.
    pub group: Option<Group>,
    /// Leaves set on reading and demanded on writing.
    pub fixed: Vec<Fixed>,
    /// When it counts.
    pub guards: Vec<Guard>,
    /// An empty list keeps its wrapper.
    pub wrapped: bool,
    /// Where it is said; several lines fill one list in this order.
    pub source: Source,
}

/// `goods_items[] <=> HouseConsignment >> ConsignmentItem by house`: entries of a flat list whose elements stand in the
/// elements of another list, and say by a member in which.
#[derive(Clone, Debug)]
pub struct Group {
    /// The other list.
    pub of: ScopeId,
    /// Its key.
    pub key: PlaceId,
    /// The leaf of that key below an element of the other list.
    pub path: Vec<PlaceId>,
    /// The member that holds the key.
    pub field: PlaceId,
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
