//! A declaration as it stands: made again from what it was declared from, or read again from what was handed in, with
//! the corrections of people on top.

mod handed;
mod load;
mod told;

pub(crate) use handed::Read;
pub(crate) use load::{Draft, OrderText, corrected_by};
pub(crate) use told::{Told, told};
