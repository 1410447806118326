//! Notifications that wait to be fetched.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

/// A notification.
#[derive(Clone, Debug)]
pub(crate) struct Notification {
    /// When it is there.
    pub at: Timestamp,
    pub id: String,
    pub conversation: String,
    pub headers: Vec<(String, String)>,
    pub bytes: Vec<u8>,
}

/// Those that wait, and those that were fetched.
#[derive(Debug, Default)]
pub(crate) struct Mailbox(Mutex<Boxes>);

#[derive(Debug, Default)]
struct Boxes {
    waiting: BTreeMap<(Timestamp, String), Notification>,
    fetched: BTreeMap<(Timestamp, String), Notification>,
}

impl Mailbox {
    /// Puts one in; it is there from its moment on.
    pub fn put(&self, notification: Notification) {
        self.lock().waiting.insert((notification.at, notification.id.clone()), notification);
    }

    /// How many wait, those of later included.
    pub fn len(&self) -> usize {
        self.lock().waiting.len()
    }

    /// The ids of those that wait, or of those that were fetched, the oldest first.
    pub fn ids(&self, fetched: bool, now: Timestamp) -> Vec<String> {
        let boxes = self.lock();
        let of = if fetched { &boxes.fetched } else { &boxes.waiting };
        of.values().filter(|one| one.at <= now).map(|one| one.id.clone()).collect()
    }

    /// One that waits: it counts as fetched then.
    pub fn fetch(&self, id: &str, now: Timestamp) -> Option<Notification> {
        let mut boxes = self.lock();
        let key = boxes
            .waiting
            .values()
            .find(|one| one.id == id && one.at <= now)
            .map(|one| (one.at, one.id.clone()))?;
        let notification = boxes.waiting.remove(&key)?;
        boxes.fetched.insert(key, notification.clone());
        Some(notification)
    }

    /// One that was fetched before.
    pub fn again(&self, id: &str) -> Option<Notification> {
        self.lock().fetched.values().find(|one| one.id == id).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Boxes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
