//! The submission: what becomes of one accepted message on its way out. Every path ends in exactly one of three ends,
//! and none sends twice without knowing that the first did not arrive.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::{Decision, Event};

/// Where a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Somebody else has to approve it.
    Held,
    /// It waits to be sent.
    Queued,
    /// It is being sent.
    Attempting,
    /// It was not taken, and is sent again at a moment.
    Deferred {
        /// Not before.
        until: Timestamp,
    },
    /// Nobody knows whether it arrived.
    Unknown,
    /// The counterpart has it: an end.
    Delivered,
    /// The counterpart does not want it: an end.
    Refused,
    /// It is given up: an end.
    Dead,
}

/// An event that cannot happen in a state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event} cannot happen to a submission that is {state}")]
pub struct Misplaced {
    /// Where it stands.
    pub state: &'static str,
    /// What should have happened.
    pub event: &'static str,
}

impl State {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Queued => "queued",
            Self::Attempting => "attempting",
            Self::Deferred { .. } => "deferred",
            Self::Unknown => "unknown",
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Dead => "dead",
        }
    }

    /// True where nothing more becomes of it.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Delivered | Self::Refused | Self::Dead)
    }

    /// Where it stands when it was accepted.
    pub const fn accepted(held: bool) -> Self {
        if held { Self::Held } else { Self::Queued }
    }

    /// Where it stands after an event.
    ///
    /// That the counterpart has it, an answer to the request says, one to an enquiry, or any answer of the authority: a
    /// message that was queued again meanwhile is not sent again then. From not knowing, nothing else leads on but a
    /// person. An end stays the end it is.
    #[expect(clippy::match_same_arms, reason = "a line a transition")]
    pub fn after(self, event: &Event) -> Result<Self, Misplaced> {
        let next = match (self, event) {
            (Self::Held, Event::Approved) => Self::Queued,
            (Self::Queued | Self::Deferred { .. }, Event::Attempted { .. }) => Self::Attempting,
            (Self::Attempting, Event::Deferred { until, .. }) => Self::Deferred { until: *until },
            (Self::Attempting, Event::Refused { .. }) => Self::Refused,
            // What is waiting may have been sent by a gateway that the journal does not know of: after a restore.
            (Self::Attempting | Self::Queued | Self::Deferred { .. }, Event::OutcomeUnknown { .. }) => {
                Self::Unknown
            }
            (Self::Unknown, Event::Asked { found: Some(true) }) => Self::Delivered,
            (Self::Unknown, Event::Asked { found: Some(false) }) => Self::Queued,
            (Self::Unknown, Event::Asked { found: None }) => Self::Unknown,
            (Self::Unknown, Event::Decided { decision: Decision::Resend }) => Self::Queued,
            (Self::Unknown, Event::Decided { decision: Decision::Delivered }) => Self::Delivered,
            (Self::Unknown, Event::Decided { decision: Decision::GiveUp }) => Self::Dead,
            (state, Event::Delivered { .. }) if state.is_under_way() => Self::Delivered,
            // Whatever was thought of it: who answers it has it, and it is not sent again.
            (state, Event::Responded { .. }) if !state.is_end() => Self::Delivered,
            (Self::Held | Self::Queued | Self::Attempting | Self::Deferred { .. }, Event::Dead { .. }) => {
                Self::Dead
            }
            // The authority's answer may come back before the answer to the request does.
            (Self::Delivered, Event::Delivered { .. }) => Self::Delivered,
            (state, Event::Responded { .. } | Event::Replayed { .. }) => state,
            (state, event) => return Err(Misplaced { state: state.word(), event: event.word() }),
        };
        Ok(next)
    }

    /// True where it may be sent, was, or is being: the counterpart may come to have it.
    const fn is_under_way(self) -> bool {
        matches!(self, Self::Queued | Self::Attempting | Self::Deferred { .. } | Self::Unknown)
    }
}

impl Event {
    /// The word that the journal has for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::OrderReceived { .. } => "order_received",
            Self::PaymentReceived { .. } => "payment_received",
            Self::Inquired { .. } => "inquired",
            Self::Unanswerable { .. } => "unanswerable",
            Self::Answerable { .. } => "answerable",
            Self::Overdue => "overdue",
            Self::ShipmentReceived { .. } => "shipment_received",
            Self::Drafted { .. } => "drafted",
            Self::Corrected { .. } => "corrected",
            Self::Accepted { .. } => "accepted",
            Self::Approved => "approved",
            Self::Attempted { .. } => "attempted",
            Self::Deferred { .. } => "deferred",
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::Asked { .. } => "asked",
            Self::Delivered { .. } => "delivered",
            Self::Refused { .. } => "refused",
            Self::Dead { .. } => "dead",
            Self::Decided { .. } => "decided",
            Self::Replayed { .. } => "replayed",
            Self::Responded { .. } => "responded",
            Self::Parked { .. } => "parked",
            Self::Matched { .. } => "matched",
            Self::Closed { .. } => "closed",
            Self::Erased { .. } => "erased",
        }
    }
}

#[cfg(test)]
mod tests;
