//! How answers of customs arrive: pushed to us, or fetched.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::content::{At, Content, Path};
use crate::http::{Answer, header};
use crate::predicate::Predicate;
use crate::span::{Name, Span};
use crate::values::Values;
use crate::verify::{Rejected, Verify};

/// How answers arrive, and how they find the declaration that they are about.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    /// The adapter's message that they are.
    pub message: Name,
    /// The header with the conversation that they belong to.
    pub conversation: Option<String>,
    /// What they are matched by, the surest first.
    pub match_by: Vec<MatchBy>,
    /// Pushed to us.
    pub push: Option<Push>,
    /// Fetched by us.
    pub pull: Option<Pull>,
}

/// By what an answer finds its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MatchBy {
    /// What the counterpart called the conversation.
    Conversation,
    /// The local reference number.
    Lrn,
    /// The number that customs gave.
    Mrn,
}

/// Answers that are pushed to us.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// How they show where they come from.
    pub verify: Verify,
    /// The status that they are answered with, once they are stored.
    #[serde(default = "ok")]
    pub answer: u16,
}

/// Answers that wait to be fetched.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    /// The operation that lists those that wait.
    pub list: Name,
    /// The operation that fetches the one of `notification.id`.
    pub get: Name,
    /// The operation that takes it off the list once it is stored; none where fetching does.
    pub done: Option<Name>,
    /// The operation that lists those that were fetched before: what was lost between fetching and storing is there.
    pub fetched: Option<Name>,
    /// The operation that fetches one of those again.
    pub again: Option<Name>,
    /// The entries of a list.
    pub entries: Path,
    /// Which of them are notifications; all, where nothing is said.
    pub when: Option<Predicate>,
    /// In an entry: its id or its address, whose last part is the id.
    pub id: Path,
    /// How often.
    pub every: Span,
}

const fn ok() -> u16 {
    200
}

impl Notifications {
    /// The conversation that a notification belongs to, from its headers: a push's, or those of the answer that
    /// fetched it.
    pub fn conversation<'h>(&self, headers: &'h [(String, String)]) -> Option<&'h str> {
        header(headers, self.conversation.as_deref()?).filter(|id| !id.is_empty())
    }
}

impl Push {
    /// Whether a push is believed.
    pub fn check(&self, headers: &[(String, String)], body: &[u8], values: &Values) -> Result<(), Rejected> {
        self.verify.check(headers, body, values)
    }
}

impl Pull {
    /// The ids in the answer of `list` or `fetched`.
    pub fn ids(&self, answer: &Answer) -> Vec<String> {
        let content = Content::read(&answer.body);
        let is_one = |entry: &At<'_>| self.when.as_ref().is_none_or(|when| when.holds_of(*entry));
        let entries = content.root().all(&self.entries).into_iter().filter(is_one);
        let last = |text: &str| text.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        entries.filter_map(|entry| entry.text(&self.id)).map(last).filter(|id| !id.is_empty()).collect()
    }
}
