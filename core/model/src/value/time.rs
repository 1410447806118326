//! Dates and times: the text as it came, and what can be known from it.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{Offset, TimeZone};

/// How fine a time is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// A year.
    Year,
    /// A month.
    Month,
    /// A day.
    Day,
    /// A minute.
    Minute,
    /// A second.
    Second,
    /// A fraction of a second.
    Fraction,
}

/// The zone that the text states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// None: a local time of whoever wrote it.
    None,
    /// An offset from UTC; zero for `Z`.
    Offset(Offset),
}

/// A point in time as a message states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime<'t> {
    /// The text as it came.
    pub text: &'t str,
    /// Its calendar reading; parts that are not stated are the first ones.
    pub civil: civil::DateTime,
    /// How fine it is.
    pub precision: Precision,
    /// Its zone.
    pub zone: Zone,
}

impl<'t> DateTime<'t> {
    /// Reads a text. `format` is the wire's own code (UN/EDIFACT 2379: 102, 203, 204, 205, 303, 304, 602,
    /// 610) where it states one; else the text is in a form of ISO 8601 or RFC 3339, or in digits of which
    /// the number tells the form (8, 12, 14).
    pub fn parse(text: &'t str, format: Option<&str>) -> Option<Self> {
        let mut at = Cursor { rest: text };
        let layout = match format {
            Some(code) => Layout::of(code)?,
            None if text.contains(['-', 'T']) && !text.starts_with('-') => return Self::iso(text),
            None => Layout::guess(text)?,
        };
        let year = if layout.short { century(at.digits(2)?) } else { at.digits(4)? };
        let month = at.part(layout.precision >= Precision::Month, 1)?;
        let day = at.part(layout.precision >= Precision::Day, 1)?;
        let hour = at.part(layout.precision >= Precision::Minute, 0)?;
        let minute = at.part(layout.precision >= Precision::Minute, 0)?;
        let second = at.part(layout.precision >= Precision::Second, 0)?;
        let zone = if layout.zone { at.zone()? } else { Zone::None };
        let civil = civil(year, month, day, [hour, minute, second], 0)?;
        at.rest.is_empty().then_some(Self { text, civil, precision: layout.precision, zone })
    }

    fn iso(text: &'t str) -> Option<Self> {
        let mut at = Cursor { rest: text };
        let (year, mut precision) = (at.digits(4)?, Precision::Year);
        let mut date = [1, 1];
        for (part, finer) in date.iter_mut().zip([Precision::Month, Precision::Day]) {
            if at.skip("-") {
                (*part, precision) = (at.digits(2)?, finer);
            }
        }
        let (mut clock, mut fraction) = ([0; 3], 0);
        if precision == Precision::Day && at.skip("T") {
            (clock, fraction, precision) = at.clock()?;
        }
        let zone = at.zone()?;
        let [month, day] = date;
        let civil = civil(year, month, day, clock, fraction)?;
        at.rest.is_empty().then_some(Self { text, civil, precision, zone })
    }

    /// The instant; only where the text states a zone and is as fine as a minute.
    pub fn at(&self) -> Option<Timestamp> {
        match self.zone {
            Zone::Offset(offset) => self.at_offset(offset),
            Zone::None => None,
        }
    }

    /// The instant, taking an offset that the format fixes where the text states none (China customs:
    /// +08:00).
    pub fn at_offset(&self, fixed: Offset) -> Option<Timestamp> {
        let offset = if let Zone::Offset(stated) = self.zone { stated } else { fixed };
        let fine = self.precision >= Precision::Minute;
        fine.then(|| offset.to_timestamp(self.civil).ok()).flatten()
    }

    /// The day; `None` where only a year or month is stated.
    pub fn day(&self) -> Option<civil::Date> {
        (self.precision >= Precision::Day).then(|| self.civil.date())
    }
}

/// The zone that a text describes: an offset from UTC such as `+08:00` or `Z`, or a clock with its rules, as POSIX writes
/// them (IEEE Std 1003.1, 8.3, `TZ`): `PST8PDT,M3.2.0,M11.1.0`.
pub fn zone(text: &str) -> Option<TimeZone> {
    let mut at = Cursor { rest: text };
    match at.zone() {
        Some(Zone::Offset(offset)) if at.rest.is_empty() => Some(TimeZone::fixed(offset)),
        _ => TimeZone::posix(text).ok(),
    }
}

