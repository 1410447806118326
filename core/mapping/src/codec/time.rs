//! `instant`, `datetime(…)` and `edidate`: moments keep the literal of their wire as far as the document has a form for
//! it; only a moment of another form is written anew.

use dragoman_model::{DateTime, Offset, Precision, Timestamp, Zone};

use super::clock::Clock;
use super::digits::Form;
use super::{Codec, Inputs, NOTHING, Piece, Pieces, Refusal, one};
use crate::language::ast::Argument;

/// `edidate(102)` or `edidate`, which writes 203.
pub(super) fn edidate(arguments: &[Argument]) -> Result<Codec, String> {
    match arguments {
        [] => Ok(Codec::EdiDate("203".into())),
        [Argument::Number(code)] => Ok(Codec::EdiDate(code.is.to_string().into())),
        _ => Err("expected `edidate` or `edidate(102)`, the format code of UN/EDIFACT 2379 to write".into()),
    }
}

/// `datetime(…)`, by the form that it names.
pub(super) fn datetime(words: &[&str]) -> Result<Codec, String> {
    match words {
        ["iso"] => Ok(Codec::Iso),
        ["epoch_seconds"] => Ok(Codec::Epoch(0)),
        ["epoch_milliseconds"] => Ok(Codec::Epoch(3)),
        ["YYYY-MM-DD hh:mm:ss"] => Ok(Codec::Clock(Clock::Bare)),
        ["YYYY-MM-DD hh:mm:ss +hhmm"] => Ok(Codec::Clock(Clock::Stated)),
        ["YYYY-MM-DD hh:mm:ss", zone] => Clock::of(zone).map(Codec::Clock),
        ["YYYYMMDDhhmm"] => Ok(Codec::Minute),
        [form, zone] => Ok(Codec::Digits(Form::of(form, zone)?)),
        ["unb"] => Ok(Codec::Unb),
        ["x12"] => Ok(Codec::Day),
        [] => Err("expected `instant(@formatCode)` or `datetime(iso)`".into()),
        _ => Err("`datetime` does not take these arguments".into()),
    }
}

/// A literal with its format code as they are; an ISO form becomes one of the code that the wire implies.
pub(super) fn encode_coded(values: &Inputs<'_>, code: &str) -> Result<Pieces, Refusal> {
    let Some(text) = values.first().copied().flatten() else {
        return Err(Refusal("a form without a moment cannot be written".into()));
    };
    let stated = values.get(1).copied().flatten();
    let moment = DateTime::parse(text, None).filter(|_| stated.is_none() && is_iso(text));
    let Some(moment) = moment else { return Ok(two(values)) };
    let code = with_zone(&moment, code);
    match coded(&moment, code) {
        Some(written) => Ok([Piece::Text(written), Piece::Text(code.into()), Piece::None, Piece::None]),
        None => Err(Refusal(format!("`{text}` cannot be written in the form {code}"))),
    }
}

/// A literal with its format code as they are. A form alone is no moment.
pub(super) fn decode_coded(cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
    if cells.first().copied().flatten().is_none() {
        return Err(Refusal("a form without a moment".into()));
    }
    Ok(two(cells))
}

/// ISO forms pass as they are, and so does what is no moment at all. A moment of another form would be written in
/// this one, so it is not taken from a wire of this form.
pub(super) fn decode_iso(cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
    match cells.first().copied().flatten() {
        Some(text) if !is_iso(text) && DateTime::parse(text, None).is_some() => {
            Err(Refusal(format!("`{text}` is not in a form of RFC 3339")))
        }
        _ => Ok(one(Piece::Whole(0))),
    }
}

/// ISO forms pass as they are, and so does what is no moment at all; a moment of another form is written in RFC 3339.
pub(super) fn encode_iso(values: &Inputs<'_>) -> Pieces {
    let Some(text) = values.first().copied().flatten() else { return NOTHING };
    let moment = DateTime::parse(text, None).filter(|_| !is_iso(text));
    one(moment.map_or(Piece::Whole(0), |moment| Piece::Text(iso(&moment))))
}

/// `1632973421` is `2021-09-30T03:43:41Z`; with three decimals the number counts milliseconds.
pub(super) fn decode_epoch(cells: &Inputs<'_>, decimals: usize) -> Result<Pieces, Refusal> {
    let Some(value) = text(cells, 0) else { return Ok(NOTHING) };
    let number = value.parse().ok().filter(|number: &i64| number.to_string() == value);
    let moment = number.and_then(|number| match decimals {
        0 => Timestamp::from_second(number).ok(),
        _ => Timestamp::from_millisecond(number).ok(),
    });
    let form = if decimals == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S.%3fZ" };
    let written = moment.filter(|at| (0..=253_402_300_799).contains(&at.as_second()));
    let written = written.map(|at| one(Piece::Text(at.strftime(form).to_string())));
    written.ok_or_else(|| Refusal(format!("`{value}` is no moment since 1970")))
}

