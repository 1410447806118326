//! `dragoman grammar import`: published schemas to grammars. Importing again gives the same file.

use std::fs;
use std::path::Path;

use dragoman_syntax::grammar::layout;
use dragoman_syntax::import::{openapi, unece, xsd};

use crate::arguments::{Import, ImportOpenapi, ImportUnece, ImportXsd};
use crate::failure::{Failure, Outcome};
use crate::terminal::{note, print};

/// Imports a grammar.
pub fn run(from: &Import) -> Result<Outcome, Failure> {
    match from {
        Import::Xsd(arguments) => from_xsd(arguments),
        Import::Openapi(arguments) => from_openapi(arguments),
        Import::Unece(arguments) => from_unece(arguments),
    }
}

fn from_xsd(arguments: &ImportXsd) -> Result<Outcome, Failure> {
    let namespaces: Vec<_> = arguments
        .namespaces
        .iter()
        .map(|(prefix, uri)| (if prefix == "default" { "" } else { prefix }, uri.as_str()))
        .collect();
    let wildcards: Vec<_> = arguments.wildcards.iter().map(|(uri, element)| wildcard(uri, element)).collect();
    let keys: Vec<_> =
        arguments.keys.iter().map(|(element, child)| (element.as_str(), child.as_str())).collect();
    let opaque: Vec<_> = arguments.opaque.iter().map(String::as_str).collect();
    let options = xsd::Options {
        name: &arguments.name,
        root: &arguments.root,
        namespaces: &namespaces,
        wildcards: &wildcards,
        keys: &keys,
        opaque: &opaque,
    };
    let files = |path: &str| fs::read_to_string(arguments.folder.join(path)).ok();
    let grammar = xsd::import(&arguments.entry, &files, &options).map_err(|error| refused(&error))?;
    print(layout(&grammar).as_bytes());
    Ok(Outcome::Clean)
}

/// `file.xsd#Element`, `file.xsd#Element*1` for at most one, or nothing.
fn wildcard<'a>(namespace: &'a str, element: &'a str) -> xsd::Wildcard<'a> {
    let (element, most) = element.split_once('*').unwrap_or((element, ""));
    xsd::Wildcard { namespace, element: element.split_once('#'), max: most.parse().ok() }
}

fn from_openapi(arguments: &ImportOpenapi) -> Result<Outcome, Failure> {
    let document = read(&arguments.file)?;
    let wrappers: Vec<_> = arguments.wrappers.iter().map(String::as_str).collect();
    let shown = arguments.file.display().to_string();
    let request = openapi::Request {
        name: &arguments.name,
        path: arguments.source.as_deref().unwrap_or(&shown),
        root: &arguments.root,
        wrappers: &wrappers,
    };
    let imported = openapi::import(&document, &request).map_err(|error| refused(&error))?;
    for line in &imported.notes {
        note(&format!("note: {line}\n"));
    }
    print(layout(&imported.grammar).as_bytes());
    Ok(Outcome::Clean)
}

fn from_unece(arguments: &ImportUnece) -> Result<Outcome, Failure> {
    let archive = read(&arguments.archive)?;
    let messages: Vec<_> = arguments.messages.iter().map(String::as_str).collect();
    for file in unece::import(&archive, &messages).map_err(|error| refused(&error))? {
        let path = arguments.out.join(&file.path);
        let folder = path.parent().unwrap_or(&path);
        fs::create_dir_all(folder).map_err(|error| Failure::file(folder, "made", &error))?;
        fs::write(&path, file.text).map_err(|error| Failure::file(&path, "written", &error))?;
        print(format!("{}\n", path.display()).as_bytes());
    }
    Ok(Outcome::Clean)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::file(path, "read", &error))
}

fn refused(error: &dyn std::error::Error) -> Failure {
    Failure::Use { message: error.to_string(), hint: None }
}
