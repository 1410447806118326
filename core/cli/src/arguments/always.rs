//! What every command takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Where help lists what every command takes.
pub const ALWAYS: &str = "Options of every command";

/// Folders that are laid over the data of the program.
#[derive(Debug, Args)]
pub struct DataFolders {
    /// A folder laid over the program's mappings, grammars and code tables, file by file.
    #[arg(long, global = true, value_name = "DIR", help_heading = ALWAYS)]
    pub mappings: Option<PathBuf>,
    /// A folder of adapters, or one adapter's folder, laid over the program's.
    #[arg(long, global = true, value_name = "DIR", help_heading = ALWAYS)]
    pub adapters: Option<PathBuf>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
