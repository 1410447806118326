//! A platform and its orders: which it shows, page by page, and what has been sent of them.

mod act;
mod generate;
mod list;
mod order;
mod orders;
mod parcel;
mod times;

use serde::Deserialize;
use toml::Value as Shape;

pub use act::{Act, Acts, Does};
pub use generate::{Draw, Generator};
pub use list::{Page, Query, Unlisted};
pub use order::Order;
pub use orders::Orders;
pub use parcel::{Parcel, Refused, Ship};
pub use times::Times;

/// What orders of a platform look like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    /// Which of the adapter's messages they are.
    pub message: String,
    /// Where the order's id stands.
    pub id: String,
    /// Where the time of its creation stands.
    pub created: String,
    /// Where the time of its last change stands; nowhere, where nothing is said.
    #[serde(default)]
    pub updated: String,
    /// How times are written.
    #[serde(default)]
    pub times: Times,
    /// What has been sent.
    pub status: Status,
    /// What it is made of.
    pub items: Items,
    /// How a parcel is shown.
    pub parcels: Shown,
    /// How what is open is shown, where the platform has parts of its own for it.
    pub parts: Option<Parts>,
    /// How orders are told of.
    pub webhook: Option<Webhook>,
    /// How orders are told of by a queue.
    pub queue: Option<Queue>,
    /// What people do to orders there.
    #[serde(default)]
    pub acts: Acts,
    /// Where persons stand: what an account does not see that may not.
    #[serde(default)]
    pub persons: Vec<String>,
    /// How orders are made up.
    pub generator: Option<Generator>,
}

/// The word for how much has been sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// Where it stands.
    pub at: String,
    /// A part has been sent; nothing else stands there then, where nothing is said.
    pub some: Option<String>,
    /// All has been sent.
    pub all: Option<String>,
}

/// What an order is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// Where they stand.
    pub at: String,
    /// In an item: its id.
    pub id: String,
    /// How many were ordered; one, where nothing is said.
    #[serde(default)]
    pub ordered: String,
    /// How many have been sent.
    pub sent: Option<String>,
    /// How many are still to be sent.
    pub open: Option<String>,
    /// How many were cancelled.
    pub cancelled: Option<String>,
    /// What stands in it where something was sent of it, by its place: of the last parcel with it; `${pieces}` of it are sent.
    #[serde(default)]
    pub told: std::collections::BTreeMap<String, Shape>,
    /// How each parcel with it is shown in it; `${pieces}` of it are there.
    pub parcels: Option<Shown>,
}

/// How something is shown in an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Where they stand; nowhere in the order itself, where nothing is said.
    pub at: Option<String>,
    /// One of them.
    pub json: Shape,
}

/// What is open, in parts of the platform's own. `${order}` and `${line}` are the last steps of the order's and the
/// item's ids.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// Where it stands.
    pub at: String,
    /// All of them.
    pub json: Shape,
    /// One of them.
    pub part: Shape,
    /// Its id.
    pub id: dragoman_channel::Template,
    /// The word for what is open.
    pub open: String,
    /// The word for what is not.
    pub closed: String,
}

/// How orders are told of by a queue of Amazon SQS.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// The setting of the account that holds its address.
    pub url: String,
    /// The setting of the account that holds the id of the access key.
    pub key: String,
    /// The setting that holds the secret of that key.
    pub secret: String,
    /// What stands in a message.
    pub json: Shape,
}

/// How orders are told of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// What a new order is called.
    pub created: String,
    /// What a change is called.
    pub updated: String,
    /// The headers; `${signature}` is the HMAC-SHA-256 of the body in Base64, `${signature_hex}` in hexadecimal.
    pub headers: std::collections::BTreeMap<String, dragoman_channel::Template>,
    /// The body.
    pub json: Shape,
    /// The setting of the account that holds what they are signed with.
    pub secret: Option<String>,
    /// What is signed before the body.
    #[serde(default)]
    pub before: String,
    /// The id of the public key, where they are signed by ECDSA over P-256: `${signed}` is the id and the signature then, as
    /// Base64 of JSON.
    pub kid: Option<String>,
}
