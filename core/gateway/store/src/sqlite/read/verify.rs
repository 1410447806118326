//! Whether what is stored is what was stored.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row as Found, params};

use super::EVENT;
use crate::chain::{Hash, START, Verified, digest, hex, link};
use crate::sqlite::{keys, schema};
use crate::{StoreError, chain, seal};

/// So many places are named where more are broken.
const NAMED: usize = 100;

/// Recomputes the hash chain and the hashes of all payloads, and looks whether tables and indexes agree. What cannot be
/// read is part of what is found, not an error.
pub fn verify(db: &Connection) -> Result<Verified, StoreError> {
    // One moment is looked at, whatever is written meanwhile.
    let moment = db.unchecked_transaction()?;
    let mut walk = Walk { before: START, expected: 1, found: Verified::default() };
    if let Err(error) = walk.pages(&moment).and_then(|()| walk.events(&moment)) {
        walk.broken(walk.expected, format!("nothing can be read from here on: {error}"));
    }
    walk.found.head = hex(&walk.before);
    Ok(walk.found)
}

struct Walk {
    /// The link of the event before.
    before: Hash,
    /// The place that comes next.
    expected: u64,
    found: Verified,
}

impl Walk {
    fn broken(&mut self, seq: u64, what: String) {
        if self.found.broken.len() < NAMED {
            self.found.broken.push((seq, what));
        }
    }

    /// The file's own structure: an index that leads past a row hides it from those who ask by it.
    fn pages(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let mut check = db.prepare("PRAGMA integrity_check(20)")?;
        let mut rows = check.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            if text != "ok" {
                self.broken(0, text);
            }
        }
        schema::rehearse(db)
    }

    fn events(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let mut all = db.prepare(&format!(
            "SELECT {EVENT}, bytes FROM event LEFT JOIN payload USING (seq) ORDER BY seq"
        ))?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            self.event(db, row)?;
        }
        let head = |row: &Found<'_>| Ok((row.get::<_, u64>(0)?, row.get::<_, Hash>(1)?));
        if db.query_row("SELECT seq, hash FROM head", [], head)? != (self.expected - 1, self.before) {
            self.broken(self.expected, "the journal does not end where it should".into());
        }
        for id in keys::torn(db)? {
            self.broken(0, format!("what is kept of the key `{id}` is damaged"));
        }
        let strays = "SELECT seq FROM payload WHERE seq NOT IN (SELECT seq FROM event) LIMIT 20";
        for seq in db.prepare(strays)?.query_map([], |row| row.get::<_, u64>(0))? {
            self.broken(seq?, "there is a payload without an event".into());
        }
        Ok(())
    }

    fn event(&mut self, db: &Connection, row: &Found<'_>) -> rusqlite::Result<()> {
        let seq: u64 = row.get(0)?;
        if seq != self.expected {
            let (from, to) = (self.expected, seq.wrapping_sub(1));
            self.broken(from, format!("events {from} to {to} are missing"));
        }
        let mut parts = Vec::with_capacity(10);
        for column in 1..=10 {
            parts.push(bytes(row.get_ref(column)?));
        }
        let stored = chain::hash_of(bytes(row.get_ref(11)?));
        if stored != Some(link(&self.before, seq, parts.iter().copied())) {
            self.broken(seq, "the event is not what was stored, or not where".into());
        }
        let payload_hash = chain::hash_of(bytes(row.get_ref(9)?));
        match (bytes(row.get_ref(13)?), payload_hash) {
            (Some(payload), hash) => {
                let content = chain::hash_of(bytes(row.get_ref(12)?));
                if content.is_some() && content != seal::content_hash(payload) {
                    self.broken(seq, "the hash of what the payload was is not the stored one".into());
                }
                let key = (row.get::<_, String>(1)?, row.get::<_, Option<String>>(8)?);
                if keys::is_destroyed(db, &key.0, key.1.as_deref().unwrap_or_default())? {
                    self.found.erased += 1;
                }
                self.found.payloads += 1;
                if hash != Some(digest(payload)) {
                    self.broken(seq, "the payload is not what was stored".into());
                }
            }
            (None, Some(_)) if is_erased(db, seq, row)? => self.found.erased += 1,
            (None, Some(_)) => self.broken(seq, "the payload is gone, and nobody erased it".into()),
            (None, None) => {}
        }
        (self.before, self.expected) = (stored.unwrap_or(START), seq.saturating_add(1));
        self.found.events += 1;
        Ok(())
    }
}

fn bytes(value: ValueRef<'_>) -> Option<&[u8]> {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => None,
    }
}

/// Whether an event of the stream says that the payloads before it were taken away.
fn is_erased(db: &Connection, seq: u64, row: &Found<'_>) -> rusqlite::Result<bool> {
    let query = "SELECT 1 FROM event WHERE tenant = ?1 AND stream = ?2 AND seq > ?3
                 AND substr(body, 1, 17) = '{\"event\":\"erased\"' LIMIT 1";
    let (tenant, stream) = (row.get_ref(1)?, row.get_ref(2)?);
    let found = db.prepare_cached(query)?.query_row(params![Text(tenant), Text(stream), seq], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// A value of one row, as a parameter.
struct Text<'v>(ValueRef<'v>);

impl rusqlite::ToSql for Text<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(rusqlite::types::ToSqlOutput::Borrowed(self.0))
    }
}
