//! UN/EDIFACT directories (UNTDID) as the UN/ECE publishes them: a zip archive of zip archives of plain text.
//!
//! [`import`] writes the segments, the messages asked for and the codes that they use. [`Directory`] holds
//! what the texts say. Every vintage from D.95B on has the same tables in slightly different columns; what
//! cannot be read is an error with its line, never left out. Only the batch part is read, no descriptive
//! sentences.

mod archive;
mod codes;
mod elements;
mod layout;
mod messages;
mod text;

use std::collections::BTreeMap;

pub use archive::Source;
pub use elements::{Composite, Element, Segment, Use};
pub use messages::{Item, Message};

/// A directory archive that cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is no zip archive, or a damaged one.
    #[error("the archive cannot be unpacked: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// A member cannot be unpacked.
    #[error("`{member}` cannot be unpacked: {error}")]
    Member {
        /// Its name.
        member: String,
        /// Why.
        error: std::io::Error,
    },
    /// A part of the directory is not there.
    #[error("the archive has no {0}")]
    Missing(&'static str),
    /// The directory has no such message.
    #[error("the directory has no message `{0}`")]
    NoMessage(String),
    /// A text says what this importer does not understand.
    #[error("{file}:{line}: {message}")]
    Text {
        /// The file in the archive.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// A directory: segments, composites, elements, code lists and messages.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Its release, such as `96B` for D.96B.
    pub release: String,
    /// Segments by tag (EDSD, before D.97A TRSD).
    pub segments: BTreeMap<String, Segment>,
    /// Composite data elements by number, such as `C506` (EDCD, TRCD).
    pub composites: BTreeMap<String, Composite>,
    /// Data elements by number (EDED, TRED).
    pub elements: BTreeMap<String, Element>,
    /// The codes of each coded element, with their names, in the order of the list (UNCL).
    pub codes: BTreeMap<String, Vec<(String, String)>>,
    /// Messages by type (EDMD, TRMD).
    pub messages: BTreeMap<String, Message>,
    /// The texts it was read from.
    pub sources: Vec<Source>,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below `mappings/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Directory {
    /// Reads a directory archive.
    pub fn read(archive: &[u8]) -> Result<Self, ImportError> {
        let texts = archive::unpack(archive)?;
        let mut directory = Self::default();
        for text in &texts {
            directory.add(text)?;
            directory.sources.push(text.source.clone());
        }
        let parts = [
            ("segment directory", directory.segments.is_empty()),
            ("composite directory", directory.composites.is_empty()),
            ("element directory", directory.elements.is_empty()),
            ("code list", directory.codes.is_empty()),
            ("message", directory.messages.is_empty()),
        ];
        match parts.iter().find(|(_, missing)| *missing) {
            Some((part, _)) => Err(ImportError::Missing(part)),
            None => Ok(directory),
        }
    }

    fn add(&mut self, text: &archive::Text) -> Result<(), ImportError> {
        match text.kind {
            archive::Kind::Segments => {
                self.release.clone_from(&text.source.release);
                self.segments = elements::segments(text)?;
            }
            archive::Kind::Composites => self.composites = elements::composites(text)?,
            archive::Kind::Elements => self.elements = elements::elements(text)?,
            archive::Kind::Codes => self.codes.extend(codes::read(text)),
            archive::Kind::Message => {
                if let Some(message) = messages::read(text)? {
                    self.messages.insert(message.name.clone(), message);
                }
            }
        }
        Ok(())
    }

    /// The files of some messages: `edifact/d96b/segments.gram` and so on.
    pub fn files(&self, messages: &[&str]) -> Result<Vec<File>, ImportError> {
        layout::files(self, messages)
    }
}

/// Imports messages of a directory archive.
pub fn import(archive: &[u8], messages: &[&str]) -> Result<Vec<File>, ImportError> {
    Directory::read(archive)?.files(messages)
}
