//! What can happen to a message besides what it says.

use serde::{Deserialize, Serialize};

/// What a counterpart does with a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// It takes it and answers, as its script says.
    #[default]
    Answer,
    /// It takes it, and never answers.
    Silent,
    /// Its answers come ten times later.
    Late,
    /// Each answer comes twice.
    Twice,
    /// Its answers come in the opposite order.
    Reordered,
    /// It fails before it has taken anything, and says so.
    FailBefore,
    /// It takes the message, and fails before it says so.
    FailAfter,
    /// It hangs up before it has taken anything.
    HangUp,
    /// It takes the message, and hangs up half way through its answer.
    HangUpAfter,
    /// It says that there were too many requests.
    Throttle,
}

/// What happens to the next messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    /// What.
    pub behaviour: Behaviour,
    /// To how many.
    #[serde(default = "one")]
    pub times: u32,
}

const fn one() -> u32 {
    1
}

impl Behaviour {
    /// True where the message does not get in.
    pub const fn is_before(self) -> bool {
        matches!(self, Self::FailBefore | Self::HangUp | Self::Throttle)
    }
}
