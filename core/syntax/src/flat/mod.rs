//! Flat files: records a line, of fields in columns (80-column batches) or separated (CSV, control characters), to trees
//! and back.
//!
//! ```text
//! lines    bytes to lines, and how they are laid out
//! ids      which record a line is
//! read     records to their places, fields to values
//! write    the other way
//! ```
//!
//! The structure pass is that of segments: the nearest open place wins. A group is a loop that its first record opens,
//! or a section between two lines of its own. A file of several messages begins a new one with each first record.

mod codes;
mod columns;
mod ids;
mod lines;
mod read;
mod write;

pub use codes::CODES;
pub use lines::{Layout, LineEnd};
pub use read::{Message, begins, messages};
pub use write::{Refused, Written, write};
