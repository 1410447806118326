//! What is asked of the tables.

use dragoman_exchange::Event;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row as Found, ToSql, params};

use crate::chain::{Hash, START, digest, hex, link};
use crate::{
    Figure, Job, Ledger, Mark, NewEvent, Payload, Query, Record, Row, StoreError, StoredEvent, Verified,
};

/// The columns of an event, without its payload.
const EVENT: &str =
    "seq, tenant, stream, submission, at, actor, body, media, key_id, payload_hash, data, hash";

/// The events of a stream.
pub fn stream(db: &Connection, tenant: &str, stream: &str) -> Result<Vec<StoredEvent>, StoreError> {
    let query = format!("SELECT {EVENT} FROM event WHERE tenant = ?1 AND stream = ?2 ORDER BY seq");
    events(db, &query, params![tenant, stream])
}

/// The events of all streams behind a place.
pub fn journal(db: &Connection, after: u64, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
    events(
        db,
        &format!("SELECT {EVENT} FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2"),
        params![after, limit],
    )
}

fn events(db: &Connection, query: &str, with: &[&dyn ToSql]) -> Result<Vec<StoredEvent>, StoreError> {
    let mut query = db.prepare_cached(query)?;
    let mut rows = query.query(with)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(event(row)?);
    }
    Ok(events)
}

fn event(row: &Found<'_>) -> Result<StoredEvent, StoreError> {
    let seq: u64 = row.get(0)?;
    let damaged = |what: String| StoreError::Damaged(format!("event {seq}: {what}"));
    let at: String = row.get(4)?;
    let body: String = row.get(6)?;
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
        payload_hash: row.get::<_, Option<Hash>>(9)?.map(|hash| hex(&hash)),
        hash: hex(&row.get::<_, Hash>(11)?),
    })
}

/// The payload of an event.
pub fn payload(db: &Connection, tenant: &str, seq: u64) -> Result<Option<Payload>, StoreError> {
    let found = db
        .prepare_cached("SELECT media, payload FROM event WHERE seq = ?1 AND tenant = ?2")?
        .query_row(params![seq, tenant], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))
        })
        .optional()?;
    Ok(found.and_then(|(media, bytes)| Some(Payload { media: media?, bytes: bytes? })))
}

/// A job of a row with its columns in their order.
pub fn job_of(row: &Found<'_>) -> rusqlite::Result<Job> {
    let due: Option<i64> = row.get(4)?;
    Ok(Job {
        submission: row.get(0)?,
        tenant: row.get(1)?,
        stream: row.get(2)?,
        lane: row.get(3)?,
        due: due.and_then(|due| Timestamp::from_microsecond(due).ok()).unwrap_or(Timestamp::MAX),
        attempts: row.get(5)?,
        body: row.get(6)?,
        about: row.get(7)?,
    })
}

