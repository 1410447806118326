//! Why something cannot be done with a folder.

use std::io;

/// Why something cannot be done with a folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file or a folder of this machine.
    #[error("{path} cannot be {done}: {error}")]
    File {
        /// Which.
        path: String,
        /// What was to be done: `read`, `made`.
        done: &'static str,
        /// Why not.
        error: io::Error,
    },
    /// The server cannot be reached, or is not the one that it should be.
    #[error("{server}: {why}")]
    Server {
        /// Its address.
        server: String,
        /// What is wrong.
        why: String,
    },
}

impl FolderError {
    /// About a path of this machine.
    pub fn file(path: &std::path::Path, done: &'static str, error: io::Error) -> Self {
        Self::File { path: path.display().to_string(), done, error }
    }
}
