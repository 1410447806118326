//! `dragoman adapter`: the adapters, and the requests that they make.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::Place;

#[derive(Debug, Subcommand)]
pub enum Adapter {
    /// List the adapters and their messages.
    List,
    /// Begin an adapter: a folder of data like another one's, with a case of each message and a page.
    New(New),
    /// Say what an adapter still lacks: its page, its cases, the laws that they obey, what its counterpart is asked.
    Test(Test),
    /// Examine a live account: whether it is reached, its clock, authorisation, budget and oldest order, and what to do.
    Doctor(Doctor),
    /// Show a request as it would be sent, signed in the counterpart's way. Nothing is sent.
    Sign(Sign),
}

#[derive(Debug, Args)]
pub struct New {
    /// The new adapter's name, and its folder's.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The adapter that it is made like, as `dragoman adapter list` shows it.
    #[arg(long, value_name = "ADAPTER")]
    pub like: String,
    /// A folder of published schemas, `.xsd` or an API's `.json`, that describe its messages: their mappings are drafted.
    #[arg(long, value_name = "DIR", requires = "root")]
    pub from: Option<PathBuf>,
    /// The root element of its first message, or its schema; said once more, that of the second, and so on.
    #[arg(long, value_name = "NAME", requires = "from")]
    pub root: Vec<String>,
    /// The folder in which the adapter's own is made.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct Test {
    /// The adapter, as `dragoman adapter list` shows it, or its folder.
    #[arg(value_name = "NAME|DIR")]
    pub adapter: String,
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// The account of the configuration, or the adapter where it has one account.
    #[arg(value_name = "ACCOUNT")]
    pub account: String,
    /// Print it as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct Sign {
    /// The adapter, as `dragoman adapter list` shows it.
    #[arg(value_name = "ADAPTER")]
    pub adapter: String,
    /// The operation, or the queue, as its `adapter.toml` names it.
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
    /// The text that no other request has, where OAuth 1.0 wants one.
    #[arg(long, value_name = "TEXT", default_value = "nonce")]
    pub nonce: String,
    /// Print the text that is signed, and the code. Secrets that are part of it are shown.
    #[arg(long)]
    pub explain: bool,
}
