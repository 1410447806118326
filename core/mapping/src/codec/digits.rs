//! `datetime("YYYYMMDDhhmmss", "+08:00")`: moments in digits without a zone of their own, since the format fixes one.

use dragoman_model::{DateTime, Offset, Precision, Zone};

use super::{Inputs, NOTHING, Piece, Pieces, Refusal, one};

/// How many digits a moment has, and the zone that it is stated in.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    precision: Precision,
    zone: Offset,
}

impl Form {
    /// The form that a mapping names.
    pub(super) fn of(digits: &str, zone: &str) -> Result<Self, String> {
        let precision = match digits {
            "YYYYMMDD" => Precision::Day,
            "YYYYMMDDhhmmss" => Precision::Second,
            "YYYYMMDDhhmmssSSS" => Precision::Fraction,
            _ => return Err("expected `YYYYMMDD`, `YYYYMMDDhhmmss` or `YYYYMMDDhhmmssSSS`".into()),
        };
        let moment = format!("2000-01-01T00:00:00{zone}");
        match DateTime::parse(&moment, None).map(|moment| moment.zone) {
            Some(Zone::Offset(zone)) => Ok(Self { precision, zone }),
            _ => Err(format!("`{zone}` is no zone such as `+08:00`")),
        }
    }

    /// Its name in the language.
    pub(super) fn name(self) -> &'static str {
        match self.precision {
            Precision::Day => "datetime(\"YYYYMMDD\", …)",
            Precision::Fraction => "datetime(\"YYYYMMDDhhmmssSSS\", …)",
            _ => "datetime(\"YYYYMMDDhhmmss\", …)",
        }
    }

    /// Digits to a moment with its zone, or to a day.
    pub(super) fn decode(self, cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
        let Some(text) = cells.first().copied().flatten() else { return Ok(NOTHING) };
        let moment = self.iso(text);
        let is_moment = moment.as_deref().is_some_and(|moment| DateTime::parse(moment, None).is_some());
        match moment.filter(|_| is_moment) {
            Some(moment) => Ok(one(Piece::Text(moment))),
            None => Err(Refusal(format!("`{text}` is no {}", self.called()))),
        }
    }

    /// A moment of any zone to digits; one without a zone is of this one. A day is never made a moment, nor a moment a
    /// day.
    pub(super) fn encode(self, values: &Inputs<'_>) -> Result<Pieces, Refusal> {
        let Some(text) = values.first().copied().flatten() else { return Ok(NOTHING) };
        let digits = DateTime::parse(text, None).and_then(|moment| self.digits(&moment));
        let refusal = || Refusal(format!("`{text}` cannot be written as a {}", self.called()));
        digits.map(|digits| one(Piece::Text(digits))).ok_or_else(refusal)
    }

    fn digits(self, moment: &DateTime<'_>) -> Option<String> {
        if self.precision == Precision::Day {
            let day = moment.civil;
            let is_day = moment.precision == Precision::Day;
            return is_day.then(|| format!("{:04}{:02}{:02}", day.year(), day.month(), day.day()));
        }
        let at = self.zone.to_datetime(moment.at_offset(self.zone)?);
        let millis = at.subsec_nanosecond() / 1_000_000;
        let is_whole = at.subsec_nanosecond() % 1_000_000 == 0;
        let second = format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        );
        match self.precision {
            Precision::Fraction => is_whole.then(|| format!("{second}{millis:03}")),
            _ => (at.subsec_nanosecond() == 0).then_some(second),
        }
    }

    fn iso(self, text: &str) -> Option<String> {
        let length = match self.precision {
            Precision::Day => 8,
            Precision::Fraction => 17,
            _ => 14,
        };
        if text.len() != length || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let day = format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8));
        if length == 8 {
            return Some(day);
        }
        let clock = format!("{}:{}:{}", part(8, 10), part(10, 12), part(12, 14));
        let fraction = if length == 17 { format!(".{}", part(14, 17)) } else { String::new() };
        Some(format!("{day}T{clock}{fraction}{}", self.zone_text()))
    }

    fn zone_text(self) -> String {
        let minutes = self.zone.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    }

    fn called(self) -> &'static str {
        match self.precision {
            Precision::Day => "day of the form YYYYMMDD",
            Precision::Fraction => "moment of the form YYYYMMDDhhmmssSSS",
            _ => "moment of the form YYYYMMDDhhmmss",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pieces: Result<Pieces, Refusal>) -> Option<String> {
        match pieces.ok()? {
            [Piece::Text(text), ..] => Some(text),
            _ => None,
        }
    }

    #[test]
    fn digits_and_moments() {
        for (form, digits, moment) in [
            ("YYYYMMDD", "20261122", "2026-11-22"),
            ("YYYYMMDDhhmmss", "20261122070509", "2026-11-22T07:05:09+08:00"),
            ("YYYYMMDDhhmmssSSS", "20261122070509040", "2026-11-22T07:05:09.040+08:00"),
        ] {
            let form = Form::of(form, "+08:00").unwrap();
            assert_eq!(text(form.decode(&[Some(digits)])).as_deref(), Some(moment));
            assert_eq!(text(form.encode(&[Some(moment)])).as_deref(), Some(digits));
            for other in ["", "2026112", "20261322", "20261122250000", "2026112207050904x", "soon"] {
                assert_eq!(text(form.decode(&[Some(other)])), None, "{other}");
                assert_eq!(text(form.encode(&[Some(other)])), None, "{other}");
            }
        }
    }

    #[test]
    fn moments_of_other_zones_are_moved() {
        let form = Form::of("YYYYMMDDhhmmss", "+08:00").unwrap();
        let written = |moment: &str| text(form.encode(&[Some(moment)]));
        assert_eq!(written("2026-11-21T23:05:09Z").as_deref(), Some("20261122070509"));
        assert_eq!(written("2026-11-22T07:05:09").as_deref(), Some("20261122070509"));
        assert_eq!(written("2026-11-22"), None);
        assert_eq!(written("2026-11-22T07:05:09.5+08:00"), None);
        assert!(Form::of("YYYYMMDDhhmmss", "Beijing").is_err());
        assert!(Form::of("yyMMdd", "+08:00").is_err());
    }
}
