//! What some events change in lists, written once for each stream.

use std::collections::{BTreeMap, HashMap};

use dragoman_exchange::Exchange;
use dragoman_model::State;
use jiff::Timestamp;
use rusqlite::{Transaction, params};

use super::figures::Figures;
use super::shown::Shown;
use super::{Key, Remembered};
use crate::{NewEvent, StoreError};

/// What some events change.
#[derive(Default)]
pub struct Chunk {
    /// The streams that they happened to, as they were shown before, and when something happened.
    streams: HashMap<Key, (Option<Shown>, Timestamp)>,
    figures: Figures,
}

/// What is counted: tenant, kind, state, status, needs.
type Alike<'s> = (&'s str, &'s str, &'s str, &'s str, &'s str);

impl Chunk {
    /// Something is about to happen to a stream.
    pub fn before(&mut self, key: &Key, exchange: &Exchange, now: Timestamp) {
        if !self.streams.contains_key(key) {
            self.streams.insert(key.clone(), (Shown::of(&key.1, exchange, now), now));
        }
    }

    /// Something happened to a stream.
    pub fn figures(&mut self, now: &NewEvent, exchange: &Exchange, before: State) {
        self.figures.count(now, exchange, before);
    }

    /// Writes what has changed.
    pub fn write(&self, db: &Transaction<'_>, streams: &Remembered) -> Result<(), StoreError> {
        let shown =
            |key: &Key, now: &Timestamp| streams.get(key).and_then(|now_is| Shown::of(&key.1, now_is, *now));
        let mut changes: Vec<_> =
            self.streams.iter().filter_map(|(key, (was, now))| Some((key, was, shown(key, now)?))).collect();
        // In the order in which lists have them: what is written lies side by side.
        changes.sort_unstable_by(|(_, _, one), (_, _, other)| {
            (one.row.changed, &one.row.id).cmp(&(other.row.changed, &other.row.id))
        });
        let mut counts: BTreeMap<Alike<'_>, i64> = BTreeMap::new();
        for ((tenant, _), was, is) in &changes {
            let n = line(db, tenant, is)?;
            words(db, tenant, n, was.as_ref(), is)?;
            submissions(db, tenant, was.as_ref(), is)?;
            for (shown, by) in was.iter().map(|was| (was, -1)).chain([(is, 1)]) {
                let (kind, state, status, needs) = shown.tally();
                *counts.entry((tenant.as_str(), kind, state, status, needs)).or_default() += by;
            }
        }
        let mut count = db.prepare_cached(
            "INSERT INTO tally VALUES (?1,?2,?3,?4,?5,?6) ON CONFLICT DO UPDATE SET count = count + ?6",
        )?;
        for ((tenant, kind, state, status, needs), by) in counts.into_iter().filter(|(_, by)| *by != 0) {
            count.execute(params![tenant, kind, state, status, needs, by])?;
        }
        self.figures.write(db)
    }
}

/// Writes a row, and says its number.
fn line(db: &Transaction<'_>, tenant: &str, is: &Shown) -> Result<i64, StoreError> {
    let row = &is.row;
    let text = serde_json::to_string(row).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let put = "INSERT INTO line (id, tenant, kind, state, status, needs, deadline, began, changed, settled, row)
        VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT (id) DO UPDATE SET
        kind = ?3, state = ?4, status = ?5, needs = ?6, deadline = ?7, began = ?8, changed = ?9, settled = ?10, row = ?11
        RETURNING n";
    // What has no deadline comes behind all that has.
    let deadline = row.deadline.map_or(i64::MAX, Timestamp::as_microsecond);
    Ok(db.prepare_cached(put)?.query_row(
        params![
            row.id,
            tenant,
            row.kind,
            row.state,
            row.status,
            row.needs,
            deadline,
            row.began.as_microsecond(),
            row.changed.as_microsecond(),
            is.settled,
            text
        ],
        |row| row.get(0),
    )?)
}

fn words(
    db: &Transaction<'_>,
    tenant: &str,
    n: i64,
    was: Option<&Shown>,
    is: &Shown,
) -> Result<(), StoreError> {
    let before = was.map_or(&[][..], |was| &was.words[..]);
    for word in is.words.iter().filter(|word| !before.contains(word)) {
        db.prepare_cached("INSERT OR IGNORE INTO word VALUES (?1, ?2, ?3)")?
            .execute(params![tenant, word, n])?;
    }
    for word in before.iter().filter(|word| !is.words.contains(word)) {
        db.prepare_cached("DELETE FROM word WHERE tenant = ?1 AND word = ?2 AND n = ?3")?
            .execute(params![tenant, word, n])?;
    }
    Ok(())
}

fn submissions(
    db: &Transaction<'_>,
    tenant: &str,
    was: Option<&Shown>,
    is: &Shown,
) -> Result<(), StoreError> {
    let before = was.map_or(&[][..], |was| &was.submissions[..]);
    for one in is.submissions.iter().filter(|one| !before.contains(one)) {
        let (id, state) = one;
        db.prepare_cached("INSERT OR REPLACE INTO submission VALUES (?1, ?2, ?3)")?
            .execute(params![id, tenant, state])?;
    }
    Ok(())
}
