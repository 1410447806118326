//! Notifications of customs: stored first, then read, matched with the declaration that they are about, and traced to
//! the order line.

mod notice;

pub(crate) use notice::{Notice, notices};
