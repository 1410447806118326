//! The mappings of the program: laws on real messages and on generated documents, hand-checked triples, planted faults.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod asycuda;
mod ceb;
mod edi;
mod edifact;
mod emcs;
mod faults;
mod generated;
mod hostile;
mod laws;
mod linked;
mod mapped;
mod ncts;
mod one_record;
mod orders;
mod pointed;
mod triples;
mod wco;
mod x12;
mod xmllint;
