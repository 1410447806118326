//! What was taken in.

use dragoman_tree::FindingRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::view::Finding;

/// What became of what was handed in. It is kept under its idempotency key, and given again for the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Taken {
    /// The orders, in the order they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<TakenOrder>,
    /// The declarations that were made or taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declarations: Vec<TakenDeclaration>,
    /// The shipments, in the order they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipments: Vec<TakenShipment>,
    /// True where this is what was answered before.
    #[serde(skip)]
    pub repeated: bool,
}

/// An order that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TakenOrder {
    /// Its stream.
    pub id: String,
    /// The platform's number.
    pub number: String,
    /// Whether it was known.
    pub news: News,
    /// Articles that the customs master has to say more about before it can be declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
    /// What is worth saying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Finding>)]
    pub findings: Vec<FindingRecord>,
}

/// A shipment that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TakenShipment {
    /// Its stream.
    pub id: String,
    /// What its sender calls it; its stream, where it has no number.
    pub number: String,
    /// Whether it was known.
    pub news: News,
    /// What is worth saying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Finding>)]
    pub findings: Vec<FindingRecord>,
}

/// Whether an order or a shipment was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum News {
    /// It came for the first time.
    New,
    /// It came before, and is another now.
    Changed,
    /// It came before, just as it is.
    Known,
}

/// A declaration that was made or taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TakenDeclaration {
    /// Its stream.
    pub id: String,
    /// Our reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lrn: Option<String>,
    /// `queued`, `held` for approval, `draft`, or `incomplete` where it has errors.
    pub state: String,
    /// The submission, where it was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission: Option<String>,
    /// What is worth saying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Finding>)]
    pub findings: Vec<FindingRecord>,
}

impl TakenDeclaration {
    /// What was sent off for a declaration: it is queued, or held for approval.
    pub(crate) fn sent(id: &str, lrn: Option<String>, submission: String, held: bool) -> Self {
        let mut taken =
            Self { id: id.to_owned(), lrn, state: String::new(), submission: None, findings: Vec::new() };
        taken.submitted(submission, held);
        taken
    }

    /// It was submitted: it is queued, or held for approval.
    pub(crate) fn submitted(&mut self, submission: String, held: bool) {
        self.submission = Some(submission);
        if held { "held" } else { "queued" }.clone_into(&mut self.state);
    }
}
