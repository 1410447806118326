//! What a declaration was declared from: enough to make it again, byte by byte.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// What a declaration was declared from. Texts are named by the SHA-256 of their content, and kept by that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Basis {
    /// The flow.
    pub flow: String,
    /// The message that it is sent as: `gb-cds/declaration`.
    pub message: String,
    /// The orders of the consignment, in their order.
    pub orders: Vec<OrderOf>,
    /// Which of the consignment's declarations it is, from 0.
    pub index: usize,
    /// The references of the consignment's declarations, in order.
    pub lrns: Vec<String>,
    /// The rows of the customs master that are about the articles of the orders, as CSV.
    pub master: String,
    /// The profile.
    pub profile: String,
    /// The consignment.
    pub consignment: String,
    /// The rates of exchange.
    pub rates: String,
    /// The moment that is stamped on it, where its messages have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment: Option<Timestamp>,
    /// The day whose rules, rates and rows counted.
    pub on: Date,
    /// The mappings, grammars, code tables and rules: the hash of all.
    pub data: String,
}

impl Basis {
    /// The moment that is stamped on it; the beginning of its day, where none was kept.
    pub fn stamped(&self) -> Timestamp {
        let day = || self.on.to_zoned(TimeZone::UTC).map(|day| day.timestamp());
        self.moment.or_else(|| day().ok()).unwrap_or_default()
    }
}

/// An order that was declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderOf {
    /// Its stream in the journal.
    pub stream: String,
    /// The hash of its bytes.
    pub hash: String,
    /// The message that they are: `amazon/order`.
    pub message: String,
}
