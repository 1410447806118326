//! The files that a command writes.

use std::fs;
use std::path::Path;

use crate::failure::Failure;

/// Writes a file, and makes the folder that it is in.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file(path, "written", &error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, bytes).map_err(failed)
}
