//! What an authority asks of whoever files with it, and how it takes the answer.

use dragoman_channel::Path;
use serde::Deserialize;
use toml::Value;

/// A question and its answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inquiry {
    /// The field of the form that the question stands in.
    pub asked_in: String,
    /// The question, in JSON: `${session}`, `${order}`, and `${milliseconds}` since 1970.
    pub asks: Value,
    /// The message of the adapter that answers it.
    pub message: String,
    /// The field of the form that the answer stands in.
    pub field: String,
    /// In the answer: which question it answers.
    pub session: Path,
    /// In the answer: the orders that it is about, at the first of these places that has any.
    pub orders: Vec<Path>,
}
