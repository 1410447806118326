//! Orders of platforms: read again and again in windows of time that overlap, told of by webhooks, and told back what was
//! shipped and what customs made of it.

mod customs;
mod hint;
mod item;
mod later;
mod read;
mod ship;
mod status;

pub use ship::{ShipmentIn, ShipmentLine};
pub use status::{SyncView, Trouble};

pub(crate) use hint::fetch_soon;
pub(crate) use read::Trouble as NotHad;
pub(crate) use status::Troubles;

/// The space of the store's records that cursors are in, by `account/stream`.
pub(crate) const CURSORS: &str = "cursor";
