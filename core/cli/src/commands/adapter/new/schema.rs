//! The grammar of a message, from the published schemas in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::import::{openapi, xsd};

use crate::failure::Failure;

/// The grammar that the schemas describe for a root element, or for a schema of that name in a description of an API.
pub fn grammar(folder: &Path, root: &str, name: &str) -> Result<Grammar, Failure> {
    let mut why = None;
    for file in files(folder)? {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let imported = match ending {
            "xsd" if declares(&file, root) => from_xsd(folder, &file, root, name),
            "json" => from_openapi(&file, root, name),
            _ => continue,
        };
        match imported {
            Ok(grammar) => return Ok(grammar),
            Err(message) => why = Some(format!("{}: {message}", file.display())),
        }
    }
    let message = format!("no schema in {} describes `{root}`", folder.display());
    let hint =
        why.unwrap_or_else(|| "`--root` names an element of an .xsd, or a schema of OpenAPI in .json".into());
    Err(Failure::new(message, hint))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::file(folder, "read", &error))?;
    let mut files: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

/// True for a schema that has an element of that name: a look that spares importing it.
fn declares(file: &Path, root: &str) -> bool {
    let text = fs::read_to_string(file).unwrap_or_default();
    ['"', '\''].into_iter().any(|quote| text.contains(&format!("element name={quote}{root}{quote}")))
}

fn from_xsd(folder: &Path, file: &Path, root: &str, name: &str) -> Result<Grammar, String> {
    let entry = file.file_name().and_then(|entry| entry.to_str()).unwrap_or_default();
    let files = |path: &str| fs::read_to_string(folder.join(path)).ok();
    let options = xsd::Options { name, root, namespaces: &[], wildcards: &[], keys: &[], opaque: &[] };
    xsd::import(entry, &files, &options).map_err(|error| error.to_string())
}

fn from_openapi(file: &Path, root: &str, name: &str) -> Result<Grammar, String> {
    let document = fs::read(file).map_err(|error| error.to_string())?;
    let path = file.file_name().and_then(|path| path.to_str()).unwrap_or_default();
    let request = openapi::Request { name, path, root, wrappers: &[] };
    openapi::import(&document, &request).map(|imported| imported.grammar).map_err(|error| error.to_string())
}
