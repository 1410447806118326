//! Where each leaf went: for pointers into a message that was sent, and from bytes back to leaves.

use dragoman_tree::NodeId;

/// A leaf in the bytes. 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireLeaf {
    /// The node in the tree of its message.
    pub node: NodeId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The position of the data element in its segment, from 1 (0098).
    pub element: u16,
    /// The position of the component in the data element, from 1 (0104). Positions beyond 255 are given as
    /// 255.
    pub component: u8,
    /// The number of the repetition, from 1 (0136). Numbers beyond 255 are given as 255.
    pub repetition: u8,
}

/// A segment in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireSegment {
    /// The node in the tree of its message; none for a segment that the writer made.
    pub node: Option<NodeId>,
    /// First byte of the tag.
    pub start: u32,
    /// One past the terminator.
    pub end: u32,
    /// Its first leaf, an index into [`WireIndex::leaves`].
    pub leaf: u32,
}

/// Where the segments and leaves of an interchange are in its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WireIndex {
    /// The UNH of each message, an index into `segments`.
    pub messages: Vec<u32>,
    /// All segments from UNB to UNZ, in order.
    pub segments: Vec<WireSegment>,
    /// All leaves that came from trees and have bytes, in order. Those of UNB are in the first tree.
    pub leaves: Vec<WireLeaf>,
}

impl WireIndex {
    /// A segment of a message by its ordinal (0096: UNH is 1).
    pub fn segment(&self, message: usize, ordinal: usize) -> Option<&WireSegment> {
        let first = *self.messages.get(message)? as usize;
        let at = first + ordinal.checked_sub(1)?;
        let next = self.messages.get(message + 1).map_or(self.segments.len(), |next| *next as usize);
        self.segments.get(at).filter(|_| at < next)
    }

    /// The leaves of a segment that this index gave.
    pub fn leaves(&self, segment: &WireSegment) -> &[WireLeaf] {
        let leaves = self.leaves.get(segment.leaf as usize..).unwrap_or_default();
        let length = leaves.partition_point(|leaf| leaf.start < segment.end);
        leaves.get(..length).unwrap_or_default()
    }

    /// The leaf that a byte belongs to.
    pub fn leaf_at(&self, offset: u32) -> Option<&WireLeaf> {
        let before = self.leaves.partition_point(|leaf| leaf.end <= offset);
        self.leaves.get(before).filter(|leaf| leaf.start <= offset)
    }
}
