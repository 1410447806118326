//! Real messages, found by path; `SAMPLES.md` names where they are published.

use std::path::PathBuf;

use crate::run::root;

/// A folder of real messages. Without it the test says so and does nothing, unless it must not.
#[expect(clippy::print_stdout, reason = "a skip has to be seen")]
pub fn folder(name: &str) -> Option<PathBuf> {
    let samples =
        std::env::var_os("DRAGOMAN_SAMPLES").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let folder = samples.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("DRAGOMAN_REQUIRE_SAMPLES").is_some_and(|value| value == "1");
    assert!(!required, "no samples at {}", folder.display());
    println!("skipped: no samples at {}", folder.display());
    None
}
