//! Documents that are kept, shown by address as linked objects, told of and fetched from others: shipments.

mod fetch;
mod keep;
mod show;
mod told;
mod written;

pub use keep::ShipmentDocument;
pub use show::{Asked, Shown};

use dragoman_channel::{Channel, Objects};

use crate::account::Account;
use crate::error::{Answer, EngineError};

/// The kind of document that is kept and shown.
pub(crate) const KIND: &str = "shipment";

/// How an account's adapter shows objects.
pub(crate) fn objects(account: &Account) -> Answer<(&Channel, &Objects)> {
    let channel = account.channel.as_deref();
    let found = channel.and_then(|channel| Some((channel, channel.objects.as_ref()?)));
    found.ok_or_else(|| EngineError::unknown("objects of account", account.name()))
}
