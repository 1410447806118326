//! Character data: references, line ends and the characters that XML allows (XML 1.0, 2.2, 2.11, 3.3.3, 4.1).

use std::borrow::Cow;

use dragoman_tree::{Span, TreeBuilder, Value};

/// Why a reference cannot be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unresolved {
    /// `&nbsp;`: an entity that XML itself does not define.
    Entity,
    /// `&#0;`: no character, or one that XML does not allow.
    Character,
    /// A lone `&`.
    Lone,
}

/// True for the characters that an XML 1.0 document may hold (production 2, Char).
pub(super) const fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// XML's own idea of white space (production 3, S).
pub(super) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// True for text of white space only.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| is_space(byte as char))
}

/// The text without white space at its ends.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// The offsets of the characters that XML does not allow.
pub(super) fn forbidden(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let control = |byte: u8| (byte < 0x20) & !matches!(byte, b'\t' | b'\n' | b'\r');
    // Most documents have none: looking at all bytes without branches is far faster than at each character.
    let clean = !bytes.chunks(4096).any(|chunk| chunk.iter().fold(false, |bad, byte| bad | control(*byte)))
        && !memchr::memmem::find_iter(bytes, b"\xEF\xBF").any(|at| bytes.get(at + 2) > Some(&0xBD));
    let text = if clean { "" } else { text };
    text.char_indices().filter(|(_, c)| !is_allowed(*c)).map(|(at, _)| at)
}

/// The character that a reference (without `&` and `;`) stands for.
pub(crate) fn resolve(reference: &str) -> Result<char, Unresolved> {
    let number = match reference {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => reference.strip_prefix('#').ok_or(Unresolved::Entity)?,
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let number = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok());
    number.and_then(char::from_u32).filter(|c| is_allowed(*c)).ok_or(Unresolved::Character)
}

/// Adds the text with its line ends as XML wants them: `\r\n` and lone `\r` become `\n`.
fn line_ends(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\r') {
        out.push_str(before);
        if !after.starts_with('\n') {
            out.push('\n');
        }
        rest = after;
    }
    out.push_str(rest);
}

/// The value of an attribute: references replaced, white space characters become blanks. What cannot be replaced
/// stays as it is written and is told to `unresolved` with its place in `raw`.
pub(super) fn attribute_value<'t>(
    raw: &'t str,
    unresolved: &mut dyn FnMut(Span, Unresolved),
) -> Cow<'t, str> {
    if !raw.bytes().any(|byte| matches!(byte, b'&' | b'\t' | b'\n' | b'\r')) {
        return Cow::Borrowed(raw);
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\t', '\n', '\r']) {
        let (before, special) = rest.split_at(at);
        value.push_str(before);
        let start = raw.len() - special.len();
        let length = match special.strip_prefix('&') {
            None if special.starts_with("\r\n") => 2,
            None => 1,
            Some(after) => after
                .find([';', '&', '<'])
                .filter(|end| after.as_bytes().get(*end) == Some(&b';'))
                .map_or(1, |end| end + 2),
        };
        let (token, after) = special.split_at(length);
        rest = after;
        let reference = token.strip_prefix('&').map(|name| name.strip_suffix(';'));
        let outcome = match reference {
            None => Ok(' '),
            Some(None) => Err(Unresolved::Lone),
            Some(Some(name)) => resolve(name),
        };
        match outcome {
            Ok(c) => value.push(c),
            Err(why) => {
                value.push_str(token);
                unresolved(Span::of(start, start + length), why);
            }
        }
    }
    value.push_str(rest);
    Cow::Owned(value)
}

/// The text of the innermost open element, collected while it is read: borrowed from the document as long as it
/// is one stretch that needs no change.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pieces: Vec<Span>,
    /// The text, where it is no longer the only piece as it stands in the document.
    made: String,
    is_made: bool,
}

