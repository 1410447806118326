//! The pre-order arena that messages and documents share.
//!
//! A [`Tree`] holds one message (its nodes point into a grammar) or one canonical document (its nodes point
//! into the schema). Values are borrowed from the input or kept in one side arena, every node carries the bytes
//! it came from, and what is worth saying about a message is a [`Finding`]. Nothing here knows a syntax.

mod build;
mod finding;
mod findings;
mod names;
mod record;
mod span;
mod tree;

pub use build::{Mark, TreeBuilder};
pub use finding::{Authority, Code, Finding, OrderLine, Severity};
pub use findings::Findings;
pub use names::{NameId, NameTable, Names};
pub use record::{FindingRecord, SpanRecord};
pub use span::{LineIndex, Position, Span};
pub use tree::{Ancestors, Children, Kind, Node, NodeId, PlaceId, Tree, Value};
