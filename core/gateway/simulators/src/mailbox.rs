//! Notifications that wait to be fetched.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

/// A notification.
#[derive(Clone, Debug)]
pub(crate) struct Notification {
    /// When it is there.
    pub at: Timestamp,
    pub id: String,
    pub conversation: String,
    /// What the authority calls it.
    pub name: String,
    pub headers: Vec<(String, String)>,
    pub bytes: Vec<u8>,
    /// What is told of it, where that is not the usual word.
    pub word: Option<serde_json::Value>,
    /// True where it is about a message that could not be taken.
    pub is_failure: bool,
}

/// How many of those that were fetched are kept.
const KEPT: usize = 10_000;

/// Those that wait, and those that were fetched.
#[derive(Debug, Default)]
pub(crate) struct Mailbox(Mutex<Boxes>);

#[derive(Debug, Default)]
struct Boxes {
    waiting: Pile,
    fetched: Pile,
}

/// Notifications by their moment, by their id, and by what they belong to.
#[derive(Debug, Default)]
struct Pile {
    by_moment: BTreeMap<Place, Notification>,
    moments: HashMap<String, Timestamp>,
    conversations: HashMap<String, BTreeSet<Place>>,
}

/// The moment and the id of a notification.
type Place = (Timestamp, String);

impl Pile {
    fn put(&mut self, notification: Notification) {
        let (at, id) = (notification.at, notification.id.clone());
        self.remove(&id);
        self.moments.insert(id.clone(), at);
        let conversation = self.conversations.entry(notification.conversation.clone()).or_default();
        conversation.insert((at, id.clone()));
        self.by_moment.insert((at, id), notification);
    }

    fn get(&self, id: &str) -> Option<&Notification> {
        let (id, at) = self.moments.get_key_value(id)?;
        self.by_moment.get(&(*at, id.clone()))
    }

    fn remove(&mut self, id: &str) -> Option<Notification> {
        let (id, at) = self.moments.remove_entry(id)?;
        let place = (at, id);
        let removed = self.by_moment.remove(&place)?;
        if let Some(conversation) = self.conversations.get_mut(&removed.conversation) {
            conversation.remove(&place);
            if conversation.is_empty() {
                self.conversations.remove(&removed.conversation);
            }
        }
        Some(removed)
    }

    fn forget_oldest(&mut self) {
        if let Some((_, id)) = self.by_moment.keys().next().cloned() {
            self.remove(&id);
        }
    }

    /// The places of a conversation that are there, the oldest first.
    fn of(&self, conversation: &str, now: Timestamp) -> impl DoubleEndedIterator<Item = &Place> {
        let all = self.conversations.get(conversation).into_iter().flatten();
        all.filter(move |(at, _)| *at <= now)
    }
}

impl Mailbox {
    /// Puts one in; it is there from its moment on.
    pub fn put(&self, notification: Notification) {
        self.lock().waiting.put(notification);
    }

    /// How many wait, those of later included.
    pub fn len(&self) -> usize {
        self.lock().waiting.by_moment.len()
    }

    /// The ids of those that wait, or of the last ones that were fetched, the oldest first.
    pub fn ids(&self, fetched: bool, now: Timestamp) -> Vec<String> {
        let boxes = self.lock();
        let of = if fetched { &boxes.fetched } else { &boxes.waiting };
        let there = of.by_moment.keys().take_while(|(at, _)| *at <= now);
        there.map(|(_, id)| id.clone()).collect()
    }

    /// One that waits: it counts as fetched then.
    pub fn fetch(&self, id: &str, now: Timestamp) -> Option<Notification> {
        let mut boxes = self.lock();
        boxes.waiting.get(id).filter(|one| one.at <= now)?;
        let notification = boxes.waiting.remove(id)?;
        boxes.fetched.put(notification.clone());
        if boxes.fetched.by_moment.len() > KEPT {
            boxes.fetched.forget_oldest();
        }
        Some(notification)
    }

    /// Those of a conversation that are there, the oldest first. Nobody takes them away.
    pub fn of(&self, conversation: &str, now: Timestamp) -> Vec<Notification> {
        let waiting = &self.lock().waiting;
        waiting.of(conversation, now).filter_map(|place| waiting.by_moment.get(place)).cloned().collect()
    }

    /// When the last of a conversation was there.
    pub fn last_of(&self, conversation: &str, now: Timestamp) -> Option<Timestamp> {
        self.lock().waiting.of(conversation, now).next_back().map(|(at, _)| *at)
    }

    /// One that was fetched before.
    pub fn again(&self, id: &str) -> Option<Notification> {
        self.lock().fetched.get(id).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Boxes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
