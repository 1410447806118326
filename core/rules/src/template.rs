//! Values that rules supply: text with references, `${order.order_number}/${order.placed_at:DD.MM.YYYY}`.

use std::ops::Range;

use dragoman_model::{DateTime, Source};

use crate::{Fact, Found, Name, Subject};

/// A text with references to other values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    Value(Name, Format),
}

/// How a value that is referred to is written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Format {
    /// As it is.
    Plain,
    /// Some of its characters, by position: `1-8`.
    Characters(Range<usize>),
    /// The currency of an amount.
    Currency,
    /// A date in a layout of `YYYY`, `MM` and `DD`.
    Date(Box<str>),
}

impl Template {
    /// Reads a text. `Err` says what is wrong with it.
    pub(crate) fn parse(text: &str, facts: &'static [Fact]) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (inside, behind) = after.split_once('}').ok_or("`${` is not closed")?;
            if !before.is_empty() {
                parts.push(Part::Text(before.into()));
            }
            let (name, format) = match inside.split_once(':') {
                Some((name, format)) => (name, Format::parse(format)?),
                None => (inside, Format::Plain),
            };
            parts.push(Part::Value(Name::parse(name, facts)?, format));
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.into()));
        }
        Ok(Self { parts })
    }

    /// The text with the values in it, and their sources: none where it refers to nothing. `None` where a value
    /// that it refers to is not there.
    pub fn fill(&self, subject: &dyn Subject) -> Option<(String, Vec<Source>)> {
        let mut text = String::new();
        let mut sources = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Value(name, format) => {
                    let Found { text: value, sources: of, currency } =
                        subject.find(name).into_iter().next()?;
                    let value = if *format == Format::Currency { currency? } else { value };
                    text.push_str(&format.write(&value)?);
                    sources.extend(of);
                }
            }
        }
        (!text.is_empty()).then_some((text, sources))
    }

    /// The names that the text refers to.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Value(name, _) => Some(name),
        })
    }
}

impl Format {
    fn parse(text: &str) -> Result<Self, String> {
        let range = text.split_once('-').and_then(|(first, last)| {
            let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
            (first >= 1 && first <= last).then(|| first - 1..last)
        });
        match range {
            None if text == "currency" => Ok(Self::Currency),
            Some(range) => Ok(Self::Characters(range)),
            None if ["YYYY", "MM", "DD"].iter().any(|part| text.contains(part)) => {
                Ok(Self::Date(text.into()))
            }
            None => Err(format!(
                "`{text}` is neither characters, such as 1-8, nor a date, such as DD.MM.YYYY, nor `currency`"
            )),
        }
    }

    /// The value in this form; `None` where it has none, or nothing is left of it.
    fn write(&self, value: &str) -> Option<String> {
        let text = match self {
            Self::Plain | Self::Currency => value.to_owned(),
            Self::Characters(range) => value.chars().skip(range.start).take(range.len()).collect(),
            Self::Date(layout) => {
                let day = DateTime::parse(value, None)?.day()?;
                let (year, month, date) = (day.year(), day.month(), day.day());
                let text = layout.replace("YYYY", &format!("{year:04}"));
                text.replace("MM", &format!("{month:02}")).replace("DD", &format!("{date:02}"))
            }
        };
        (!text.is_empty()).then_some(text)
    }
}
