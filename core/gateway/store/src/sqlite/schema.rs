//! The tables, and how an older store becomes a newer one.

use std::path::Path;

use rusqlite::Connection;

use crate::StoreError;

/// Each step brings a store one version further. A step that was ever released is never changed.
const STEPS: &[&str] = &[
    "CREATE TABLE event (
        seq INTEGER PRIMARY KEY, tenant TEXT NOT NULL, stream TEXT NOT NULL, submission TEXT, at TEXT NOT NULL,
        actor TEXT NOT NULL, body TEXT NOT NULL, media TEXT, key_id TEXT, payload BLOB, payload_hash BLOB, data TEXT,
        hash BLOB NOT NULL) STRICT;
    CREATE INDEX event_stream ON event (tenant, stream, seq);
    -- The ledger counts what was accepted in the journal itself, however long that is.
    CREATE INDEX event_accepted ON event (tenant, seq) WHERE json_extract(body, '$.event') = 'accepted';
    CREATE TABLE job (
        submission TEXT PRIMARY KEY, tenant TEXT NOT NULL, stream TEXT NOT NULL, lane TEXT NOT NULL, due INTEGER,
        lease INTEGER, attempts INTEGER NOT NULL, body BLOB NOT NULL, about TEXT NOT NULL) STRICT;
    CREATE INDEX job_due ON job (due) WHERE due IS NOT NULL;
    CREATE TABLE mark (
        tenant TEXT NOT NULL, space TEXT NOT NULL, value TEXT NOT NULL, stream TEXT NOT NULL, submission TEXT,
        digest TEXT, PRIMARY KEY (tenant, space, value)) STRICT, WITHOUT ROWID;
    CREATE TABLE record (
        tenant TEXT NOT NULL, space TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (tenant, space, key)) STRICT, WITHOUT ROWID;
    -- What follows is derived from the journal, up to `derived.seq`.
    CREATE TABLE derived (seq INTEGER NOT NULL) STRICT;
    INSERT INTO derived VALUES (0);
    CREATE TABLE line (
        id TEXT PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, status TEXT NOT NULL,
        needs TEXT, changed INTEGER NOT NULL, row TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX line_kind ON line (tenant, kind, changed DESC, id DESC);
    CREATE INDEX line_state ON line (tenant, kind, state, changed DESC, id DESC);
    CREATE INDEX line_status ON line (tenant, kind, status, changed DESC, id DESC);
    CREATE INDEX line_needs ON line (tenant, needs, changed DESC, id DESC) WHERE needs IS NOT NULL;
    CREATE TABLE word (
        tenant TEXT NOT NULL, word TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tenant, word, id)) STRICT, WITHOUT ROWID;
    CREATE TABLE submission (
        id TEXT PRIMARY KEY, tenant TEXT NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX submission_state ON submission (tenant, state);
    CREATE TABLE figure (
        tenant TEXT NOT NULL, day TEXT NOT NULL, what TEXT NOT NULL, corridor TEXT NOT NULL, currency TEXT NOT NULL,
        count INTEGER NOT NULL, amount TEXT NOT NULL,
        PRIMARY KEY (tenant, day, what, corridor, currency)) STRICT, WITHOUT ROWID;",
];

/// The version that this program writes.
pub const VERSION: usize = STEPS.len();

/// Brings a store to this program's version. An older one is copied beside itself first.
pub fn migrate(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let found: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > VERSION {
        return Err(StoreError::Newer { found, known: VERSION });
    }
    if found == VERSION {
        return Ok(());
    }
    if found > 0 {
        let copy = file.with_extension(format!("v{found}.backup"));
        copy_to(connection, &copy)?;
    }
    let transaction = connection.transaction()?;
    for step in STEPS.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Copies a store, as it stands, into a file.
pub fn copy_to(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    Ok(connection.backup("main", file, None::<fn(rusqlite::backup::Progress)>)?)
}
