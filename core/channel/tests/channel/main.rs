//! Channels as data, on an invented counterpart.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod auth;
mod classify;
mod first;
mod mistakes;
mod page;
mod requests;
mod stream;
mod webhook;

use dragoman_channel::{Answer, Channel, Values};
use jiff::Timestamp;

/// The invented counterpart.
const EXAMPLIA: &str = include_str!("examplia.toml");

fn examplia() -> Channel {
    Channel::load("examplia.toml", EXAMPLIA, &["declaration", "order"]).unwrap()
}

/// An account at it.
fn account() -> Values {
    Values::new()
        .with("account.environment", "sandbox")
        .with("account.client_id", "app")
        .with("account.client_secret", "secret & more")
        .with("account.key", "k/1")
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Answer { status, headers: headers.iter().map(header).collect(), body: body.into() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
