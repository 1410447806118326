//! Real files.

use std::fs;

use dragoman_samples::{files, sample};
use dragoman_syntax::json::{self, Numbers, Style};
use dragoman_tree::NodeId;
use serde_json::Value;

use crate::outline::{errors, outline, read, value};

/// Published with a bracket in the wrong place: no JSON at all.
const BROKEN: &str = "one-record/Orchestration/assets/CIMP-Example1.json";

fn come_back(name: &str) {
    let Some(folder) = sample(name) else { return };
    let found = files(&folder, &["json"]);
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
            assert_eq!(json::difference(&first.tree, &second.tree, Numbers::Literal), None);
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
