//! The tables of the journal, and how an older store becomes a newer one.

use std::fs::File;
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
    "-- What is derived has a file of its own. Payloads are beside their events, and a job need not repeat its own; where
    -- the journal ends is written down, so that a lost end shows. While a job is leased, it is due when the lease ends.
    DROP INDEX IF EXISTS event_accepted;
    DROP TABLE derived; DROP TABLE line; DROP TABLE word; DROP TABLE submission; DROP TABLE figure;
    CREATE TABLE payload (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    INSERT INTO payload SELECT seq, payload FROM event WHERE payload IS NOT NULL;
    ALTER TABLE event DROP COLUMN payload;
    CREATE INDEX event_accepted ON event (tenant) WHERE substr(body, 1, 19) = '{\"event\":\"accepted\"';
    CREATE INDEX event_erased ON event (tenant, stream, seq) WHERE substr(body, 1, 17) = '{\"event\":\"erased\"';
    CREATE TABLE head (seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
    INSERT INTO head SELECT coalesce(max(seq), 0), coalesce(
        (SELECT hash FROM event ORDER BY seq DESC LIMIT 1), zeroblob(32)) FROM event;
    ALTER TABLE job RENAME TO old_job;
    DROP INDEX job_due;
    CREATE TABLE job (
        submission TEXT PRIMARY KEY, tenant TEXT NOT NULL, stream TEXT NOT NULL, lane TEXT NOT NULL, due INTEGER,
        lease INTEGER, attempts INTEGER NOT NULL, payload INTEGER, body BLOB, about TEXT NOT NULL,
        CHECK ((payload IS NULL) <> (body IS NULL))) STRICT;
    INSERT INTO job SELECT
        submission, tenant, stream, lane, coalesce(lease, due), lease, attempts, NULL, body, about FROM old_job;
    DROP TABLE old_job;
    CREATE INDEX job_lane ON job (lane, due) WHERE due IS NOT NULL;
    CREATE INDEX job_stream ON job (tenant, stream);",
    "-- Payloads are sealed; the hash of what they were before goes with them.
    ALTER TABLE event ADD COLUMN content_hash BLOB;
    ALTER TABLE job ADD COLUMN key_id TEXT;
    CREATE TABLE subject (
        tenant TEXT NOT NULL, id TEXT NOT NULL, key BLOB, PRIMARY KEY (tenant, id)) STRICT, WITHOUT ROWID;
    CREATE TABLE concern (
        tenant TEXT NOT NULL, stream TEXT NOT NULL, subject TEXT NOT NULL,
        PRIMARY KEY (tenant, stream, subject)) STRICT, WITHOUT ROWID;
    CREATE INDEX concern_subject ON concern (tenant, subject);
    CREATE TABLE master (mark BLOB NOT NULL) STRICT;",
];

/// The version that this program writes.
const VERSION: usize = STEPS.len();

/// The version of a store.
pub fn version(connection: &Connection) -> Result<usize, StoreError> {
    let found: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > VERSION { Err(StoreError::Newer { found, known: VERSION }) } else { Ok(found) }
}

/// Whether a store is of this program's version.
pub fn is_current(connection: &Connection) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found == VERSION { Ok(()) } else { Err(StoreError::Older { found, known: VERSION }) }
}

/// Makes the tables and indexes of a store once more, empty and in memory. A connection that only reads takes a broken
/// constraint for a whole one; who writes cannot even open such a store.
pub fn rehearse(connection: &Connection) -> rusqlite::Result<()> {
    let again = Connection::open_in_memory()?;
    let own =
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
    let mut texts = connection.prepare(own)?;
    let mut rows = texts.query([])?;
    while let Some(row) = rows.next()? {
        again.execute(&row.get::<_, String>(0)?, [])?;
    }
    Ok(())
}

/// Brings a store to this program's version. An older one is copied beside itself first.
pub fn migrate(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found == VERSION {
        return Ok(());
    }
    if found > 0 {
        let copy = file.with_extension(format!("v{found}.backup"));
        if !copy.exists() {
            // A copy that was cut off must not pass for a whole one.
            let part = copy.with_extension("part");
            let _ = std::fs::remove_file(&part);
            copy_to(connection, &part)?;
            std::fs::rename(&part, &copy)?;
        }
    }
    let transaction = connection.transaction()?;
    for step in STEPS.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Copies a store, as it stands at this moment, into a file that is not there yet, and sees it onto the disk. Whoever
/// writes meanwhile is not held up.
pub fn copy_to(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    let name = file.to_str().ok_or_else(|| std::io::Error::other("the file's name is no text"))?;
    connection.execute("VACUUM INTO ?1", [name])?;
    Ok(File::open(file)?.sync_all()?)
}
