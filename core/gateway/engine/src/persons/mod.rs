//! Personal data: whom a document is about, what is withheld from those who may not see it, and what goes when a person
//! asks for it.

mod erase;
mod mask;
mod who;

pub use erase::{Erasure, Kept};
pub(crate) use mask::{is_personal, mask, masked};
pub(crate) use who::persons;
