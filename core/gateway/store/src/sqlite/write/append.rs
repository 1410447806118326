//! A batch, written.

use dragoman_exchange::Event;
use rusqlite::{Transaction, params};

use super::jobs;
use crate::chain::{Hash, digest, link};
use crate::sqlite::{keys, read};
use crate::{Batch, Lease, Mark, MasterKey, NewEvent, Place, RecordChange, StoreError};

/// A batch with what can be made of its events before it is their turn.
pub struct Encoded {
    batch: Batch,
    texts: Vec<Text>,
}

/// An event as it is stored.
struct Text {
    at: String,
    body: String,
    content_hash: Option<Hash>,
}

impl Encoded {
    /// Encodes the events of a batch.
    pub fn new(batch: Batch) -> Result<Self, StoreError> {
        let text = |event: &NewEvent| {
            Ok(Text {
                at: event.at.to_string(),
                body: serde_json::to_string(&event.event)
                    .map_err(|error| StoreError::Damaged(error.to_string()))?,
                content_hash: event.payload.as_ref().map(|payload| digest(&payload.bytes)),
            })
        };
        Ok(Self { texts: batch.events.iter().map(text).collect::<Result<_, StoreError>>()?, batch })
    }

    /// About how much there is to write.
    pub fn bytes(&self) -> usize {
        let payload = |event: &NewEvent| event.payload.as_ref().map_or(0, |payload| payload.bytes.len());
        self.batch.events.iter().map(payload).sum()
    }
}

/// Writes a batch. What it stands on is looked at first: where that does not hold, nothing is written.
pub fn commit(
    db: &Transaction<'_>,
    master: &MasterKey,
    end: &mut (u64, Hash),
    encoded: &Encoded,
) -> Result<Result<Vec<u64>, StoreError>, StoreError> {
    let Encoded { batch, texts } = encoded;
    if let Some(error) = refused(db, batch)? {
        return Ok(Err(error));
    }
    for concern in &batch.concerns {
        keys::concern(db, master, concern)?;
    }
    let mut places = Vec::with_capacity(batch.events.len());
    for (event, text) in batch.events.iter().zip(texts) {
        places.push(append(db, master, end, event, text)?);
    }
    for mark in batch.marks.iter().chain(&batch.links) {
        put_mark(db, mark)?;
    }
    for job in &batch.jobs {
        jobs::change(db, master, job, batch, &places)?;
    }
    for change in &batch.records {
        change_record(db, change)?;
    }
    for (tenant, subject) in &batch.forgotten {
        keys::forget(db, tenant, subject)?;
    }
    Ok(Ok(places))
}

/// Why a batch cannot be done.
fn refused(db: &Transaction<'_>, batch: &Batch) -> rusqlite::Result<Option<StoreError>> {
    for Lease { submission, until } in &batch.leases {
        if jobs::lease(db, submission)? != Some(until.as_microsecond()) {
            return Ok(Some(StoreError::Lost { submission: submission.clone() }));
        }
    }
    for Place { tenant, stream, seq } in &batch.places {
        if read::last_of(db, tenant, stream)? != *seq {
            return Ok(Some(StoreError::Moved { stream: stream.clone() }));
        }
    }
    for mark in &batch.marks {
        if let Some(first) = read::mark_at(db, &mark.tenant, &mark.space, &mark.value)? {
            return Ok(Some(StoreError::Conflict(Box::new(first))));
        }
    }
    for change in &batch.records {
        let found = read::record_at(db, &change.tenant, &change.space, &change.key)?;
        if found.map_or(0, |record| record.revision) != change.expected {
            let (space, key) = (change.space.clone(), change.key.clone());
            return Ok(Some(StoreError::Stale { space, key }));
        }
    }
    jobs::refused(db, batch)
}

fn append(
    db: &Transaction<'_>,
    master: &MasterKey,
    end: &mut (u64, Hash),
    event: &NewEvent,
    text: &Text,
) -> Result<u64, StoreError> {
    let seq = end.0 + 1;
    let media = event.payload.as_ref().map(|payload| payload.media.as_str());
    let sealed = event
        .payload
        .as_ref()
        .map(|payload| keys::seal(db, master, (&event.tenant, &event.stream), &payload.bytes));
    let (key_id, stored) = sealed.transpose()?.unzip();
    let payload_hash = stored.as_deref().map(digest);
    let hash = link(
        &end.1,
        seq,
        [
            Some(event.tenant.as_bytes()),
            Some(event.stream.as_bytes()),
            event.submission.as_ref().map(String::as_bytes),
            Some(text.at.as_bytes()),
            Some(event.actor.as_bytes()),
            Some(text.body.as_bytes()),
            media.map(str::as_bytes),
            key_id.as_ref().map(String::as_bytes),
            payload_hash.as_ref().map(Hash::as_slice),
            event.data.as_ref().map(String::as_bytes),
        ],
    );
    if matches!(event.event, Event::Erased { .. }) {
        erase(db, event)?;
    }
    db.prepare_cached("INSERT INTO event VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)")?.execute(
        params![
            seq,
            event.tenant,
            event.stream,
            event.submission,
            text.at,
            event.actor,
            text.body,
            media,
            key_id,
            payload_hash,
            event.data,
            hash,
            text.content_hash,
        ],
    )?;
    if let Some(stored) = stored {
        db.prepare_cached("INSERT INTO payload VALUES (?1, ?2)")?.execute(params![seq, stored])?;
    }
    *end = (seq, hash);
    Ok(seq)
}

fn erase(db: &Transaction<'_>, event: &NewEvent) -> rusqlite::Result<()> {
    // What is deleted is overwritten; the log that still has it is written over in turn.
    db.pragma_update(None, "secure_delete", true)?;
    let own = params![event.tenant, event.stream];
    let erase = "DELETE FROM payload WHERE seq IN (SELECT seq FROM event WHERE tenant = ?1 AND stream = ?2)";
    let forget = "UPDATE event SET content_hash = NULL WHERE tenant = ?1 AND stream = ?2";
    let erased = db.prepare_cached(erase)?.execute(own).and_then(|_| db.prepare_cached(forget)?.execute(own));
    db.pragma_update(None, "secure_delete", false)?;
    erased.map(drop)
}

/// The first of a key stays.
fn put_mark(db: &Transaction<'_>, mark: &Mark) -> rusqlite::Result<()> {
    let Mark { tenant, space, value, stream, submission, digest } = mark;
    db.prepare_cached("INSERT OR IGNORE INTO mark VALUES (?1,?2,?3,?4,?5,?6)")?
        .execute(params![tenant, space, value, stream, submission, digest])?;
    Ok(())
}

fn change_record(db: &Transaction<'_>, change: &RecordChange) -> rusqlite::Result<()> {
    let RecordChange { tenant, space, key, expected, body } = change;
    match body {
        Some(body) => db
            .prepare_cached("INSERT OR REPLACE INTO record VALUES (?1,?2,?3,?4,?5)")?
            .execute(params![tenant, space, key, expected + 1, body])?,
        None => db
            .prepare_cached("DELETE FROM record WHERE tenant = ?1 AND space = ?2 AND key = ?3")?
            .execute(params![tenant, space, key])?,
    };
    Ok(())
}