fn civil(year: u32, month: u32, day: u32, clock: [u32; 3], nanos: u32) -> Option<civil::DateTime> {
    let [hour, minute, second] = clock.map(|part| i8::try_from(part).unwrap_or(i8::MAX));
    let date =
        civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
            .ok()?;
    let time = civil::Time::new(hour, minute, second, i32::try_from(nanos).ok()?).ok()?;
    Some(civil::DateTime::from_parts(date, time))
}

/// The year of two digits: 1970 to 2069.
fn century(year: u32) -> u32 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

/// How far digits without separators go.
#[derive(Clone, Copy, Debug)]
struct Layout {
    precision: Precision,
    zone: bool,
    /// The year has two digits.
    short: bool,
}

impl Layout {
    fn of(code: &str) -> Option<Self> {
        let (precision, zone) = match code {
            "602" => (Precision::Year, false),
            "610" => (Precision::Month, false),
            "101" | "102" => (Precision::Day, false),
            "201" | "203" => (Precision::Minute, false),
            "204" => (Precision::Second, false),
            "205" | "303" => (Precision::Minute, true),
            "304" => (Precision::Second, true),
            _ => return None,
        };
        Some(Self { precision, zone, short: matches!(code, "101" | "201") })
    }

    fn guess(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let precision = match digits {
            4 => Precision::Year,
            8 => Precision::Day,
            12 => Precision::Minute,
            14 => Precision::Second,
            _ => return None,
        };
        Some(Self { precision, zone: precision >= Precision::Minute, short: false })
    }
}

#[derive(Debug)]
struct Cursor<'t> {
    rest: &'t str,
}

