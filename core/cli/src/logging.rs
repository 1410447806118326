//! Logs: on the standard error, for people or as JSON, with the ids of what they speak of and never its content.

use std::io::{self, IsTerminal};

use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A line an event, for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Begins to log; `level` is `error`, `warn`, `info`, `debug`, or one of them for each part of the program
/// (`info,dragoman_transport=debug`).
pub fn start(format: Format, level: &str, color: bool) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(level).map_err(|error| {
        let message = format!("`{level}` is no level of logging: {error}");
        Failure::new(message, "it is error, warn, info or debug, or `part=level` with commas between")
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(true);
    let started = match format {
        Format::Text => log.with_ansi(color && io::stderr().is_terminal()).compact().try_init(),
        Format::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| Failure::new(error.to_string(), "logging begins once a process"))
}
