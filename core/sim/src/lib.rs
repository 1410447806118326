//! The simulator of a counterpart: an authority that reads a declaration as it was sent, checks it, and answers as the
//! real one does; a platform that shows its orders. What it knows stands in the adapter's `sim.toml`.
//!
//! Pure but for the file that its books lie in: messages come in read and go out as documents, the moment and the seed are
//! passed in. What it accepts is accepted by a simulator, no more.

mod answer;
mod behaviour;
mod books;
mod check;
mod counterpart;
pub mod door;
pub mod envelope;
mod facts;
pub mod graphql;
pub mod inquiry;
pub mod json;
mod mrn;
mod plays;
pub mod push;
mod sales;
mod script;
pub mod shape;
pub mod shop;
mod usual;

pub use answer::Answer;
pub use behaviour::{Answering, Arrives, Behaviour, Listing, Pace, Requested};
pub use books::Declared;
pub use counterpart::{Counterpart, Moment, Submitted, Taken, Trouble};
pub use door::Door;
pub use plays::{Asked, Play, Plays};
pub use script::{Authority, Script, load};
pub use shape::Spoken;
pub use shop::Shop;
