//! What must hold of a leaf.

use dragoman_tree::PlaceId;
use regex::Regex;

/// One comparison of a predicate.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The leaf, as places below the occurrence.
    pub path: Vec<PlaceId>,
    /// What must hold of it.
    pub test: Test,
}

/// What must hold of a leaf.
#[derive(Clone, Debug)]
pub enum Test {
    /// One of these values.
    In(Vec<Box<str>>),
    /// Present, and not this value.
    Not(Box<str>),
    /// The whole value matches.
    Matches(Regex),
    /// Not there.
    Absent,
    /// There.
    Present,
}

impl Test {
    /// Applies the test to a leaf's text.
    pub fn holds(&self, value: Option<&str>) -> bool {
        match (self, value) {
            (Self::In(values), Some(value)) => values.iter().any(|one| **one == *value),
            (Self::Not(one), Some(value)) => **one != *value,
            (Self::Matches(regex), Some(value)) => regex.is_match(value),
            (Self::Absent, found) => found.is_none(),
            (Self::Present, found) => found.is_some(),
            (_, None) => false,
        }
    }
}