/// A moment with a zone, as fine as that and no finer.
pub(super) fn encode_epoch(values: &Inputs<'_>, decimals: usize) -> Result<Pieces, Refusal> {
    let Some(value) = text(values, 0) else { return Ok(NOTHING) };
    let moment = DateTime::parse(value, None).filter(|at| at.precision >= Precision::Second);
    let moment = moment.and_then(|at| match at.zone {
        Zone::Offset(offset) => offset.to_timestamp(at.civil).ok(),
        Zone::None => None,
    });
    let number = moment.and_then(|at| match decimals {
        0 => (at.subsec_nanosecond() == 0).then(|| at.as_second()),
        _ => (at.subsec_nanosecond() % 1_000_000 == 0).then(|| at.as_millisecond()),
    });
    let refusal = || Refusal(format!("`{value}` cannot be written as a number since 1970"));
    number.map(|number| one(Piece::Text(number.to_string()))).ok_or_else(refusal)
}

/// `202611221624` as it is; nothing else is of this form.
pub(super) fn decode_minute(cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let Some(value) = text(cells, 0) else { return Ok(NOTHING) };
    let is_one = value.len() == 12 && DateTime::parse(value, Some("203")).is_some();
    let refusal = || Refusal(format!("`{value}` is not of the form YYYYMMDDhhmm"));
    is_one.then(|| one(Piece::Whole(0))).ok_or_else(refusal)
}

/// A moment as fine as a minute and without a zone, for which this form has no room.
pub(super) fn encode_minute(values: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let Some(value) = text(values, 0) else { return Ok(NOTHING) };
    let moment = DateTime::parse(value, None).filter(|moment| moment.zone == Zone::None);
    let refusal = || Refusal(format!("`{value}` cannot be written in the form YYYYMMDDhhmm"));
    moment.and_then(|at| coded(&at, "203")).map(|at| one(Piece::Text(at))).ok_or_else(refusal)
}

/// Date and time of an interchange header, element by element: six digits and four, from version 4 of the syntax on
/// eight and four. Together they are a moment of the form 201 or 203.
pub(super) fn decode_unb(cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let (Some(date), Some(time)) = (text(cells, 0), text(cells, 1)) else {
        return Err(Refusal("a date without a time, or a time without a date".into()));
    };
    let (whole, code) = (format!("{date}{time}"), if date.len() == 6 { "201" } else { "203" });
    match DateTime::parse(&whole, Some(code)) {
        Some(_) if time.len() == 4 => Ok(moment(whole, code)),
        _ => Err(Refusal(format!("`{date}` and `{time}` are no date and time"))),
    }
}

/// Any moment as fine as a minute is written; one that was read of such a header, with the digits it had.
pub(super) fn encode_unb(values: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let Some(value) = text(values, 0) else { return Ok(NOTHING) };
    let format = text(values, 1);
    let parsed = DateTime::parse(value, format).filter(|moment| moment.precision >= Precision::Minute);
    let Some(parsed) = parsed else {
        return Err(Refusal(format!("`{value}` is no moment that an interchange header can state")));
    };
    let long = coded(&parsed, "203").unwrap_or_default();
    let start = if format == Some("203") { 0 } else { 2 };
    let part = |range: std::ops::Range<usize>| Piece::Text(long.get(range).unwrap_or_default().to_owned());
    Ok([part(start..8), part(8..12), Piece::None, Piece::None])
}

pub(super) fn text<'t>(cells: &Inputs<'t>, at: usize) -> Option<&'t str> {
    cells.get(at).copied().flatten()
}

pub(super) fn moment(text: String, code: &str) -> Pieces {
    [Piece::Text(text), Piece::Text(code.into()), Piece::None, Piece::None]
}

/// True for `2026-11-22` and what begins so.
fn is_iso(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10 && bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-')
}

/// The form that also holds the zone, where the moment states one and the wanted form has none; that of a day for a
/// day.
fn with_zone<'c>(moment: &DateTime<'_>, code: &'c str) -> &'c str {
    match (moment.zone, code) {
        (_, "203" | "204") if moment.precision < Precision::Minute => "102",
        (Zone::Offset(_), "203") => "303",
        (Zone::Offset(_), "204") => "304",
        _ => code,
    }
}

