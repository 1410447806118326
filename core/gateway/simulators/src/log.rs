//! What came in, in order.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
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
const KEPT: usize = 20_000;

/// The log. Counts are kept of all requests and references of all that came twice; all else of the last requests.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    count: u64,
    last: VecDeque<Entry>,
    /// How often each route was taken with each status.
    counts: HashMap<(String, u16), u64>,
    taken: u64,
    /// What was taken, by route and reference, as numbers of 64 bits: of a million, two are alike once in 30 million runs.
    known: HashSet<u64>,
    numbers: RandomState,
    /// How often a message was taken that had been taken before.
    again: HashMap<(String, String), u32>,
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
            kept.taken += 1;
            let what = (entry.route.clone(), entry.lrn.clone());
            let number = kept.numbers.hash_one(&what);
            if !kept.known.insert(number) {
                *kept.again.entry(what).or_insert(1) += 1;
            }
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner).taken
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
        let again = kept.again.iter();
        let mut twice: Vec<_> = again
            .map(|((route, lrn), times)| Twice { route: route.clone(), lrn: lrn.clone(), times: *times })
            .collect();
        twice.sort();
        twice
    }
}