/// The job of a submission.
pub fn job(db: &Connection, tenant: &str, submission: &str) -> Result<Option<Job>, StoreError> {
    let query = "SELECT submission, tenant, stream, lane, due, attempts, body, about FROM job
                 WHERE submission = ?1 AND tenant = ?2";
    Ok(db.prepare_cached(query)?.query_row(params![submission, tenant], job_of).optional()?)
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

/// Streams, newest change first. Every combination of conditions walks along an index in the list's own order, so that a
/// page costs the same however many streams there are.
pub fn list(db: &Connection, query: &Query) -> Result<Vec<Row>, StoreError> {
    let mut conditions = vec!["tenant = :tenant"];
    let after = query.after.as_ref();
    let (changed, id) = (after.map(|(at, _)| at.as_microsecond()), after.map(|(_, id)| id.as_str()));
    let word = query.text.as_ref().map(|text| text.trim().to_lowercase());
    let beyond = word.as_ref().map(|word| format!("{word}\u{10FFFF}"));
    let cause = query.cause.as_ref().map(|cause| format!("cause:{cause}"));
    let mut with: Vec<(&str, &dyn ToSql)> = vec![(":tenant", &query.tenant), (":limit", &query.limit)];
    let members: [(&Option<String>, &str, &'static str); 4] = [
        (&query.kind, ":kind", "kind = :kind"),
        (&query.state, ":state", "state = :state"),
        (&query.status, ":status", "status = :status"),
        (&query.needs, ":needs", "needs = :needs"),
    ];
    for (value, name, condition) in &members {
        if value.is_some() {
            conditions.push(condition);
            with.push((name, value));
        }
    }
    if changed.is_some() {
        conditions.push("(changed, id) < (:changed, :id)");
        with.extend([(":changed", &changed as &dyn ToSql), (":id", &id)]);
    }
    if word.is_some() {
        conditions.push("id IN (SELECT id FROM word WHERE tenant = :tenant AND word >= :word AND word < :beyond LIMIT 10000)");
        with.extend([(":word", &word as &dyn ToSql), (":beyond", &beyond)]);
    }
    if cause.is_some() {
        conditions.push("id IN (SELECT id FROM word WHERE tenant = :tenant AND word = :cause)");
        with.push((":cause", &cause));
    }
    let conditions = conditions.join(" AND ");
    let text = format!("SELECT row FROM line WHERE {conditions} ORDER BY changed DESC, id DESC LIMIT :limit");
    let mut found = db.prepare_cached(&text)?;
    let mut rows = found.query(with.as_slice())?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let row: String = row.get(0)?;
        lines.push(serde_json::from_str(&row).map_err(|error| StoreError::Damaged(error.to_string()))?);
    }
    Ok(lines)
}

/// Counts and values by day.
pub fn figures(db: &Connection, tenant: &str, since: &str) -> Result<Vec<Figure>, StoreError> {
    let query = "SELECT day, what, corridor, currency, count, amount FROM figure
                 WHERE tenant = ?1 AND day >= ?2 ORDER BY day, what, corridor, currency";
    let mut query = db.prepare_cached(query)?;
    let found = query.query_map(params![tenant, since], |row| {
        Ok(Figure {
            day: row.get(0)?,
            what: row.get(1)?,
            corridor: row.get(2)?,
            currency: row.get(3)?,
            count: row.get(4)?,
            amount: row.get(5)?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// What became of all submissions. Those that were accepted are counted in the journal, their states by themselves: a
/// submission that was lost on the way shows.
pub fn ledger(db: &Connection, tenant: Option<&str>) -> Result<Ledger, StoreError> {
    let accepted =
        "SELECT count(*) FROM event INDEXED BY event_accepted WHERE seq <= (SELECT seq FROM derived)
                    AND json_extract(body, '$.event') = 'accepted' AND (?1 IS NULL OR tenant = ?1)";
    let mut ledger =
        Ledger { accepted: db.query_row(accepted, [tenant], |row| row.get(0))?, ..Ledger::default() };
    let states = "SELECT state, count(*) FROM submission WHERE ?1 IS NULL OR tenant = ?1 GROUP BY state";
    let mut states = db.prepare_cached(states)?;
    let mut rows = states.query([tenant])?;
    while let Some(row) = rows.next()? {
        let count: u64 = row.get(1)?;
        let state: String = row.get(0)?;
        match state.as_str() {
            "delivered" => ledger.delivered += count,
            "refused" => ledger.refused += count,
            "dead" => ledger.dead += count,
            _ => ledger.open += count,
        }
    }
    Ok(ledger)
}

/// Recomputes the hash chain and the hashes of all payloads.
pub fn verify(db: &Connection) -> Result<Verified, StoreError> {
    let mut verified = Verified::default();
    let (mut before, mut expected) = (START, 1_u64);
    let mut all = db.prepare(&format!("SELECT {EVENT}, payload FROM event ORDER BY seq"))?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        if seq != expected {
            verified.broken.push((expected, format!("events {expected} to {} are missing", seq - 1)));
        }
        let text = |column: usize| row.get::<_, Option<String>>(column);
        let parts = [text(1)?, text(2)?, text(3)?, text(4)?, text(5)?, text(6)?, text(7)?, text(8)?];
        let payload_hash: Option<Hash> = row.get(9)?;
        let data = text(10)?;
        let parts = parts.iter().map(|part| part.as_ref().map(String::as_bytes));
        let rest = [payload_hash.as_ref().map(Hash::as_slice), data.as_ref().map(String::as_bytes)];
        let stored: Hash = row.get(11)?;
        if link(&before, seq, parts.chain(rest)) != stored {
            verified.broken.push((seq, "the event is not what was stored, or not where".into()));
        }
        let payload: Option<Vec<u8>> = row.get(12)?;
        match (payload, payload_hash) {
            (Some(bytes), hash) => {
                verified.payloads += 1;
                if hash != Some(digest(&bytes)) {
                    verified.broken.push((seq, "the payload is not what was stored".into()));
                }
            }
            (None, Some(_)) => verified.erased += 1,
            (None, None) => {}
        }
        (before, expected) = (stored, seq + 1);
        verified.events += 1;
    }
    verified.head = hex(&before);
    Ok(verified)
}
