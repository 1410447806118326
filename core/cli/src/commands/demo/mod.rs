//! `dragoman demo`.

use crate::Context;
use crate::arguments::Demo;
use crate::failure::{Failure, Outcome};

/// Later.
pub fn run(_: &Context, _: &Demo) -> Result<Outcome, Failure> {
    Ok(Outcome::Clean)
}
