//! The rules of the house.

use std::fs;

use dragoman_adapters::{Catalogue, Data};

use crate::run::root;
use crate::sources::{library, texts, texts_with};

#[test]
fn no_source_file_is_long() {
    for (path, text) in texts_with(&["rs", "map"]) {
        let lines = text.lines().count();
        assert!(lines <= 400, "{path} has {lines} lines");
    }
}

#[test]
fn nothing_is_left_to_be_done() {
    for (path, text) in texts_with(&["rs", "toml", "md", "map", "css"]) {
        let unfinished = ["TODO", "FIXME", "XXX:"].into_iter().find(|word| text.contains(word));
        assert!(unfinished.is_none() || path == "tests/tidy.rs", "{path}: {unfinished:?}");
    }
}

/// The lines of one table of a manifest.
fn table<'t>(manifest: &'t str, name: &str) -> Vec<&'t str> {
    let below = manifest.split(&format!("\n[{name}]\n")).nth(1).unwrap_or_default();
    below.lines().take_while(|line| !line.starts_with('[')).filter(|line| !line.trim().is_empty()).collect()
}

fn manifest() -> String {
    fs::read_to_string(root().join("Cargo.toml")).unwrap()
}

/// The reasons in the sources are clippy's business (`allow_attributes_without_reason`), as the length of functions is.
#[test]
fn every_exception_of_the_lints_has_a_reason() {
    let manifest = manifest();
    let lints = ["rust", "clippy"].map(|tool| table(&manifest, &format!("workspace.lints.{tool}"))).concat();
    assert!(!lints.is_empty());
    for (at, line) in lints.iter().enumerate().filter(|(_, line)| line.contains("\"allow\"")) {
        assert!(at > 0 && lints[at - 1].starts_with("# "), "{line}");
    }
}

#[test]
fn every_member_says_what_it_is() {
    let manifest = manifest();
    let members = manifest.split("members = [\n").nth(1).unwrap().split("\n]").next().unwrap();
    for line in members.lines() {
        assert!(
            line.split_once("\",").is_some_and(|(_, comment)| comment.trim().starts_with("# ")),
            "{line}"
        );
    }
}

/// One place says which version of a crate is in use, and it says exactly one.
#[test]
fn every_dependency_is_pinned_in_one_place() {
    let manifest = manifest();
    for line in table(&manifest, "workspace.dependencies") {
        assert!(line.contains("\"=") || line.contains("path = \""), "{line}");
        assert!(!line.contains("git = "), "{line}");
    }
    let crates = texts_with(&["toml"]).into_iter().filter(|(path, _)| path.ends_with("/Cargo.toml"));
    for (path, text) in crates {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for line in table(&text, kind).into_iter().filter(|line| !line.starts_with('#')) {
                assert!(
                    line.contains(".workspace = true") || line.contains("workspace = true,"),
                    "{path}: {line}"
                );
            }
        }
    }
}

/// The version of Rust that is promised is the one that everything is built with.
#[test]
fn the_promised_rust_is_the_one_in_use() {
    let manifest = manifest();
    let promised = manifest.split("rust-version = \"").nth(1).unwrap().split('"').next().unwrap();
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(page.contains(&format!(") {promised} or later")), "README.md promises another one");
    assert!(fs::read_to_string(root().join(".ci/run")).unwrap().contains("stated rust-version"));
}

#[test]
fn no_module_is_a_drawer() {
    let banned = ["util", "utils", "helper", "helpers", "manager", "common", "misc"];
    for (path, _) in texts_with(&["rs"]) {
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
    for (path, code) in library("core/") {
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            // Two adapters are called after their syntax.
            let is_syntax = |name: &str| matches!(name, "edifact" | "x12");
            for adapter in catalogue.adapters().iter().filter(|adapter| !is_syntax(&adapter.name)) {
                assert!(!line.contains(&format!("\"{}", adapter.name)), "{path}: {line}");
            }
        }
    }
}
