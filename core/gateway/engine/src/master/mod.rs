//! The customs master of each tenant: rows by article in the store, those that are used at hand.

mod import;
mod kept;

pub use import::{MasterImport, RowFindings};
pub(crate) use kept::{Kept, skus};

/// The space of the store's records that the rows are in: the rows of an article as lines of CSV, by its number.
pub(crate) const SPACE: &str = "master";
