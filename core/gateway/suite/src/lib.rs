//! What every order platform is asked, against its own simulator: single behaviours, chosen by what its adapter
//! declares, and runs in which everything goes wrong that a seed draws. No adapter's author writes any of them.
//!
//! A gateway reads and ships here as it does in earnest, on a store of its own; the time is turned by hand.

mod behaviour;
mod check;
mod ground;
mod mortal;
mod play;
mod run;
mod subject;
mod trouble;

pub use behaviour::Behaviour;
pub use run::run;
pub use subject::Subject;
pub use trouble::Trouble;
