//! Places that an authority names in words, where its answers have no other way of naming one.

use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// Words that mean a place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// A regular expression for them, somewhere in the text.
    #[schemars(with = "String")]
    matches: Spanned<String>,
    /// The place below the root of the message, as an `XPath`: `Inventory/InventoryList[$1]`; `$1` is what the first group of
    /// the expression found.
    means: String,
}

impl Words {
    /// What is wrong with them, and where.
    pub(crate) fn fault(&self) -> Option<(std::ops::Range<usize>, String)> {
        let error = Regex::new(self.matches.get_ref()).err()?;
        Some((self.matches.span(), error.to_string()))
    }
}

/// The place that a text means, by the first words that fit.
pub fn meant(words: &[Words], text: &str) -> Option<String> {
    words.iter().find_map(|one| {
        let found = Regex::new(one.matches.get_ref()).ok()?.captures(text)?;
        let mut place = String::new();
        found.expand(&one.means, &mut place);
        Some(place)
    })
}
