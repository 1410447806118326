//! Answers that are pushed to us: the message, or a word about one.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::content::{Content, Path};
use crate::predicate::Predicate;
use crate::values::Values;
use crate::verify::{Rejected, Verify};

/// Answers that are pushed to us.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// How they show where they come from.
    pub verify: Verify,
    /// The status that they are answered with, once they are stored.
    #[serde(default = "ok")]
    pub answer: u16,
    /// The parameter with which the counterpart asks, by GET, whether the address takes what it pushes: it is given back as a
    /// member of that name.
    pub challenge: Option<String>,
    /// Where a word about a message is pushed, and not the message.
    pub told: Option<Told>,
}

/// A word about a message.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The text that it stands in, where it has an envelope.
    pub inside: Option<Path>,
    /// In it: the address of the message. It begins as the path of the list that the message is in.
    pub address: Path,
    /// In it: the message, where that comes with it.
    pub message: Option<Path>,
    /// When there is a message to be fetched, where it does not come with it. Any other word is the answer itself.
    pub fetch: Predicate,
}

/// What was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// The address of the message; none where the message came without a word.
    pub address: Option<String>,
    /// The message; none where it has to be fetched.
    pub message: Option<Vec<u8>>,
}

const fn ok() -> u16 {
    200
}

impl Push {
    /// Whether a push is believed.
    pub fn check(&self, headers: &[(String, String)], body: &[u8], values: &Values) -> Result<(), Rejected> {
        self.verify.check(headers, body, values)
    }

    /// What was pushed. What is no such word is a message as it is.
    pub fn open(&self, body: &[u8]) -> Pushed {
        let as_it_is = || Pushed { address: None, message: Some(body.to_vec()) };
        let Some(told) = &self.told else { return as_it_is() };
        let envelope = Content::read(body);
        let word = match &told.inside {
            Some(inside) => envelope.root().text(inside).map(str::as_bytes),
            None => Some(body),
        };
        let Some(word) = word else { return as_it_is() };
        let content = Content::read(word);
        let text = |path: &Path| content.root().text(path).map(str::to_owned);
        let Some(address) = text(&told.address) else { return as_it_is() };
        let message = told.message.as_ref().and_then(text).map(String::into_bytes);
        let is_fetched = told.fetch.holds_of(content.root());
        Pushed { address: Some(address), message: message.or_else(|| (!is_fetched).then(|| word.to_vec())) }
    }
}