impl Collected {
    /// True where nothing was added.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.pieces.clear();
        self.made.clear();
        self.is_made = false;
    }

    /// Adds the stretch `span` of `document`, which stands for itself but for its line ends.
    pub fn add_lines(&mut self, document: &str, span: Span) {
        let text = document.get(span.range()).unwrap_or_default();
        if memchr::memchr(b'\r', text.as_bytes()).is_none() {
            return self.add(document, span, text, true);
        }
        self.make(document);
        line_ends(text, &mut self.made);
        self.pieces.push(span);
    }

    /// Adds the stretch `span` of `document`, which stands for `text`.
    pub fn add(&mut self, document: &str, span: Span, text: &str, verbatim: bool) {
        if self.pieces.is_empty() && verbatim {
            self.pieces.push(span);
            return;
        }
        if let Some(last) =
            self.pieces.last_mut().filter(|last| last.end == span.start && verbatim && !self.is_made)
        {
            last.end = span.end;
            return;
        }
        self.make(document);
        self.made.push_str(text);
        self.pieces.push(span);
    }

    fn make(&mut self, document: &str) {
        if !self.is_made {
            self.is_made = true;
            let first = self.pieces.first().and_then(|first| document.get(first.range()));
            self.made.push_str(first.unwrap_or_default());
        }
    }

    /// The text so far.
    pub fn text<'a>(&'a self, document: &'a str) -> &'a str {
        match self.pieces.first() {
            Some(first) if !self.is_made => document.get(first.range()).unwrap_or_default(),
            _ => &self.made,
        }
    }

    /// From the first to the last byte that it was written with.
    pub fn span(&self) -> Option<Span> {
        Some(self.pieces.first()?.to(*self.pieces.last()?))
    }

    /// The stretches, where there are several.
    pub fn pieces(&self) -> &[Span] {
        if self.pieces.len() > 1 { &self.pieces } else { &[] }
    }

    /// The value of a node: borrowed where the tree borrows from `document` and the text is one stretch of it.
    pub fn value(&self, document: &str, borrows: bool, build: &mut TreeBuilder<'_>) -> Value {
        match self.pieces.first() {
            Some(first) if borrows && !self.is_made => build.borrowed(*first),
            _ => build.owned(self.text(document)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Unresolved::{Character, Entity, Lone};
    use super::*;

    #[test]
    fn references_are_resolved_or_named() {
        assert_eq!(resolve("amp"), Ok('&'));
        assert_eq!((resolve("#65"), resolve("#x1F600")), (Ok('A'), Ok('\u{1F600}')));
        for bad in ["#0", "#x0", "#xFFFE", "#xD800", "#", "#x", "#+5", "#99999999999"] {
            assert_eq!(resolve(bad), Err(Unresolved::Character), "{bad}");
        }
        assert_eq!(resolve("nbsp"), Err(Unresolved::Entity));
    }

    #[test]
    fn attribute_values_are_normalised() {
        let mut faults = Vec::new();
        let mut note = |span: Span, why| faults.push((span.start, span.end, why));
        assert!(matches!(attribute_value("plain > text", &mut note), Cow::Borrowed(_)));
        assert_eq!(attribute_value("a\r\nb\tc&#10;d&lt;&amp;amp;", &mut note), "a b c\nd<&amp;");
        assert_eq!(attribute_value("x & y &nbsp; &#1; &", &mut note), "x & y &nbsp; &#1; &");
        assert_eq!(faults, [(2, 3, Lone), (6, 12, Entity), (13, 17, Character), (18, 19, Lone)]);
    }

    #[test]
    fn forbidden_characters_are_found() {
        let find = |text: &str| forbidden(text).collect::<Vec<_>>();
        assert_eq!(find("a\tb\r\n\u{85}\u{FFFD}\u{10FFFF}"), Vec::<usize>::new());
        assert_eq!(find("a\u{1}b\u{FFFE}\u{FFFF}"), [1, 3, 6]);
        assert_eq!(find("\u{B}"), [0]);
    }

    #[test]
    fn text_is_borrowed_until_it_cannot_be() {
        let document = "ab&amp;cd";
        let mut text = Collected::default();
        text.add(document, Span::new(0, 1), "a", true);
        text.add(document, Span::new(1, 2), "b", true);
        assert_eq!((text.text(document), text.pieces().len(), text.is_made), ("ab", 0, false));
        text.add(document, Span::new(2, 7), "&", false);
        text.add(document, Span::new(7, 9), "cd", true);
        assert_eq!((text.text(document), text.pieces().len()), ("ab&cd", 3));
        assert_eq!(text.span(), Some(Span::new(0, 9)));
    }
}
