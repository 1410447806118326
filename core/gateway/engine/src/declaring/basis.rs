//! What a declaration was declared from: enough to make it again, byte by byte.

use jiff::civil::Date;
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
    /// The day whose rules, rates and rows counted.
    pub on: Date,
    /// The mappings, grammars, code tables and rules: the hash of all.
    pub data: String,
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
