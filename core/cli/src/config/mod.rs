//! The configuration of the gateway: one TOML file, the environment over it, the command line over both, and where
//! each value came from.
//!
//! Every key may be overridden as `DRAGOMAN_SECTION__KEY`; an entry of a list is addressed by its name
//! (`DRAGOMAN_ACCOUNT__ACME__CLIENT_ID` for the `[[account]]` named `acme`). Secrets are not written in the file: a key
//! `client_secret_file` names the file that holds one, or the environment does.

mod environment;
mod origin;
mod secrets;

use std::path::{Path, PathBuf};

use dragoman_adapters::{Fault, Refused};
use serde::Serialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::failure::Failure;

pub use origin::{Origin, Setting, place};

/// What is read: the file, variables of the environment, and what the command line says.
#[derive(Debug, Default)]
pub struct Layers<'l> {
    /// The file with its text; none where the gateway runs on defaults.
    pub file: Option<(&'l Path, &'l str)>,
    /// Variables of the environment by name.
    pub environment: Vec<(String, String)>,
    /// Keys and values of the command line, with the option that set each.
    pub command_line: Vec<(&'static str, String, &'static str)>,
}

/// A configuration and where its values came from.
#[derive(Debug)]
pub struct Loaded<T> {
    /// What holds.
    pub config: T,
    origins: Vec<(String, Origin)>,
}

/// Lays the environment and the command line over the file, and reads the result.
pub fn load<T: DeserializeOwned + Serialize>(layers: &Layers<'_>) -> Result<Loaded<T>, Failure> {
    let (name, text) = layers.file.map_or((Path::new(""), ""), |(path, text)| (path, text));
    let mut table: Table = toml::from_str(text).map_err(|error| at_fault(name, text, &error))?;
    let mut origins = origin::of_file(text);
    secrets::Reading { file: (name, text), origins: &mut origins }.read(&mut table, "")?;
    // Mistakes of the file are shown at their place, before anything is laid over it.
    if let (Err(_), Err(error)) = (T::deserialize(table.clone()), toml::from_str::<T>(text)) {
        return Err(at_fault(name, text, &error));
    }
    for (variable, value) in &layers.environment {
        let Some(path) = environment::path(variable, &table)? else { continue };
        set::<T>(&mut table, &path, value).map_err(|error| overridden(variable, &error))?;
        origins.push((origin::key(&path), Origin::Environment(variable.clone())));
    }
    for (key, value, option) in &layers.command_line {
        let path: Vec<_> = key.split('.').map(|name| environment::Step::Key(name.to_owned())).collect();
        set::<T>(&mut table, &path, value).map_err(|error| overridden(option, &error))?;
        origins.push(((*key).to_owned(), Origin::CommandLine(option)));
    }
    let config = T::deserialize(table).map_err(|error| overridden("the configuration", &error))?;
    Ok(Loaded { config, origins })
}

fn overridden(by: &str, error: &toml::de::Error) -> Failure {
    let message = format!("{by} cannot be used: {}", error.message().trim());
    Failure::new(message, "`dragoman check` shows where each value came from")
}

impl<T: Serialize> Loaded<T> {
    /// All values with where each came from, in the order of the configuration; secrets are not shown.
    pub fn settings(&self) -> Vec<Setting> {
        let table = Table::try_from(&self.config).unwrap_or_default();
        origin::settings(&table, &self.origins)
    }
}

/// Puts a value of the environment or the command line: as text, or as a number or a truth value where only that is
/// taken.
fn set<T: DeserializeOwned>(
    table: &mut Table,
    path: &[environment::Step],
    value: &str,
) -> Result<(), toml::de::Error> {
    environment::put(table, path, Value::String(value.to_owned()));
    let Err(error) = T::deserialize(table.clone()) else { return Ok(()) };
    let Ok(mut parsed) = toml::from_str::<Table>(&format!("value = {value}")) else { return Err(error) };
    environment::put(table, path, parsed.remove("value").unwrap_or(Value::Boolean(false)));
    T::deserialize(table.clone()).map(drop).map_err(|_| error)
}

/// A mistake at its place in the file.
fn at_fault(path: &Path, text: &str, error: &toml::de::Error) -> Failure {
    fault(path, text, error.span().unwrap_or(0..0), error.message().trim().to_owned(), None)
}

fn fault(
    path: &Path,
    text: &str,
    at: std::ops::Range<usize>,
    message: String,
    hint: Option<String>,
) -> Failure {
    let path = path.display().to_string();
    Failure::Content(Refused(vec![Fault { path, text: text.into(), at, message, hint }]))
}

/// The folder that paths of a configuration are relative to.
pub fn folder(file: Option<&Path>) -> PathBuf {
    file.and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default()
}

#[cfg(test)]
mod tests;
