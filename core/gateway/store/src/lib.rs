//! The journal, the outbox and what is derived from them.
//!
//! [`Store`] is all that the gateway asks of a store; [`Sqlite`] keeps it in one folder, with nothing to install.

mod chain;
mod model;
mod sqlite;

use std::path::Path;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;

pub use chain::Verified;
pub use model::{
    Batch, Claimed, Figure, Job, JobChange, Ledger, Mark, NewEvent, Payload, Query, Record, RecordChange,
    Row, StoredEvent,
};
pub use sqlite::Sqlite;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A key of the batch is there already; nothing happened.
    #[error("{} `{}` is there already", .0.space, .0.value)]
    Conflict(Box<Mark>),
    /// Somebody else changed a record of the batch meanwhile; nothing happened.
    #[error("the record {space} `{key}` was changed meanwhile")]
    Stale {
        /// What kind of record.
        space: String,
        /// Its key.
        key: String,
    },
    /// The store was written by a newer program.
    #[error("the store has version {found}, and this program knows up to {known}: use a newer program")]
    Newer {
        /// The store's version.
        found: usize,
        /// The newest that is known.
        known: usize,
    },
    /// Another gateway has the folder.
    #[error("the data folder {0} is in use by another gateway")]
    InUse(String),
    /// The folder cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// `SQLite` failed: the disk is full, or broken.
    #[error("the store failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// The disk is full, or broken: nothing that was asked for together with this happened.
    #[error("nothing was stored: {0}")]
    NotWritten(String),
    /// What is stored cannot be read.
    #[error("the store holds what cannot be read: {0}")]
    Damaged(String),
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
}

/// What the gateway asks of a store. Everything that is answered to a writer is on disk.
#[async_trait]
pub trait Store: Send + Sync {
    /// Does all of a batch or nothing, and answers when it is on disk: with the places of its events.
    async fn commit(&self, batch: Batch) -> Result<Vec<u64>, StoreError>;
    /// Takes jobs that are due, the longest waiting first, and leases them; those of some lanes are left.
    async fn claim(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limit: usize,
        except: &[String],
    ) -> Result<Vec<Claimed>, StoreError>;
    /// The job of a submission, whether or not somebody has taken it.
    async fn job(&self, tenant: &str, submission: &str) -> Result<Option<Job>, StoreError>;
    /// The events of a stream, in their order.
    async fn stream(&self, tenant: &str, stream: &str) -> Result<Vec<StoredEvent>, StoreError>;
    /// The events of all streams behind a place.
    async fn journal(&self, after: u64, limit: usize) -> Result<Vec<StoredEvent>, StoreError>;
    /// The payload of an event; none where it has none, or was erased.
    async fn payload(&self, tenant: &str, seq: u64) -> Result<Option<Payload>, StoreError>;
    /// What a key stands for.
    async fn mark(&self, tenant: &str, space: &str, value: &str) -> Result<Option<Mark>, StoreError>;
    /// A record.
    async fn record(&self, tenant: &str, space: &str, key: &str) -> Result<Option<Record>, StoreError>;
    /// Records by their keys, behind one.
    async fn records(
        &self,
        tenant: &str,
        space: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError>;
    /// Streams, newest change first.
    async fn list(&self, query: Query) -> Result<Vec<Row>, StoreError>;
    /// Counts and values by day, from a day (`YYYY-MM-DD`) on.
    async fn figures(&self, tenant: &str, since: &str) -> Result<Vec<Figure>, StoreError>;
    /// What became of all submissions; of one tenant, or of all.
    async fn ledger(&self, tenant: Option<&str>) -> Result<Ledger, StoreError>;
    /// The place of the last event that is on disk, as it grows.
    fn written(&self) -> watch::Receiver<u64>;
    /// The place up to which lists, figures and ledger have been derived, as it grows.
    fn derived(&self) -> watch::Receiver<u64>;
    /// Takes the payloads of a stream away for good; the chain still verifies. Says how many.
    async fn erase(&self, tenant: &str, stream: &str) -> Result<usize, StoreError>;
    /// Copies the store, as it stands, into a file.
    async fn backup(&self, to: &Path) -> Result<(), StoreError>;
    /// Recomputes the hash chain and the hashes of all payloads.
    async fn verify(&self) -> Result<Verified, StoreError>;
}
