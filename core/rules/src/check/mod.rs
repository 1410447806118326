//! Checks: what an authority's rules say about a message, each as a test with its number, place, text and days.
//!
//! A check is about the message as it stands on the wire, or about the canonical document: both are arenas of places,
//! and one language speaks of them ([`Test`]). It is total: no loops, no functions of one's own, and whatever the
//! message, no more work than a fixed number of steps a node. Everything that can be done once is done when the file
//! is loaded: names are places, patterns are compiled, and what is said of the whole message is computed once for it.

mod finding;
mod parse;
mod places;
mod run;
mod test;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{PlaceId, Severity};
use jiff::civil::Date;

pub use finding::{BROKEN, Checked, STOPPED, findings, findings_of};
pub use places::Places;
pub use run::Broken;
pub use test::{Amount, Compared, OfList, Step, Test, To, Way};

pub(crate) use parse::{Kept, Lists, Parser};

/// The checks of one file, in its order.
#[derive(Clone, Debug)]
pub struct Checks {
    /// The file's name, a path under `mappings/` without ending: `rules/ens`.
    pub name: Box<str>,
    /// What they are about.
    pub title: Box<str>,
    /// Where the rules were published.
    pub source: Box<str>,
    /// The checks.
    pub list: Vec<Check>,
    pub(crate) plans: Vec<Plan>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The authority's number of the error, unique on every day.
    pub number: Box<str>,
    /// The rule or condition that it follows, where the authority names one: `C501`.
    pub rule: Option<Box<str>>,
    /// The data element or box that it is about, where it has one.
    pub element: Option<Box<str>>,
    /// The places that it is applied to, a path from the root; empty for the message as a whole.
    pub at: Box<str>,
    /// What has to hold there.
    pub holds: Box<str>,
    /// What it is about below the place, where that is narrower than the place.
    pub about: Option<Box<str>>,
    /// What is wrong where it does not hold.
    pub text: Box<str>,
    /// What to do about it.
    pub help: Option<Box<str>>,
    /// How bad that is.
    pub severity: Severity,
    /// Where the authority says so.
    pub source: Option<Box<str>>,
    /// Since which day.
    pub valid_from: Date,
    /// The first day on which it does not hold any more.
    pub valid_to: Option<Date>,
}

/// The checks of a file, compiled for one grammar or for the canonical model.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The grammar; none for canonical documents.
    pub grammar: Option<Arc<Grammar>>,
    /// The root place.
    pub root: PlaceId,
    /// For each place the checks that are applied there, as indices into `compiled`.
    pub scopes: Vec<Vec<u32>>,
    /// For each check what was compiled.
    pub compiled: Vec<Compiled>,
    /// What is asked of the message as a whole.
    pub kept: Vec<Kept>,
}

/// A check as it is applied.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    /// Which of the list.
    pub check: usize,
    /// What has to hold.
    pub test: Test,
    /// What it is about below its place.
    pub about: Vec<PlaceId>,
}

impl Check {
    /// True from its first day up to, not including, the one on which it ends.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }
}

impl Checks {
    /// The plan for a grammar; for canonical documents where there is none.
    pub(crate) fn plan(&self, grammar: Option<&str>) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.grammar.as_ref().map(|own| own.name()) == grammar)
    }
}
