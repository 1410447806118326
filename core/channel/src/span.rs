//! Small values of a file: references to operations, durations, rates, statuses.

use std::borrow::Cow;
use std::ops::{Deref, Range};

use jiff::SignedDuration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

/// The name of something else in the file, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    text: String,
    at: Range<usize>,
}

impl Name {
    /// The bytes of its file that it stands at.
    pub(crate) fn at(&self) -> Range<usize> {
        self.at.clone()
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { at: text.span(), text: text.into_inner() })
    }
}

impl JsonSchema for Name {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// A length of time: `90s`, `2m`, `24h`, `15d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub SignedDuration);

impl Span {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no length of time, such as 90s, 2m, 24h or 15d");
        let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => return Err(wrong()),
        };
        let number: u32 = number.parse().map_err(|_| wrong())?;
        Ok(Self(SignedDuration::from_secs(i64::from(number) * seconds)))
    }
}

/// How often at most: `3/second`, `0.0056/second`, `40/minute`, `1000/day`. Kept as the time that one takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The time from one to the next.
    pub interval: SignedDuration,
}

impl Rate {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no rate, such as 3/second, 0.0056/second or 1000/day");
        let (count, unit) = text.split_once('/').ok_or_else(wrong)?;
        let seconds = match unit {
            "second" => 1,
            "minute" => 60,
            "hour" => 3600,
            "day" => 86_400,
            _ => return Err(wrong()),
        };
        Self::per(count, seconds).ok_or_else(wrong)
    }

    /// So many, as a decimal number, in so many seconds. `None` where it is no number above zero.
    pub(crate) fn per(count: &str, seconds: i64) -> Option<Self> {
        let plain = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let (whole, part) = count.split_once('.').unwrap_or((count, ""));
        let digits = format!("{whole}{part}");
        let scale = 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?;
        let count: i128 = digits.parse().ok().filter(|count| plain && *count > 0)?;
        let nanoseconds = i128::from(seconds).checked_mul(1_000_000_000)?.checked_mul(scale)? / count;
        Some(Self { interval: SignedDuration::from_nanos(i64::try_from(nanoseconds).ok()?) })
    }
}

/// Statuses of HTTP: `429`, `"5xx"`, `"500-599"`, or a list of such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statuses(Vec<(u16, u16)>);

impl Statuses {
    /// True where a status is one of them.
    pub fn contain(&self, status: u16) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&status))
    }

    fn parse(text: &str) -> Result<(u16, u16), String> {
        let wrong = || format!("`{text}` is no status, such as 429, 5xx or 500-599");
        let number = |text: &str| -> Option<u16> { text.parse().ok().filter(|one| (100..600).contains(one)) };
        let range = match text.split_once('-') {
            Some((first, last)) => number(first).zip(number(last)).filter(|(first, last)| first <= last),
            None if text.len() == 3 && text.ends_with("xx") => {
                number(&text.replace('x', "0")).map(|first| (first, first + 99))
            }
            None => number(text).map(|one| (one, one)),
        };
        range.ok_or_else(wrong)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StatusText {
    Number(u16),
    Text(String),
    List(Vec<StatusText>),
}

impl StatusText {
    fn collect(self, into: &mut Vec<(u16, u16)>) -> Result<(), String> {
        match self {
            Self::Number(number) => into.push(Statuses::parse(&number.to_string())?),
            Self::Text(text) => into.push(Statuses::parse(&text)?),
            Self::List(list) => list.into_iter().try_for_each(|one| one.collect(into))?,
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Statuses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut statuses = Vec::new();
        StatusText::deserialize(deserializer)?.collect(&mut statuses).map_err(de::Error::custom)?;
        Ok(Self(statuses))
    }
}

impl JsonSchema for Statuses {
    fn schema_name() -> Cow<'static, str> {
        "Statuses".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let one = serde_json::json!({ "anyOf": [
            { "type": "integer", "minimum": 100, "maximum": 599 },
            { "type": "string", "pattern": "^([1-5]xx|[1-5][0-9]{2}(-[1-5][0-9]{2})?)$" },
        ] });
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

macro_rules! read_from_text {
    ($type:ident, $pattern:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

read_from_text!(Span, "^[0-9]+[smhd]$");
read_from_text!(Rate, "^[0-9]+(\\.[0-9]+)?/(second|minute|hour|day)$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_exact_without_floating_point() {
        assert_eq!(Rate::parse("3/second").unwrap().interval, SignedDuration::from_nanos(333_333_333));
        assert_eq!(
            Rate::parse("0.0056/second").unwrap().interval,
            SignedDuration::from_nanos(178_571_428_571)
        );
        assert_eq!(Rate::parse("1000/day").unwrap().interval, SignedDuration::from_millis(86_400));
        for wrong in ["", "/second", "0/second", "-1/second", "1", "1/year", "1e3/second", ".", "./second"] {
            assert!(Rate::parse(wrong).is_err(), "{wrong}");
        }
        let long = format!("0.{}1/day", "0".repeat(60));
        assert!(Rate::parse(&long).is_err());
    }

    #[test]
    fn lengths_of_time_have_one_unit() {
        assert_eq!(Span::parse("15d").unwrap().0, SignedDuration::from_hours(360));
        assert_eq!(Span::parse("2m").unwrap().0, SignedDuration::from_secs(120));
        for wrong in ["", "m", "2", "2 m", "-2m", "2w", "2mm", "99999999999d", "é"] {
            assert!(Span::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn statuses_are_numbers_classes_and_ranges() {
        let range = |text| Statuses::parse(text).ok();
        assert_eq!(range("5xx"), Some((500, 599)));
        assert_eq!(range("400-403"), Some((400, 403)));
        assert_eq!(range("429"), Some((429, 429)));
        for wrong in ["5x", "xx5", "403-400", "99", "600", "", "abc", "6xx"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }
}