impl Cursor<'_> {
    fn skip(&mut self, mark: &str) -> bool {
        let after = self.rest.strip_prefix(mark);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        let value = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
        self.rest = rest;
        value
    }

    fn part(&mut self, stated: bool, first: u32) -> Option<u32> {
        if stated { self.digits(2) } else { Some(first) }
    }

    /// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.f`, with nanoseconds; digits behind the ninth do not count.
    fn clock(&mut self) -> Option<([u32; 3], u32, Precision)> {
        let hour = self.digits(2)?;
        let minute = self.skip(":").then(|| self.digits(2))??;
        if !self.skip(":") {
            return Some(([hour, minute, 0], 0, Precision::Minute));
        }
        let second = self.digits(2)?;
        if !self.skip(".") && !self.skip(",") {
            return Some(([hour, minute, second], 0, Precision::Second));
        }
        let digits = self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (stated, rest) = self.rest.split_at_checked(digits)?;
        let nanos = format!("{stated:0<9}");
        self.rest = rest;
        let nanos = nanos.get(..9).filter(|_| digits > 0)?.parse().ok()?;
        Some(([hour, minute, second], nanos, Precision::Fraction))
    }

    /// Nothing, `Z`, `UTC`, `GMT`, `+hh`, `+hhmm` or `+hh:mm`.
    fn zone(&mut self) -> Option<Zone> {
        if self.rest.is_empty() {
            return Some(Zone::None);
        }
        if ["Z", "UTC", "GMT"].iter().any(|name| self.skip(name)) {
            return Some(Zone::Offset(Offset::UTC));
        }
        let sign = if self.skip("-") { -1 } else { self.skip("+").then_some(1)? };
        let hours = self.digits(2)?;
        let colon = self.skip(":");
        let minutes = if self.rest.is_empty() && !colon { 0 } else { self.digits(2)? };
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok().filter(|_| minutes < 60)?;
        Offset::from_seconds(sign * seconds).ok().map(Zone::Offset)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, format: &str) -> Option<(String, Precision, Option<String>)> {
        let format = Some(format).filter(|code| !code.is_empty());
        let read = DateTime::parse(text, format)?;
        Some((read.civil.to_string(), read.precision, read.at().map(|at| at.to_string())))
    }

    #[test]
    fn edifact_formats() {
        let day = read("20261122", "102").unwrap();
        assert_eq!(day, ("2026-11-22T00:00:00".into(), Precision::Day, None));
        assert_eq!(read("202611221624", "203").unwrap().1, Precision::Minute);
        assert_eq!(read("2611221624", "201").unwrap(), read("202611221624", "203").unwrap());
        assert_eq!(DateTime::parse("991231", Some("101")).unwrap().civil.year(), 1999);
        let instant = |text, format| read(text, format).unwrap().2.unwrap();
        assert_eq!(instant("20261122162455Z", "304"), "2026-11-22T16:24:55Z");
        assert_eq!(instant("20261122162455+01", "304"), "2026-11-22T15:24:55Z");
        assert_eq!(instant("202611221624+0530", "205"), "2026-11-22T10:54:00Z");
        assert_eq!(read("2026", "602").unwrap().1, Precision::Year);
        assert_eq!(read("202611", "610").unwrap().1, Precision::Month);
        assert_eq!(read("20261122162455Z", "").unwrap().2.as_deref(), Some("2026-11-22T16:24:55Z"));
        for (text, format) in [
            ("20261132", "102"),
            ("2026112", "102"),
            ("202611221624Z", "203"),
            ("x", "102"),
            ("20261122", "101"),
        ] {
            assert_eq!(read(text, format), None, "{text} {format}");
        }
    }

    #[test]
    fn zones_with_rules_and_without() {
        let east = zone("+08:00").unwrap();
        let pacific = zone("PST8PDT,M3.2.0,M11.1.0").unwrap();
        let hour = |zone: &TimeZone, at: &str| zone.to_datetime(at.parse().unwrap()).hour();
        assert_eq!(hour(&east, "2026-11-22T12:00:00Z"), 20);
        assert_eq!(hour(&pacific, "2026-11-22T12:00:00Z"), 4);
        assert_eq!(hour(&pacific, "2026-07-22T12:00:00Z"), 5);
        assert_eq!(zone("Z"), Some(TimeZone::UTC));
        for other in ["", "+8", "Mars", "PST8PDT,M13"] {
            assert_eq!(zone(other), None, "{other}");
        }
    }

    #[test]
    fn iso_forms() {
        let local = read("2026-11-22T16:24:55", "").unwrap();
        assert_eq!((local.1, local.2), (Precision::Second, None));
        let fine = read("2026-11-22T16:24:55.250-05:00", "").unwrap();
        assert_eq!((fine.1, fine.2.as_deref()), (Precision::Fraction, Some("2026-11-22T21:24:55.25Z")));
        assert_eq!(read("2026-11-22T16:24Z", "").unwrap().1, Precision::Minute);
        assert_eq!(read("2026-11-22Z", "").map(|day| (day.1, day.2)), Some((Precision::Day, None)));
        assert_eq!(read("2026-11", "").unwrap().1, Precision::Month);
        for text in [
            "2026-02-30",
            "2026-11-22T",
            "2026-11-22T16",
            "2026-11-22T16:24:55.",
            "",
            "-",
            "2026-11-22 16:24",
        ] {
            assert_eq!(read(text, ""), None, "{text}");
        }
    }

    #[test]
    fn a_format_may_fix_the_zone() {
        let read = DateTime::parse("20261122162455", Some("204")).unwrap();
        let china = Offset::from_seconds(8 * 3600).unwrap();
        assert_eq!(
            (read.at(), read.at_offset(china).unwrap().to_string()),
            (None, "2026-11-22T08:24:55Z".into())
        );
    }

    proptest! {
        #[test]
        fn instants_round_trip(seconds in 0i64..4_102_444_800) {
            let at = Timestamp::from_second(seconds).unwrap();
            let text = at.to_string();
            prop_assert_eq!(DateTime::parse(&text, None).unwrap().at(), Some(at));
        }

        #[test]
        fn any_text_is_survived(text in any::<String>(), digits in "[0-9TZ:.+-]{0,24}") {
            for code in [None, Some("102"), Some("304"), Some("205")] {
                let _ = (DateTime::parse(&text, code), DateTime::parse(&digits, code));
            }
        }
    }
}
