//! Tables as CSV (RFC 4180), every cell with its bytes in the file.

use std::borrow::Cow;

use dragoman_tree::Span;

/// A cell: its text without quotes, and the bytes between the quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell<'t> {
    pub text: Cow<'t, str>,
    pub span: Span,
}

/// A record of a table.
pub(crate) type Record<'t> = Vec<Cell<'t>>;

/// The records of a table, the head first; blank lines, and lines before the head that begin with `#`, are none.
/// White space around a cell that is not quoted does not count.
pub(crate) fn records(text: &str) -> Vec<Record<'_>> {
    let mut reading = Reading { text, at: if text.starts_with('\u{feff}') { 3 } else { 0 } };
    let mut records = Vec::new();
    while let Some(record) = reading.record() {
        let is_blank = record.iter().all(|cell| cell.text.is_empty());
        let is_comment =
            records.is_empty() && record.first().is_some_and(|cell: &Cell<'_>| cell.text.starts_with('#'));
        if !is_blank && !is_comment {
            records.push(record);
        }
    }
    records
}

struct Reading<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reading<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn record(&mut self) -> Option<Record<'t>> {
        if self.rest().is_empty() {
            return None;
        }
        let mut record = Vec::new();
        loop {
            record.push(self.cell());
            if self.rest().starts_with(',') {
                self.at += 1;
                continue;
            }
            let ends = ["\r\n", "\n", "\r"].into_iter().find(|end| self.rest().starts_with(end));
            self.at += ends.map_or(0, str::len);
            return Some(record);
        }
    }

    /// A cell, up to the comma, line end or end of file behind it.
    fn cell(&mut self) -> Cell<'t> {
        let rest = self.rest();
        let lead = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if let Some(quoted) = rest.get(lead..).and_then(|rest| rest.strip_prefix('"')) {
            let start = self.at + lead + 1;
            let length = closing(quoted);
            let inner = quoted.get(..length).unwrap_or_default();
            self.at = start + length;
            let behind = self.rest().find([',', '\n', '\r']).unwrap_or(self.rest().len());
            self.at += behind;
            let text =
                if inner.contains('"') { inner.replace("\"\"", "\"").into() } else { Cow::Borrowed(inner) };
            return Cell { text, span: Span::of(start, start + length) };
        }
        let length = rest.find([',', '\n', '\r']).unwrap_or(rest.len());
        let text = rest.get(..length).unwrap_or_default().trim();
        let start = self.at + lead.min(length);
        self.at += length;
        Cell { text: Cow::Borrowed(text), span: Span::of(start, start + text.len()) }
    }
}

/// The length of a quoted text up to its closing quote; all of it where there is none.
fn closing(quoted: &str) -> usize {
    let mut quotes = quoted.match_indices('"').map(|(at, _)| at).peekable();
    while let Some(at) = quotes.next() {
        if quotes.next_if_eq(&(at + 1)).is_none() {
            return at;
        }
    }
    quoted.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        records(text).iter().map(|record| record.iter().map(|cell| cell.text.to_string()).collect()).collect()
    }

    #[test]
    fn cells_are_plain_or_quoted() {
        let text = "# note, with a comma\nsku,description\r\nBAG-22,\"Handbag, \"\"large\"\"\nof plastic\"\n\n #1 , x \n,,\nlast";
        assert_eq!(
            texts(text),
            [
                vec!["sku", "description"],
                vec!["BAG-22", "Handbag, \"large\"\nof plastic"],
                vec!["#1", "x"],
                vec!["last"]
            ]
        );
        assert_eq!(texts("\u{feff}a,\"b"), [["a", "b"]]);
        assert_eq!(texts("a,\nb,c"), [["a", ""], ["b", "c"]]);
        assert_eq!(texts("\"a\" ,b"), [["a", "b"]]);
    }

    #[test]
    fn a_line_ends_with_any_of_three_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "\u{e4},\"2\"", ",3", "4,"].join(end);
            assert_eq!(texts(&text), [["a", "b"], ["\u{e4}", "2"], ["", "3"], ["4", ""]], "{end:?}");
        }
    }

    proptest! {
        #[test]
        fn spans_hold_the_text(text in "[a\", \n\r\u{e4}#]{0,40}") {
            for cell in records(&text).into_iter().flatten() {
                let bytes = text.get(cell.span.range()).unwrap();
                // Quotes are doubled in a quoted cell only, and the span does not tell which one it is.
                prop_assert!(bytes == cell.text || bytes.replace("\"\"", "\"") == cell.text, "{:?}", cell);
            }
        }

        #[test]
        fn what_is_quoted_comes_back(
            cells in prop::collection::vec(prop::collection::vec("[a\",\r\n#]{1,5}", 2), 1..4),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        ) {
            let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let line = |record: &Vec<String>| record.iter().map(quote).collect::<Vec<_>>().join(",");
            let text = cells.iter().map(line).collect::<Vec<_>>().join(end);
            prop_assert_eq!(&texts(&format!("a,b{end}{text}"))[1..], cells);
        }
    }
}
