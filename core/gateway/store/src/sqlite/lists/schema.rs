//! The tables of what is derived, and whether they belong to the journal beside them.

use std::fs;

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::super::folder::Folder;
use crate::StoreError;

/// Changes with the tables, and with what is derived into them: they are made again then.
const VERSION: i64 = 4;

/// The tables. A stream's number is the place of its first event, so that new ones lie behind all others.
pub const TABLES: &str = "
    CREATE TABLE stand (seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
    INSERT INTO stand VALUES (0, zeroblob(32));
    -- What streams have in common. There are few sorts: what is asked for is put together of those that fit.
    CREATE TABLE sort (
        sort INTEGER PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, status TEXT NOT NULL,
        needs TEXT NOT NULL, settled INTEGER NOT NULL, count INTEGER NOT NULL,
        UNIQUE (tenant, kind, state, status, needs, settled)) STRICT;
    CREATE TABLE line (
        n INTEGER PRIMARY KEY, sort INTEGER NOT NULL, changed INTEGER NOT NULL, deadline INTEGER, began INTEGER,
        row TEXT NOT NULL) STRICT;
    CREATE INDEX line_sort ON line (sort, changed, n);
    CREATE INDEX line_waiting ON line (sort, deadline, began, n) WHERE deadline IS NOT NULL;
    CREATE TABLE word (
        tenant TEXT NOT NULL, word TEXT NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (tenant, word, n)) STRICT, WITHOUT ROWID;
    CREATE TABLE submission (
        n INTEGER NOT NULL, number INTEGER NOT NULL, tenant TEXT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (n, number)) STRICT, WITHOUT ROWID;
    CREATE TABLE figure (
        tenant TEXT NOT NULL, day TEXT NOT NULL, what TEXT NOT NULL, corridor TEXT NOT NULL, currency TEXT NOT NULL,
        count INTEGER NOT NULL, amount TEXT NOT NULL,
        PRIMARY KEY (tenant, day, what, corridor, currency)) STRICT, WITHOUT ROWID;";

/// Opens what was derived from a journal, and says up to where; makes it anew where it was derived from another one, by
/// another program, or cannot be read.
pub fn open(folder: &Folder, journal: &Connection) -> Result<(Connection, u64), StoreError> {
    if let Ok(lists) = folder.lists()
        && let Ok(Some(seq)) = stands(&lists, journal)
    {
        return Ok((lists, seq));
    }
    let file = folder.lists_file();
    for suffix in ["", "-wal", "-shm"] {
        match fs::remove_file(format!("{}{suffix}", file.display())) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    let lists = folder.lists()?;
    lists.execute_batch(TABLES)?;
    lists.pragma_update(None, "user_version", VERSION)?;
    Ok((lists, 0))
}

/// Up to where it is derived, where the journal has the same event there.
fn stands(lists: &Connection, journal: &Connection) -> rusqlite::Result<Option<u64>> {
    let version: i64 = lists.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version != VERSION {
        return Ok(None);
    }
    let (seq, hash): (u64, Vec<u8>) =
        lists.query_row("SELECT seq, hash FROM stand", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let is_same = seq == 0 || hash_at(journal, seq)? == Some(hash);
    Ok(is_same.then_some(seq))
}

/// Writes down up to where it is derived.
pub fn stand_at(lists: &Transaction<'_>, journal: &Connection, seq: u64) -> rusqlite::Result<()> {
    let hash = hash_at(journal, seq)?;
    lists.prepare_cached("UPDATE stand SET seq = ?1, hash = ?2")?.execute((seq, hash))?;
    Ok(())
}

fn hash_at(journal: &Connection, seq: u64) -> rusqlite::Result<Option<Vec<u8>>> {
    journal
        .prepare_cached("SELECT hash FROM event WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()
}
