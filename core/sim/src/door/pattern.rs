//! What a value has to be.

use serde::Deserialize;

/// A regular expression for a whole value.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(regex::Regex);

impl Pattern {
    /// True for a value that it is about.
    pub fn is_match(&self, value: &str) -> bool {
        self.0.is_match(value)
    }

    /// The named groups of a value that it is about.
    pub(crate) fn groups<'v>(&self, value: &'v str) -> Vec<(String, &'v str)> {
        let Some(found) = self.0.captures(value) else { return Vec::new() };
        let names = self.0.capture_names().flatten();
        names.filter_map(|name| Some((name.to_owned(), found.name(name)?.as_str()))).collect()
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        regex::Regex::new(&format!("^(?:{text})$")).map(Self).map_err(|error| error.to_string())
    }
}
