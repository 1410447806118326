//! Real messages, found by path; `tests/SAMPLES.md` names where they are published.

use std::path::{Path, PathBuf};

/// A file or folder of the samples; `None`, with a line that says so, where it is missing and may be.
pub fn sample(path: &str) -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("DRAGOMAN_SAMPLES").unwrap_or_else(|| default.into());
    let found = Path::new(&root).join(path);
    if found.exists() {
        return Some(found);
    }
    skip(&format!("no samples at {}", found.display()));
    None
}

/// Says that a test is not made, and why; fails where it has to be.
pub fn skip(why: &str) {
    let required = std::env::var_os("DRAGOMAN_REQUIRE_SAMPLES").is_some_and(|value| value == "1");
    assert!(!required, "{why}");
    println!("skipped: {why}");
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
