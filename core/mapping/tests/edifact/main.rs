//! The mappings of customs EDIFACT: laws on samples and generated documents in both directories, hand-checked triples,
//! planted faults, hostile content, the one real message, and declarations of another format there and back.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed"
)]

mod cusdec;
mod cusres;
mod generated;
mod hostile;
mod laws;
mod pointers;
mod real;
mod support;
