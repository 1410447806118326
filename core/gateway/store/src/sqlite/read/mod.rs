//! What is asked of the tables of the journal.

mod verify;

use dragoman_exchange::Event;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row as Found, ToSql, params};

pub use verify::verify;

use crate::chain::{Hash, NO_KEY, hex};
use crate::sqlite::keys;
use crate::{Job, Mark, MasterKey, NewEvent, Payload, Record, Seal, StoreError, StoredEvent};

/// The columns of an event.
pub const EVENT: &str =
    "seq, tenant, stream, submission, at, actor, body, media, key_id, payload_hash, data, hash, content_hash";

/// The columns of a job, and the tables that they are in.
pub const JOB: &str = "job.submission, job.tenant, job.stream, lane, due, attempts,
    coalesce(job.body, payload.bytes) AS body, about, coalesce(job.key_id, event.key_id) AS key_id";
pub const JOBS: &str =
    "job LEFT JOIN payload ON payload.seq = job.payload LEFT JOIN event ON event.seq = job.payload";

/// The events of a stream.
pub fn stream(db: &Connection, tenant: &str, stream: &str) -> Result<Vec<StoredEvent>, StoreError> {
    let query = format!("SELECT {EVENT} FROM event WHERE tenant = ?1 AND stream = ?2 ORDER BY seq");
    events(db, &query, params![tenant, stream])?.into_iter().map(|(_, event)| event).collect()
}

/// The events of a stream before a place.
pub fn before(db: &Connection, tenant: &str, stream: &str, seq: u64) -> Result<Vec<StoredEvent>, StoreError> {
    let query =
        format!("SELECT {EVENT} FROM event WHERE tenant = ?1 AND stream = ?2 AND seq < ?3 ORDER BY seq");
    events(db, &query, params![tenant, stream, seq])?.into_iter().map(|(_, event)| event).collect()
}

/// The events of all streams behind a place.
pub fn journal(db: &Connection, after: u64, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
    read_on(db, after, limit)?.into_iter().map(|(_, event)| event).collect()
}

/// The events of all streams behind a place, each of which may be damaged, with their places.
pub fn read_on(db: &Connection, after: u64, limit: usize) -> Result<Vec<MayBe>, StoreError> {
    let query = format!("SELECT {EVENT} FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    events(db, &query, params![after, limit])
}

/// A place, and the event there if it can be read.
type MayBe = (u64, Result<StoredEvent, StoreError>);

fn events(db: &Connection, query: &str, with: &[&dyn ToSql]) -> Result<Vec<MayBe>, StoreError> {
    let mut query = db.prepare_cached(query)?;
    let mut rows = query.query(with)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        events.push((seq, event(seq, row)));
    }
    Ok(events)
}

fn event(seq: u64, row: &Found<'_>) -> Result<StoredEvent, StoreError> {
    let damaged = |what: String| StoreError::Damaged(format!("event {seq}: {what}"));
    let at: String = row.get(4)?;
    let body: String = row.get(6)?;
    let payload_hash = row.get::<_, Option<Hash>>(9)?.map(|hash| hex(&hash));
    let key_id: Option<String> = row.get(8)?;
    // What is stored as it came has one hash.
    let content_hash = match row.get::<_, Option<Hash>>(12)? {
        None if key_id.as_deref() == Some(NO_KEY) => payload_hash.clone(),
        hash => hash.map(|hash| hex(&hash)),
    };
    let event: Event = serde_json::from_str(&body).map_err(|error| damaged(error.to_string()))?;
    Ok(StoredEvent {
        seq,
        event: NewEvent {
            tenant: row.get(1)?,
            stream: row.get(2)?,
            submission: row.get(3)?,
            at: at.parse().map_err(|error: jiff::Error| damaged(error.to_string()))?,
            actor: row.get(5)?,
            event,
            payload: None,
            data: row.get(10)?,
        },
        media: row.get(7)?,
        key_id,
        payload_hash,
        content_hash,
        hash: hex(&row.get::<_, Hash>(11)?),
    })
}

/// The last event of a stream; 0 where it has none.
pub fn last_of(db: &Connection, tenant: &str, stream: &str) -> rusqlite::Result<u64> {
    let query = "SELECT seq FROM event WHERE tenant = ?1 AND stream = ?2 ORDER BY seq DESC LIMIT 1";
    Ok(db
        .prepare_cached(query)?
        .query_row(params![tenant, stream], |row| row.get(0))
        .optional()?
        .unwrap_or(0))
}

