//! XML 1.0 with namespaces.
//!
//! Reading takes the text apart into tokens with their places and adds what a message needs: places of the grammar,
//! namespaces, all rules of well-formedness, and limits. Nothing external is ever read.

pub mod as_json;
pub(crate) mod attribute;
mod compare;
mod content;
mod decode;
mod fault;
mod name;
mod namespaces;
mod place;
mod read;
mod start;
pub(crate) mod text;
pub(crate) mod token;
mod write;

use dragoman_tree::Code;

pub use compare::{Difference, Side, difference, difference_at};
pub use decode::{Decoded, decode};
pub use name::split as split_name;
pub use read::read;
pub use write::{WriteOptions, Written, write};

/// The findings that reading and writing XML can raise.
pub const CODES: &[&Code] = &[
    &decode::CONVERTED,
    &decode::BROKEN_ENCODING,
    &decode::UNKNOWN_ENCODING,
    &fault::NOT_WELL_FORMED,
    &fault::NO_ROOT,
    &fault::OUTSIDE_ROOT,
    &fault::DTD,
    &fault::REFERENCE,
    &fault::NOT_ALLOWED,
    &fault::UNDECLARED_PREFIX,
    &fault::DECLARATION,
    &fault::NO_NAMESPACES,
    &fault::LIMIT,
    &write::UNWRITABLE,
    &write::TWICE,
    &as_json::BESIDE,
    &as_json::EMPTY_ARRAY,
];
