//! How a platform writes times.

use dragoman_model::{TimeZone, zone};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;
use serde_json::Value;

/// How times are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// `2026-11-22T09:15:00Z`.
    #[default]
    Iso,
    /// Seconds since 1970, a number.
    EpochSeconds,
    /// Milliseconds since 1970, a number.
    EpochMilliseconds,
    /// By a pattern of `strftime`.
    Written(Written),
}

/// Times by a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The pattern: `%Y-%m-%d %H:%M:%S`.
    pub format: String,
    /// The clock that they are read from, `+08:00` or with its rules `PST8PDT,M3.2.0,M11.1.0`; that of Greenwich, where
    /// nothing is said.
    pub zone: Option<Zone>,
}

/// A zone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Zone(TimeZone);

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        zone(&text).map(Self).ok_or_else(|| format!("`{text}` is no zone"))
    }
}

impl Times {
    /// A moment as it is written.
    pub fn write(&self, at: Timestamp) -> Value {
        match self {
            Self::Iso => at.to_string().into(),
            Self::EpochSeconds => at.as_second().into(),
            Self::EpochMilliseconds => at.as_millisecond().into(),
            Self::Written(Written { format, zone }) => {
                let zone = zone.clone().map_or(TimeZone::UTC, |zone| zone.0);
                at.to_zoned(zone).strftime(format).to_string().into()
            }
        }
    }

    /// The moment that is written.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        match self {
            Self::Iso => text.parse().ok(),
            Self::EpochSeconds => Timestamp::from_second(text.parse().ok()?).ok(),
            Self::EpochMilliseconds => Timestamp::from_millisecond(text.parse().ok()?).ok(),
            Self::Written(Written { format, zone }) => {
                let zone = zone.clone().map_or(TimeZone::UTC, |zone| zone.0);
                let local = DateTime::strptime(format, text).ok()?;
                zone.to_timestamp(local).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let at: Timestamp = "2026-11-22T09:15:00Z".parse().unwrap();
        let cases = [
            (r#"times = "iso""#, "2026-11-22T09:15:00Z"),
            (r#"times = "epoch_seconds""#, "1795338900"),
            (r#"times = "epoch_milliseconds""#, "1795338900000"),
            (r#"times = { written = { format = "%Y-%m-%dT%H:%M:%S" } }"#, "2026-11-22T09:15:00"),
            (
                r#"times = { written = { format = "%Y-%m-%d %H:%M:%S", zone = "PST8PDT,M3.2.0,M11.1.0" } }"#,
                "2026-11-22 01:15:00",
            ),
        ];
        for (text, written) in cases {
            let table: std::collections::BTreeMap<String, Times> = toml::from_str(text).unwrap();
            let times = &table["times"];
            let value = times.write(at);
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            assert_eq!(text, written);
            assert_eq!(times.read(&text), Some(at), "{written}");
        }
    }
}
