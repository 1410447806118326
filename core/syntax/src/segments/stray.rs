//! Bytes outside any interchange, which are passed over and said once for each run of them.

use std::ops::Range;

use dragoman_tree::{Code, Finding};

/// Where they are, and whether there is text among them. White space is not worth a word.
#[derive(Debug, Default)]
pub(crate) struct Stray(Option<(Range<u64>, bool)>);

impl Stray {
    /// Adds bytes at an offset of the file.
    pub fn add(&mut self, bytes: &[u8], at: u64) {
        let worth = |byte: &u8| !byte.is_ascii_whitespace();
        if let (Some(first), Some(last)) = (bytes.iter().position(worth), bytes.iter().rposition(worth)) {
            let text = bytes.iter().any(|byte| worth(byte) && !byte.is_ascii_control());
            let end = at + last as u64 + 1;
            let (range, any) = self.0.take().unwrap_or((at + first as u64..end, false));
            self.0 = Some((range.start..end, any || text));
        }
    }

    /// What is to be said about those so far.
    pub fn report(&mut self, code: &'static Code) -> Option<Finding> {
        let (range, text) = self.0.take()?;
        let message = format!("{} bytes outside any interchange are skipped", range.end - range.start);
        let finding = if text { Finding::warning } else { Finding::info };
        Some(Finding { span: Some(range), ..finding(code, message) })
    }
}
