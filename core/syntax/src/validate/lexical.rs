//! The written forms of types.

use std::borrow::Cow;

use super::number::Decimal;
use crate::grammar::Base;

/// What a value should be, where it is not of the type.
pub(super) fn fault(base: Base, value: &str) -> Option<&'static str> {
    let (is_right, expected) = match base {
        Base::Decimal | Base::Number => (is_number(base, value), "a decimal number"),
        Base::Int => (is_int(value), "a whole number"),
        Base::Integer => (Decimal::read(value).is_some_and(|number| number.is_integer()), "a whole number"),
        Base::Bool => (matches!(value, "true" | "false" | "1" | "0"), "true or false"),
        Base::Date => (is_date(value), "a date, YYYY-MM-DD"),
        Base::Time => (is_time(value), "a time, hh:mm:ss"),
        Base::DateTime => (is_date_time(value), "a date and time, YYYY-MM-DDThh:mm:ss"),
        Base::A => (!value.bytes().any(|byte| byte.is_ascii_digit()), "alphabetic"),
        Base::N => (is_edi_number(value), "a number"),
        Base::Dt => (is_edi_date(value), "a date, CCYYMMDD or YYMMDD"),
        Base::Tm => (is_edi_time(value), "a time, HHMM or HHMMSS"),
        Base::Text | Base::Token | Base::An | Base::String | Base::Any => (true, ""),
    };
    (!is_right).then_some(expected)
}

/// An XSD decimal; a JSON number may have an exponent too, which its reader has checked.
fn is_number(base: Base, value: &str) -> bool {
    let (mantissa, exponent) = value.split_once(['e', 'E']).unwrap_or((value, "0"));
    let has_exponent = base == Base::Number && is_int(exponent);
    Decimal::read(mantissa).is_some() && (mantissa.len() == value.len() || has_exponent)
}

