//! The mappings of marketplace orders: real examples, complete cases, laws on generated messages, planted faults.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test")]

mod amazon;
mod shopify;
mod support;
