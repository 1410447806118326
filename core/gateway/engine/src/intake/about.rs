//! What whoever sends a job has to know, beside its body.

use std::collections::BTreeMap;

use dragoman_channel::Values;
use dragoman_exchange::Purpose;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What whoever sends a job has to know beside its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// The account.
    pub account: String,
    /// The operation of its channel.
    pub operation: String,
    /// What for.
    pub purpose: Purpose,
    /// Until when it may be sent, where the counterpart waits no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The edition of the adapter's messages that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Values for the operation's templates: `declaration.lrn` …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Lists for them: `shipment.lines`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<Entry>>,
}

/// An entry of a list: what it holds, by name.
pub(crate) type Entry = BTreeMap<String, Held>;

/// What an entry of a list holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Held {
    /// A value.
    Text(String),
    /// A list of its own.
    List(Vec<Entry>),
}

/// Entries as templates name them.
fn named(entries: &[Entry]) -> Vec<Values> {
    let entry = |entry: &Entry| {
        let mut values = Values::new();
        for (name, held) in entry {
            match held {
                Held::Text(value) => values.set(name, value),
                Held::List(entries) => values.set_list(name, named(entries)),
            };
        }
        values
    };
    entries.iter().map(entry).collect()
}

impl About {
    /// About an operation, without values.
    pub fn new(account: &str, operation: &str, purpose: Purpose) -> Self {
        let (values, lists) = (BTreeMap::new(), BTreeMap::new());
        let (account, operation) = (account.to_owned(), operation.to_owned());
        Self { account, operation, purpose, until: None, edition: None, values, lists }
    }

    /// Puts its values and lists among those that templates may name.
    pub fn fill(&self, values: &mut Values) {
        for (name, value) in &self.values {
            values.set(name, value);
        }
        for (name, entries) in &self.lists {
            values.set_list(name, named(entries));
        }
    }

    /// With a value, where there is one.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<&String>) -> Self {
        if let Some(value) = value {
            self.values.insert(name.to_owned(), value.clone());
        }
        self
    }
}
