//! `dragoman codes`: code lists, shown and made. Importing again gives the same files.

use std::fs;

use dragoman_model::Listed;
use dragoman_syntax::import::reference::{Origin, import};

use crate::Context;
use crate::arguments::{Codes, ImportCodes, ShowCodes};
use crate::failure::{Failure, Outcome};
use crate::outputs::save;
use crate::terminal::print;

/// Runs a command on code lists.
pub fn run(context: &Context, arguments: &Codes) -> Result<Outcome, Failure> {
    match arguments {
        Codes::Show(arguments) => show(context, arguments),
        Codes::Import(arguments) => make(arguments),
    }
}

fn show(context: &Context, arguments: &ShowCodes) -> Result<Outcome, Failure> {
    let catalogue = &context.catalogue;
    let Some(name) = &arguments.list else {
        for name in catalogue.list_names() {
            let list = catalogue.list(name)?;
            let line = format!("{name}  {} of {}: {}\n", list.len(), list.edition(), list.title());
            print(line.as_bytes());
        }
        return Ok(Outcome::Clean);
    };
    let list = catalogue.list(name)?;
    let Some(code) = &arguments.code else {
        let text = catalogue.data().unpacked(&format!("mappings/lists/{name}.csv")).unwrap_or_default();
        print(text.as_bytes());
        return Ok(Outcome::Clean);
    };
    let Some(found) = list.get(code) else {
        let near: Vec<_> = list.near(code).iter().map(line).collect();
        let hint = if near.is_empty() {
            "nothing in it is near".into()
        } else {
            format!("near it: {}", near.join(", "))
        };
        return Err(Failure::new(format!("`{code}` is not in {name} of {}", list.edition()), hint));
    };
    print(format!("{}\n", line(&found)).as_bytes());
    Ok(Outcome::Clean)
}

/// The code, its name, and what else the list says.
fn line(found: &Listed<'_>) -> String {
    let marks = if found.marks.is_empty() { String::new() } else { format!(" ({})", found.marks) };
    format!("{} {}{marks}", found.code, found.name)
}

fn make(arguments: &ImportCodes) -> Result<Outcome, Failure> {
    let archive =
        fs::read(&arguments.archive).map_err(|error| Failure::file(&arguments.archive, "read", &error))?;
    let checked = arguments.checked.to_string();
    let origin = Origin { source: &arguments.source, checked: &checked };
    let files = import(&archive, origin).map_err(|error| Failure::new(error.to_string(), String::new()))?;
    for file in files {
        let path = arguments.out.join(&file.path);
        save(&path, file.text.as_bytes())?;
        print(format!("{}\n", path.display()).as_bytes());
    }
    Ok(Outcome::Clean)
}
