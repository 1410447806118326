//! The rules of the house.

use std::fs;
use std::path::{Path, PathBuf};

use dragoman_adapters::{Catalogue, Data};

use crate::run::root;

/// The files of the project below a folder, without what is built.
fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "target" || name.starts_with("target-") {
            continue;
        }
        if path.is_dir() {
            files(&path, all);
        } else {
            all.push(path);
        }
    }
}

/// Every file that holds text, by its path from the root.
fn texts() -> Vec<(String, String)> {
    let mut all = Vec::new();
    files(root(), &mut all);
    let shown = |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    all.into_iter().filter_map(|path| Some((shown(&path), fs::read_to_string(&path).ok()?))).collect()
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

#[test]
fn no_source_file_is_long() {
    for (path, text) in texts().iter().filter(|(path, _)| has_ending(path, &["rs", "map"])) {
        let lines = text.lines().count();
        assert!(lines <= 400, "{path} has {lines} lines");
    }
}

#[test]
fn no_module_is_a_drawer() {
    let banned = ["util", "utils", "helper", "helpers", "manager", "common", "misc"];
    for (path, _) in texts().iter().filter(|(path, _)| has_ending(path, &["rs"])) {
        let steps = path.trim_end_matches(".rs").split('/');
        for step in steps {
            assert!(!banned.contains(&step), "{path}: `{step}` says nothing");
        }
    }
}

#[test]
fn nothing_names_the_machine_it_was_made_on() {
    let folders = ["work", "home", "root", "Users"].map(|folder| format!("/{folder}/"));
    for (path, text) in texts() {
        for (number, line) in (1..).zip(text.lines()) {
            let starts_path = |at: usize| at == 0 || !line.as_bytes()[at - 1].is_ascii_alphanumeric();
            for folder in &folders {
                let found =
                    line.match_indices(folder.as_str()).any(|(at, _)| starts_path(at) && is_alone(line, at));
                assert!(!found, "{path}:{number}: {line}");
            }
        }
    }
}

/// False for a part of a longer path or of an address.
fn is_alone(line: &str, at: usize) -> bool {
    line[..at]
        .chars()
        .next_back()
        .is_none_or(|before| !before.is_alphanumeric() && !"/._-}>])*".contains(before))
}

#[test]
fn every_adapter_is_complete() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    assert!(!catalogue.adapters().is_empty());
    for adapter in catalogue.adapters() {
        let folder = root().join("adapters").join(&adapter.name);
        let page = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        assert!(page.starts_with("# "), "{}: README.md is missing", adapter.name);
        assert!(page.contains("```console\n$ dragoman "), "{}: README.md runs nothing", adapter.name);
        assert!(!adapter.messages.is_empty(), "{} has no messages", adapter.name);
        for message in &adapter.messages {
            let name = format!("{}/{}", adapter.name, message.name);
            assert!(page.contains(&format!("`{name}`")), "{name} is not in README.md");
            assert!(catalogue.message(&name).is_ok(), "{name} cannot be loaded");
        }
    }
}

#[test]
fn no_adapter_is_named_in_the_core() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let sources = texts();
    let library =
        |path: &str| path.starts_with("core/") && path.contains("/src/") && has_ending(path, &["rs"]);
    for (path, text) in sources.iter().filter(|(path, _)| library(path)) {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for adapter in catalogue.adapters().iter().filter(|adapter| adapter.name != "edifact") {
                assert!(!line.contains(&format!("\"{}", adapter.name)), "{path}: {line}");
            }
        }
    }
}
