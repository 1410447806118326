//! A platform's orders: which it shows, page by page.

use serde::Deserialize;

/// What orders of a platform look like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    /// Which of the adapter's messages they are.
    pub message: String,
    /// The member with the order's id.
    pub id: String,
    /// The member with the time of its creation.
    pub created: String,
    /// The member with the time of its last change.
    pub updated: String,
}
