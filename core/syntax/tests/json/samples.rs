//! Real files.

use std::fs;
use std::path::{Path, PathBuf};

use dragoman_syntax::json::{self, Numbers, Style};
use dragoman_tree::NodeId;
use serde_json::Value;

use crate::outline::{errors, outline, read, value};

/// Published with a bracket in the wrong place: no JSON at all.
const BROKEN: &str = "one-record/Orchestration/assets/CIMP-Example1.json";

/// A folder of public samples, or `None` with a line that says so. With `DRAGOMAN_REQUIRE_SAMPLES=1` it must exist.
pub fn samples(folder: &str) -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("DRAGOMAN_SAMPLES").map_or_else(|| default.into(), PathBuf::from);
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    let required = std::env::var_os("DRAGOMAN_REQUIRE_SAMPLES").is_some_and(|required| required == "1");
    assert!(!required, "there are no samples at {}", path.display());
    eprintln!("skipped: no samples at {}", path.display());
    None
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            files(&entry.path(), found);
        } else if entry.path().extension().is_some_and(|ending| ending == "json") {
            found.push(entry.path());
        }
    }
}

fn come_back(folder: &str) {
    let Some(folder) = samples(folder) else { return };
    let mut found = Vec::new();
    files(&folder, &mut found);
    assert!(found.len() > 30, "{} files in {}", found.len(), folder.display());
    for file in found {
        let bytes = fs::read(&file).unwrap();
        let first = read(&bytes);
        if file.ends_with(BROKEN) {
            assert!(serde_json::from_slice::<Value>(&bytes).is_err());
            assert_eq!(errors(&first), ["DG-E0201"]);
            continue;
        }
        assert_eq!(errors(&first), [""; 0], "{}", file.display());
        let expected: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value(&first.tree, NodeId::ROOT), expected, "{}", file.display());
        for style in [Style::Compact, Style::Pretty] {
            let written = json::write(&first.tree, style);
            let second = read(written.as_bytes());
            assert_eq!(outline(&first.tree), outline(&second.tree), "{}", file.display());
            assert_eq!(json::compare(&first.tree, &second.tree, Numbers::Literal), None);
        }
    }
}

#[test]
fn marketplace_files_come_back() {
    come_back("marketplaces");
}

#[test]
fn one_record_files_come_back() {
    come_back("one-record");
}
