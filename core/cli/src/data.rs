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
    let named = [("mappings", &folders.mappings), ("adapters", &folders.adapters)];
    for (below, folder) in named.into_iter().filter_map(|(below, folder)| Some((below, folder.as_ref()?))) {
        if !folder.is_dir() {
            let error = Error::new(ErrorKind::NotADirectory, "it is no folder");
            return Err(Failure::file(folder, "laid over the data", &error));
        }
        lay(&mut data, folder, below)?;
    }
    Ok(data)
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
            data.lay(below, text, path.display().to_string());
        }
    }
    Ok(())
}
