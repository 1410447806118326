//! The mappings of marketplace orders: real examples, complete cases, laws on generated messages, planted faults.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed"
)]

mod amazon;
mod shopify;
mod support;
