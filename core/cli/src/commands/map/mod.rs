//! `dragoman map`: mappings at work.

mod check;
pub mod cover;
mod format;

use dragoman_adapters::CatalogueError;

use crate::Context;
use crate::arguments::Map;
use crate::failure::{Failure, Outcome};
use crate::terminal::print;

/// Runs a command on mappings.
pub fn run(context: &Context, arguments: &Map) -> Result<Outcome, Failure> {
    match arguments {
        Map::Check { names } => check::run(context, names),
        Map::Fmt { check, files } => format::run(context, files, *check),
        Map::Show { name } => show(context, name),
        Map::Cover { name, dir, format } => cover::run(context, name, dir, *format),
    }
}

/// Prints a mapping as it counts.
fn show(context: &Context, name: &str) -> Result<Outcome, Failure> {
    let catalogue = &context.catalogue;
    let message = catalogue.message(name)?;
    let Some(mapping) = message.mapping() else {
        return Err(Failure::new("canonical JSON has no mapping", "`dragoman model` shows what is in it"));
    };
    let text =
        catalogue.show_mapping(mapping.name()).map_err(|error: CatalogueError| Failure::from(error))?;
    print(text.as_bytes());
    Ok(Outcome::Clean)
}
