//! The keys of persons: whom a stream is about, and what its payloads are sealed with.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::chain::{NO_KEY, STREAM_KEY};
use crate::seal::{self, SubjectKey, TenantKey};
use crate::{Concern, MasterKey, Seal, StoreError};

/// Between the ids of the persons that a payload is sealed for.
const AND: &str = "+";

/// The master key of a store, from a file: the one that it was made with. A store that has none yet takes the file's, or
/// a new one.
pub fn master(db: &Connection, file: &Path) -> Result<MasterKey, StoreError> {
    let found: Option<Vec<u8>> = db.query_row("SELECT mark FROM master", [], |row| row.get(0)).optional()?;
    let Some(mark) = found else {
        let master = MasterKey::read_or_make(file)?;
        db.execute("INSERT INTO master VALUES (?1)", [master.mark()])?;
        return Ok(master);
    };
    let master = MasterKey::read(file)?;
    let other = || StoreError::Key(format!("{}: the store is sealed with another key", file.display()));
    if master.mark() == mark { Ok(master) } else { Err(other()) }
}

/// Says that a stream is about a person, and makes that person's key where there is none.
pub fn concern(db: &Transaction<'_>, master: &MasterKey, concern: &Concern) -> Result<(), StoreError> {
    let Concern { tenant, stream, person } = concern;
    let own = master.tenant(tenant);
    let subject = own.subject(person);
    let is_new = db
        .prepare_cached("INSERT OR IGNORE INTO concern VALUES (?1,?2,?3)")?
        .execute(params![tenant, stream, subject])?;
    if is_new > 0 && !matches!(kept(db, tenant, &subject)?, KeptKey::Wrapped(_)) {
        let (_, key) = own.new_subject(&subject)?;
        db.prepare_cached("INSERT OR REPLACE INTO subject VALUES (?1,?2,?3)")?
            .execute(params![tenant, subject, key])?;
    }
    Ok(())
}

/// Seals what belongs to a stream: the id of its keys, and the bytes as they are stored.
pub fn seal(
    db: &Connection,
    master: &MasterKey,
    (tenant, stream): (&str, &str),
    bytes: &[u8],
) -> Result<(String, Vec<u8>), StoreError> {
    let subjects = concerned(db, tenant, stream)?;
    let id = if subjects.is_empty() { STREAM_KEY.to_owned() } else { subjects.join(AND) };
    let missing = || StoreError::Damaged(format!("a key of `{id}` is missing"));
    let keys = keys(db, &master.tenant(tenant), (tenant, stream), &id)?.ok_or_else(missing)?;
    let sealed = seal::seal(&keys, bytes)?;
    Ok((id, sealed))
}

/// Bytes as they came or went, and what they are sealed with.
pub type Opened = (Vec<u8>, Option<Seal>);

/// What is kept of the key of a person.
enum KeptKey {
    /// There never was one.
    None,
    /// It was destroyed.
    Destroyed,
    /// It is wrapped in the tenant's.
    Wrapped(Vec<u8>),
}

/// What is stored of a stream, opened. None where a key of it was destroyed.
pub fn open(
    db: &Connection,
    master: &MasterKey,
    (tenant, stream): (&str, &str),
    key_id: &str,
    stored: Vec<u8>,
) -> Result<Option<Opened>, StoreError> {
    if key_id == NO_KEY {
        return Ok(Some((stored, None)));
    }
    let Some(keys) = keys(db, &master.tenant(tenant), (tenant, stream), key_id)? else { return Ok(None) };
    let (bytes, seal) = seal::open(&keys, &stored)?;
    Ok(Some((bytes, Some(seal))))
}

/// The persons that a stream is about.
pub fn concerned(db: &Connection, tenant: &str, stream: &str) -> rusqlite::Result<Vec<String>> {
    let query = "SELECT subject FROM concern WHERE tenant = ?1 AND stream = ?2 ORDER BY subject";
    db.prepare_cached(query)?.query_map([tenant, stream], |row| row.get(0))?.collect()
}

/// The streams that are about a person.
pub fn concerning(db: &Connection, tenant: &str, subject: &str) -> rusqlite::Result<Vec<String>> {
    let query = "SELECT stream FROM concern WHERE tenant = ?1 AND subject = ?2 ORDER BY stream";
    db.prepare_cached(query)?.query_map([tenant, subject], |row| row.get(0))?.collect()
}

/// Destroys the key of a person; no stream is about that person any more. One who comes back gets another key.
pub fn forget(db: &Transaction<'_>, tenant: &str, subject: &str) -> rusqlite::Result<()> {
    // What is taken away is overwritten.
    db.pragma_update(None, "secure_delete", true)?;
    let gone = db
        .execute("UPDATE subject SET key = NULL WHERE tenant = ?1 AND id = ?2", [tenant, subject])
        .and_then(|_| {
            db.execute("DELETE FROM concern WHERE tenant = ?1 AND subject = ?2", [tenant, subject])
        });
    db.pragma_update(None, "secure_delete", false)?;
    gone.map(drop)
}

/// What is kept of keys that is no longer whole, by the person's id; empty for the master key.
pub fn torn(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let query = "SELECT id, key FROM subject WHERE key IS NOT NULL UNION ALL SELECT '', mark FROM master";
    let mut query = db.prepare(query)?;
    let kept = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let kept: Vec<_> = kept.collect::<rusqlite::Result<_>>()?;
    Ok(kept.into_iter().filter(|(_, key)| seal::is_whole(key).is_none()).map(|(id, _)| id).collect())
}

/// Whether a key of a payload has been destroyed.
pub fn is_destroyed(db: &Connection, tenant: &str, key_id: &str) -> rusqlite::Result<bool> {
    for subject in key_id.split(AND) {
        if matches!(kept(db, tenant, subject)?, KeptKey::Destroyed) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn keys(
    db: &Connection,
    own: &TenantKey,
    (tenant, stream): (&str, &str),
    key_id: &str,
) -> Result<Option<Vec<SubjectKey>>, StoreError> {
    if key_id == STREAM_KEY {
        return Ok(Some(vec![own.stream(stream)]));
    }
    let mut keys = Vec::new();
    for subject in key_id.split(AND) {
        match kept(db, tenant, subject)? {
            KeptKey::Wrapped(key) => keys.push(own.subject_key(subject, &key)?),
            KeptKey::Destroyed => return Ok(None),
            KeptKey::None => return Err(StoreError::Damaged(format!("the key `{subject}` is missing"))),
        }
    }
    Ok(Some(keys))
}

fn kept(db: &Connection, tenant: &str, subject: &str) -> rusqlite::Result<KeptKey> {
    let query = "SELECT key FROM subject WHERE tenant = ?1 AND id = ?2";
    let found = db.prepare_cached(query)?.query_row([tenant, subject], |row| row.get(0)).optional()?;
    Ok(match found {
        None => KeptKey::None,
        Some(None) => KeptKey::Destroyed,
        Some(Some(key)) => KeptKey::Wrapped(key),
    })
}
