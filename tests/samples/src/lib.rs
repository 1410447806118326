//! Real messages for the tests of all crates, found by path; `tests/SAMPLES.md` names where they are published.

use std::path::{Path, PathBuf};

/// The file or folder below the samples. Without it there is `None` and a line that says so.
///
/// # Panics
/// Where there is none although `DRAGOMAN_REQUIRE_SAMPLES=1`.
pub fn sample(path: &str) -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = std::env::var_os("DRAGOMAN_SAMPLES").map_or_else(default, PathBuf::from).join(path);
    if found.exists() {
        return Some(found);
    }
    skip(&format!("no samples at {}", found.display()));
    None
}

/// Says that a test is not made, and why.
///
/// # Panics
/// Where it has to be made: with `DRAGOMAN_REQUIRE_SAMPLES=1`.
#[expect(clippy::print_stdout, reason = "a skip has to be seen")]
pub fn skip(why: &str) {
    let required = std::env::var_os("DRAGOMAN_REQUIRE_SAMPLES").is_some_and(|value| value == "1");
    assert!(!required, "{why}");
    println!("skipped: {why}");
}

/// The folder of a program that nobody here wrote, where `tests/counterparts/install` put it. Without it there is `None`
/// and a line that says so.
///
/// # Panics
/// Where it is not there although `DRAGOMAN_REQUIRE_COUNTERPARTS=1`.
#[expect(clippy::print_stdout, reason = "a skip has to be seen")]
pub fn counterpart(name: &str) -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/counterparts");
    let found = std::env::var_os("DRAGOMAN_COUNTERPARTS").map_or_else(default, PathBuf::from).join(name);
    if found.join("installed").exists() {
        return Some(found);
    }
    let required = std::env::var_os("DRAGOMAN_REQUIRE_COUNTERPARTS").is_some_and(|value| value == "1");
    assert!(!required, "{name} is not installed at {}", found.display());
    println!("skipped: {name} is not installed: tests/counterparts/install {name}");
    None
}

/// All files below a folder that have one of some endings, or any where none is given, in the order of their paths.
/// The lists of sources are none of them.
///
/// # Panics
/// Where a folder cannot be read.
#[expect(clippy::panic, reason = "a test that cannot go on has failed")]
pub fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let is_one = |path: &Path| {
        let ending = path.extension().unwrap_or_default();
        endings.is_empty() || endings.iter().any(|one| ending.eq_ignore_ascii_case(one))
    };
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.into_iter().map(|entry| entry.path()) {
            if path.is_dir() {
                open.push(path);
            } else if is_one(&path) && !path.ends_with("SOURCES.txt") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
