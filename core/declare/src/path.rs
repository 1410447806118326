//! Paths of statements: most of declaring is to look whether something is stated at one.

use std::fmt;
use std::hash::Hasher;
use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::FxHasher;

/// A canonical path, with an index for every list. A copy costs nothing, and paths that differ mostly differ in a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    whole: u64,
    first: u64,
    text: Arc<str>,
}

impl Path {
    /// True where it is that path; `whole` is its [`hash`].
    pub fn is(&self, whole: u64, path: &str) -> bool {
        self.whole == whole && *self.text == *path
    }

    /// True where its first step has a name; `first` is the name's [`hash`].
    pub fn begins(&self, first: u64) -> bool {
        self.first == first
    }

    /// True where both have the same first step, whichever entry of it.
    pub fn shares_root(&self, other: &Self) -> bool {
        self.first == other.first
    }

    /// The indices of the entries that it goes through.
    pub fn indices(&self) -> Vec<usize> {
        if !self.text.contains('[') {
            return Vec::new();
        }
        let indices = self.text.split(['[', ']']).skip(1).step_by(2);
        indices.filter_map(|index| index.parse().ok()).collect()
    }
}

impl From<&str> for Path {
    fn from(text: &str) -> Self {
        let first = text.split(['.', '[']).next().unwrap_or_default();
        Self { whole: hash(text), first: hash(first), text: text.into() }
    }
}

impl From<String> for Path {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl Deref for Path {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The number by which paths and names are told apart before they are compared.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}
