//! What some events change in lists, written once for each stream.

use std::collections::{BTreeMap, HashMap};

use dragoman_exchange::Exchange;
use dragoman_model::State;
use jiff::Timestamp;
use rusqlite::{Transaction, params};

use super::figures::Figures;
use super::shown::{Shown, Sort};
use super::{Key, Remembered};
use crate::{NewEvent, StoreError};

/// What some events change.
#[derive(Default)]
pub struct Chunk {
    /// The streams that they happened to, as they were shown before, and when something happened.
    streams: HashMap<Key, Before>,
    figures: Figures,
}

/// What was shown of a stream, and when something happened to it.
type Before = (Option<Box<Shown>>, Timestamp);

/// What is shown of a stream, and what was before.
struct Change<'c> {
    tenant: &'c str,
    /// The stream's number.
    n: u64,
    was: Option<&'c Shown>,
    is: Shown,
}

impl Chunk {
    /// Something is about to happen to a stream.
    pub fn before(&mut self, key: &Key, exchange: &Exchange, now: Timestamp) {
        if !self.streams.contains_key(key) {
            self.streams.insert(key.clone(), (Shown::of(&key.1, exchange, now).map(Box::new), now));
        }
    }

    /// Something happened to a stream.
    pub fn figures(&mut self, now: &NewEvent, exchange: &Exchange, before: State) {
        self.figures.count(now, exchange, before);
    }

    /// Writes what has changed.
    pub fn write(&self, db: &Transaction<'_>, streams: &Remembered) -> Result<(), StoreError> {
        let mut changes: Vec<_> = self.streams.iter().filter_map(|one| Change::of(one, streams)).collect();
        // New streams lie one behind the other.
        changes.sort_unstable_by_key(|change| change.n);
        lines(db, &changes)?;
        words(db, &changes)?;
        submissions(db, &changes)?;
        self.figures.write(db)
    }
}

impl<'c> Change<'c> {
    fn of((key, (was, now)): (&'c Key, &'c Before), streams: &Remembered) -> Option<Self> {
        let (n, exchange) = streams.get(key)?;
        let is = Shown::of(&key.1, exchange, *now)?;
        Some(Self { tenant: &key.0, n: *n, was: was.as_deref(), is })
    }

    /// What it shows now and did not before.
    fn added<'s, T: PartialEq + 's>(
        &'s self,
        of: impl Fn(&'s Shown) -> &'s [T],
    ) -> impl Iterator<Item = &'s T> {
        let before = self.was.map_or(&[][..], &of);
        of(&self.is).iter().filter(move |one| !before.contains(one))
    }

    /// What it showed before and does no longer.
    fn gone<'s, T: PartialEq + 's>(
        &'s self,
        of: impl Fn(&'s Shown) -> &'s [T],
    ) -> impl Iterator<Item = &'s T> {
        let now = of(&self.is);
        self.was.map_or(&[][..], of).iter().filter(move |one| !now.contains(one))
    }
}

/// Counts how many streams there are of each sort, and says the sorts' numbers.
fn sorts<'c>(
    db: &Transaction<'_>,
    changes: &'c [Change<'c>],
) -> Result<BTreeMap<(&'c str, Sort<'c>), i64>, StoreError> {
    let mut counts: BTreeMap<_, i64> = BTreeMap::new();
    for Change { tenant, was, is, .. } in changes {
        for (shown, by) in was.iter().map(|was| (*was, -1)).chain([(is, 1)]) {
            *counts.entry((*tenant, shown.sort())).or_default() += by;
        }
    }
    let mut count = db.prepare_cached(
        "INSERT INTO sort (tenant, kind, state, status, needs, settled, count) VALUES (?1,?2,?3,?4,?5,?6,?7)
         ON CONFLICT DO UPDATE SET count = count + ?7 RETURNING sort",
    )?;
    for ((tenant, sort), by) in &mut counts {
        let Sort { kind, state, status, needs, settled } = sort;
        let with = params![tenant, kind, state, status, needs, settled, *by];
        *by = count.query_row(with, |row| row.get(0))?;
    }
    Ok(counts)
}

fn lines(db: &Transaction<'_>, changes: &[Change<'_>]) -> Result<(), StoreError> {
    let sorts = sorts(db, changes)?;
    let mut put = db.prepare_cached("INSERT OR REPLACE INTO line VALUES (?1,?2,?3,?4,?5,?6)")?;
    for Change { tenant, n, is, .. } in changes {
        let row = &is.row;
        let text = serde_json::to_string(row).map_err(|error| StoreError::Damaged(error.to_string()))?;
        // Of what needs somebody: what has no deadline comes behind all that has.
        let last = row.deadline.map_or(i64::MAX, Timestamp::as_microsecond);
        let deadline = row.needs.is_some().then_some(last);
        let (changed, began) = (row.changed.as_microsecond(), row.began.as_microsecond());
        put.execute(params![n, sorts.get(&(*tenant, is.sort())), changed, deadline, began, text])?;
    }
    Ok(())
}

fn words(db: &Transaction<'_>, changes: &[Change<'_>]) -> Result<(), StoreError> {
    let mut put = db.prepare_cached("INSERT OR IGNORE INTO word VALUES (?1, ?2, ?3)")?;
    let mut take = db.prepare_cached("DELETE FROM word WHERE tenant = ?1 AND word = ?2 AND n = ?3")?;
    for change in changes {
        for word in change.added(|shown| &shown.words) {
            put.execute(params![change.tenant, word, change.n])?;
        }
        for word in change.gone(|shown| &shown.words) {
            take.execute(params![change.tenant, word, change.n])?;
        }
    }
    Ok(())
}

fn submissions(db: &Transaction<'_>, changes: &[Change<'_>]) -> Result<(), StoreError> {
    let mut put = db.prepare_cached("INSERT OR REPLACE INTO submission VALUES (?1, ?2, ?3, ?4)")?;
    for change in changes {
        for (number, state) in change.added(|shown| &shown.submissions) {
            put.execute(params![change.n, number, change.tenant, state])?;
        }
    }
    Ok(())
}
