//! Paths of both sides, and what selects among repeats.

use super::{At, Spanned};

/// A wire path, perhaps spread over cells: `FTX[4451 = "AAA"] >> 4440`.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The path.
    pub path: WirePath,
    /// The cells below each occurrence of it; of a list that is grouped its elements.
    pub cells: Option<WirePath>,
    /// `by house`: the member of a list's entries that is the key of the entry around them.
    pub by: Option<Spanned<String>>,
}

/// `name.name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalPath {
    /// Its names.
    pub names: Vec<String>,
    /// Where it stands.
    pub at: At,
}

/// `step/step` or `step.step`; empty is `.`.
#[derive(Clone, Debug)]
pub struct WirePath {
    /// Its steps.
    pub steps: Vec<Step>,
    /// Where it stands.
    pub at: At,
}

/// One step of a wire path.
#[derive(Clone, Debug)]
pub struct Step {
    /// The name, `<RFF>` for a segment group. May hold `${x}` in a part.
    pub name: String,
    /// `@name`.
    pub attribute: bool,
    /// `{role}name`: the prefix of the namespace that tells twins apart.
    pub role: Option<String>,
    /// `name#2`: the second place of that name in the grammar.
    pub nth_place: Option<u32>,
    /// `[]` behind a JSON member, as people write lists there.
    pub repeats: bool,
    /// What selects among repeats.
    pub predicates: Vec<Predicate>,
    /// Where it stands.
    pub at: At,
}

/// What selects among repeats.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// `[a = "x" and b = "y"]`.
    Conditions(Vec<Condition>),
    /// `[2]`.
    Nth(u32),
    /// `[2..]`.
    From(u32),
    /// `[rest]`.
    Rest(At),
}

/// `path = "x"`, `path in ("x", "y")`, `path != "x"`, `!path`, `path`.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The leaf that is looked at.
    pub path: WirePath,
    /// What must hold.
    pub test: Test,
    /// Where it stands.
    pub at: At,
}

/// What must hold of a leaf.
#[derive(Clone, Debug)]
pub enum Test {
    /// One of these values.
    In(Vec<String>),
    /// Present, and not this value.
    Not(String),
    /// The whole value matches.
    Matches(String),
    /// Not there.
    Absent,
    /// There.
    Present,
}
