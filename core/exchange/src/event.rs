//! What happens to a message, as the journal keeps it: append-only, one event a row.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error_class::ErrorClass;

/// What a submission is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A declaration.
    Declaration,
    /// A change of one.
    Amendment,
    /// The wish to have one invalidated.
    Cancellation,
    /// Goods have arrived.
    Arrival,
    /// Documents for one.
    Upload,
    /// Tracking or status, back to the platform.
    Fulfilment,
    /// News to a customer's own address.
    Webhook,
    /// What a counterpart asked us for.
    Disclosure,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Declaration,
        Self::Amendment,
        Self::Cancellation,
        Self::Arrival,
        Self::Upload,
        Self::Fulfilment,
        Self::Webhook,
        Self::Disclosure,
    ];

    /// The word that stands in files and journals.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Declaration => "declaration",
            Self::Amendment => "amendment",
            Self::Cancellation => "cancellation",
            Self::Arrival => "arrival",
            Self::Upload => "upload",
            Self::Fulfilment => "fulfilment",
            Self::Webhook => "webhook",
            Self::Disclosure => "disclosure",
        }
    }
}

/// What a person made of a submission whose outcome nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It did not arrive: it may be sent again.
    Resend,
    /// It arrived.
    Delivered,
    /// It is given up.
    GiveUp,
}

/// Why a question of a counterpart cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    /// The code of the finding: `DG-E0950`.
    pub code: String,
    /// In words, without a value that somebody may not see.
    pub text: String,
}

/// One value that a person changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The canonical path.
    pub path: String,
    /// What it was; none where there was nothing.
    pub before: Option<String>,
    /// What it is; none where it was taken away.
    pub after: Option<String>,
    /// True where both are personal data, and kept apart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
}

/// What an authority said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// Its own code: `03`, `DMSREJ`.
    pub native: String,
    /// What it means for the status, in the words of the canonical model: `accepted`, `released +duty_due`.
    pub events: String,
    /// When the authority said it.
    pub at: Option<Timestamp>,
    /// The reference that it answers.
    pub lrn: Option<String>,
    /// The authority's number.
    pub mrn: Option<String>,
    /// The version that it speaks of.
    pub version: Option<String>,
    /// The conversation that it belongs to.
    pub conversation: Option<String>,
    /// Until when somebody has to do something about it. Where nobody says so it is not written: what was stored before
    /// there was this reads and hashes as it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Timestamp>,
    /// Errors in it.
    pub errors: usize,
    /// What is at fault, one word for each cause, the same in all declarations that share it.
    pub causes: Vec<String>,
}

/// What happened. Payloads (orders, wire messages, answers) stand beside it in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// An order came in, new or changed. The payload is as the platform wrote it.
    OrderReceived {
        /// The account or the caller that it came from.
        from: String,
        /// The message: `amazon/order`.
        message: String,
        /// The platform's number.
        number: String,
        /// What it is worth, as `amount currency`.
        value: Option<String>,
        /// Lines that cannot be declared yet: SKUs that the customs master lacks.
        gaps: Vec<String>,
    },
    /// What is known of the payment of an order was handed in. The payload is as it came.
    PaymentReceived {
        /// The message: `canonical`, `cn/payment`.
        message: String,
    },
    /// A counterpart asks us for something about an order; the same question may come again. The payload is the question.
    Inquired {
        /// The account that it asks.
        account: String,
        /// Which of the questions that it may ask.
        inquiry: String,
        /// What it calls the question.
        id: String,
        /// The number of the order.
        number: String,
        /// Until when it wants to be answered.
        until: Timestamp,
    },
    /// A question cannot be answered as things stand.
    Unanswerable {
        /// The stream of the order, where it is known.
        order: Option<String>,
        /// Everything that is lacking or wrong.
        why: Vec<Lack>,
    },
    /// A question can be answered: what is submitted next is the answer.
    Answerable {
        /// The stream of the order, where it is known.
        order: Option<String>,
    },
    /// The time to answer a question is over, and the counterpart does not have the answer.
    Overdue,
    /// A shipment came in, new or changed. The payload is as it came.
    ShipmentReceived {
        /// The account, the partner or the caller that it came from.
        from: String,
        /// The message: `canonical`.
        message: String,
        /// What its sender calls it.
        number: String,
    },
    /// A declaration was drafted, or drafted anew. The payload is the canonical document.
    Drafted {
        /// The account that it is for.
        account: String,
        /// Our reference.
        lrn: Option<String>,
        /// The orders that it declares: their streams and numbers.
        orders: Vec<(String, String)>,
        /// The data set: `H1`.
        data_set: Option<String>,
        /// From where to where: `CN-GB`.
        corridor: Option<String>,
        /// What it is worth, as `amount currency`.
        value: Option<String>,
        /// Errors in it, which keep it from being sent.
        errors: usize,
    },
    /// A person changed a draft. The payload is the document as it is now.
    Corrected {
        /// What was changed.
        changes: Vec<Change>,
    },
    /// A submission was accepted: from here on it ends in exactly one terminal state. The payload is what is sent.
    Accepted {
        /// What it is for.
        purpose: Purpose,
        /// The account that sends it.
        account: String,
        /// The operation of the account's channel.
        operation: String,
        /// Our reference for it, where it has one.
        lrn: Option<String>,
        /// Why somebody else has to approve it first.
        held: Option<String>,
    },
    /// Somebody else approved it.
    Approved,
    /// It is about to be sent. Nothing has left yet.
    Attempted {
        /// The how-manieth time, from 1.
        attempt: u32,
    },
    /// It was certainly not taken; it is sent again.
    Deferred {
        /// Why.
        class: ErrorClass,
        /// In words.
        said: String,
        /// Not before this moment.
        until: Timestamp,
    },
    /// Nobody knows whether it arrived.
    OutcomeUnknown {
        /// What happened.
        why: String,
    },
    /// The counterpart was asked for it by reference.
    Asked {
        /// Whether it is there; none where the counterpart does not say.
        found: Option<bool>,
    },
    /// The counterpart has it. The payload is its answer.
    Delivered {
        /// The conversation that its answers will belong to.
        conversation: Option<String>,
    },
    /// The counterpart does not want it. The payload is its answer.
    Refused {
        /// Why.
        class: ErrorClass,
        /// In words.
        said: String,
    },
    /// It is given up.
    Dead {
        /// Why.
        why: String,
    },
    /// A person decided about an unknown outcome.
    Decided {
        /// What.
        decision: Decision,
    },
    /// A person sent a dead or refused one off again, as a submission of its own.
    Replayed {
        /// The new submission.
        submission: String,
    },
    /// An authority answered. The payload is the answer.
    Responded {
        /// What it said.
        said: Said,
    },
    /// An answer came that nobody waits for. The payload is the answer.
    Parked {
        /// The account that it came to.
        account: String,
        /// What it said.
        said: Said,
    },
    /// A parked answer found what it belongs to.
    Matched {
        /// That stream.
        stream: String,
    },
    /// A person left it at that: a rejection that nobody corrects, an answer that belongs to nothing.
    Closed {
        /// Why.
        why: String,
    },
    /// The payloads of the stream were taken away for good.
    Erased {
        /// Why: the end of retention, the wish of a person.
        why: String,
    },
}
