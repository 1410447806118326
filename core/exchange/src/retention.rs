//! How long payloads are kept. A law counts from the end of the right thing, not from its beginning: what counts here is
//! the last that happened in a stream.

use jiff::{Span, Timestamp, civil::date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// From when the years of a [`Retention`] count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// The last thing that happened: the United Kingdom's rule.
    #[default]
    LastEvent,
    /// The end of the year in which it happened, in UTC: the Union's rule (UCC article 51).
    YearEnd,
}

/// `[[retention]]`: how long the payloads of a corridor are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// From where to where, as `CN-GB`; `*` is anywhere. Nothing stated is everything else, orders too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corridor: Option<String>,
    /// So many years.
    pub years: u8,
    /// From when they count.
    #[serde(default)]
    pub from: CountedFrom,
}

impl Retention {
    /// The moment from which the payloads of a stream may go, by the first rule that speaks of its corridor; none where
    /// none does: they are kept.
    pub fn until(rules: &[Self], corridor: Option<&str>, changed: Timestamp) -> Option<Timestamp> {
        rules.iter().find(|rule| rule.speaks_of(corridor))?.end(changed)
    }

    /// The moment from which payloads may go by this rule; none where that is beyond all time.
    pub fn end(&self, changed: Timestamp) -> Option<Timestamp> {
        let years = Span::new().try_years(i16::from(self.years)).ok()?;
        let from = changed.to_zoned(TimeZone::UTC);
        let from = match self.from {
            CountedFrom::LastEvent => from,
            CountedFrom::YearEnd => date(from.year().checked_add(1)?, 1, 1).to_zoned(TimeZone::UTC).ok()?,
        };
        Some(from.checked_add(years).ok()?.timestamp())
    }

    /// # Errors
    ///
    /// What is wrong with the rule: it keeps nothing, or its corridor is none.
    pub fn check(&self) -> Result<(), String> {
        let is_place =
            |text: &str| text == "*" || text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        let corridor = self.corridor.as_deref();
        let is_corridor =
            |text: &str| text.split_once('-').is_some_and(|(from, to)| is_place(from) && is_place(to));
        if let Some(corridor) = corridor.filter(|corridor| !is_corridor(corridor)) {
            return Err(format!("`{corridor}` is no corridor, such as CN-GB or *-GB"));
        }
        if self.years == 0 {
            return Err("0 years keep nothing: it takes 1 at least".to_owned());
        }
        Ok(())
    }

    fn speaks_of(&self, corridor: Option<&str>) -> bool {
        let Some(own) = self.corridor.as_deref() else { return true };
        let (Some((from, to)), Some((is_from, is_to))) =
            (own.split_once('-'), corridor.and_then(|corridor| corridor.split_once('-')))
        else {
            return Some(own) == corridor;
        };
        (from == "*" || from == is_from) && (to == "*" || to == is_to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Vec<Retention> {
        let rule = |corridor: Option<&str>, years, from| Retention {
            corridor: corridor.map(str::to_owned),
            years,
            from,
        };
        vec![
            rule(Some("CN-GB"), 6, CountedFrom::LastEvent),
            rule(Some("*-GB"), 4, CountedFrom::LastEvent),
            rule(Some("*-FI"), 3, CountedFrom::YearEnd),
        ]
    }

    #[test]
    fn the_first_rule_of_a_corridor_counts() {
        let until = |corridor: Option<&str>, changed: &str| {
            Retention::until(&rules(), corridor, changed.parse().unwrap()).map(|until| until.to_string())
        };
        assert_eq!(until(Some("CN-GB"), "2026-02-03T04:05:06Z").unwrap(), "2032-02-03T04:05:06Z");
        assert_eq!(until(Some("US-GB"), "2024-02-29T04:05:06Z").unwrap(), "2028-02-29T04:05:06Z");
        assert_eq!(until(Some("CN-FI"), "2026-01-01T00:00:00Z").unwrap(), "2030-01-01T00:00:00Z");
        assert_eq!(until(Some("CN-FI"), "2026-12-31T23:59:59Z").unwrap(), "2030-01-01T00:00:00Z");
        assert_eq!(until(Some("CN-US"), "2026-02-03T04:05:06Z"), None, "it is kept");
        assert_eq!(until(None, "2026-02-03T04:05:06Z"), None);
        assert_eq!(Retention::until(&rules(), Some("CN-GB"), Timestamp::MAX), None, "the end of time");
    }

    #[test]
    fn rules_that_say_nothing_are_refused() {
        for (corridor, years, is_right) in [
            (Some("CN-GB"), 1, true),
            (Some("*-*"), 255, true),
            (None, 4, true),
            (None, 0, false),
            (Some("GB"), 4, false),
            (Some("cn-gb"), 4, false),
            (Some("CN-"), 4, false),
            (Some(""), 4, false),
        ] {
            let rule =
                Retention { corridor: corridor.map(str::to_owned), years, from: CountedFrom::LastEvent };
            assert_eq!(rule.check().is_ok(), is_right, "{rule:?}");
        }
    }

    #[test]
    fn a_rule_without_corridor_speaks_of_everything_else() {
        let all = Retention { corridor: None, years: 1, from: CountedFrom::LastEvent };
        let rules = [rules(), vec![all]].concat();
        let until = Retention::until(&rules, None, "2026-02-03T00:00:00Z".parse().unwrap());
        assert_eq!(until.unwrap().to_string(), "2027-02-03T00:00:00Z");
    }
}
