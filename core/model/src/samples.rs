//! Real messages and dictionaries, found through `DRAGOMAN_SAMPLES`.

use std::path::{Path, PathBuf};

/// The folder or file below the samples; `None`, with a line that says so, where it is missing.
pub fn sample(path: &str) -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into();
    let root = std::env::var_os("DRAGOMAN_SAMPLES").unwrap_or(default);
    let found = Path::new(&root).join(path);
    if found.exists() {
        return Some(found);
    }
    let required = std::env::var_os("DRAGOMAN_REQUIRE_SAMPLES").is_some_and(|value| value == "1");
    assert!(!required, "no samples at {}", found.display());
    println!("skipped: no samples at {}", found.display());
    None
}

/// All files below a folder with that ending, sorted.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|own| own == ending) {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}
