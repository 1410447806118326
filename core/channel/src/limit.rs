//! How much may be asked for: rates and budgets, and what answers teach about them.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::content::{Content, Path};
use crate::operation::Operation;
use crate::span::{Name, Rate};
use crate::template::Template;
use crate::{Answer, Channel};

/// How often operations may be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The operations that share it; all of the adapter's, where none is named.
    #[serde(default)]
    pub operations: Vec<Name>,
    /// What has this limit for itself: accounts of the same text share it. The account, where nothing is said.
    pub of: Option<Template>,
    /// How often, lastingly.
    pub rate: Rate,
    /// How many may go at once after a rest; 1 where nothing is said.
    #[serde(default = "one")]
    pub burst: u32,
    /// Headers that teach more.
    #[serde(default)]
    pub learn: Learn,
    /// Where answers show a budget of points.
    pub cost: Option<Cost>,
}

/// Headers that tell what is left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Learn {
    /// Requests a second, as a decimal number.
    pub rate: Option<String>,
    /// How many requests are left.
    pub remaining: Option<String>,
    /// In how many seconds there are more.
    pub reset: Option<String>,
}

/// Where the body of an answer shows a budget of points.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// What the request needs.
    pub needed: Path,
    /// What is left.
    pub available: Path,
    /// How much comes back in a second.
    pub restore: Path,
}

/// What an answer says about a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// The rate that holds for this account now.
    pub rate: Option<Rate>,
    /// Nothing more for so long.
    pub pause: Option<SignedDuration>,
}

const fn one() -> u32 {
    1
}

impl Channel {
    /// The limits that hold for an operation: all of them have to be kept.
    pub fn limits_of<'c>(&'c self, operation: &'c Operation) -> impl Iterator<Item = &'c Limit> {
        self.settings.limits.iter().filter(|limit| limit.holds_for(operation))
    }

    /// The budget that holds for an operation.
    pub(crate) fn cost_of(&self, operation: &Operation) -> Option<&Cost> {
        let mut limits = self.settings.limits.iter().filter(|limit| limit.holds_for(operation));
        limits.find_map(|limit| limit.cost.as_ref())
    }
}

impl Limit {
    fn holds_for(&self, operation: &Operation) -> bool {
        self.operations.is_empty() || self.operations.iter().any(|name| **name == *operation.name)
    }

    /// What an answer teaches. A header that is no number teaches nothing.
    pub fn learned(&self, answer: &Answer) -> Learned {
        let header = |name: &Option<String>| answer.header(name.as_deref()?);
        let rate = header(&self.learn.rate).and_then(|text| Rate::per(text, 1));
        let is_empty = header(&self.learn.remaining).is_some_and(|left| left == "0");
        let reset = header(&self.learn.reset).filter(|_| is_empty).and_then(|text| text.parse::<u32>().ok());
        let reset = reset.map(|seconds| SignedDuration::from_secs(i64::from(seconds)));
        let cost = || self.cost.as_ref()?.wait(&Content::read(&answer.body));
        Learned { rate, pause: reset.or_else(cost) }
    }
}

impl Cost {
    /// What an answer says that is left.
    pub fn left(&self, answer: &Answer) -> Option<String> {
        Content::read(&answer.body).root().text(&self.available).map(str::to_owned)
    }

    /// How long it takes until what the request needs is there: (needed - available) / restore. None where it is there
    /// already, or where the answer does not show it.
    pub(crate) fn wait(&self, content: &Content<'_>) -> Option<SignedDuration> {
        let points = |path: &Path| -> Option<i64> {
            let text = content.root().text(path)?;
            let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
            whole.parse::<u32>().ok().map(i64::from)
        };
        let (needed, available) = (points(&self.needed)?, points(&self.available)?);
        let restore = points(&self.restore).filter(|restore| *restore > 0)?;
        let lacking = needed.saturating_sub(available);
        let milliseconds = lacking.saturating_mul(1000).saturating_add(restore - 1) / restore;
        (lacking > 0).then(|| SignedDuration::from_millis(milliseconds))
    }
}
