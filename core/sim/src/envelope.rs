//! What messages come and go in, where they do not come bare.

use std::collections::BTreeMap;

use dragoman_channel::{Path, Template};
use serde::Deserialize;

/// What stands around every message.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Where the message stands in it, in base64.
    pub inside: Path,
    /// What is said of it again around the answers: places by name.
    #[serde(default)]
    pub gives: BTreeMap<String, Path>,
    /// What stands around an answer: `${message.base64}`, `${id}`, `${at}`, `${name}`, and what the message's own envelope
    /// gives.
    pub answer: Template,
}
