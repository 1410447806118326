//! The canonical model: the schema of its documents, the documents, and what their values mean.

mod document;
#[cfg(test)]
mod samples;
mod schema;
#[cfg(test)]
mod testing;
mod value;

pub use document::{
    Document, DocumentBuilder, Draft, DraftMark, EntryId, Origin, PathError, Select, Source, Step, steps,
};
pub use jiff::{Timestamp, tz::Offset};
pub use rust_decimal::Decimal;
pub use schema::{FIELDS, Field, Fit, Identifiers, Schema, SchemaError, Tded, Type, Words, nearest};
pub use value::{
    CommodityCode, Country, Currency, DateTime, NoNumber, Precision, Zone, check, check_document, convert,
    decimal, grams, integer, is_eori, is_language, is_party_id, same_number,
};

use dragoman_tree::Code;

/// The findings that this crate raises.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    value::CODES.iter().copied()
}