fn is_int(value: &str) -> bool {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits with at most one leading sign and one decimal mark, point or comma (ISO 9735-1, 10).
fn is_edi_number(value: &str) -> bool {
    let with_point =
        if value.contains(',') { value.replacen(',', ".", 1).into() } else { Cow::Borrowed(value) };
    Decimal::read(&with_point).is_some() && !value.starts_with('+')
}

/// Eight digits, or six without the century, that are a day of the calendar.
fn is_edi_date(value: &str) -> bool {
    let parts = value.len().checked_sub(4).and_then(|at| value.split_at_checked(at));
    let Some((year, day)) = parts.filter(|(year, _)| matches!(year.len(), 2 | 4) && is_digits(year)) else {
        return false;
    };
    // A year without century may be a leap year where it divides by four.
    let century = if year.len() == 2 { "20" } else { "" };
    let (month, day) = day.split_at_checked(2).unwrap_or_default();
    is_calendar_day(&format!("{century}{year}-{month}-{day}"))
}

/// Hours, minutes, and perhaps seconds with tenths and hundredths.
fn is_edi_time(value: &str) -> bool {
    let pair = |at: usize| value.get(at..at + 2).and_then(two);
    let is_minute = |at| pair(at).is_some_and(|number| number < 60);
    let is_clock = pair(0).is_some_and(|hour| hour < 24) && is_minute(2);
    matches!(value.len(), 4 | 6 | 7 | 8) && is_digits(value) && is_clock && (value.len() == 4 || is_minute(4))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of an EDI number, which alone count for its length.
pub(super) fn edi_digits(value: &str) -> usize {
    value.bytes().filter(u8::is_ascii_digit).count()
}

fn is_date(value: &str) -> bool {
    let (date, zone) = split_zone(value, 10);
    is_calendar_day(date) && is_zone(zone)
}

fn is_time(value: &str) -> bool {
    let (time, zone) = split_zone(value, 8);
    is_clock_time(time) && is_zone(zone)
}

fn is_date_time(value: &str) -> bool {
    let Some((date, rest)) = value.split_once('T') else { return false };
    let (time, zone) = split_zone(rest, 8);
    is_calendar_day(date) && is_clock_time(time) && is_zone(zone)
}

/// Splits off the zone, which begins after at least `least` characters.
fn split_zone(value: &str, least: usize) -> (&str, &str) {
    let at = value.char_indices().skip(least).find(|(_, c)| matches!(c, 'Z' | '+' | '-'));
    value.split_at_checked(at.map_or(value.len(), |(at, _)| at)).unwrap_or((value, ""))
}

/// None, `Z` or an offset of at most 14 hours.
fn is_zone(zone: &str) -> bool {
    match zone.strip_prefix(['+', '-']).and_then(|offset| offset.split_once(':')) {
        Some((hours, minutes)) => match (two(hours), two(minutes)) {
            (Some(14), Some(0)) => true,
            (Some(hours), Some(minutes)) => hours < 14 && minutes < 60,
            _ => false,
        },
        None => zone.is_empty() || zone == "Z",
    }
}

/// A day of the calendar, of a year of four digits or more.
fn is_calendar_day(date: &str) -> bool {
    let date = date.strip_prefix('-').unwrap_or(date);
    let mut parts = date.splitn(3, '-');
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_year = year.len() >= 4 && is_int(year) && (year.len() == 4 || !year.starts_with('0'));
    let Some(number) = year.parse::<u64>().ok().filter(|number| is_year && *number > 0) else { return false };
    let is_leap = number % 4 == 0 && (number % 100 != 0 || number % 400 == 0);
    let days = match two(month) {
        Some(1 | 3 | 5 | 7 | 8 | 10 | 12) => 31,
        Some(4 | 6 | 9 | 11) => 30,
        Some(2) if is_leap => 29,
        Some(2) => 28,
        _ => return false,
    };
    two(day).is_some_and(|day| (1..=days).contains(&day))
}

/// `hh:mm:ss` with an optional fraction; 24:00:00 is the end of the day.
fn is_clock_time(time: &str) -> bool {
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = time.splitn(3, ':').map(two);
    let (Some(Some(hour)), Some(Some(minute)), Some(Some(second))) =
        (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let is_midnight = hour == 24 && minute == 0 && second == 0 && fraction.bytes().all(|byte| byte == b'0');
    is_fraction && (is_midnight || (hour < 24 && minute < 60 && second < 60))
}

fn two(digits: &str) -> Option<u32> {
    let is_two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_form() {
        let cases: [(Base, &[&str], &[&str]); 11] = [
            (Base::Decimal, &["1", "-0.50", "+.5", "5."], &["", "1e3", "1,5", "x", "٣"]),
            (Base::Int, &["0", "-12", "+3"], &["", "1.0", "-", "1 2"]),
            (Base::Integer, &["3", "3.0"], &["3.1", ""]),
            (Base::Number, &["1.5e-3", "2E5", "7"], &["e5", "1e", "abc"]),
            (Base::Bool, &["true", "0"], &["TRUE", "yes", ""]),
            (
                Base::Date,
                &["2024-02-29", "2026-11-22Z", "2026-11-22+01:00"],
                &["2023-02-29", "2026-1-1", "20260101", "0000-01-01"],
            ),
            (
                Base::DateTime,
                &["2026-11-22T16:24:00Z", "2026-11-22T24:00:00", "2026-11-22T00:00:00.123-05:00"],
                &["2026-11-22", "2026-11-22T24:00:01", "2026-11-22T10:00", "2026-11-22T10:00:00+15:00"],
            ),
            (Base::Time, &["10:00:00", "23:59:59.9Z"], &["25:00:00", "10:60:00", "1:00:00"]),
            (Base::Dt, &["20240229", "240229"], &["20230229", "2024-02-29", "0229", "20241301"]),
            (Base::Tm, &["2359", "235959", "23595999"], &["2400", "235", "236000", "12:30"]),
            (Base::N, &["12", "-1,5", "0.5"], &["1.2,3", "a", ""]),
        ];
        for (base, right, wrong) in cases {
            assert!(right.iter().all(|value| fault(base, value).is_none()), "{base:?} {right:?}");
            let accepted: Vec<_> = wrong.iter().filter(|value| fault(base, value).is_none()).collect();
            assert!(accepted.is_empty(), "{base:?} {accepted:?}");
        }
    }
}
