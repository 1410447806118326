//! The fields of a line: stretches of columns, or what stands between separators.

use dragoman_tree::Span;

use crate::grammar::Fill;

/// The bytes of a file, and its text where it is UTF-8. Else a byte is a character of ISO 8859-1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'i> {
    pub bytes: &'i [u8],
    pub text: Option<&'i str>,
}

impl<'i> Source<'i> {
    pub fn of(&self, span: Span) -> &'i [u8] {
        self.bytes.get(span.range()).unwrap_or_default()
    }

    /// Where the columns of a line begin, and where the last ends.
    pub fn columns(&self, line: Span) -> Vec<u32> {
        let text = self.text.and_then(|text| text.get(line.range())).filter(|text| !text.is_ascii());
        let mut starts: Vec<u32> = match text {
            Some(text) => text.char_indices().map(|(at, _)| line.start + at as u32).collect(),
            None => (line.start..line.end).collect(),
        };
        starts.push(line.end);
        starts
    }
}

/// The stretch from one column, from 1, up to another that does not belong to it.
pub(super) fn stretch(columns: &[u32], from: u32, to: u32) -> Span {
    let end = columns.last().copied().unwrap_or_default();
    let at = |column: u32| columns.get(column.saturating_sub(1) as usize).copied().unwrap_or(end);
    Span::new(at(from), at(to))
}

/// A stretch without the bytes at its ends that `is_filling`.
pub(super) fn trimmed(bytes: &[u8], span: Span, front: bool, is_filling: impl Fn(u8) -> bool) -> Span {
    let text = bytes.get(span.range()).unwrap_or_default();
    let Some(last) = text.iter().rposition(|byte| !is_filling(*byte)) else {
        return Span::new(span.start, span.start);
    };
    let first = if front { text.iter().position(|byte| !is_filling(*byte)).unwrap_or(0) } else { 0 };
    Span::new(span.start + first as u32, span.start + last as u32 + 1)
}

/// The value in a stretch of columns without its filling; false where that would not be filled so again.
pub(super) fn unfilled(bytes: &[u8], span: Span, fill: Fill) -> (Span, bool) {
    let text = bytes.get(span.range()).unwrap_or_default();
    let blank = |byte: u8| byte == b' ';
    let value = trimmed(bytes, span, false, blank);
    match fill {
        _ if value.is_empty() => (value, true),
        Fill::Left => (value, true),
        // Blanks behind it are its own.
        Fill::Right => {
            let front = text.iter().take_while(|byte| blank(**byte)).count() as u32;
            (Span::new(span.start + front, span.end), true)
        }
        Fill::Zeros if text.contains(&b' ') => (span, false),
        Fill::Zeros => {
            let zeros = text.iter().take_while(|byte| **byte == b'0').count();
            let is_digit = text.get(zeros).is_some_and(u8::is_ascii_digit);
            let taken = if is_digit { zeros } else { zeros.saturating_sub(1) };
            (Span::new(span.start + taken as u32, span.end), true)
        }
    }
}

/// A field between separators.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// Without the quotes around it.
    pub span: Span,
    /// It holds quotes that are doubled.
    pub doubled: bool,
    /// It begins with a quote and has no end.
    pub open: bool,
}

/// The fields of a line.
pub(super) fn fields(bytes: &[u8], line: Span, separator: char, quoted: bool) -> Vec<Field> {
    let mut buffer = [0; 4];
    let separator = separator.encode_utf8(&mut buffer).as_bytes();
    let text = bytes.get(line.range()).unwrap_or_default();
    let mut found = Vec::new();
    let mut from = 0;
    loop {
        let rest = text.get(from..).unwrap_or_default();
        let (field, length) = match rest.first() {
            Some(b'"') if quoted => quotation(rest, separator),
            _ => {
                let length = memchr::memmem::find(rest, separator).unwrap_or(rest.len());
                (Field { span: Span::of(0, length), doubled: false, open: false }, length)
            }
        };
        let start = line.start + from as u32;
        let span = Span::new(start + field.span.start, start + field.span.end);
        found.push(Field { span, ..field });
        from += length;
        if from >= text.len() {
            return found;
        }
        from += separator.len();
    }
}

/// A field in quotes at the beginning of a text, and its length with them. What stands behind the closing quote makes it
/// a field without quotes.
fn quotation(text: &[u8], separator: &[u8]) -> (Field, usize) {
    let mut at = 1;
    let mut doubled = false;
    let end = loop {
        match memchr::memchr(b'"', text.get(at..).unwrap_or_default()) {
            Some(found) if text.get(at + found + 1) == Some(&b'"') => (at, doubled) = (at + found + 2, true),
            found => break found.map(|found| at + found),
        }
    };
    let whole = |length, open| (Field { span: Span::of(0, length), doubled: false, open }, length);
    match end {
        Some(end)
            if text.get(end + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(separator)) =>
        {
            (Field { span: Span::of(1, end), doubled, open: false }, end + 1)
        }
        _ => whole(memchr::memmem::find(text, separator).unwrap_or(text.len()), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_told_by_separators_and_quotes() {
        let cut = |text: &str| {
            let fields = fields(text.as_bytes(), Span::of(0, text.len()), ',', true);
            fields.iter().map(|field| text.get(field.span.range()).unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(cut(""), [""]);
        assert_eq!(cut("a,,b,"), ["a", "", "b", ""]);
        assert_eq!(cut("\"a,\"\"b\",c"), ["a,\"\"b", "c"]);
        assert_eq!(cut("\"a\"b,c"), ["\"a\"b", "c"]);
        assert_eq!(cut("\"open"), ["\"open"]);
    }

    #[test]
    fn filling_is_taken_off_where_it_comes_back() {
        let cases = [
            ("AB  ", Fill::Left, "AB", true),
            (" AB ", Fill::Left, " AB", true),
            ("  AB", Fill::Right, "AB", true),
            ("0012", Fill::Zeros, "12", true),
            ("0000", Fill::Zeros, "0", true),
            ("00.5", Fill::Zeros, "0.5", true),
            ("12  ", Fill::Zeros, "12  ", false),
            ("    ", Fill::Zeros, "", true),
        ];
        for (text, fill, value, is_filled) in cases {
            let (span, filled) = unfilled(text.as_bytes(), Span::of(0, text.len()), fill);
            assert_eq!((text.get(span.range()).unwrap(), filled), (value, is_filled), "{text:?}");
        }
    }
}
