//! The store under load, and with a million exchanges in it.

mod full;
mod made;
mod rate;

use std::error::Error;
use std::path::{Path, PathBuf};

/// Commits a second, and how long each takes.
pub fn rate(seconds: u64) -> Result<bool, Box<dyn Error>> {
    in_folder("rate", |folder| async move { rate::measure(&folder, seconds).await })
}

/// Lists, counts and memory with that many exchanges.
pub fn full(exchanges: u64) -> Result<bool, Box<dyn Error>> {
    in_folder("full", |folder| async move { full::measure(&folder, exchanges).await })
}

/// Does something in a folder that goes afterwards.
fn in_folder<F>(name: &str, measure: impl FnOnce(PathBuf) -> F) -> Result<bool, Box<dyn Error>>
where
    F: Future<Output = Result<bool, Box<dyn Error>>>,
{
    let folder = std::env::temp_dir().join(format!("dragoman-store-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let measured = runtime.block_on(measure(folder.clone()));
    drop(runtime);
    std::fs::remove_dir_all(&folder)?;
    measured
}

/// The bytes of a folder, in megabytes.
fn size(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum::<u64>() >> 20
}
