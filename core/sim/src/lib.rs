//! The simulator of a counterpart: an authority that reads a declaration as it was sent, checks it, and answers as the
//! real one does. What it knows stands in the adapter's `sim.toml`.
//!
//! Pure: messages come in read and go out as documents, the moment and the seed are passed in. What it accepts is
//! accepted by a simulator, no more.

mod answer;
mod check;
mod counterpart;
mod facts;
mod mrn;
mod script;

pub use answer::Answer;
pub use counterpart::{Counterpart, Reply, Submitted};
pub use script::{Script, load};
