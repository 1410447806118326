//! Bytes to [`dragoman_tree::Tree`] and back, for each syntax, led by grammars that are data.
//!
//! No I/O, no clock, no canonical type. A reader never fails on content: it returns a tree and findings.

pub mod edifact;
pub mod grammar;
pub mod import;
