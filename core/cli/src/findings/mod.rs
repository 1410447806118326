//! Findings for people and for programs.

pub mod element;
pub mod html;
pub mod json;
pub mod rejection;
pub mod sarif;
pub mod text;

use std::fmt;

use dragoman_tree::{Finding, Severity};

use crate::source::Source;

/// How many findings there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Of severity error.
    pub errors: usize,
    /// Of severity warning.
    pub warnings: usize,
    /// Of severity info.
    pub notes: usize,
}

impl Tally {
    /// Counts one.
    pub fn count(&mut self, finding: &Finding) {
        match finding.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.notes += 1,
        }
    }

    /// Adds others.
    pub fn add(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.notes += other.notes;
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.errors + self.warnings + self.notes
    }
}

impl fmt::Display for Tally {
    /// `2 errors, 1 warning`; `no findings`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let words: Vec<_> =
            kinds.iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(*count, word)).collect();
        f.write_str(if words.is_empty() { "no findings" } else { "" })?;
        f.write_str(&words.join(", "))
    }
}

/// `1 file`, `2 files`.
pub fn counted(count: usize, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {word}{plural}")
}

/// A form in which the findings of files are printed, file by file.
pub trait Output {
    /// Begins a file that is a message of that name, where it is known.
    fn begin(&mut self, source: &Source, message: Option<&str>);
    /// Prints a finding about the file.
    fn finding(&mut self, finding: &Finding, source: &Source);
    /// Ends the file.
    fn end(&mut self, source: &Source);
    /// Ends everything.
    fn finish(&mut self);
}
