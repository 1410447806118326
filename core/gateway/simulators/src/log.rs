//! What came in, in order.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// When it came.
    pub at: Timestamp,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// The route that it took; none where there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub route: String,
    /// The status that it was answered with.
    pub status: u16,
    /// The message's reference.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lrn: String,
    /// The number of the declaration that it is about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mrn: String,
    /// What its answers belong to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub conversation: String,
    /// The order that it is about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub order: String,
    /// The behaviour that was played.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub played: String,
    /// True where a message was taken, whatever was answered.
    pub taken: bool,
}

/// How many requests are kept in full.
const KEPT: usize = 100_000;

/// The log. Counts and references are kept of all requests, all else of the last ones.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    count: u64,
    last: VecDeque<Entry>,
    /// How often each route was taken with each status.
    counts: HashMap<(String, u16), u64>,
    /// How often a message of each reference was taken, by route.
    taken: HashMap<(String, String), u32>,
    taken_in_all: u64,
}

/// How often a route was taken, with which status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Count {
    pub route: String,
    pub status: u16,
    pub times: u64,
}

/// A reference that came twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Twice {
    /// The route.
    pub route: String,
    /// The reference.
    pub lrn: String,
    /// How often it was taken.
    pub times: u32,
}

impl Log {
    /// Adds a request.
    pub fn add(&self, mut entry: Entry) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.count += 1;
        entry.number = kept.count;
        *kept.counts.entry((entry.route.clone(), entry.status)).or_default() += 1;
        if entry.taken {
            kept.taken_in_all += 1;
            *kept.taken.entry((entry.route.clone(), entry.lrn.clone())).or_default() += 1;
        }
        if kept.last.len() == KEPT {
            kept.last.pop_front();
        }
        kept.last.push_back(entry);
    }

    /// The requests behind a number, so many at most.
    pub fn after(&self, number: u64, most: usize) -> Vec<Entry> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last.iter().filter(|entry| entry.number > number).take(most).cloned().collect()
    }

    /// How many requests came.
    pub fn len(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    /// How many messages were taken.
    pub fn taken(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).taken_in_all
    }

    /// How often what was asked, sorted.
    pub fn counts(&self) -> Vec<Count> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = kept.counts.iter();
        let mut counts: Vec<_> = counts
            .map(|((route, status), times)| Count { route: route.clone(), status: *status, times: *times })
            .collect();
        counts.sort();
        counts
    }

    /// References that were taken more than once on one route, sorted.
    pub fn twice(&self) -> Vec<Twice> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let twice = kept.taken.iter().filter(|(_, times)| **times > 1);
        let mut twice: Vec<_> = twice
            .map(|((route, lrn), times)| Twice { route: route.clone(), lrn: lrn.clone(), times: *times })
            .collect();
        twice.sort();
        twice
    }
}
