//! Packs `mappings/` and the adapter folders into one text that the library carries, and the code lists of
//! `mappings/lists` into another, each of them deflated (RFC 1951): they are large, and few runs need one.
//!
//! Both begin with an index, one line a file (`length path`), sorted by path; an empty line ends it. The
//! contents follow in the same order. Nothing else goes in, so the same files give the same bytes.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let adapters = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let root = adapters.parent().ok_or("the crate stands in the workspace")?;
    let mappings = root.join("mappings");
    for folder in [&adapters, &mappings] {
        println!("cargo:rerun-if-changed={}", folder.display());
    }
    let mut files = Vec::new();
    collect(&mappings, "mappings", &mut files)?;
    collect(&adapters, "adapters", &mut files)?;
    files.retain(|(path, _)| is_data(path));
    files.sort();
    let (lists, texts): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(path, _)| path.starts_with("mappings/lists/"));
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("data.txt"), pack(&texts, &|text| Ok(text.to_vec()))?)?;
    fs::write(out.join("lists.bin"), pack(&lists, &deflated)?)?;
    Ok(())
}

/// All files below a folder, each with its path from the workspace, whose separators are `/` everywhere.
fn collect(folder: &Path, path: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), Box<dyn Error>> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name =
            entry.file_name().into_string().map_err(|name| format!("{} is no UTF-8", name.display()))?;
        let below = format!("{path}/{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &below, files)?;
        } else {
            files.push((below, entry.path()));
        }
    }
    Ok(())
}

/// True for what the program needs at run time: not the crate's own sources, documentation and cases.
fn is_data(path: &str) -> bool {
    let steps: Vec<_> = path.split('/').collect();
    let ending = path.rsplit('.').next().unwrap_or_default();
    match steps.as_slice() {
        ["mappings", ..] => ["map", "gram", "csv", "toml"].contains(&ending),
        ["adapters", _, "adapter.toml" | "sim.toml"] | ["adapters", _, "demo", ..] => true,
        ["adapters", _, "overlay", ..] => ending == "map",
        _ => false,
    }
}

type Packing<'p> = &'p dyn Fn(&[u8]) -> std::io::Result<Vec<u8>>;

fn pack(files: &[(String, PathBuf)], packed: Packing<'_>) -> Result<Vec<u8>, Box<dyn Error>> {
    let (mut index, mut contents) = (String::new(), Vec::new());
    for (path, file) in files {
        let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let content = packed(text.as_bytes())?;
        writeln!(index, "{} {path}", content.len())?;
        contents.extend(content);
    }
    Ok([format!("{index}\n").into_bytes(), contents].concat())
}

fn deflated(text: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text)?;
    encoder.finish()
}
