//! The files of a pack: in a folder, or in a zip.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::failure::Failure;
use crate::outputs::save;

/// Where the files of a pack go.
pub enum Files {
    /// Into a folder.
    Folder(PathBuf),
    /// Into a zip, which is written at the end.
    Zip(PathBuf, Box<ZipWriter<Cursor<Vec<u8>>>>),
}

impl Files {
    /// A zip where the name ends so, else a folder.
    pub fn new(path: &Path) -> Self {
        let is_zip = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
        if is_zip {
            Self::Zip(path.to_owned(), Box::new(ZipWriter::new(Cursor::new(Vec::new()))))
        } else {
            Self::Folder(path.to_owned())
        }
    }

    /// Adds a file, by its path in the pack.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Self::Folder(folder) => save(&folder.join(name), bytes),
            Self::Zip(path, zip) => {
                let started = zip.start_file(name, SimpleFileOptions::default());
                let written = started.map_err(std::io::Error::from).and_then(|()| zip.write_all(bytes));
                written.map_err(|error| Failure::file(path, "written", &error))
            }
        }
    }

    /// Writes what is not written yet.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Folder(_) => Ok(()),
            Self::Zip(path, zip) => {
                let bytes = zip.finish().map_err(std::io::Error::from);
                let bytes = bytes.map_err(|error| Failure::file(&path, "written", &error))?;
                save(&path, &bytes.into_inner())
            }
        }
    }
}
