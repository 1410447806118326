//! Bytes to lines, and how they are laid out.

use dragoman_tree::Span;

use crate::grammar::Flat;
use crate::x12::Encoding;

/// The byte order mark of UTF-8, which is skipped.
pub(super) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What ends a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnd {
    /// A line feed.
    #[default]
    Lf,
    /// A carriage return and a line feed.
    CrLf,
    /// Nothing: records of columns follow each other.
    None,
}

/// How a file is laid out: what reading has to tell so that writing gives the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// How characters are encoded.
    pub encoding: Encoding,
    /// What ends a record.
    pub end: LineEnd,
    /// True where the last record has its end too.
    pub ended: bool,
    /// True where quotes stand around every field, not only where they have to.
    pub quoted: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self { encoding: Encoding::Utf8, end: LineEnd::Lf, ended: true, quoted: false }
    }
}

/// The lines of a file without their ends.
pub(super) fn lines(bytes: &[u8], flat: &Flat) -> (Layout, Vec<Span>) {
    let start = if bytes.starts_with(MARK) { MARK.len() } else { 0 };
    let encoding = if std::str::from_utf8(bytes).is_ok() { Encoding::Utf8 } else { Encoding::Latin1 };
    let mut layout = Layout { encoding, ..Layout::default() };
    let ends = ends(bytes, flat.quoted);
    if let Some(records) = records(bytes, start, flat, encoding).filter(|_| ends.is_empty()) {
        (layout.end, layout.ended) = (LineEnd::None, false);
        return (layout, records);
    }
    let returns = |end: usize| end > 0 && bytes.get(end - 1) == Some(&b'\r');
    if ends.first().is_some_and(|end| returns(*end)) {
        layout.end = LineEnd::CrLf;
    }
    layout.ended = ends.last().is_some_and(|end| end + 1 == bytes.len());
    // Carriage returns before a line end are part of it, however many.
    let without = |from: usize, end: usize| {
        let line = bytes.get(from..end).unwrap_or_default();
        from + line.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1)
    };
    let mut from = start;
    let mut spans = Vec::with_capacity(ends.len() + 1);
    for end in ends {
        spans.push(Span::of(from, without(from, end)));
        from = end + 1;
    }
    let last = Span::of(from, without(from.min(bytes.len()), bytes.len()));
    if !last.is_empty() {
        spans.push(last);
    }
    // Quotes around the first field are taken for quotes around all.
    layout.quoted = flat.quoted && bytes.get(start) == Some(&b'"');
    (layout, spans)
}

/// The records of a file of columns without line ends: several, all of the width, which counts characters.
fn records(bytes: &[u8], start: usize, flat: &Flat, encoding: Encoding) -> Option<Vec<Span>> {
    let width = flat.width as usize;
    let begins = |byte: u8| encoding == Encoding::Latin1 || byte & 0xC0 != 0x80;
    let characters = bytes.iter().enumerate().skip(start).filter(|(_, byte)| begins(**byte));
    let count = if width > 0 { characters.clone().count() } else { 0 };
    if count <= width || !count.is_multiple_of(width) {
        return None;
    }
    let starts: Vec<usize> = characters.map(|(at, _)| at).step_by(width).collect();
    let ends = starts.iter().copied().skip(1).chain([bytes.len()]);
    Some(starts.iter().zip(ends).map(|(at, end)| Span::of(*at, end)).collect())
}

/// Where the line feeds are that end lines; those in quotes do not.
fn ends(bytes: &[u8], quoted: bool) -> Vec<usize> {
    let all = memchr::memchr2_iter(b'\n', b'"', bytes);
    let mut inside = false;
    let ends = all.filter(|at| {
        let is_quote = bytes.get(*at) == Some(&b'"');
        inside ^= is_quote && quoted;
        !is_quote && !inside
    });
    ends.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut<'b>(bytes: &'b [u8], flat: &Flat) -> (Layout, Vec<&'b [u8]>) {
        let (layout, spans) = lines(bytes, flat);
        (layout, spans.into_iter().map(|span| bytes.get(span.range()).unwrap()).collect())
    }

    #[test]
    fn lines_are_told_by_their_ends() {
        let plain = Flat { separator: Some(','), ..Flat::default() };
        let (layout, found) = cut(b"a\r\nb\r\n", &plain);
        assert_eq!((layout.end, layout.ended, found), (LineEnd::CrLf, true, vec![&b"a"[..], b"b"]));
        let (layout, found) = cut(b"a\n\nb", &plain);
        assert_eq!((layout.end, layout.ended, found), (LineEnd::Lf, false, vec![&b"a"[..], b"", b"b"]));
        let quoted = Flat { quoted: true, ..plain };
        assert_eq!(cut(b"\"a\nb\",c\nd", &quoted).1, [&b"\"a\nb\",c"[..], b"d"]);
    }

    #[test]
    fn records_without_ends_are_cut_by_their_width() {
        let columns = Flat { width: 3, ..Flat::default() };
        let (layout, found) = cut(b"abcdef", &columns);
        assert_eq!((layout.end, found), (LineEnd::None, vec![&b"abc"[..], b"def"]));
        assert_eq!(cut(b"abcde", &columns).1, [&b"abcde"[..]]);
        assert_eq!(cut("\u{FEFF}äbcdéf".as_bytes(), &columns).1, ["äbc".as_bytes(), "déf".as_bytes()]);
        assert_eq!(cut(b"\xE4bcdef", &columns).1, [&b"\xE4bc"[..], b"def"]);
    }
}
