//! `dragoman map check`: load mappings, and say all that is wrong with them.

use std::fs;
use std::path::Path;

use dragoman_adapters::{Catalogue, CatalogueError};
use dragoman_mapping::Mapping;

use crate::Context;
use crate::failure::{Failure, Outcome};
use crate::findings::counted;
use crate::findings::text::render_faults;
use crate::terminal::{note, print};

/// Checks the mappings of these names and files; all that there are where none is named.
pub fn run(context: &Context, names: &[String]) -> Result<Outcome, Failure> {
    let catalogue = &context.catalogue;
    let all: Vec<String> =
        catalogue.mapping_names().map(str::to_owned).chain(catalogue.overlay_names()).collect();
    let mut faults = 0;
    for name in if names.is_empty() { &all } else { names } {
        let checked = if Path::new(name).extension().is_some_and(|ending| ending == "map") {
            check_file(context, Path::new(name))
        } else {
            check(catalogue, name)
        };
        match checked {
            Ok(line) => print(line.as_bytes()),
            Err(Failure::Data(refused)) => {
                faults += refused.0.len();
                note(&render_faults(&refused, &context.terminal));
            }
            Err(other) => return Err(other),
        }
    }
    if faults > 0 {
        note(&format!("{}\n", counted(faults, "error")));
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Clean)
}

/// A mapping or a message by name.
fn check(catalogue: &Catalogue, name: &str) -> Result<String, Failure> {
    let mapping = match catalogue.mapping(name) {
        Err(unknown @ CatalogueError::Unknown { .. }) => match catalogue.message(name) {
            Ok(message) => message.mapping().cloned(),
            Err(CatalogueError::Unknown { .. }) => return Err(unknown.into()),
            Err(refused) => return Err(refused.into()),
        },
        loaded => Some(loaded?),
    };
    Ok(mapping.map(|mapping| line(name, &mapping)).unwrap_or_default())
}

/// A file, by the name that it gives itself, laid over the program's data with all that stands in its folder of
/// mappings: that of `my/acme/order.map` with the name `acme/order` is `my`.
fn check_file(context: &Context, path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::file(path, "read", &error))?;
    let header = text.lines().next().unwrap_or_default();
    let name = header
        .strip_prefix("mapping 1 ")
        .map_or("", |rest| rest.split('#').next().unwrap_or_default().trim());
    if name.is_empty() || name.contains(char::is_whitespace) {
        let message = format!("{} does not begin with `mapping 1 NAME`", path.display());
        return Err(Failure::new(message, "the first line of a mapping names it"));
    }
    let mut data = context.catalogue.data().clone();
    let depth = name.split('/').count();
    let folder = path.ancestors().nth(depth).filter(|_| path.with_extension("").ends_with(name));
    if let Some(folder) = folder {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        crate::data::lay(&mut data, folder, "mappings")?;
    }
    data.lay(format!("mappings/{name}.map"), text.clone(), path.display().to_string());
    check(&Catalogue::new(data)?, name)
}

/// `wco/declaration: declaration, xml, by wco/dms-3.6`.
fn line(name: &str, mapping: &Mapping) -> String {
    let grammars: Vec<_> = mapping.grammars().map(|grammar| grammar.name().to_owned()).collect();
    let document = dragoman_model::Schema::standard().name_of(mapping.model()).to_owned();
    format!("{name}: {document}, {} by {}\n", mapping.syntax().word(), grammars.join(", "))
}
