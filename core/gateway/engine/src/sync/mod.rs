//! Orders of platforms: read again and again in windows of time that overlap, told of by webhooks, and told back what was
//! shipped and what customs made of it.

mod customs;
mod hint;
mod item;
mod key;
mod later;
mod parts;
mod queue;
mod read;
mod ship;
mod sold;
mod status;

pub use parts::{PartIn, PartsIn, PartsLine};
pub use queue::QueueView;
pub use ship::{ShipmentIn, ShipmentLine};
pub use status::{SyncView, Trouble};

pub(crate) use hint::fetch_soon;
pub(crate) use key::Keys;
pub(crate) use queue::Polls;
pub(crate) use read::Trouble as NotHad;
pub(crate) use status::Troubles;

/// The space of the store's records that cursors are in, by `account/stream`.
pub(crate) const CURSORS: &str = "cursor";
