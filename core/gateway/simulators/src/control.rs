//! The control of a simulator: what it has seen, and what happens next. It is the simulator's own, and no counterpart
//! has it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::behaviour::Next;
use crate::office::{Office, Received};

/// What a simulator has seen.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// What it calls itself.
    title: String,
    /// Whether its limits hold.
    limits: bool,
    /// What it received, in order.
    received: Vec<Received>,
}

/// What is to change.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Whether its limits hold.
    limits: Option<bool>,
    /// What happens to the next messages.
    #[serde(default)]
    next: Vec<Next>,
    /// All access tokens have expired.
    #[serde(default)]
    expire_tokens: bool,
}

/// `GET /_sim`
pub async fn state(State(office): State<Arc<Office>>) -> Json<Seen> {
    Json(Seen { title: office.title().to_owned(), limits: office.has_limits(), received: office.received() })
}

/// `POST /_sim`
pub async fn change(state: State<Arc<Office>>, Json(change): Json<Change>) -> Json<Seen> {
    if let Some(limits) = change.limits {
        state.set_limits(limits);
    }
    if change.expire_tokens {
        state.expire_tokens();
    }
    for next in change.next {
        state.add_next(next);
    }
    self::state(state).await
}
