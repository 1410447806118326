//! Where each value of a configuration came from.

use std::fmt;
use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use crate::config::environment::Step;
use crate::config::secrets::is_secret;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// A line of the file.
    Line(usize),
    /// The file that holds a secret.
    SecretFile(String),
    /// A variable of the environment.
    Environment(String),
    /// An option of the command line.
    CommandLine(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => to.write_str("default"),
            Self::Line(line) => write!(to, "line {line}"),
            Self::SecretFile(file) => write!(to, "file {file}"),
            Self::Environment(variable) => write!(to, "environment {variable}"),
            Self::CommandLine(option) => write!(to, "command line {option}"),
        }
    }
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The key: `account[0].client_id`.
    pub key: String,
    /// The value as TOML writes it; of a secret only that it is there.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// A key as people write it.
pub fn key(path: &[Step]) -> String {
    path.iter().fold(String::new(), |mut key, step| {
        match step {
            Step::Key(name) if key.is_empty() => key.push_str(name),
            Step::Key(name) => key.extend([".", name]),
            Step::Index(index) => key.extend(["[", &index.to_string(), "]"]),
        }
        key
    })
}

/// The lines of a file's values.
pub fn of_file(text: &str) -> Vec<(String, Origin)> {
    let line = |at: &Range<usize>| text.get(..at.start).unwrap_or_default().matches('\n').count() + 1;
    places(text).into_iter().map(|(key, at)| (key, Origin::Line(line(&at)))).collect()
}

/// The bytes of the value of a key.
pub fn place(text: &str, key: &str) -> Option<Range<usize>> {
    places(text).into_iter().find(|(name, _)| name == key).map(|(_, at)| at)
}

fn places(text: &str) -> Vec<(String, Range<usize>)> {
    let mut places = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        walk(table.get_ref(), "", &mut places);
    }
    places
}

fn walk(table: &DeTable<'_>, above: &str, places: &mut Vec<(String, Range<usize>)>) {
    for (name, value) in table {
        let name = name.get_ref();
        let key = if above.is_empty() { name.to_string() } else { format!("{above}.{name}") };
        match value.get_ref() {
            DeValue::Table(below) => walk(below, &key, places),
            DeValue::Array(entries) if entries.iter().any(|entry| entry.get_ref().is_table()) => {
                for (index, entry) in entries.iter().enumerate() {
                    let DeValue::Table(entry) = entry.get_ref() else { continue };
                    walk(entry, &format!("{key}[{index}]"), places);
                }
            }
            _ => places.push((key, value.span())),
        }
    }
}

/// All values of a configuration; the last who said something is where one came from.
pub fn settings(table: &Table, origins: &[(String, Origin)]) -> Vec<Setting> {
    let mut settings = Vec::new();
    leaves(table, "", &mut |key, value| {
        let origin = origins.iter().rfind(|(name, _)| *name == key).map(|(_, origin)| origin.clone());
        let value = if is_secret(&key) { "(set, not shown)".to_owned() } else { value.to_string() };
        settings.push(Setting { key, value, origin: origin.unwrap_or(Origin::Default) });
    });
    settings
}

fn leaves(table: &Table, above: &str, visit: &mut dyn FnMut(String, &Value)) {
    for (name, value) in table {
        let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            Value::Table(below) => leaves(below, &key, visit),
            Value::Array(entries) if entries.iter().any(Value::is_table) => {
                for (index, entry) in entries.iter().enumerate() {
                    let Value::Table(entry) = entry else { continue };
                    leaves(entry, &format!("{key}[{index}]"), visit);
                }
            }
            value => visit(key, value),
        }
    }
}
