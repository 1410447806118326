//! Sending for an account, against counterparts that behave badly.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod addresses;
mod codes;
mod failures;
mod limits;
mod setup;
mod tls;
mod tokens;
mod webhooks;
