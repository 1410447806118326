//! Logs: on the standard error, for people or as JSON, with the ids of what they speak of and never its content.

use std::io;

use dragoman_engine::config::{Log, LogFormat};
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Begins to log.
pub fn start(log: &Log, terminal: &Terminal) -> Result<(), Failure> {
    let level = &log.level;
    let filter = EnvFilter::try_new(level).map_err(|error| {
        let message = format!("`{level}` is no level of logging: {error}");
        Failure::new(message, "it is error, warn, info or debug, or `part=level` with commas between")
    })?;
    let to = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let otherwise = if terminal.interactive { LogFormat::Text } else { LogFormat::Json };
    let started = match log.format.unwrap_or(otherwise) {
        LogFormat::Text => to.with_ansi(terminal.color).compact().try_init(),
        LogFormat::Json => to.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| Failure::failed(&error))
}
