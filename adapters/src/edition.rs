//! Editions of an adapter's messages: phases, releases, each with the accounts that speak it.

use std::collections::BTreeMap;
use std::ops::Range;

use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// An edition of the messages of an adapter. `NAME@EDITION` is a message that is read and written as it has them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Its name, which stands behind `@` in the names of messages.
    pub name: String,
    /// The folder of its mappings, a path under `mappings/`; each message's own mapping, where nothing is said.
    pub mappings: Option<String>,
    /// What a declaration states that is made for it, in the place of what the rules supply, by canonical path.
    #[serde(default)]
    pub states: BTreeMap<String, String>,
    /// The accounts that speak it: settings, each with a regular expression that the whole value matches.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub accounts: BTreeMap<String, Spanned<String>>,
}

impl Edition {
    /// The name of its mapping of a message, whose own mapping is this.
    pub(crate) fn mapping(&self, own: &str) -> String {
        let last = own.rsplit('/').next().unwrap_or(own);
        self.mappings.as_ref().map_or_else(|| own.to_owned(), |folder| format!("{folder}/{last}"))
    }

    /// True where an account with these settings speaks it.
    pub fn is_spoken<'s>(&self, setting: impl Fn(&str) -> Option<&'s str>) -> bool {
        let fits = |(name, pattern): (&String, &Spanned<String>)| {
            let whole = whole(pattern.get_ref());
            setting(name).is_some_and(|value| whole.is_ok_and(|whole| whole.is_match(value)))
        };
        self.accounts.iter().all(fits)
    }

    /// What is no regular expression in it, with its place.
    pub(crate) fn faults(&self) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
        let fault = |pattern: &Spanned<String>| {
            let error = whole(pattern.get_ref()).err()?;
            Some((pattern.span(), format!("this is no regular expression: {error}")))
        };
        self.accounts.values().filter_map(fault)
    }
}

/// A regular expression for a whole value.
fn whole(pattern: &str) -> Result<Regex, regex::Error> {
    Regex::new(&format!("^(?:{pattern})$"))
}

/// What stands behind the name of an XML message that is written as JSON, as in media types (RFC 6839, 3.1).
pub(crate) const AS_JSON: &str = "+json";

/// The name of a message, and its edition where one is named: `eu-ncts/CC015C@5`. The form that it is written in does not count.
pub fn parted(name: &str) -> (&str, Option<&str>) {
    let name = name.strip_suffix(AS_JSON).unwrap_or(name);
    name.split_once('@').map_or((name, None), |(name, edition)| (name, Some(edition)))
}

/// The name of a message in an edition, where it has one.
pub fn in_edition(name: &str, edition: Option<&str>) -> String {
    edition.map_or_else(|| name.to_owned(), |edition| format!("{name}@{edition}"))
}
