//! The text of a mapping: syntax tree, parser, and what is said about mistakes.
//!
//! The notation is described in `mappings/README.md`; the one-page grammar stands there. Constructs that no
//! shipped mapping needs yet are refused by name.

pub mod ast;
mod cursor;
mod error;
mod parse;
mod path;
mod rule;

pub use error::LoadError;
pub use parse::parse;
