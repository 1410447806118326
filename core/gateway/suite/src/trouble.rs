//! What is wrong.

use std::fmt::Display;

/// Something that is not as it has to be, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(String);

impl Trouble {
    /// In words.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// What something that failed says of itself.
    pub(crate) fn of(what: &(impl Display + ?Sized)) -> Self {
        Self(what.to_string())
    }

    /// The same, and when it was.
    pub(crate) fn when(self, when: &str) -> Self {
        Self(format!("{when}: {}", self.0))
    }
}
