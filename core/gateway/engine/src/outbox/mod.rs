//! The outbox: every attempt is journalled before it is sent, and what is not known to have failed is not sent again.

mod ask;
mod decide;
mod keeper;
mod lanes;
mod round;
mod send;
mod settle;
mod workers;

pub use workers::Workers;

pub(crate) use keeper::Keeper;
pub(crate) use lanes::Lanes;
pub(crate) use round::Attempt;
pub(crate) use send::{Became, failed, unzoned};
pub(crate) use settle::MESSAGE;
