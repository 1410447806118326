//! What is wrong with a mapping, with its place and a way out.

use super::ast::At;

/// A mapping that is refused when it is loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {message}")]
pub struct LoadError {
    /// The mapping's name.
    pub file: String,
    /// The bytes at fault.
    pub at: At,
    /// What is wrong, one line.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl LoadError {
    /// An error at a place of a file.
    pub fn new(file: &str, at: &At, message: impl Into<String>) -> Self {
        Self { file: file.into(), at: at.clone(), message: message.into(), hint: None }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Line and column (from 1, in characters) of the error in its file's text.
    pub fn position(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.at.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before.get(start..).unwrap_or_default().chars().count() + 1)
    }

    /// The error as a terminal shows it: message, the line with a caret under the place, the hint.
    pub fn render(&self, text: &str) -> String {
        let (line, column) = self.position(text);
        let source = text.lines().nth(line - 1).unwrap_or_default();
        let width = text.get(self.at.clone()).map_or(1, |at| at.lines().next().unwrap_or("").chars().count());
        let number = line.to_string();
        let gutter = " ".repeat(number.len());
        let caret = format!("{}{}", " ".repeat(column - 1), "^".repeat(width.max(1)));
        let help = self.hint.as_ref().map(|hint| format!("{gutter} = help: {hint}\n")).unwrap_or_default();
        let (message, file) = (&self.message, &self.file);
        format!(
            "error: {message}\n{gutter}--> {file}:{line}:{column}\n\
             {gutter} |\n{number} | {source}\n{gutter} | {caret}\n{help}"
        )
    }
}
