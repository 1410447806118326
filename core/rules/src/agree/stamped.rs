//! Texts in which the moment and the identity of a document stand: `${moment}`, `${moment:YYYYMMDDhhmmss+08:00}`, `${uuid}`.

use dragoman_model::{Offset, Timestamp};

/// A text with what is stamped on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamped(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    Uuid,
    /// In universal time, RFC 3339.
    Moment,
    /// In a layout, for a place that is so many seconds east.
    Local(Box<str>, i32),
}

impl Stamped {
    /// Reads a text. `Err` says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after.split_once('}').ok_or("`${` is not closed")?;
            parts.extend(Some(Part::Text(before.into())).filter(|_| !before.is_empty()));
            parts.push(match name.split_once(':') {
                None if name == "uuid" => Part::Uuid,
                None if name == "moment" => Part::Moment,
                Some(("moment", layout)) => local(layout)?,
                _ => return Err(format!("there is no `{name}`; there are uuid, moment and moment:LAYOUT")),
            });
            rest = behind;
        }
        parts.extend(Some(Part::Text(rest.into())).filter(|_| !rest.is_empty()));
        Ok(Self(parts))
    }

    /// The text, with these in it.
    pub fn filled(&self, moment: Timestamp, uuid: &str) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.to_string(),
            Part::Uuid => uuid.to_owned(),
            Part::Moment => format!("{moment:.0}"),
            Part::Local(layout, east) => written(layout, moment, *east),
        };
        self.0.iter().map(part).collect()
    }
}

/// `YYYYMMDDhhmmss+08:00`
fn local(layout: &str) -> Result<Part, String> {
    let wrong = || format!("`{layout}` does not end in an offset such as +08:00");
    let (layout, offset) = layout.split_at_checked(layout.len().wrapping_sub(6)).ok_or_else(wrong)?;
    let (hours, minutes) = offset.split_once(':').ok_or_else(wrong)?;
    let (hours, minutes): (i32, i32) = hours.parse().ok().zip(minutes.parse().ok()).ok_or_else(wrong)?;
    Ok(Part::Local(layout.into(), hours * 3600 + hours.signum() * minutes * 60))
}

/// A moment in a layout of `YYYY`, `MM`, `DD`, `hh`, `mm` and `ss`.
fn written(layout: &str, moment: Timestamp, east: i32) -> String {
    let Ok(offset) = Offset::from_seconds(east) else { return String::new() };
    let at = offset.to_datetime(moment);
    let parts = [
        ("YYYY", format!("{:04}", at.year())),
        ("MM", format!("{:02}", at.month())),
        ("DD", format!("{:02}", at.day())),
        ("hh", format!("{:02}", at.hour())),
        ("mm", format!("{:02}", at.minute())),
        ("ss", format!("{:02}", at.second())),
    ];
    parts.iter().fold(layout.to_owned(), |text, (name, value)| text.replace(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_where_they_are_read() {
        let moment: Timestamp = "2026-11-30T20:15:09.7Z".parse().unwrap();
        let filled = |text: &str| Stamped::parse(text).unwrap().filled(moment, "U");
        assert_eq!(filled("${moment:YYYYMMDDhhmmss+08:00}"), "20261201041509");
        assert_eq!(filled("a ${uuid} ${moment}"), "a U 2026-11-30T20:15:09Z");
        assert_eq!(filled("${moment:hhmm-03:30}"), "1645");
        for wrong in ["${", "${x}", "${moment:YYYY}", "${moment:Y+0800}", "${uuid:1}", "${moment:é+8:00}"] {
            assert!(Stamped::parse(wrong).is_err(), "{wrong}");
        }
    }
}
