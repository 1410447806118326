//! Byte ranges in a source, and their lines and columns.

use serde::{Deserialize, Serialize};

/// A half-open byte range, relative to the window of input that a tree was read from ([`crate::Tree::base`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The range of two offsets of the platform's size. Offsets beyond 4 GiB cannot occur in one window and
    /// are clamped.
    pub fn of(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// True where the range holds no byte: a value that was made, not read.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The range as offsets into a slice.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place for people: line and column count from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Where each line of a source begins, to turn offsets into positions.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Finds the lines of `source`. A line ends at `\n`; a preceding `\r` belongs to it.
    pub fn new(source: &[u8]) -> Self {
        let ends = source.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The position of a byte offset. Bytes that are no UTF-8 count as one character each.
    pub fn position(&self, source: &[u8], offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = source.get(start..offset.min(source.len())).unwrap_or_default();
        let column = String::from_utf8_lossy(before).chars().count() + 1;
        Position { line: line as u32 + 1, column: column as u32 }
    }

    /// The bytes range of a line (from 1) without its line end, or an empty range past the last line.
    pub fn line_range(&self, source: &[u8], line: u32) -> std::ops::Range<usize> {
        let index = (line as usize).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or(source.len());
        let end = self.starts.get(index + 1).copied().unwrap_or(source.len());
        let text = source.get(start..end).unwrap_or_default();
        let trimmed = text.strip_suffix(b"\n").unwrap_or(text);
        let trimmed = trimmed.strip_suffix(b"\r").unwrap_or(trimmed);
        start..start + trimmed.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_survive_the_end() {
        let source = "ab\näöü x\r\nlast".as_bytes();
        let lines = LineIndex::new(source);
        assert_eq!(lines.position(source, 0), Position { line: 1, column: 1 });
        let x = source.iter().position(|byte| *byte == b'x').unwrap();
        assert_eq!(lines.position(source, x), Position { line: 2, column: 5 });
        assert_eq!(lines.position(source, 9999).line, 3);
        assert_eq!(&source[lines.line_range(source, 2)], "äöü x".as_bytes());
        assert!(lines.line_range(source, 9).is_empty());
    }
}
