//! The commands that run a gateway and look after it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dragoman_engine::people::{Right, Role};
use jiff::Timestamp;

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

#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write; it must not be there yet.
    #[arg(value_name = "FILE")]
    pub to: PathBuf,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// A file that `dragoman backup` wrote.
    #[arg(value_name = "FILE")]
    pub from: PathBuf,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Evidence (zip), backups, and folders of stores; the configured store where none is named.
    #[arg(value_name = "FILE|DIR")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Subcommand)]
pub enum Sync {
    /// Show how far the orders of each account have been read.
    Status(SyncStatus),
}

#[derive(Debug, Args)]
pub struct SyncStatus {
    /// A file with a key of the gateway, which is asked where it is running; the variable `DRAGOMAN_KEY` may hold the key
    /// as well.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key for a program, or with `--role` a person who signs in. The secret is printed, once.
    Create(KeyCreate),
}

#[derive(Debug, Args)]
pub struct KeyCreate {
    /// What it is called.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The person's role: viewer, clerk, approver or admin.
    #[arg(long, value_name = "ROLE", value_parser = role, conflicts_with = "scopes")]
    pub role: Option<Role>,
    /// What the program may do: read, write, approve, administer.
    #[arg(long = "scope", value_name = "SCOPE", value_parser = right, value_delimiter = ',', default_value = "read,write")]
    pub scopes: Vec<Right>,
    /// When the key ends by itself.
    #[arg(long, value_name = "MOMENT", conflicts_with = "role")]
    pub expires: Option<Timestamp>,
    /// The tenant.
    #[arg(long, value_name = "TENANT", default_value = "main")]
    pub tenant: String,
    #[command(flatten)]
    pub place: Place,
}

fn role(word: &str) -> Result<Role, &'static str> {
    Role::of(word).ok_or("it is viewer, clerk, approver or admin")
}

fn right(word: &str) -> Result<Right, &'static str> {
    Right::of(word).ok_or("it is read, write, approve or administer")
}
