//! Lanes: an account's operation. Each has its turn, its breaker, and moments before which nothing goes out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use dragoman_exchange::Breaker;
use jiff::Timestamp;

/// What is known of all lanes.
#[derive(Default)]
pub(crate) struct Lanes(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Nothing of a lane before this moment.
    closed: HashMap<String, Timestamp>,
    /// By account: a counterpart that is down is down for all operations.
    breakers: HashMap<String, Breaker>,
    /// By tenant: the first open submission that was not asked for in the last round.
    asked: HashMap<String, String>,
}

impl Lanes {
    /// The lanes that nothing goes out in at a moment.
    pub fn closed(&self, now: Timestamp) -> Vec<String> {
        let mut known = self.lock();
        known.closed.retain(|_, until| *until > now);
        known.closed.keys().cloned().collect()
    }

    /// Nothing of a lane before a moment.
    pub fn close(&self, lane: &str, until: Timestamp) {
        self.lock().closed.insert(lane.to_owned(), until);
    }

    /// Until when the breaker of an account holds messages back; none where one may go out.
    pub fn admit(&self, account: &str, now: Timestamp) -> Option<Timestamp> {
        self.lock().breakers.entry(account.to_owned()).or_default().admit(now)
    }

    /// Until when the breaker of an account is open; none where it is not.
    pub fn open_until(&self, account: &str, now: Timestamp) -> Option<Timestamp> {
        self.lock().breakers.get(account).and_then(|breaker| breaker.open_until(now))
    }

    /// The counterpart answered.
    pub fn succeeded(&self, account: &str) {
        if let Some(breaker) = self.lock().breakers.get_mut(account) {
            breaker.succeeded();
        }
    }

    /// The counterpart could not be reached, or has trouble of its own.
    pub fn failed(&self, account: &str, now: Timestamp) {
        self.lock().breakers.entry(account.to_owned()).or_default().failed(now);
    }

    /// With which open submission of a tenant asking goes on.
    pub fn asked(&self, tenant: &str) -> String {
        self.lock().asked.get(tenant).cloned().unwrap_or_default()
    }

    /// Asking goes on with that one.
    pub fn ask_next(&self, tenant: &str, submission: String) {
        self.lock().asked.insert(tenant.to_owned(), submission);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
