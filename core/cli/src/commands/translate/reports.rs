//! `--report`: what became of every leaf, in one file. One document is an object, several are an array.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use dragoman_mapping::report::Report;

use crate::failure::Failure;
use crate::findings::json::line;

/// Writes reports as they come; only the first one waits, to see whether there is another.
pub struct Reports {
    file: Option<(PathBuf, BufWriter<File>)>,
    first: Option<String>,
    count: usize,
}

impl Reports {
    /// Makes the file, where one is wanted.
    pub fn new(path: Option<&Path>) -> Result<Self, Failure> {
        let create = |path: &Path| match File::create(path) {
            Ok(file) => Ok((path.to_owned(), BufWriter::new(file))),
            Err(error) => Err(Failure::file(path, "written", &error)),
        };
        Ok(Self { file: path.map(create).transpose()?, first: None, count: 0 })
    }

    /// True where there is a file to write to.
    pub fn are_wanted(&self) -> bool {
        self.file.is_some()
    }

    /// Adds the report of a document.
    pub fn add(&mut self, report: &Report) -> Result<(), Failure> {
        self.count += 1;
        if self.count == 1 {
            self.first = Some(line(report));
            return Ok(());
        }
        let before = self.first.take().map_or_else(|| ",\n".to_owned(), |first| format!("[\n{first},\n"));
        self.write(&format!("{before}{}", line(report)))
    }

    /// Ends the file.
    pub fn finish(&mut self) -> Result<(), Failure> {
        let first = self.first.take();
        self.write(&match (first, self.count) {
            (Some(only), _) => format!("{only}\n"),
            (None, 0) => "[]\n".to_owned(),
            (None, _) => "\n]\n".to_owned(),
        })
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        let written = file.write_all(text.as_bytes()).and_then(|()| file.flush());
        written.map_err(|error| Failure::file(path, "written", &error))
    }
}
