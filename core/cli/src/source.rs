//! The text of an input, to show places in: the whole of it, or a window that moves along a stream.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use dragoman_syntax::xml;
use dragoman_tree::Position;

/// An input by its name, with the bytes that are at hand.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// As people know it: the path as it was given, or `<stdin>`.
    pub name: String,
    /// The bytes at hand, as the spans of findings count them.
    bytes: Vec<u8>,
    /// The offset of the first of them in the input, and where that is.
    start: Place,
    /// The place last asked for: the next one is mostly behind it.
    last: Cell<Place>,
}

/// An offset and its line and column, both from 0; where the line begins.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    offset: u64,
    line: u32,
    column: u32,
}

/// A line of the input, cut to what can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, with `…` where it was cut.
    pub text: String,
    /// The part of it that is meant.
    pub at: Range<usize>,
    /// Where that part begins in the input.
    pub position: Position,
}

impl Excerpt {
    /// A drawing of the excerpt with the column of the input in its place: who draws counts columns in what was cut.
    pub fn columns_in(&self, drawn: &str, file: &str) -> String {
        let before = self.text.get(..self.at.start).unwrap_or_default().chars().count() + 1;
        let place = |column: usize| format!("{file}:{}:{column}", self.position.line);
        drawn.replacen(&place(before), &place(self.position.column as usize), 1)
    }
}

