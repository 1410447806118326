//! `core/ARCHITECTURE.md` says what is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::run::root;
use crate::sources::library;

fn page() -> String {
    fs::read_to_string(root().join("core/ARCHITECTURE.md")).unwrap()
}

/// What stands between backticks on one line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The folders of the workspace's crates.
fn members() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let list = manifest.split("members = [").nth(1).unwrap().split("\n]").next().unwrap();
    list.lines()
        .filter_map(|line| Some(line.trim().strip_prefix('"')?.split_once('"')?.0.to_owned()))
        .collect()
}

/// The rows of the table of folders: the folder, and what it stands on.
fn rows() -> Vec<(String, Vec<String>)> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.split('|');
        let folder = cells.next()?.trim().trim_end_matches('`').to_owned();
        let below = cells.nth(1)?.split(',').map(|name| name.trim().to_owned());
        Some((folder, below.filter(|name| !name.is_empty()).collect()))
    };
    page().lines().filter_map(row).collect()
}

#[test]
fn everything_the_page_names_is_there() {
    let page = page();
    for name in quoted(&page) {
        if let Some((file, test)) = name.split_once(".rs::") {
            let path = root().join(format!("{file}.rs"));
            let source = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
            let declared =
                source.find(&format!("fn {test}(")).unwrap_or_else(|| panic!("there is no {name}"));
            let before = source[..declared].trim_end().trim_end_matches("async").trim_end();
            let attribute = before.lines().next_back().unwrap_or_default().trim();
            let is_test = attribute == "#[test]" || attribute.starts_with("#[tokio::test");
            assert!(is_test || source.contains("proptest!"), "{name} is no test");
        } else if name.contains('/') && !name.contains([' ', '<']) {
            assert!(root().join(name).exists(), "there is no {name}");
        }
    }
    let rows = rows();
    let described: BTreeSet<_> = rows.iter().map(|(folder, _)| folder.clone()).collect();
    assert!(described.iter().all(|folder| root().join(folder).is_dir()), "{described:?}");
    assert!(members().iter().all(|member| described.contains(member)), "{described:?}");
}

#[test]
fn every_invariant_names_its_test_or_is_not_built() {
    let page = page();
    let list = page.split("## What always holds").nth(1).unwrap();
    for number in 1..=14 {
        let from =
            list.split(&format!("\n{number}. **")).nth(1).unwrap_or_else(|| panic!("{number} is missing"));
        let item = from.split(&format!("\n{}. **", number + 1)).next().unwrap();
        let item = item.split("\n\n").next().unwrap();
        let named = quoted(item).any(|name| name.contains(".rs::"));
        assert!(named || item.contains("*Not built yet"), "{number}: {item}");
    }
}

/// A crate depends on nothing but what the page says it stands on, and what that stands on.
#[test]
fn crates_stand_on_what_the_page_says() {
    let name = |folder: &str| folder.rsplit('/').next().unwrap().to_owned();
    let rows: BTreeMap<String, Vec<String>> =
        rows().into_iter().map(|(folder, below)| (name(&folder), below)).collect();
    for folder in members() {
        let (mut allowed, mut next) = (BTreeSet::new(), rows[&name(&folder)].clone());
        while let Some(one) = next.pop() {
            next.extend(rows[&one].iter().filter(|below| !allowed.contains(*below)).cloned());
            allowed.insert(one);
        }
        let manifest = fs::read_to_string(root().join(&folder).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("\n[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap();
        for line in dependencies.lines().filter_map(|line| line.strip_prefix("dragoman-")) {
            let below = line.split(['.', ' ']).next().unwrap();
            assert!(allowed.contains(below), "{folder} depends on {below}, and the page says {allowed:?}");
        }
    }
}

#[test]
fn the_core_does_no_io_and_reads_no_clock() {
    let banned = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "std::time",
        "SystemTime",
        "io::stdin",
        "io::stdout",
        "io::stderr",
        "println!",
        "Zoned::now",
        "Timestamp::now",
        "rand::",
    ];
    let outside = |path: &str| path.starts_with("core/cli/") || path.starts_with("core/gateway/");
    let sources = library("core/").into_iter().filter(|(path, _)| !outside(path));
    let sources: Vec<_> = sources.chain(library("adapters/")).collect();
    assert!(sources.len() > 100, "{}", sources.len());
    for (path, code) in sources {
        for word in banned {
            assert!(!code.contains(word), "{path}: {word}");
        }
    }
}
