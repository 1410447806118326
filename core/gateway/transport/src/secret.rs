//! Secrets, which their type keeps out of logs.

use std::fmt;

use subtle::ConstantTimeEq;

/// A password, key or token. It is read through [`Secret::expose`] alone: it prints as `…`, and two are compared in
/// constant time.
#[derive(Clone)]
pub struct Secret(Box<str>);

impl Secret {
    /// A secret, as it was given.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that sends or stores it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}
