//! The data of the program, with folders laid over it.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::Path;

use dragoman_adapters::Data;

use crate::arguments::DataFolders;
use crate::failure::Failure;

/// What kinds of files data are; anything else in a folder is left alone.
const ENDINGS: [&str; 4] = ["map", "gram", "csv", "toml"];

/// The data that came with the program, and over it what the folders hold.
pub fn load(folders: &DataFolders) -> Result<Data, Failure> {
    let mut data = Data::embedded();
    if let Some(folder) = &folders.mappings {
        lay(&mut data, is_folder(folder)?, "mappings")?;
    }
    if let Some(folder) = &folders.adapters {
        match lone(is_folder(folder)?) {
            Some(name) => lay(&mut data, folder, &format!("adapters/{name}"))?,
            None => lay(&mut data, folder, "adapters")?,
        }
    }
    Ok(data)
}

/// The name of an adapter that is a folder of its own.
pub fn lone(folder: &Path) -> Option<String> {
    let whole = folder.join("adapter.toml").is_file().then(|| folder.canonicalize().ok())??;
    Some(whole.file_name()?.to_str()?.to_owned())
}

fn is_folder(folder: &Path) -> Result<&Path, Failure> {
    if folder.is_dir() {
        return Ok(folder);
    }
    let error = Error::new(ErrorKind::NotADirectory, "it is no folder");
    Err(Failure::file(folder, "laid over the data", &error))
}

/// Lays the data files of a folder over the data, below a path.
pub fn lay(data: &mut Data, folder: &Path, below: &str) -> Result<(), Failure> {
    let failed = |error: Error| Failure::file(folder, "read", &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let Ok(name) = entry.file_name().into_string() else { continue };
        let below = format!("{below}/{name}");
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            lay(data, &path, &below)?;
        } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
            let text = fs::read_to_string(&path).map_err(|error| Failure::file(&path, "read", &error))?;
            data.lay(counted(below), text, path.display().to_string());
        }
    }
    Ok(())
}

/// Where a file counts: what an adapter's folder holds in `mappings/` is laid over the mappings of all, below its name.
fn counted(path: String) -> String {
    let steps: Vec<_> = path.split('/').collect();
    match steps.as_slice() {
        ["adapters", name, "mappings", "codes", rest @ ..] => {
            format!("mappings/codes/{name}/{}", rest.join("/"))
        }
        ["adapters", name, "mappings", rest @ ..] => format!("mappings/{name}/{}", rest.join("/")),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adapter_may_bring_its_mappings() {
        let at = |path: &str| counted(path.to_owned());
        assert_eq!(at("adapters/acme/mappings/order.map"), "mappings/acme/order.map");
        assert_eq!(at("adapters/acme/mappings/codes/state.csv"), "mappings/codes/acme/state.csv");
        assert_eq!(at("adapters/acme/adapter.toml"), "adapters/acme/adapter.toml");
        assert_eq!(at("mappings/acme/order.map"), "mappings/acme/order.map");
    }
}
