//! `dragoman adapter`: the adapters, and the requests that they make.

use clap::{Args, Subcommand};
use jiff::Timestamp;

#[derive(Debug, Subcommand)]
pub enum Adapter {
    /// List the adapters and their messages.
    List,
    /// Show a request as it would be sent, signed in the counterpart's way. Nothing is sent.
    Sign(Sign),
}

#[derive(Debug, Args)]
pub struct Sign {
    /// The adapter, as `dragoman adapter list` shows it.
    #[arg(value_name = "ADAPTER")]
    pub adapter: String,
    /// The operation, as its `adapter.toml` names it.
    #[arg(value_name = "OPERATION")]
    pub operation: String,
    /// Values that the request is filled with: `client_secret=…` is the account's, `order.id=…` is as it stands.
    #[arg(value_name = "NAME=VALUE")]
    pub values: Vec<String>,
    /// The access token that it shows.
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
    /// The moment of the request; now, where none is given.
    #[arg(long, value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// Print the text that is signed, and the code. Secrets that are part of it are shown.
    #[arg(long)]
    pub explain: bool,
}
