//! As much of GraphQL (October 2021) as a client of a shop says: operations, variables, fragments, and the members that
//! it asks for. What is not asked for is not answered, so that a question that forgets something shows it.

mod parse;
mod run;

pub use parse::{Document, parse};
pub use run::{Outcome, run};
