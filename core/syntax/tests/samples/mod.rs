//! Real messages, where they are at hand.

#![allow(
    dead_code,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "shared by tests that each use a part"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// A folder of real messages below `DRAGOMAN_SAMPLES`; `None`, visibly, where there is none.
///
/// # Panics
/// Where there is none although `DRAGOMAN_REQUIRE_SAMPLES=1`.
pub fn folder(name: &str) -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var("DRAGOMAN_SAMPLES").unwrap_or_else(|_| default.into());
    let folder = Path::new(&root).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("DRAGOMAN_REQUIRE_SAMPLES").as_deref() != Ok("1"),
        "no samples at {}",
        folder.display()
    );
    println!("skipped: no samples at {}", folder.display());
    None
}

/// All files below a folder with that ending, in order of their paths.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A generator of numbers that gives the same ones everywhere (splitmix64).
pub struct Random(pub u64);

impl Random {
    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}
