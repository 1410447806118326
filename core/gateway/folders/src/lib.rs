//! Folders that partners drop files into and fetch files from, on this machine and by SFTP: which files are whole, how
//! one is taken so that nobody else has it, and how one is put so that nobody sees half of it.
//!
//! A server cannot know that a file is complete: some programs write under another name first and rename, some do not,
//! and some close a file that they broke off. So a file counts where its name does not say that it is unfinished, where
//! it has not changed for a while, and where its content ends as such content does.

mod entry;
mod error;
mod folder;
mod settling;
mod whole;

#[cfg(feature = "sftp")]
mod sftp;

pub use entry::{Entry, is_dropped};
pub use error::FolderError;
pub use folder::{Folder, Part};
pub use settling::Settling;
pub use whole::is_whole;

#[cfg(feature = "sftp")]
pub use sftp::{Login, Server, Sftp};
