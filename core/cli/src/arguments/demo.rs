//! The demonstration.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

#[derive(Debug, Args)]
pub struct Demo {
    /// End when all is shown. The exit code is 0 where everything happened as it says.
    #[arg(long)]
    pub once: bool,
    /// Keep what happens in this folder, a new one; else it is gone when the demonstration ends.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Where the pages are; another port where this one is taken.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Files that replace those of the demonstration.
    #[command(flatten)]
    pub files: DemoFiles,
    /// The moment that it plays at, such as 2026-11-22T16:24:00Z; now where none is given.
    #[arg(long, value_name = "MOMENT")]
    pub at: Option<Timestamp>,
    /// The customs service that is played: its adapter has a folder `demo`; the first that has one, where none is named.
    #[arg(long, value_name = "ADAPTER")]
    pub customs: Option<String>,
    /// Orders to play with, in place of those of the demonstration.
    #[arg(value_name = "ORDER")]
    pub orders: Vec<PathBuf>,
}

/// Files in place of those of the demonstration.
#[derive(Debug, Args)]
pub struct DemoFiles {
    /// The customs master (CSV).
    #[arg(long, value_name = "FILE")]
    pub master: Option<PathBuf>,
    /// The seller's profile (TOML).
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// The consignment that each order is by itself (TOML).
    #[arg(long, value_name = "FILE")]
    pub consignment: Option<PathBuf>,
    /// Rates of exchange (CSV).
    #[arg(long, value_name = "FILE")]
    pub rates: Option<PathBuf>,
}

impl DemoFiles {
    /// True where none is replaced.
    pub fn are_none(&self) -> bool {
        [&self.master, &self.profile, &self.consignment, &self.rates].into_iter().all(Option::is_none)
    }
}
