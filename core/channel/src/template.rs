//! Texts with references: `/customs/declarations/${declaration.mrn}/status`.

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use crate::Values;

/// What stays as it is where a value is a part of an address (RFC 3986, unreserved).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text with references `${name}` to values. What is filled in can never become structure: see [`Encoding`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
    at: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Value { name: String, number: bool },
}

/// How values are written into a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Plain,
    /// As a part of an address: everything but letters, digits, `-`, `.`, `_` and `~` is percent-encoded.
    Url,
    /// As text of an XML document.
    Xml,
}

/// A value that a request needs and the gateway does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no value for `{0}`")]
pub struct Missing(pub String);

impl Template {
    /// Reads a text. `Err` says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (inside, behind) = after.split_once('}').ok_or("`${` is not closed")?;
            if !before.is_empty() {
                parts.push(Part::Text(before.into()));
            }
            let (name, number) = match inside.split_once(':') {
                Some((name, "number")) => (name, true),
                Some((_, form)) => return Err(format!("there is no form `{form}`, only `number`")),
                None => (inside, false),
            };
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
            if name.is_empty() || !name.chars().all(is_name) {
                return Err(format!("`{name}` is no name"));
            }
            parts.push(Part::Value { name: name.into(), number });
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.into()));
        }
        if parts.len() > 1 && parts.iter().any(|part| matches!(part, Part::Value { number: true, .. })) {
            return Err("a number stands alone in its text".into());
        }
        Ok(Self { parts, at: 0..0 })
    }

    /// The text with the values in it. `Err` names the first that is missing.
    pub fn fill(&self, values: &Values, encoding: Encoding) -> Result<String, Missing> {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Value { name, .. } => {
                    let value = values.get(name).ok_or_else(|| Missing(name.clone()))?;
                    out.push_str(&encoding.encode(value));
                }
            }
        }
        Ok(out)
    }

    /// The values that are in a text which begins as this one, and the rest of it. A value ends at the next `/`.
    pub fn begins<'t>(&self, text: &'t str) -> Option<(Values, &'t str)> {
        let (mut values, mut rest) = (Values::new(), text);
        for part in &self.parts {
            match part {
                Part::Text(text) => rest = rest.strip_prefix(text.as_str())?,
                Part::Value { name, .. } => {
                    let (value, after) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                    values.set(name, value);
                    rest = after;
                }
            }
        }
        Some((values, rest))
    }

    /// The names that it refers to.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value { name, .. } => Some(&**name),
            Part::Text(_) => None,
        })
    }

    /// The bytes of its file that it stands at.
    pub(crate) fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// The same, standing there.
    pub(crate) fn standing_at(self, at: Range<usize>) -> Self {
        Self { at, ..self }
    }

    /// The name, where it is one reference that is to be written as a number.
    pub(crate) fn number(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Value { name, number: true }] => Some(name),
            _ => None,
        }
    }
}

impl Encoding {
    /// A value, written so that it stays one value.
    pub(crate) fn encode(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Plain => Cow::Borrowed(value),
            Self::Url => utf8_percent_encode(value, UNRESERVED).into(),
            Self::Xml => {
                // The characters that XML 1.0 has no place for are left out: there is no way to write them.
                let allowed = |letter: &char| !letter.is_control() || "\t\n\r".contains(*letter);
                let escaped = value.chars().filter(allowed).map(|letter| match letter {
                    '&' => "&amp;".into(),
                    '<' => "&lt;".into(),
                    '>' => "&gt;".into(),
                    '"' => "&quot;".into(),
                    '\u{fffe}' | '\u{ffff}' => String::new(),
                    letter => letter.to_string(),
                });
                Cow::Owned(escaped.collect())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Spanned::<String>::deserialize(deserializer)?;
        let template = Self::parse(text.get_ref()).map_err(de::Error::custom)?;
        Ok(Self { at: text.span(), ..template })
    }
}

impl JsonSchema for Template {
    fn schema_name() -> Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A text in which `${name}` stands for a value." })
    }
}
