//! Notifications of customs: stored first, then read, matched with the declaration that they are about, and traced to
//! the order line.

mod notice;
mod parked;
mod pull;
mod receive;
mod trace;

pub use receive::AnswerTaken;
pub(crate) use receive::Arrived;
pub(crate) use trace::rejected;
pub use trace::{CauseView, LineView, Rejected};
