//! A store in one folder: `SQLite` with a write-ahead log, every commit synced, one thread that writes.

mod derive;
mod read;
mod schema;
#[cfg(test)]
mod tests;
mod write;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::watch;

use crate::{
    Batch, Claimed, Figure, Job, Ledger, Mark, Payload, Query, Record, Row, Store, StoreError, StoredEvent,
    Verified,
};
use write::{Order, Writer};

/// The file of the store in its folder.
const FILE: &str = "dragoman.sqlite";

/// A store in one folder. Clones share it.
#[derive(Clone)]
pub struct Sqlite(Arc<Inner>);

struct Inner {
    path: PathBuf,
    writer: Writer,
    /// Connections that are not reading at the moment.
    readers: Mutex<Vec<Connection>>,
    written: watch::Receiver<u64>,
    derived: watch::Receiver<u64>,
}

impl Sqlite {
    /// Opens the store of a folder, makes one where there is none, and brings an older one up to date.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder)?;
        let lock = File::create(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(folder.display().to_string())),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let path = folder.join(FILE);
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.set_prepared_statement_cache_capacity(64);
        schema::migrate(&mut connection, &path)?;
        // Whoever held a lease is gone: the folder is ours alone.
        connection.execute("UPDATE job SET lease = 0 WHERE lease IS NOT NULL", [])?;
        let (writer, written, derived) = Writer::start(connection, lock)?;
        Ok(Self(Arc::new(Inner { path, writer, readers: Mutex::default(), written, derived })))
    }

    /// Reads on a connection of its own, off the threads that serve.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.0);
        let task = tokio::task::spawn_blocking(move || {
            let free = inner.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = free.map_or_else(|| reader(&inner.path), Ok)?;
            let read = read(&connection);
            inner.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            read
        });
        task.await.map_err(|_| StoreError::Closed)?
    }
}

fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

#[async_trait]
impl Store for Sqlite {
    async fn commit(&self, batch: Batch) -> Result<Vec<u64>, StoreError> {
        self.0.writer.ask(|answer| Order::Commit(Box::new(batch), answer)).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limit: usize,
        except: &[String],
    ) -> Result<Vec<Claimed>, StoreError> {
        let except = except.to_vec();
        self.0.writer.ask(|answer| Order::Claim { now, lease, limit, except, answer }).await
    }

    async fn job(&self, tenant: &str, submission: &str) -> Result<Option<Job>, StoreError> {
        let (tenant, submission) = (tenant.to_owned(), submission.to_owned());
        self.read(move |db| read::job(db, &tenant, &submission)).await
    }

    async fn stream(&self, tenant: &str, stream: &str) -> Result<Vec<StoredEvent>, StoreError> {
        let (tenant, stream) = (tenant.to_owned(), stream.to_owned());
        self.read(move |db| read::stream(db, &tenant, &stream)).await
    }

    async fn journal(&self, after: u64, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.read(move |db| read::journal(db, after, limit)).await
    }

    async fn payload(&self, tenant: &str, seq: u64) -> Result<Option<Payload>, StoreError> {
        let tenant = tenant.to_owned();
        self.read(move |db| read::payload(db, &tenant, seq)).await
    }

    async fn mark(&self, tenant: &str, space: &str, value: &str) -> Result<Option<Mark>, StoreError> {
        let (tenant, space, value) = (tenant.to_owned(), space.to_owned(), value.to_owned());
        self.read(move |db| read::mark(db, &tenant, &space, &value)).await
    }

    async fn record(&self, tenant: &str, space: &str, key: &str) -> Result<Option<Record>, StoreError> {
        let (tenant, space, key) = (tenant.to_owned(), space.to_owned(), key.to_owned());
        self.read(move |db| read::record(db, &tenant, &space, &key)).await
    }

    async fn records(
        &self,
        tenant: &str,
        space: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let (tenant, space, after) = (tenant.to_owned(), space.to_owned(), after.to_owned());
        self.read(move |db| read::records(db, &tenant, &space, &after, limit)).await
    }

    async fn list(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        self.read(move |db| read::list(db, &query)).await
    }

    async fn figures(&self, tenant: &str, since: &str) -> Result<Vec<Figure>, StoreError> {
        let (tenant, since) = (tenant.to_owned(), since.to_owned());
        self.read(move |db| read::figures(db, &tenant, &since)).await
    }

    async fn ledger(&self, tenant: Option<&str>) -> Result<Ledger, StoreError> {
        let tenant = tenant.map(str::to_owned);
        self.read(move |db| read::ledger(db, tenant.as_deref())).await
    }

    fn written(&self) -> watch::Receiver<u64> {
        self.0.written.clone()
    }

    fn derived(&self) -> watch::Receiver<u64> {
        self.0.derived.clone()
    }

    async fn erase(&self, tenant: &str, stream: &str) -> Result<usize, StoreError> {
        let (tenant, stream) = (tenant.to_owned(), stream.to_owned());
        self.0.writer.ask(|answer| Order::Erase { tenant, stream, answer }).await
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let to = to.to_owned();
        self.read(move |db| schema::copy_to(db, &to)).await
    }

    async fn verify(&self) -> Result<Verified, StoreError> {
        self.read(read::verify).await
    }
}
