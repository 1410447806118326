//! Signing and checking: what holds for every message, and that independent tools agree.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

mod laws;
mod peers;
mod setup;
