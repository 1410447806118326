//! What is wrong with a data file, with its place: the same form for mappings, grammars and adapters.

use std::ops::Range;
use std::sync::Arc;

use dragoman_mapping::language::LoadError;
use dragoman_syntax::grammar::GrammarError;

use crate::data::Data;

/// One mistake in a data file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct Fault {
    /// The file, as people know it.
    pub path: String,
    /// Its text, to show the place in.
    pub text: Arc<str>,
    /// The bytes at fault.
    pub at: Range<usize>,
    /// What is wrong, one line.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Fault {
    /// A mistake somewhere in a file of the data, at no place yet.
    fn new(data: &Data, path: &str, message: String) -> Self {
        let text = data.get(path).unwrap_or_default().into();
        Self { path: data.shown(path).to_owned(), text, at: 0..0, message, hint: None }
    }

    /// A mapping or a channel that was refused.
    pub(crate) fn of_load_error(data: &Data, path: &str, error: LoadError) -> Self {
        Self { at: error.at, hint: error.hint, ..Self::new(data, path, error.message) }
    }

    /// A grammar that cannot be loaded; its errors carry line and column only.
    pub(crate) fn of_grammar(data: &Data, path: &str, error: GrammarError) -> Self {
        let fault = Self::new(data, path, error.message);
        Self { at: place(&fault.text, error.line, error.column), ..fault }
    }

    /// A code list that cannot be read, at a line from 1.
    pub(crate) fn of_list(data: &Data, path: &str, line: usize, message: String) -> Self {
        let fault = Self::new(data, path, message);
        Self { at: place(&fault.text, line as u32, 1), ..fault }
    }

    /// An `adapter.toml` that cannot be read.
    pub(crate) fn of_adapter(data: &Data, path: &str, at: Range<usize>, message: String) -> Self {
        Self { at, ..Self::new(data, path, message) }
    }
}

/// The word that begins at a line and column, both from 1.
fn place(text: &str, line: u32, column: u32) -> Range<usize> {
    let before: usize =
        text.split_inclusive('\n').take((line as usize).saturating_sub(1)).map(str::len).sum();
    let line = text.get(before..).unwrap_or_default().lines().next().unwrap_or_default();
    let start = line.char_indices().nth((column as usize).saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let word = line.get(start..).unwrap_or_default();
    let end = word.find(char::is_whitespace).unwrap_or(word.len());
    before + start..before + start + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_column_become_the_word_there() {
        let text = "one two\nthrée four\n";
        assert_eq!(&text[place(text, 2, 7)], "four");
        assert_eq!(&text[place(text, 1, 1)], "one");
        assert_eq!(place(text, 9, 9), text.len()..text.len());
    }
}
