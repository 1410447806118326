//! Strings, numbers, words and names of a JSON text.

use dragoman_tree::{Code, Kind, NameId, NodeId, Span, Value};

use super::codes::{CONTROL, ENCODING, NUMBER, SURROGATE, UNCLOSED, WORD};
use super::read::{Reader, Slot, Step, Stop};
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

    /// The text of a string as it stands in the input, where that is its text.
    fn plain(&self, start: usize, found: &Quoted) -> Option<&'i str> {
        self.text.get(start..found.end).filter(|_| !found.escaped)
    }

    fn bare_name(&mut self) -> Step<NameId> {
        let start = self.at;
        let word = self.word();
        if word.is_empty() {
            self.unexpected("the name of a member in quotes")?;
        }
        self.fault(&WORD, start..self.at, "this name has no quotes".into(), "put it in double quotes")?;
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
                b'\n' | b'\r' => "write \\n, or close the string before the end of the line",
                b'\t' => "write \\t",
                _ => "write it as \\u and four hexadecimal digits",
            };
            self.fault(&CONTROL, control..control + 1, message, hint)?;
        }
        if !found.closed {
            let message = "the string that begins here is not closed".into();
            self.fault(&UNCLOSED, open..open + 1, message, "add the closing quote")?;
        }
        Ok(found)
    }

    /// Puts the text of the raw string into `scratch`.
    fn unescape(&mut self, start: usize, end: usize) -> Step {
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        let raw = self.input.get(start..end).unwrap_or_default();
        let faults = unescape(raw, &mut text);
        self.scratch = text;
        for (code, bytes) in faults {
            self.fault(code, start + bytes.start..start + bytes.end, message(code).into(), "")?;
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
            _ => self.malformed(word, start)?,
        };
        let value = match kind {
            Kind::Null => Value::NONE,
            _ if self.text.is_empty() => self.build.owned(word),
            _ => self.build.borrowed(span),
        };
        self.leaf(kind, slot, span, value);
        Ok(())
    }

    /// Reports a literal that JSON does not have, and says what it is taken for.
    fn malformed(&mut self, word: &str, start: usize) -> Step<Kind> {
        let bytes = start..self.at;
        if word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
            let message = format!("`{word}` is not how JSON writes a number");
            self.fault(&NUMBER, bytes, message, "put it in quotes where it is a code, not a number")?;
            return Ok(Kind::Number);
        }
        let hint = match word {
            "None" | "undefined" | "NULL" | "Null" | "nil" | "NaN" | "Infinity" => "write `null`",
            "True" | "TRUE" => "write `true`",
            "False" | "FALSE" => "write `false`",
            _ => "put it in double quotes",
        };
        self.fault(&WORD, bytes, format!("`{word}` is no JSON value"), hint)?;
        Ok(Kind::String)
    }

    /// Passes over a number or bare word; it is ASCII.
    fn word(&mut self) -> &'i str {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let word = rest.get(..scan::word(rest)).unwrap_or_default();
        self.at += word.len();
        std::str::from_utf8(word).unwrap_or_default()
    }

    fn leaf(&mut self, kind: Kind, slot: Slot, span: Span, value: Value) -> NodeId {
        let node = self.build.leaf(kind, slot.name, slot.place, span, value);
        self.build.node_mut(node).repeats = slot.repeats;
        node
    }
}

fn message(code: &'static Code) -> &'static str {
    if *code == ENCODING {
        "these bytes are no UTF-8"
    } else if *code == SURROGATE {
        "this is half of a surrogate pair"
    } else {
        "JSON has no such escape"
    }
}
