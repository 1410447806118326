//! The folder of a store: its files, and the lock that says whose it is.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::StoreError;

/// The journal, the outbox, keys and records.
const JOURNAL: &str = "dragoman.sqlite";
/// What is derived from them.
const LISTS: &str = "lists.sqlite";
/// The size of a page, in bytes, of a store that is new: a declaration, its order and what it was declared from fit into one.
const PAGE: u32 = 8192;
/// So many pages of the log are carried over into the lists at once: 32 MB.
const CHECKPOINT: u32 = 4096;

/// A folder that is ours as long as somebody holds its lock.
pub struct Folder {
    path: PathBuf,
    lock: Arc<File>,
}

impl Folder {
    /// Takes a folder; makes it where there is none.
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(path)?;
        let lock = File::create(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), lock: Arc::new(lock) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.display().to_string())),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The lock.
    pub fn lock(&self) -> Arc<File> {
        Arc::clone(&self.lock)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of the journal.
    pub fn journal_file(&self) -> PathBuf {
        self.path.join(JOURNAL)
    }

    /// The file of what is derived.
    pub fn lists_file(&self) -> PathBuf {
        self.path.join(LISTS)
    }

    /// A connection that writes the journal: what it answered is on disk. Its log is carried over by a thread of its own.
    pub fn journal(&self) -> Result<Connection, StoreError> {
        let connection = open(&self.journal_file())?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        Ok(connection)
    }

    /// The connection that writes what is derived. It need not be on disk: it is made again.
    pub fn lists(&self) -> Result<Connection, StoreError> {
        let connection = open(&self.lists_file())?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
        Ok(connection)
    }
}

/// The file of a store: the path itself, or the journal in a folder.
pub fn file_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(JOURNAL) } else { path.to_owned() }
}

fn open(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "page_size", PAGE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    steady(&connection)?;
    Ok(connection)
}

/// Statements are prepared once, and not again for each value that is bound: all that is asked goes along one index.
pub fn steady(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(64);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}
