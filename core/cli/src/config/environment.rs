//! Variables of the environment as keys of the configuration.

use toml::{Table, Value};

use crate::failure::Failure;

/// What every variable begins with.
const PREFIX: &str = "DRAGOMAN_";

/// One step of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A member of a table.
    Key(String),
    /// An entry of a list.
    Index(usize),
}

/// The key that a variable sets; none where it is no variable of the configuration.
pub fn path(variable: &str, table: &Table) -> Result<Option<Vec<Step>>, Failure> {
    let Some(name) = variable.strip_prefix(PREFIX).filter(|name| name.contains("__")) else {
        return Ok(None);
    };
    let mut steps = Vec::new();
    let mut here = Some(table);
    let mut words = name.split("__");
    while let Some(word) = words.next() {
        let key = word.to_ascii_lowercase();
        let value = here.and_then(|table| table.get(&key));
        steps.push(Step::Key(key));
        here = value.and_then(Value::as_table);
        if let Some(Value::Array(entries)) = value
            && entries.iter().any(Value::is_table)
        {
            let Some(named) = words.next() else { break };
            let index = entries.iter().position(|entry| is_named(entry, named));
            let index = index.ok_or_else(|| unknown(variable, named, entries))?;
            steps.push(Step::Index(index));
            here = entries.get(index).and_then(Value::as_table);
        }
    }
    Ok(Some(steps))
}

fn name(entry: &Value) -> Option<&str> {
    entry.get("name").and_then(Value::as_str)
}

/// A name as variables write it: what is neither letter nor digit is `_`.
fn is_named(entry: &Value, word: &str) -> bool {
    let upper = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    name(entry).is_some_and(|name| name.chars().map(upper).eq(word.chars().map(upper)))
}

fn unknown(variable: &str, word: &str, entries: &[Value]) -> Failure {
    let names: Vec<_> = entries.iter().filter_map(name).collect();
    Failure::new(
        format!(
            "the variable {variable} speaks of `{word}`, and the configuration has no entry of that name"
        ),
        format!("it has {}", names.join(", ")),
    )
}

/// Puts a value at a key, with the tables above it.
pub fn put(table: &mut Table, path: &[Step], value: Value) {
    let [Step::Key(key), rest @ ..] = path else { return };
    match rest {
        [] => {
            table.insert(key.clone(), value);
        }
        [Step::Index(index), rest @ ..] => {
            let entry = table.get_mut(key).and_then(|list| list.get_mut(*index));
            if let Some(Value::Table(entry)) = entry {
                put(entry, rest, value);
            }
        }
        _ => {
            let below = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(below) = below {
                put(below, rest, value);
            }
        }
    }
}