/// A moment in a form of UN/EDIFACT 2379.
pub(super) fn coded(moment: &DateTime<'_>, code: &str) -> Option<String> {
    let civil = moment.civil;
    let day = format!("{:04}{:02}{:02}", civil.year(), civil.month(), civil.day());
    let minute = format!("{day}{:02}{:02}", civil.hour(), civil.minute());
    let fine = moment.precision >= Precision::Minute;
    match code {
        "203" if fine => Some(minute),
        "303" if fine => Some(minute + &zone(moment)?),
        "204" if fine => Some(format!("{minute}{:02}", civil.second())),
        "304" if fine => Some(format!("{minute}{:02}{}", civil.second(), zone(moment)?)),
        "102" | "304" => Some(day),
        _ => None,
    }
}

/// `Z`, or whole hours as `+01`.
fn zone(moment: &DateTime<'_>) -> Option<String> {
    match moment.zone {
        Zone::Offset(offset) if offset == Offset::UTC => Some("Z".into()),
        Zone::Offset(offset) if offset.seconds() % 3600 == 0 => {
            Some(format!("{:+03}", offset.seconds() / 3600))
        }
        Zone::Offset(_) => None,
        Zone::None => Some(String::new()),
    }
}

pub(super) fn iso(moment: &DateTime<'_>) -> String {
    let date = moment.civil.date().to_string();
    if moment.precision < Precision::Minute {
        return date;
    }
    let clock =
        format!("{:02}:{:02}:{:02}", moment.civil.hour(), moment.civil.minute(), moment.civil.second());
    let zone = match moment.zone {
        Zone::None => String::new(),
        Zone::Offset(offset) if offset == Offset::UTC => "Z".into(),
        Zone::Offset(offset) => {
            let minutes = offset.seconds() / 60;
            format!(
                "{}{:02}:{:02}",
                if minutes < 0 { '-' } else { '+' },
                minutes.abs() / 60,
                minutes.abs() % 60
            )
        }
    };
    format!("{date}T{clock}{zone}")
}

fn two(cells: &Inputs<'_>) -> Pieces {
    let whole = |at: usize| cells.get(at).copied().flatten().map_or(Piece::None, |_| Piece::Whole(at));
    [whole(0), whole(1), Piece::None, Piece::None]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, code: &str) -> Option<(String, String)> {
        match encode_coded(&[Some(text), None], code).ok()? {
            [Piece::Text(text), Piece::Text(code), ..] => Some((text, code)),
            _ => None,
        }
    }

    #[test]
    fn iso_moments_get_the_form_of_the_wire_and_keep_their_zone() {
        let pair = |text: &str, code: &str| Some((text.to_owned(), code.to_owned()));
        assert_eq!(written("2026-11-22T10:05:09Z", "304"), pair("20261122100509Z", "304"));
        assert_eq!(written("2026-11-22T10:05:09+01:00", "203"), pair("202611221005+01", "303"));
        assert_eq!(written("2026-11-22", "304"), pair("20261122", "304"));
        assert_eq!(written("2026-11-22T10:05:09+05:30", "304"), None);
        assert_eq!(written("2026-11-22", "203"), pair("20261122", "102"));
    }

    #[test]
    fn the_moment_of_an_interchange_header() {
        for (date, time, code) in [("261122", "1005", "201"), ("20261122", "1005", "203")] {
            let pieces = decode_unb(&[Some(date), Some(time)]).unwrap();
            assert_eq!(pieces, moment(format!("{date}{time}"), code));
            let [Piece::Text(text), ..] = &pieces else { panic!("{pieces:?}") };
            let [Piece::Text(one), Piece::Text(two), ..] = encode_unb(&[Some(text), Some(code)]).unwrap()
            else {
                panic!("{text}")
            };
            assert_eq!((one.as_str(), two.as_str()), (date, time));
        }
        let written = encode_unb(&[Some("2026-11-22T10:05:09Z"), None]).unwrap();
        assert_eq!(written[..2], [Piece::Text("261122".into()), Piece::Text("1005".into())]);
        assert!(encode_unb(&[Some("2026-11-22"), None]).is_err());
        assert!(decode_unb(&[Some("261122"), None]).is_err());
    }

    #[test]
    fn literals_of_the_wire_pass() {
        let pieces = encode_coded(&[Some("20261122100509Z"), Some("304")], "203").unwrap();
        assert_eq!(pieces, [Piece::Whole(0), Piece::Whole(1), Piece::None, Piece::None]);
        let pieces = encode_iso(&[Some("20261122100509")]);
        assert_eq!(pieces, one(Piece::Text("2026-11-22T10:05:09".into())));
        for text in ["2026-11-22", "2026-11-22T10:05:09+05:30", "soon"] {
            assert_eq!(decode_iso(&[Some(text)]), Ok(one(Piece::Whole(0))));
            assert_eq!(encode_iso(&[Some(text)]), one(Piece::Whole(0)));
        }
        assert!(decode_iso(&[Some("20261122100509")]).is_err());
    }
}
