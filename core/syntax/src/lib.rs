//! Bytes to [`dragoman_tree::Tree`] and back, for each syntax, led by grammars that are data.
//!
//! No I/O, no clock, no canonical type. A reader never fails on content: it returns a tree and findings.

pub mod acknowledge;
pub mod edifact;
pub mod flat;
pub mod grammar;
pub mod import;
pub mod json;
mod path;
mod read;
pub mod sample;
pub mod segments;
pub mod validate;
pub mod x12;
pub mod xml;

pub use path::{WirePaths, wire_path};
pub use read::{Limits, Read};
pub use validate::validate;

/// Every finding that this crate can raise.
pub fn codes() -> impl Iterator<Item = &'static dragoman_tree::Code> {
    [xml::CODES, json::CODES, edifact::CODES, x12::CODES, flat::CODES, validate::CODES]
        .into_iter()
        .flatten()
        .copied()
}