impl Source {
    /// An input that nothing is known of but its name.
    pub fn named(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// An input that is at hand as a whole.
    pub fn of(name: impl Into<String>, text: &str) -> Self {
        Self { name: name.into(), bytes: text.as_bytes().to_vec(), ..Self::default() }
    }

    /// The bytes at hand.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The text that positions count in, where the reader converted the input: XML of other encodings than UTF-8.
    pub fn converted(&self) -> Option<Self> {
        let Cow::Owned(text) = xml::decode(&self.bytes).text else { return None };
        Some(Self { name: self.name.clone(), bytes: text.into_bytes(), ..Self::default() })
    }

    /// Forgets what is before an offset.
    pub fn forget(&mut self, before: u64) {
        if before <= self.start.offset {
            return;
        }
        let gone = self.bytes.len() - self.rest(before).len();
        self.start = self.place(before);
        self.bytes.drain(..gone);
        self.last.set(self.start);
    }

    /// Line and column of an offset; none before what is at hand.
    pub fn position(&self, offset: u64) -> Option<Position> {
        (offset >= self.start.offset).then(|| {
            let place = self.place(offset);
            Position { line: place.line + 1, column: place.column + 1 }
        })
    }

    /// The line around some bytes, cut to `width` columns. Bytes on later lines are left out.
    pub fn excerpt(&self, span: &Range<u64>, width: usize) -> Option<Excerpt> {
        let position = self.position(span.start)?;
        let at = self.bytes.len() - self.rest(span.start).len();
        let (before, after) = self.bytes.split_at_checked(at)?;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let before = before.get(start..)?;
        let line =
            after.iter().position(|byte| *byte == b'\n').and_then(|end| after.get(..end)).unwrap_or(after);
        let length = usize::try_from(span.end.saturating_sub(span.start)).unwrap_or(usize::MAX);
        let (meant, after) = line.split_at_checked(length).unwrap_or((line, &[]));
        let meant = cut(meant, width / 2, End::Right);
        let left =
            cut(before, (width / 3).max(width.saturating_sub(columns(&meant) + after.len())), End::Left);
        let right = cut(after, width.saturating_sub(columns(&left) + columns(&meant)), End::Right);
        Some(Excerpt {
            at: left.len()..left.len() + meant.len(),
            text: format!("{left}{meant}{right}"),
            position,
        })
    }

    /// The bytes at hand from an offset on.
    fn rest(&self, offset: u64) -> &[u8] {
        let from = usize::try_from(offset.saturating_sub(self.start.offset)).unwrap_or(usize::MAX);
        self.bytes.get(from..).unwrap_or_default()
    }

    fn place(&self, offset: u64) -> Place {
        let last = self.last.get();
        let mut place =
            if last.offset <= offset && last.offset >= self.start.offset { last } else { self.start };
        let between = self.rest(place.offset);
        let length = usize::try_from(offset - place.offset).unwrap_or(usize::MAX);
        let between = between.get(..length).unwrap_or(between);
        let lines = memchr::memchr_iter(b'\n', between).count();
        let line = between.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let column = characters(between.get(line..).unwrap_or_default()) as u32;
        place.column = if lines == 0 { place.column + column } else { column };
        place.line += lines as u32;
        place.offset += between.len() as u64;
        self.last.set(place);
        place
    }
}

/// Characters of a text; a byte that is no UTF-8 counts as one.
fn characters(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

/// Where a text is cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Left,
    Right,
}

/// The text of at most that many characters, with `…` where some are missing. Control characters become blanks.
fn cut(bytes: &[u8], most: usize, end: End) -> String {
    // Four bytes are the longest character; what is beyond cannot be shown, and may be long.
    let room = most.saturating_mul(4).saturating_add(4);
    let near = match end {
        End::Left => bytes.get(bytes.len().saturating_sub(room)..),
        End::Right => bytes.get(..room),
    };
    let text = String::from_utf8_lossy(near.unwrap_or(bytes));
    let count = columns(&text);
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    let is_whole = count <= most && near.is_none_or(|near| near.len() == bytes.len());
    let kept = most.saturating_sub(1).min(count);
    match end {
        _ if is_whole => text.chars().map(plain).collect(),
        End::Left => "…".chars().chain(text.chars().skip(count - kept).map(plain)).collect(),
        End::Right => text.chars().take(kept).map(plain).chain("…".chars()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        let mut source = Source::named("a".into());
        source.push(text.as_bytes());
        source
    }

    #[test]
    fn a_window_counts_like_the_whole() {
        let text = "ab\näöü x\r\nlast\n\nend";
        let whole = source(text);
        let characters: Vec<_> = text.char_indices().map(|(at, _)| at as u64).collect();
        for keep in characters.clone() {
            let mut window = source(text);
            window.forget(keep);
            let later = characters.iter().copied().filter(|at| *at >= keep);
            for offset in later.chain([text.len() as u64, keep]) {
                assert_eq!(window.position(offset), whole.position(offset), "{keep} {offset}");
            }
            assert_eq!(keep == 0, window.position(0).is_some());
        }
        let x = text.find('x').unwrap() as u64;
        assert_eq!(whole.position(x), Some(Position { line: 2, column: 5 }));
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let excerpt = source("one\ntwo three\tfour\nfive").excerpt(&(8..13), 80).unwrap();
        assert_eq!(excerpt.text, "two three four");
        assert_eq!(&excerpt.text[excerpt.at], "three");
        assert_eq!(excerpt.position, Position { line: 2, column: 5 });
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_meant() {
        let text = format!("{}MEANT{}", "äb".repeat(5000), "c".repeat(5000));
        let at = text.find("MEANT").unwrap() as u64;
        let excerpt = source(&text).excerpt(&(at..at + 5), 60).unwrap();
        assert_eq!(excerpt.text.chars().count(), 60);
        assert!(excerpt.text.starts_with('…') && excerpt.text.ends_with('…'));
        assert_eq!((&excerpt.text[excerpt.at], excerpt.position.column), ("MEANT", 10_001));
        let whole = source(&text).excerpt(&(0..text.len() as u64), 60).unwrap();
        assert!(whole.text.chars().count() <= 60 && whole.at.start == 0);
    }

    #[test]
    fn what_is_outside_has_no_excerpt_but_an_end() {
        let mut window = source("one\ntwo");
        assert_eq!(window.excerpt(&(99..100), 80).unwrap().at, 3..3);
        window.forget(4);
        assert!(window.excerpt(&(0..3), 80).is_none());
        assert_eq!(source("").excerpt(&(0..1), 80).unwrap().text, "");
    }
}
