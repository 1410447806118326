//! The canonical model: the schema of its documents, the documents, and what their values mean.

mod compare;
mod describe;
mod document;
mod list;
mod patch;
mod schema;
mod status;
#[cfg(test)]
mod testing;
mod value;
mod view;

pub use compare::{Difference, Scope, difference};
pub use describe::{Lookup, Match, dictionary, json_schema, lookup, nearest_field};
pub use document::{
    Document, DocumentBuilder, DocumentPaths, Draft, DraftMark, EntryId, Origin, PathError, Select, Source,
    Step, steps,
};
pub use jiff::Timestamp;
pub use jiff::tz::{Offset, TimeZone};
pub use list::{CodeList, Listed};
pub use patch::{Change, Completion, Op, Scalar, apply, batch, diff, single, sparse};
pub use rust_decimal::Decimal;
pub use schema::{FIELDS, Field, Fit, Identifiers, Schema, SchemaError, Tded, Type, Words, nearest};
pub use status::{Flag, State, Status};
pub use value::{
    CommodityCode, Country, Currency, DateTime, NoNumber, Precision, Zone, check, check_document, convert,
    decimal, grams, integer, is_eori, is_language, is_party_id, same_number, zone,
};
pub use view::{
    At, Complaint, CustomsResponseView, DeclarationView, GoodsItem, Measure, Money, Movement, OrderLine,
    OrderView, PartyId,
};

use dragoman_tree::Code;

/// The findings that this crate raises.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    value::CODES.iter().chain(status::CODES).chain(patch::CODES).copied()
}
