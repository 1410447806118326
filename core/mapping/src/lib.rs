//! The mapping language: one text that maps a message tree to a canonical document and back.
//!
//! [`load`] parses, checks and compiles a `.map` file; [`Mapping::get`] reads, [`Mapping::put`] writes. Nothing of
//! a message is lost silently: every leaf is carried, checked, residue or reported, and the counts add up.

mod binding;
pub mod canonical;
mod codec;
mod derived;
mod error_point;
mod get;
pub mod language;
pub mod lineage;
mod load;
mod mapping;
mod over;
mod plan;
mod point;
mod pointer;
mod put;
pub mod report;
mod xpath;

pub use binding::Binding;
pub use get::{Claim, Counts, Got};
pub use load::{Mapping, Sources, load, show};
pub use pointer::{Base, Confidence, Resolution, names_own_message};
pub use put::{Lost, Put};

/// All kinds of findings that this crate raises.
pub fn codes() -> impl Iterator<Item = &'static dragoman_tree::Code> {
    canonical::CODES.iter().chain(get::CODES).chain(put::CODES).chain(report::CODES).copied()
}
