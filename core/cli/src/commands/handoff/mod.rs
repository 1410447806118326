//! `dragoman handoff`: parcels that a carrier, the post or a broker declares, where we do not.

mod files;
mod pack;
mod parcels;
mod table;
mod take;

use crate::Context;
use crate::arguments::Handoff;
use crate::failure::{Failure, Outcome};

/// Hands over.
pub fn run(context: &Context, arguments: &Handoff) -> Result<Outcome, Failure> {
    match arguments {
        Handoff::Pack(arguments) => pack::run(context, arguments),
        Handoff::Take(arguments) => take::run(context, arguments),
    }
}
