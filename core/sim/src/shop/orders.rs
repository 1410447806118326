//! All orders of a platform, by id and by their times.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::door::Time;
use crate::shop::Order;

/// A place in a list: a time, and the order there.
pub(crate) type Key = (Timestamp, String);

/// The orders.
#[derive(Debug, Default)]
pub struct Orders {
    by_id: HashMap<String, Order>,
    created: BTreeSet<Key>,
    updated: BTreeSet<Key>,
}

impl Orders {
    /// Adds an order, in the place of one with the same id.
    pub fn put(&mut self, order: Order) {
        self.remove(&order.id);
        self.created.insert((order.created, order.id.clone()));
        self.updated.insert((order.updated, order.id.clone()));
        self.by_id.insert(order.id.clone(), order);
    }

    /// An order.
    pub fn get(&self, id: &str) -> Option<&Order> {
        self.by_id.get(id)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// All of them, in the order in which they were placed.
    pub fn all(&self) -> impl Iterator<Item = &Order> {
        self.created.iter().filter_map(|(_, id)| self.by_id.get(id))
    }

    /// The first order that is so.
    pub fn find(&self, is: impl Fn(&Order) -> bool) -> Option<&Order> {
        self.by_id.values().find(|order| is(order))
    }

    /// The orders from a place on, by one of their times.
    pub(crate) fn from(&self, time: Time, from: &Key) -> impl Iterator<Item = (&Key, &Order)> {
        let keys = match time {
            Time::Created => &self.created,
            Time::Updated => &self.updated,
        };
        keys.range(from..).filter_map(|key| Some((key, self.by_id.get(&key.1)?)))
    }

    fn remove(&mut self, id: &str) {
        if let Some(order) = self.by_id.remove(id) {
            self.created.remove(&(order.created, order.id.clone()));
            self.updated.remove(&(order.updated, order.id));
        }
    }
}
