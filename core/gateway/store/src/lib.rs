//! The journal, the outbox and what is derived from them.
//!
//! [`Store`] is all that the gateway asks of a store; [`Sqlite`] keeps it in one folder, with nothing to install.

mod batch;
mod chain;
mod error;
mod listed;
mod seal;
mod sqlite;
mod stored;

use std::path::Path;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;

pub use batch::{Batch, Concern, Job, JobChange, Lease, Mark, NewEvent, Payload, Place, RecordChange};
pub use chain::Verified;
pub use error::StoreError;
pub use listed::{Count, Figure, Ledger, Query, Row};
pub use seal::{MasterKey, Seal};
pub use sqlite::Sqlite;
pub use stored::{Claimed, Record, StoredEvent};

/// What the gateway asks of a store. Everything that is answered to a writer is on disk.
#[async_trait]
pub trait Store: Send + Sync {
    /// Does all of a batch or nothing, and answers when it is on disk: with the places of its events.
    async fn commit(&self, batch: Batch) -> Result<Vec<u64>, StoreError>;
    /// Takes jobs that are due and leases them, of each lane the longest waiting first and the lanes in turn, so that none
    /// keeps the others waiting; those of some lanes are left.
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
    /// What the payload of an event is sealed with: enough for others to see that it is what was stored. None where it has
    /// none, was erased, or is not sealed.
    async fn seal(&self, tenant: &str, seq: u64) -> Result<Option<Seal>, StoreError>;
    /// The persons that a stream is about, as [`Concern`]s named them: an id each, by which nobody is found who is not
    /// known.
    async fn concerned(&self, tenant: &str, stream: &str) -> Result<Vec<String>, StoreError>;
    /// The streams that are about a person.
    async fn concerning(&self, tenant: &str, subject: &str) -> Result<Vec<String>, StoreError>;
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
    /// How many streams there are of each kind, state, status and need.
    async fn counts(&self, tenant: &str) -> Result<Vec<Count>, StoreError>;
    /// What needs that of a person, or anything at all: the nearest deadline first, then what began first. How many there
    /// are, [`counts`](Self::counts) says.
    async fn waiting(&self, tenant: &str, need: Option<&str>, limit: usize) -> Result<Vec<Row>, StoreError>;
    /// Streams of all tenants, with these, that nothing more is sent of and whose payloads are kept: the longest unchanged
    /// first, behind one. What retention looks at.
    async fn settled(
        &self,
        after: Option<(Timestamp, String)>,
        limit: usize,
    ) -> Result<Vec<(String, Row)>, StoreError>;
    /// Counts and values by day, from a day (`YYYY-MM-DD`) on.
    async fn figures(&self, tenant: &str, since: &str) -> Result<Vec<Figure>, StoreError>;
    /// What became of all submissions; of one tenant, or of all.
    async fn ledger(&self, tenant: Option<&str>) -> Result<Ledger, StoreError>;
    /// The place of the last event that is on disk, as it grows.
    fn written(&self) -> watch::Receiver<u64>;
    /// The place up to which lists, figures and ledger have been derived, as it grows.
    fn derived(&self) -> watch::Receiver<u64>;
    /// Copies the store, as it stands, into a file that is not there yet.
    async fn backup(&self, to: &Path) -> Result<(), StoreError>;
    /// Recomputes the hash chain and the hashes of all payloads.
    async fn verify(&self) -> Result<Verified, StoreError>;
}
