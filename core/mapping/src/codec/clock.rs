//! `datetime("YYYY-MM-DD hh:mm:ss", …)`: moments as a clock shows them, with a blank between date and time.

use dragoman_model::{DateTime, Precision, TimeZone, Zone, zone};

use super::time::{iso, text};
use super::{Inputs, NOTHING, Piece, Pieces, Refusal, one};

/// Where the clock hangs.
#[derive(Clone, Debug)]
pub enum Clock {
    /// Nobody says: the moment has no zone.
    Bare,
    /// Where the format says.
    In(TimeZone),
    /// Where each moment says, behind the time: `+0800`.
    Stated,
}

impl Clock {
    /// The clock in a zone that a mapping names.
    pub(super) fn of(name: &str) -> Result<Self, String> {
        let message = || format!("`{name}` is no zone such as `+08:00` or `PST8PDT,M3.2.0,M11.1.0`");
        zone(name).map(Self::In).ok_or_else(message)
    }

    /// The reading of a clock to a moment. One that the clock does not show, as it is put forward then, is none; of one
    /// that it shows twice, as it is put back, the first is meant.
    pub(super) fn decode(&self, cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
        let Some(value) = text(cells, 0) else { return Ok(NOTHING) };
        let moment = self.moment(value).map(|moment| one(Piece::Text(moment)));
        moment.ok_or_else(|| Refusal(format!("`{value}` is not of the form {}", self.form())))
    }

    /// A moment, as fine as a second and no finer, to the reading that is read as this moment again.
    pub(super) fn encode(&self, values: &Inputs<'_>) -> Result<Pieces, Refusal> {
        let Some(value) = text(values, 0) else { return Ok(NOTHING) };
        let moment = DateTime::parse(value, None).filter(|at| at.precision == Precision::Second);
        let reading = moment.and_then(|moment| self.reading(&moment));
        let refusal = || Refusal(format!("`{value}` cannot be written in the form {}", self.form()));
        reading.map(|reading| one(Piece::Text(reading))).ok_or_else(refusal)
    }

