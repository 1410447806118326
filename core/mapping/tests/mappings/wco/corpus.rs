//! The samples: every well-formed message of one mapping.

use std::fs;
use std::path::{Path, PathBuf};

use dragoman_samples::files;

use crate::mapped::Mapped;

/// A real message.
pub struct Sample {
    /// The file, from the folder of samples.
    pub name: String,
    /// Its bytes.
    pub text: Vec<u8>,
}

/// The samples of CDS.
pub fn folder() -> Option<PathBuf> {
    dragoman_samples::sample("uk-cds/samples")
}

/// One of the samples, where there are any.
pub fn sample(name: &str) -> Option<Vec<u8>> {
    folder().map(|folder| fs::read(folder.join(name)).unwrap())
}

/// Every well-formed message of that mapping; none where there are no samples.
pub fn messages(mapped: &Mapped) -> Vec<Sample> {
    let Some(folder) = folder() else { return Vec::new() };
    let read = |path: &PathBuf| Sample { name: shown(path, &folder), text: fs::read(path).unwrap() };
    let all = files(&folder, &["xml"]);
    let messages: Vec<_> =
        all.iter().map(read).filter(|sample| mapped.recognised(&sample.text).is_some()).collect();
    assert!(messages.len() >= 200, "{} messages of {}", messages.len(), all.len());
    messages
}

fn shown(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap().display().to_string()
}
