//! Circuit breakers, one for each operation of each account.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dragoman_exchange::Breaker;
use jiff::Timestamp;

use crate::failure::{Cause, Failure};
use crate::token::TokenFailure;

/// All breakers in use.
#[derive(Default)]
pub(crate) struct Breakers(Mutex<HashMap<(String, String), Breaker>>);

impl Breakers {
    /// How long nothing is let through; nothing is counted.
    pub fn closed_for(&self, account: &str, operation: &str, now: Timestamp) -> Option<Duration> {
        self.with(account, operation, |breaker| {
            let mut looked = *breaker;
            looked.admit(now).map(|until| span(now, until))
        })
    }

    /// The same, for one who goes if it is let through.
    pub fn admit(&self, account: &str, operation: &str, now: Timestamp) -> Option<Duration> {
        self.with(account, operation, |breaker| breaker.admit(now).map(|until| span(now, until)))
    }

    /// The counterpart answered with a status.
    pub fn answered(&self, account: &str, operation: &str, status: u16, now: Timestamp) {
        // Something that is not implemented is no trouble that passes.
        let is_trouble = (500..=599).contains(&status) && status != 501;
        self.with(
            account,
            operation,
            |breaker| if is_trouble { breaker.failed(now) } else { breaker.succeeded() },
        );
    }

    /// There was no answer.
    pub fn failed(&self, account: &str, operation: &str, failure: &Failure, now: Timestamp) {
        let is_theirs = match failure.cause() {
            Cause::Connect(_)
            | Cause::Tls(_)
            | Cause::ConnectTime
            | Cause::AnswerTime
            | Cause::Broken(_)
            | Cause::Token(TokenFailure::NotGiven(_)) => true,
            Cause::Refused(_)
            | Cause::Request(_)
            | Cause::Settings(_)
            | Cause::Missing(_)
            | Cause::TooLarge { .. }
            | Cause::Token(_) => false,
        };
        if is_theirs {
            self.with(account, operation, |breaker| breaker.failed(now));
        }
    }

    fn with<R>(&self, account: &str, operation: &str, act: impl FnOnce(&mut Breaker) -> R) -> R {
        let mut breakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(breakers.entry((account.to_owned(), operation.to_owned())).or_default())
    }
}

fn span(now: Timestamp, until: Timestamp) -> Duration {
    Duration::try_from(until.duration_since(now)).unwrap_or_default()
}
