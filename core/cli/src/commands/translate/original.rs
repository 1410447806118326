//! `--over`: the message that a document is written over.

use std::path::{Path, PathBuf};

use dragoman_adapters::{Catalogue, Message, put_over};
use dragoman_model::Document;

use super::Written;
use crate::failure::Failure;

/// The original, for one document.
pub struct Original {
    path: PathBuf,
    bytes: Vec<u8>,
    used: bool,
}

impl Original {
    /// Reads the file.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).map_err(|error| Failure::file(path, "read", &error))?;
        Ok(Self { path: path.to_owned(), bytes, used: false })
    }

    /// Writes the document over the first message of the file.
    pub fn put_over<'i>(
        &mut self,
        catalogue: &Catalogue,
        to: &Message,
        document: &Document<'i>,
    ) -> Result<Written<'i>, Failure> {
        let shown = self.path.display();
        if std::mem::replace(&mut self.used, true) {
            let message = format!("{shown} is the original of one document, and there are several");
            return Err(Failure::new(message, "translate one document at a time with `--over`"));
        }
        let written = put_over(catalogue, to, document, &self.bytes);
        written.map(|(put, grammar)| (put, Some(grammar))).map_err(|reason| {
            let why = reason.map_or_else(String::new, |finding| format!(": {}", finding.message));
            let message = format!("{shown} is no message `{}` to write over{why}", to.name());
            Failure::new(message, "`--over` takes the message that the document was made from")
        })
    }
}
