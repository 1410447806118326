//! The commands that run a gateway and look after it.

use std::path::PathBuf;

use clap::Args;

/// Where a gateway is configured and keeps its data.
#[derive(Debug, Args)]
pub struct Place {
    /// The configuration (TOML); `dragoman.toml` where there is one, and defaults where there is none.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder of the store, in place of the configured one.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// Where to listen, in place of the configured address; port 0 is any that is free.
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}
