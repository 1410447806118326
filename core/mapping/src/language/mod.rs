//! The text of a mapping: syntax tree, parser, and what is said about mistakes.
//!
//! The notation is described in `mappings/README.md`; the one-page grammar stands there. Constructs that no
//! shipped mapping needs yet are refused by name.

pub mod ast;
mod cursor;
mod error;
mod format;
mod overlay;
mod parse;
mod path;
pub(crate) mod print;
mod rule;

pub use error::LoadError;
pub use format::format;
pub use overlay::apply;
pub use parse::parse;
