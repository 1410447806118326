//! How a counterpart pushes its answers.

use dragoman_channel::Span;
use serde::Deserialize;
use toml::Value;

/// How answers are pushed, and what happens where they are not taken.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// After no answer or 5xx: the time until the next try, during which nothing else is pushed. None where others go
    /// on.
    pub blocked: Option<Span>,
    /// After anything else but 2xx: the time until the next try, while others go on.
    pub refused: Span,
    /// When it is given up.
    pub holds: Span,
    /// Where a word about an answer is pushed, and not the answer.
    pub told: Option<Told>,
}

/// Words about answers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The word in JSON: `${path}` of the movement's list, `${conversation}`, `${id}`, and `${body}` of an answer that is
    /// short.
    pub word: Value,
    /// An answer of so many bytes comes with its word.
    pub longest: usize,
    /// What is pushed, in JSON: `${word}`, `${id}` and `${at}`.
    pub envelope: Value,
    /// The header with the HMAC-SHA1 of what is pushed, by the secret of the callback.
    pub signature: String,
}
