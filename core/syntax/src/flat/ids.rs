//! Which record a line is: by the id that it begins with, or by the section that it stands in.

use dragoman_tree::{Kind, NameId, PlaceId};

use super::columns;
use crate::grammar::{Flat, Grammar};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The beginning of a section.
    Opens(NameId),
    /// Its end.
    Closes(NameId),
    /// A record.
    Record {
        name: NameId,
        /// True where the line begins with its id.
        has_id: bool,
    },
    /// None that is known.
    Unknown,
}

/// The ids of the records of a grammar, the longest first, and the names of its sections.
#[derive(Debug)]
pub(super) struct Ids {
    named: Vec<(Box<str>, NameId)>,
    rows: Vec<(Box<str>, NameId)>,
    sections: Vec<(Box<str>, NameId)>,
}

impl Ids {
    /// Those of a grammar.
    pub fn new(grammar: &Grammar, flat: &Flat) -> Self {
        let (mut named, mut rows, mut sections) = (Vec::new(), Vec::new(), Vec::new());
        for place in (0..grammar.len() as u32).map(|at| grammar.place(PlaceId(at))) {
            let name = grammar.names().get(place.name);
            let list = match place.kind {
                Kind::Segment if flat.rows.iter().any(|row| **row == *name) => &mut rows,
                Kind::Segment => &mut named,
                Kind::Group if flat.sections => &mut sections,
                _ => continue,
            };
            if !list.iter().any(|(_, known)| *known == place.name) {
                list.push((name.into(), place.name));
            }
        }
        named.sort_by_key(|(id, _): &(Box<str>, _)| std::cmp::Reverse(id.len()));
        Self { named, rows, sections }
    }

    /// What a line is, in the section of that name.
    pub fn of(&self, line: &[u8], flat: &Flat, section: &str) -> Line {
        if let Some(mark) = self.mark(line) {
            return mark;
        }
        let Some(separator) = flat.separator else {
            let id = self.named.iter().find(|(id, _)| line.starts_with(id.as_bytes()));
            return id.map_or(Line::Unknown, |(_, name)| Line::Record { name: *name, has_id: true });
        };
        let whole = dragoman_tree::Span::of(0, line.len());
        let first = columns::fields(line, whole, separator, flat.quoted).first().map(|field| field.span);
        let first = first.and_then(|span| line.get(span.range())).unwrap_or_default();
        if let Some((_, name)) = self.named.iter().find(|(id, _)| id.as_bytes() == first) {
            return Line::Record { name: *name, has_id: true };
        }
        let is_row = |(row, _): &&(Box<str>, NameId)| !flat.sections || **row == *section;
        let row = self.rows.iter().find(is_row);
        row.map_or(Line::Unknown, |(_, name)| Line::Record { name: *name, has_id: false })
    }

    /// The beginning or the end of a section.
    fn mark(&self, line: &[u8]) -> Option<Line> {
        let line = line.trim_ascii();
        if let Some((_, name)) = self.sections.iter().find(|(name, _)| name.as_bytes() == line) {
            return Some(Line::Opens(*name));
        }
        let ended = line.strip_prefix(b"<END-")?;
        let is = |name: &str| name.strip_prefix('<').is_some_and(|name| name.as_bytes() == ended);
        self.sections.iter().find(|(name, _)| is(name)).map(|(_, name)| Line::Closes(*name))
    }
}

/// The line that ends a section: `<END-cargo>` of `<cargo>`.
pub(super) fn end_of(section: &str) -> String {
    format!("<END-{}", section.strip_prefix('<').unwrap_or(section))
}
