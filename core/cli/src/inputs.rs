//! The inputs of a command: files, the files of folders, the standard input.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use dragoman_syntax::Limits;

use crate::failure::{Failure, reason};
use crate::source::Source;

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file; none for the standard input.
    pub path: Option<PathBuf>,
    /// The path from the folder that was named, or the file's name: what an output is called after.
    pub below: PathBuf,
    /// It was found in a folder: nobody said that it is a message.
    pub found: bool,
}

/// The inputs that arguments name: each file, the files of each folder and the folders in it, sorted and without
/// hidden ones.
pub fn inputs(arguments: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            inputs.push(Input { path: None, below: PathBuf::from("stdin"), found: false });
        } else if argument.is_dir() {
            let before = inputs.len();
            folder(argument, Path::new(""), &mut inputs)?;
            if inputs.len() == before {
                let message = format!("{} holds no files", argument.display());
                return Err(Failure::new(
                    message,
                    "folders are searched with all below them, hidden files aside",
                ));
            }
        } else {
            let below = argument.file_name().map(PathBuf::from).unwrap_or_default();
            inputs.push(Input { path: Some(argument.clone()), below, found: false });
        }
    }
    Ok(inputs)
}

fn folder(path: &Path, below: &Path, inputs: &mut Vec<Input>) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::file(path, "read", &error);
    let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(failed)?.collect();
    let mut entries = entries.map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, below) = (entry.path(), below.join(entry.file_name()));
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            folder(&path, &below, inputs)?;
        } else if !path.is_dir() {
            // A link to a folder is not followed: it may lead in a circle.
            inputs.push(Input { path: Some(path), below, found: true });
        }
    }
    Ok(())
}

/// An input that was opened: what was read of it, and what is still to come.
pub struct Opened {
    /// Its name and the bytes at hand.
    pub source: Source,
    rest: Box<dyn Read>,
    /// How many bytes were read.
    read: u64,
    /// How many there are, where that is known.
    length: Option<u64>,
}

/// How much is read at a time.
const CHUNK: usize = 1 << 18;

impl Input {
    /// As people know it.
    pub fn name(&self) -> String {
        self.path.as_ref().map_or("<stdin>".into(), |path| path.display().to_string())
    }

    /// Opens it, and reads its beginning.
    pub fn open(&self) -> Result<Opened, Failure> {
        let failed = |error: io::Error| unreadable(&self.name(), &error);
        let file = self.path.as_ref().map(File::open).transpose().map_err(failed)?;
        let length = file.as_ref().and_then(|file| file.metadata().ok()).filter(Metadata::is_file);
        let length = length.map(|known| known.len());
        let mut rest: Box<dyn Read> = match file {
            Some(file) => Box::new(file),
            None => Box::new(io::stdin()),
        };
        let mut source = Source::named(self.name());
        let first = chunk(&mut rest, CHUNK).map_err(failed)?;
        source.push(&first);
        Ok(Opened { source, rest, read: first.len() as u64, length })
    }
}

impl Opened {
    /// An input that is at hand as a whole.
    pub fn whole(source: Source) -> Self {
        let read = source.bytes().len() as u64;
        Self { source, rest: Box::new(io::empty()), read, length: Some(read) }
    }

    /// Reads all that is still to come, up to what readers take.
    pub fn gather(&mut self) -> Result<(), Failure> {
        let room = Limits::default().bytes + 1;
        let more = self.chunk(room.saturating_sub(self.source.bytes().len()))?;
        self.source.push(&more);
        Ok(())
    }

    /// The next bytes; none at the end. They are not yet in the source.
    pub fn next_chunk(&mut self) -> Result<Vec<u8>, Failure> {
        self.chunk(CHUNK)
    }

    fn chunk(&mut self, length: usize) -> Result<Vec<u8>, Failure> {
        let bytes = chunk(&mut self.rest, length).map_err(|error| unreadable(&self.source.name, &error))?;
        self.read += bytes.len() as u64;
        Ok(bytes)
    }

    /// How far it is read: `orders.edi: 921 of 2147 MB`.
    pub fn progress(&self) -> String {
        const MB: u64 = 1_000_000;
        let of = self.length.map(|length| format!(" of {}", length / MB)).unwrap_or_default();
        format!("{}: {}{of} MB", self.source.name, self.read / MB)
    }
}

/// The next bytes, fewer than `length` only at the end.
fn chunk(from: &mut dyn Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::Use { message: format!("{name} cannot be read: {}", reason(error)), hint: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_how_far_a_file_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.edi");
        fs::write(&path, vec![b'A'; 3_000_000]).unwrap();
        let input = Input { path: Some(path.clone()), below: path.clone(), found: false };
        let mut opened = input.open().unwrap();
        assert_eq!(opened.progress(), format!("{}: 0 of 3 MB", path.display()));
        while !opened.next_chunk().unwrap().is_empty() {}
        assert_eq!(opened.progress(), format!("{}: 3 of 3 MB", path.display()));
        let whole = Opened::whole(Source::named("<stdin>".to_owned()));
        assert_eq!(whole.progress(), "<stdin>: 0 of 0 MB");
    }
}
