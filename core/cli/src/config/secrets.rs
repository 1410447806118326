//! Secrets: named by a file or by the environment, never written in the configuration.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::config::origin::{self, Origin};
use crate::config::{fault, folder};
use crate::failure::Failure;

/// The last words of keys whose values are secret, or are files that hold keys among other things.
const SECRET: [&str; 10] = [
    "secret",
    "password",
    "token",
    "api_key",
    "private_key",
    "signing_key",
    "inquiry_key",
    "passphrase",
    "certificate",
    "authorities",
];

/// True where a key holds a secret.
pub fn is_secret(key: &str) -> bool {
    let last = key.rsplit('.').next().unwrap_or(key);
    SECRET
        .iter()
        .any(|word| last.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with('_')))
}

/// Where the secrets are looked for.
pub struct Reading<'r> {
    /// The configuration and its text.
    pub file: (&'r Path, &'r str),
    /// Where each value came from.
    pub origins: &'r mut Vec<(String, Origin)>,
}

impl Reading<'_> {
    /// Reads the files that keys `…_file` name, relative to the configuration, and refuses secrets that stand in it.
    pub fn read(&mut self, table: &mut Table, above: &str) -> Result<(), Failure> {
        let keys: Vec<_> = table.keys().cloned().collect();
        for name in keys {
            let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            match table.get_mut(&name) {
                Some(Value::Table(below)) => self.read(below, &key)?,
                Some(Value::Array(entries)) => {
                    for (index, entry) in entries.iter_mut().enumerate() {
                        let Value::Table(entry) = entry else { continue };
                        self.read(entry, &format!("{key}[{index}]"))?;
                    }
                }
                Some(Value::String(value)) if is_secret(&name) && !value.is_empty() => {
                    return Err(self.refused(&key));
                }
                Some(Value::String(value)) => {
                    let Some(stem) = name.strip_suffix("_file").filter(|stem| is_secret(stem)) else {
                        continue;
                    };
                    let secret = Value::String(self.secret(value)?);
                    let held = key.trim_end_matches("_file").to_owned();
                    self.origins.push((held, Origin::SecretFile(value.clone())));
                    table.remove(&name);
                    table.insert(stem.to_owned(), secret);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn secret(&self, value: &str) -> Result<String, Failure> {
        let path = folder(Some(self.file.0)).join(value);
        let text = fs::read_to_string(&path).map_err(|error| Failure::file(&path, "read", &error))?;
        Ok(text.trim_end().to_owned())
    }

    fn refused(&self, key: &str) -> Failure {
        let (path, text) = self.file;
        let at = origin::place(text, key).unwrap_or(0..0);
        let hint = format!("write it into a file of its own and name that: `{}_file`", last(key));
        fault(path, text, at, format!("`{key}` is a secret, and secrets do not stand here"), Some(hint))
    }
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}
