//! The canonical model: the schema of its documents, the documents, and what their values mean.

mod document;
mod schema;
#[cfg(test)]
mod testing;

pub use document::{
    Document, DocumentBuilder, Draft, DraftMark, EntryId, Origin, PathError, Select, Source, Step, steps,
};
pub use schema::{FIELDS, Field, Fit, Identifiers, Schema, SchemaError, Tded, Type, Words, nearest};
