//! The model described: JSON Schema, the field dictionary, and looking a field up by any of its names.

mod dictionary;
mod json_schema;
mod lookup;
#[cfg(test)]
mod tests;

pub use dictionary::dictionary;
pub use json_schema::json_schema;
pub use lookup::{Lookup, Match, lookup, nearest_field};