    fn form(&self) -> &'static str {
        match self {
            Self::Bare | Self::In(_) => "YYYY-MM-DD hh:mm:ss",
            Self::Stated => "YYYY-MM-DD hh:mm:ss +hhmm",
        }
    }

    fn moment(&self, value: &str) -> Option<String> {
        let (day, clock) = value.split_once(' ')?;
        let (clock, behind) = match self {
            Self::Stated => clock.split_once(' ')?,
            _ => (clock, ""),
        };
        let written = format!("{day}T{clock}");
        let bare = DateTime::parse(&written, None)?;
        if bare.precision != Precision::Second || bare.zone != Zone::None {
            return None;
        }
        match self {
            Self::Bare => Some(written),
            Self::In(zone) => {
                let at = zone.to_ambiguous_timestamp(bare.civil);
                let at = at.earlier().ok().filter(|at| zone.to_datetime(*at) == bare.civil)?;
                Some(iso(&DateTime { zone: Zone::Offset(zone.to_offset(at)), ..bare }))
            }
            Self::Stated => {
                let stated = format!("{written}{behind}");
                let moment = iso(&DateTime::parse(&stated, None)?);
                // Zones are written in one way alone: another one would not come back.
                (self.reading(&DateTime::parse(&moment, None)?).as_deref() == Some(value)).then_some(moment)
            }
        }
    }

    fn reading(&self, moment: &DateTime<'_>) -> Option<String> {
        let spaced = |bare: DateTime<'_>| iso(&DateTime { zone: Zone::None, ..bare }).replacen('T', " ", 1);
        match (self, moment.zone) {
            (Self::Bare, Zone::None) => Some(spaced(*moment)),
            (Self::In(zone), Zone::Offset(_)) => {
                let at = moment.at()?;
                let civil = zone.to_datetime(at);
                let is_first = zone.to_ambiguous_timestamp(civil).earlier().ok() == Some(at);
                is_first.then(|| spaced(DateTime { civil, ..*moment }))
            }
            (Self::Stated, Zone::Offset(offset)) => {
                let minutes = offset.seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                let behind = format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60);
                Some(format!("{} {behind}", spaced(*moment)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_of(pieces: Result<Pieces, Refusal>) -> Option<String> {
        match pieces {
            Ok([Piece::Text(text), ..]) => Some(text),
            _ => None,
        }
    }

    fn decoded(clock: &Clock, text: &str) -> Option<String> {
        text_of(clock.decode(&[Some(text)]))
    }

    fn encoded(clock: &Clock, text: &str) -> Option<String> {
        text_of(clock.encode(&[Some(text)]))
    }

    fn pacific() -> Clock {
        Clock::of("PST8PDT,M3.2.0,M11.1.0").unwrap()
    }

    #[test]
    fn a_clock_of_which_nobody_says_where_it_hangs() {
        let clock = Clock::Bare;
        assert_eq!(decoded(&clock, "2026-11-22 16:24:55").as_deref(), Some("2026-11-22T16:24:55"));
        assert_eq!(encoded(&clock, "2026-11-22T16:24:55").as_deref(), Some("2026-11-22 16:24:55"));
        assert_eq!(encoded(&clock, "20261122162455").as_deref(), Some("2026-11-22 16:24:55"));
        for other in ["2026-11-22", "2026-11-22T16:24:55", "2026-11-22 16:24", "2026-11-22 16:24:55Z", "soon"]
        {
            assert_eq!(decoded(&clock, other), None, "{other}");
        }
        for other in
            ["2026-11-22", "2026-11-22T16:24:55Z", "2026-11-22T16:24:55.5", "2026-11-22T16:24", "soon"]
        {
            assert_eq!(encoded(&clock, other), None, "{other}");
        }
    }

    #[test]
    fn a_clock_that_is_put_forward_and_back() {
        let clock = pacific();
        assert_eq!(decoded(&clock, "2026-11-22 16:24:55").as_deref(), Some("2026-11-22T16:24:55-08:00"));
        assert_eq!(decoded(&clock, "2026-07-22 16:24:55").as_deref(), Some("2026-07-22T16:24:55-07:00"));
        assert_eq!(encoded(&clock, "2026-07-22T23:24:55Z").as_deref(), Some("2026-07-22 16:24:55"));
        // Shown never, and shown twice.
        assert_eq!(decoded(&clock, "2026-03-08 02:30:00"), None);
        assert_eq!(decoded(&clock, "2026-11-01 01:30:00").as_deref(), Some("2026-11-01T01:30:00-07:00"));
        assert_eq!(encoded(&clock, "2026-11-01T01:30:00-08:00"), None);
        assert_eq!(encoded(&clock, "2026-11-22T16:24:55"), None);
        assert_eq!(Clock::of("Pacific").unwrap_err().split(' ').next(), Some("`Pacific`"));
    }

    #[test]
    fn a_zone_behind_the_time() {
        let clock = Clock::Stated;
        assert_eq!(
            decoded(&clock, "2026-11-22 16:24:55 +0800").as_deref(),
            Some("2026-11-22T16:24:55+08:00")
        );
        assert_eq!(decoded(&clock, "2026-11-22 16:24:55 +0000").as_deref(), Some("2026-11-22T16:24:55Z"));
        assert_eq!(
            encoded(&clock, "2026-11-22T16:24:55-03:30").as_deref(),
            Some("2026-11-22 16:24:55 -0330")
        );
        for other in ["2026-11-22 16:24:55", "2026-11-22 16:24:55 +08:00", "2026-11-22 16:24:55 -0000"] {
            assert_eq!(decoded(&clock, other), None, "{other}");
        }
        assert_eq!(encoded(&clock, "2026-11-22T16:24:55"), None);
    }

    proptest! {
        /// What a clock shows comes back as it was shown.
        #[test]
        fn readings_come_back(seconds in 0_i64..4_000_000_000) {
            let at = dragoman_model::Timestamp::from_second(seconds).unwrap();
            let Clock::In(zone) = pacific() else { panic!() };
            let shown = zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
            let moment = decoded(&pacific(), &shown).unwrap();
            prop_assert_eq!(encoded(&pacific(), &moment), Some(shown));
        }
    }
}
