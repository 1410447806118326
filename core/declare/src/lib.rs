//! Orders, customs master, profile, consignment, rates and rules to declarations.
//!
//! [`declare`] states everything that the inputs know at the places of a canonical declaration, each value with its
//! source; the rules of the country ([`dragoman_rules`]) choose the data set, add what follows from law, take back what
//! the data set does not have and demand what it needs. Orders come first, then the customs master, the consignment,
//! the profile and the rules: a later one never supplies what an earlier one could. [`Sent`] goes the
//! same way back: from what customs rejected to the bytes and the order line that caused it. Pure: the day is passed
//! in. [`assess`] says beforehand which regimes are open to a parcel, who collects what, and what is missing; [`manifest`] lists
//! parcels that somebody else declares.

mod aggregate;
mod apportion;
pub mod assess;
mod costs;
mod csv;
mod declare;
mod delivery;
mod document;
mod draft;
mod facts;
mod findings;
mod goods;
mod header;
mod kits;
pub mod manifest;
mod orders;
mod packages;
mod path;
mod price;
mod run;
mod settings;
mod statements;
mod tables;
mod trace;

pub use declare::{Declared, LeftOut, declare};
pub use facts::FACTS;
pub use findings::{File, Located, NO_DECLARATION, NO_PARCEL, NOT_IN_MASTER};
pub use orders::Order;
pub use run::Inputs;
pub use settings::{Consignment, Profile};
pub use tables::{Master, MasterRow, Published, Publisher, Rates, RatesError};
pub use trace::{Cause, Line, Meaning, Rejection, Sent};

/// All kinds of findings that this crate raises.
pub fn codes() -> impl Iterator<Item = &'static dragoman_tree::Code> {
    findings::CODES.iter().copied()
}
