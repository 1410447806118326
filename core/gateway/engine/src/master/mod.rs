//! The customs master of each tenant: rows by article in the store, those that are used at hand.

mod article;
mod fill;
mod import;
mod kept;
mod refile;
mod stated;

pub use article::{Article, Gap};
pub use import::{MasterImport, RowFindings};
pub(crate) use kept::{Kept, skus};
pub use refile::{Refiled, Sharing};
pub(crate) use stated::STATED;
pub use stated::Suggestion;

/// The space of the store's records that the rows are in: the rows of an article as lines of CSV, by its number.
pub(crate) const SPACE: &str = "master";
