//! The files of the project.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::root;

/// The files below a folder, without what is hidden (but for `.ci`) and what is built.
fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if (name.starts_with('.') && name != ".ci") || name == "target" || name.starts_with("target-") {
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
pub fn texts() -> Vec<(String, String)> {
    let mut all = Vec::new();
    files(root(), &mut all);
    all.sort();
    let shown = |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    all.into_iter().filter_map(|path| Some((shown(&path), fs::read_to_string(&path).ok()?))).collect()
}

/// The files with one of some endings.
pub fn texts_with(endings: &[&str]) -> Vec<(String, String)> {
    let is_one = |path: &str| path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending));
    texts().into_iter().filter(|(path, _)| is_one(path)).collect()
}

/// The sources that the libraries below a folder are built of, without the tests that stand in them.
pub fn library(folder: &str) -> Vec<(String, String)> {
    let mut sources = texts_with(&["rs"]);
    sources.retain(|(path, _)| path.starts_with(folder) && path.contains("/src/"));
    let tests: Vec<String> = sources.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    sources.retain(|(path, _)| !tests.contains(path));
    let code = |text: String| text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    sources.into_iter().map(|(path, text)| (path, code(text))).collect()
}

/// The files of the modules that a source has for its tests only.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let (folder, file) = path.rsplit_once('/').unwrap();
    let folder = match file {
        "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    };
    let declared = text.split("#[cfg(test)]\nmod ").skip(1);
    declared.filter_map(|rest| Some(format!("{folder}/{}.rs", rest.split_once(';')?.0))).collect()
}