/// The payload of an event, and what it is sealed with.
pub fn payload(
    db: &Connection,
    master: &MasterKey,
    tenant: &str,
    seq: u64,
) -> Result<Option<(Payload, Option<Seal>)>, StoreError> {
    let query = "SELECT media, bytes, stream, key_id FROM event JOIN payload USING (seq)
                 WHERE seq = ?1 AND tenant = ?2";
    let found = db.prepare_cached(query)?.query_row(params![seq, tenant], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
    });
    let Some((media, stored, stream, key_id)) = found.optional()? else { return Ok(None) };
    let opened = keys::open(db, master, (tenant, &stream), &key_id, stored)?;
    Ok(opened.map(|(bytes, seal)| (Payload { media, bytes }, seal)))
}

/// A job of a row with its columns in their order, its body as it is stored, and what that is sealed with.
pub fn job_of(row: &Found<'_>) -> rusqlite::Result<(Job, Option<String>)> {
    let due: Option<i64> = row.get(4)?;
    let job = Job {
        submission: row.get(0)?,
        tenant: row.get(1)?,
        stream: row.get(2)?,
        lane: row.get(3)?,
        due: due.and_then(|due| Timestamp::from_microsecond(due).ok()).unwrap_or(Timestamp::MAX),
        attempts: row.get(5)?,
        body: row.get(6)?,
        about: row.get(7)?,
    };
    Ok((job, row.get(8)?))
}

/// A job whose body is as it was given.
pub fn opened_job(
    db: &Connection,
    master: &MasterKey,
    (mut job, key_id): (Job, Option<String>),
) -> Result<Job, StoreError> {
    if let Some(key_id) = key_id {
        let gone = || StoreError::Damaged(format!("the key of what is sent by {} is gone", job.submission));
        let own = (job.tenant.as_str(), job.stream.as_str());
        let opened = keys::open(db, master, own, &key_id, std::mem::take(&mut job.body))?;
        job.body = opened.ok_or_else(gone)?.0;
    }
    Ok(job)
}

/// The job of a submission.
pub fn job(
    db: &Connection,
    master: &MasterKey,
    tenant: &str,
    submission: &str,
) -> Result<Option<Job>, StoreError> {
    let query = format!("SELECT {JOB} FROM {JOBS} WHERE job.submission = ?1 AND job.tenant = ?2");
    let found = db.prepare_cached(&query)?.query_row(params![submission, tenant], job_of).optional()?;
    found.map(|found| opened_job(db, master, found)).transpose()
}

/// What a key stands for.
pub fn mark(db: &Connection, tenant: &str, space: &str, value: &str) -> Result<Option<Mark>, StoreError> {
    Ok(mark_at(db, tenant, space, value)?)
}

/// What a key stands for, in a transaction.
pub fn mark_at(db: &Connection, tenant: &str, space: &str, value: &str) -> rusqlite::Result<Option<Mark>> {
    let query = "SELECT stream, submission, digest FROM mark WHERE tenant = ?1 AND space = ?2 AND value = ?3";
    db.prepare_cached(query)?
        .query_row(params![tenant, space, value], |row| {
            Ok(Mark {
                tenant: tenant.to_owned(),
                space: space.to_owned(),
                value: value.to_owned(),
                stream: row.get(0)?,
                submission: row.get(1)?,
                digest: row.get(2)?,
            })
        })
        .optional()
}

/// A record.
pub fn record(db: &Connection, tenant: &str, space: &str, key: &str) -> Result<Option<Record>, StoreError> {
    Ok(record_at(db, tenant, space, key)?)
}

/// A record, in a transaction.
pub fn record_at(db: &Connection, tenant: &str, space: &str, key: &str) -> rusqlite::Result<Option<Record>> {
    let query = "SELECT key, revision, body FROM record WHERE tenant = ?1 AND space = ?2 AND key = ?3";
    db.prepare_cached(query)?.query_row(params![tenant, space, key], record_of).optional()
}

fn record_of(row: &Found<'_>) -> rusqlite::Result<Record> {
    Ok(Record { key: row.get(0)?, revision: row.get(1)?, body: row.get(2)? })
}

/// Records by their keys.
pub fn records(
    db: &Connection,
    tenant: &str,
    space: &str,
    after: &str,
    limit: usize,
) -> Result<Vec<Record>, StoreError> {
    let query = "SELECT key, revision, body FROM record WHERE tenant = ?1 AND space = ?2 AND key > ?3 ORDER BY key LIMIT ?4";
    let mut query = db.prepare_cached(query)?;
    let found = query.query_map(params![tenant, space, after, limit], record_of)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
