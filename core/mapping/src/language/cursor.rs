//! Reading a `.map` file character by character, led by the parser.

use std::sync::Arc;

use super::ast::{At, Spanned};
use super::error::LoadError;

/// A place in the text of a file.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    file: Arc<str>,
    text: &'t str,
    at: usize,
}

pub(super) type Parsed<T> = Result<T, LoadError>;

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { file: "mapping".into(), text, at: 0 }
    }

    /// The mapping's name.
    pub fn file(&self) -> Arc<str> {
        self.file.clone()
    }

    pub fn name_file(&mut self, name: &str) {
        self.file = name.into();
    }

    pub fn at(&self) -> usize {
        self.at
    }

    /// The line, from 1.
    pub fn line(&self) -> u32 {
        self.text.get(..self.at).map_or(1, |before| before.matches('\n').count() as u32 + 1)
    }

    pub fn since(&self, start: usize) -> At {
        start..self.text.get(start..self.at).map_or(self.at, |text| start + text.trim_end().len())
    }

    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        let width = self.rest().find([' ', '\n']).unwrap_or(self.rest().len());
        Err(LoadError::new(&self.file, &(self.at..self.at + width.max(1)), message))
    }

    pub fn error_at(&self, at: &At, message: impl Into<String>) -> LoadError {
        LoadError::new(&self.file, at, message)
    }

    /// Skips blanks and a comment, not line ends.
    pub fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r']);
            let begins = self.at == 0
                || trimmed.len() < rest.len()
                || self.text.as_bytes().get(self.at - 1) == Some(&b'\n');
            self.at += rest.len() - trimmed.len();
            let comment = begins
                && trimmed.strip_prefix('#').is_some_and(|c| c.is_empty() || c.starts_with([' ', '\n']));
            if !comment {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// Skips blanks, comments, line ends and semicolons.
    pub fn lines(&mut self) {
        loop {
            self.blanks();
            match self.peek() {
                Some('\n' | ';') => self.at += 1,
                _ => return,
            }
        }
    }

    /// Skips blanks, comments and line ends: inside parentheses a rule may run over lines.
    pub fn wrapped(&mut self) {
        loop {
            self.blanks();
            match self.peek() {
                Some('\n') => self.at += 1,
                _ => return,
            }
        }
    }

    /// Takes `symbol` after blanks.
    pub fn eat(&mut self, symbol: &str) -> bool {
        self.blanks();
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    pub fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.eat(symbol) { Ok(()) } else { self.fail(format!("expected `{symbol}` here")) }
    }

    /// Takes a keyword: a whole word after blanks.
    pub fn keyword(&mut self, word: &str) -> bool {
        let found = self.next_is(word);
        if found {
            self.blanks();
            self.at += word.len();
        }
        found
    }

    /// True where that keyword comes next.
    pub fn next_is(&self, word: &str) -> bool {
        let mut ahead = self.clone();
        ahead.blanks();
        let after = ahead.rest().strip_prefix(word);
        after.is_some_and(|after| !after.starts_with(|c: char| is_name(c) || c == '.'))
    }

    /// True where a rule ends: at a line end, a semicolon, a closing brace or the end of the file.
    pub fn ends(&mut self) -> bool {
        self.blanks();
        matches!(self.peek(), None | Some('\n' | ';' | '}'))
    }

    /// A name: letters, digits, `_`, `-`, or anything in single quotes.
    pub fn name(&mut self) -> Parsed<Spanned<String>> {
        self.name_of(is_name)
    }

    /// The name of a mapping, grammar or table, which may also hold `/` and `.`.
    pub fn long_name(&mut self) -> Parsed<Spanned<String>> {
        self.name_of(|c| is_name(c) || c == '/' || c == '.')
    }

    fn name_of(&mut self, part: impl Fn(char) -> bool) -> Parsed<Spanned<String>> {
        self.blanks();
        let start = self.at;
        if self.rest().starts_with('\'') {
            let is = self.delimited('\'')?;
            return Ok(Spanned { is, at: self.since(start) });
        }
        let rest = self.rest();
        let mut end = 0;
        while let Some(next) = rest.get(end..).and_then(|rest| rest.chars().next()) {
            let parameter =
                rest.get(end..).filter(|rest| rest.starts_with("${")).and_then(|rest| rest.find('}'));
            match parameter {
                Some(close) => end += close + 1,
                None if part(next) => end += next.len_utf8(),
                None => break,
            }
        }
        if end == 0 {
            return self.fail("expected a name here");
        }
        self.at += end;
        Ok(Spanned { is: rest.get(..end).unwrap_or_default().into(), at: self.since(start) })
    }

    /// A literal in double quotes; `\"`, `\\` and `\n` are escapes.
    pub fn literal(&mut self) -> Parsed<Spanned<String>> {
        self.blanks();
        let start = self.at;
        if !self.rest().starts_with('"') {
            return self.fail("expected a literal in double quotes here");
        }
        let is = self.delimited('"')?;
        Ok(Spanned { is, at: self.since(start) })
    }

    /// A regular expression between slashes.
    pub fn regex(&mut self) -> Parsed<Option<Spanned<String>>> {
        self.blanks();
        let start = self.at;
        if !self.rest().starts_with('/') {
            return Ok(None);
        }
        let is = self.delimited('/')?;
        Ok(Some(Spanned { is, at: self.since(start) }))
    }

    fn delimited(&mut self, end: char) -> Parsed<String> {
        let start = self.at;
        let mut text = String::new();
        let mut rest = self.rest().char_indices().skip(1);
        while let Some((offset, next)) = rest.next() {
            match next {
                '\\' => match rest.next() {
                    Some((_, 'n')) if end == '"' => text.push('\n'),
                    Some((_, escaped)) if escaped == end || (end == '"' && escaped == '\\') => {
                        text.push(escaped);
                    }
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                '\n' => break,
                _ if next == end => {
                    self.at = start + offset + 1;
                    return Ok(text);
                }
                _ => text.push(next),
            }
        }
        Err(LoadError::new(&self.file, &(start..start + 1), format!("{end} is not closed on this line")))
    }

    /// A whole number.
    pub fn number(&mut self) -> Option<Spanned<u32>> {
        self.blanks();
        let start = self.at;
        let digits = self.rest().find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest().len());
        let is = self.rest().get(..digits)?.parse().ok()?;
        self.at += digits;
        Some(Spanned { is, at: self.since(start) })
    }
}

/// True for the characters of a plain name.
pub(super) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}
