//! Strings, numbers, words and names of a JSON text.

use dragoman_tree::{Finding, Kind, NameId, Span, Value};

use super::codes::{CONTROL, NUMBER, UNCLOSED, WORD};
use super::nesting::Slot;
use super::read::{Reader, Step, Stop};
use super::scan::{self, Quoted};
use super::unescape::unescape;

impl<'i> Reader<'i, '_> {
    pub fn string(&mut self, slot: Slot) -> Step {
        let open = self.at;
        let found = self.quoted()?;
        let span =
            if found.end == open + 1 { Span::of(open, self.at) } else { Span::of(open + 1, found.end) };
        let value = if self.plain(open + 1, &found).is_some() {
            self.build.borrowed(Span::of(open + 1, found.end))
        } else {
            self.unescape(open + 1, found.end)?;
            let text = std::mem::take(&mut self.scratch);
            let value = self.build.owned(&text);
            self.scratch = text;
            value
        };
        self.leaf(Kind::String, slot, span, value);
        if found.closed { Ok(()) } else { Err(Stop) }
    }

    /// The name of a member.
    pub fn name(&mut self, first: u8) -> Step<NameId> {
        let open = self.at;
        if first != b'"' {
            return self.bare_name();
        }
        let found = self.quoted()?;
        if !found.closed {
            return Err(Stop);
        }
        if let Some(name) = self.plain(open + 1, &found) {
            return Ok(self.build.names().intern(name));
        }
        self.unescape(open + 1, found.end)?;
        Ok(self.build.names().intern(&self.scratch))
    }

    fn bare_name(&mut self) -> Step<NameId> {
        let start = self.at;
        let word = self.word();
        if word.is_empty() {
            return self.unexpected("the name of a member in quotes");
        }
        let finding = Finding::error(&WORD, "this name has no quotes");
        self.fault(finding.hint("put it in double quotes"), start..self.at)?;
        Ok(self.build.names().intern(word))
    }

    /// Passes over a string and reports what must not stand in it unescaped.
    fn quoted(&mut self) -> Step<Quoted> {
        let open = self.at;
        let found = scan::quoted(self.input, open + 1);
        self.at = found.end + usize::from(found.closed);
        if let Some(control) = found.control {
            let byte = self.input.get(control).copied().unwrap_or_default();
            let message = format!("the string holds the control character U+{byte:04X}");
            let hint = match byte {
                b'\n' | b'\r' => "write `\\n`, or close the string before the end of the line",
                b'\t' => "write `\\t`",
                _ => "write `\\u` and four hexadecimal digits",
            };
            self.fault(Finding::error(&CONTROL, message).hint(hint), control..control + 1)?;
        }
        if !found.closed {
            let finding = Finding::error(&UNCLOSED, "the string that begins here is not closed");
            self.fault(finding.hint("add the closing quote"), open..open + 1)?;
        }
        Ok(found)
    }

    /// The text of a string as it stands in the input, where that is its text.
    fn plain(&self, start: usize, found: &Quoted) -> Option<&'i str> {
        self.text.get(start..found.end).filter(|_| !found.escaped)
    }

    /// Puts the text of a string into `scratch`.
    fn unescape(&mut self, start: usize, end: usize) -> Step {
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        let faults = unescape(self.input.get(start..end).unwrap_or_default(), &mut text);
        self.scratch = text;
        for (code, bytes) in faults {
            self.fault(Finding::error(code, code.title), start + bytes.start..start + bytes.end)?;
        }
        Ok(())
    }

    /// A number, `true`, `false`, `null`, or a word that should have been one of them.
    pub fn literal(&mut self, slot: Slot) -> Step {
        let start = self.at;
        let word = self.word();
        let span = Span::of(start, self.at);
        let kind = match word {
            "true" | "false" => Kind::Bool,
            "null" => Kind::Null,
            _ if scan::is_number(word.as_bytes()) => Kind::Number,
            _ => self.malformed(word, span)?,
        };
        let value = match kind {
            Kind::Null => Value::NONE,
            _ if self.text.is_empty() => self.build.owned(word),
            _ => self.build.borrowed(span),
        };
        self.leaf(kind, slot, span, value);
        Ok(())
    }

    /// Reports a word that JSON does not have, and says what it is taken for.
    fn malformed(&mut self, word: &str, span: Span) -> Step<Kind> {
        if word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
            let finding = Finding::error(&NUMBER, format!("`{word}` is not how JSON writes a number"));
            self.fault(finding.hint("put it in quotes where it is a code"), span.range())?;
            return Ok(Kind::Number);
        }
        let hint = match word {
            "None" | "Null" | "NULL" | "nil" | "undefined" | "NaN" | "Infinity" => "write `null`",
            "True" | "TRUE" => "write `true`",
            "False" | "FALSE" => "write `false`",
            _ => "put it in double quotes",
        };
        self.fault(Finding::error(&WORD, format!("`{word}` is no value")).hint(hint), span.range())?;
        Ok(Kind::String)
    }

    /// Passes over a number or bare word; it is ASCII.
    fn word(&mut self) -> &'i str {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let word = rest.get(..scan::word(rest)).unwrap_or_default();
        self.at += word.len();
        std::str::from_utf8(word).unwrap_or_default()
    }

    fn leaf(&mut self, kind: Kind, slot: Slot, span: Span, value: Value) {
        let node = self.build.leaf(kind, slot.name, slot.place, span, value);
        self.build.node_mut(node).repeats = slot.repeats;
    }
}
