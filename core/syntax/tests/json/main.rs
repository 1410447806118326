//! JSON: the reader against hand-picked cases, against another parser, and on real files.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod files;
mod laws;
mod outline;
mod shopify;
mod suite;
