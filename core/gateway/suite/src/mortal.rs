//! A process that dies: from one commit on, nothing it asks of its store is done. The store itself lives on, with what
//! was written.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use dragoman_store::{
    Batch, Claimed, Count, Figure, Job, Ledger, Mark, Payload, Query, Record, Row, Seal, Store, StoreError,
    StoredEvent, Verified,
};
use jiff::Timestamp;
use tokio::sync::watch;

/// Which side of a commit it dies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dies {
    /// Nothing of it was written.
    Before,
    /// It was written, and nobody was told.
    After,
}

/// A store as a process sees it.
pub struct Mortal {
    store: Arc<dyn Store>,
    /// So many commits are left; below zero, it is dead.
    left: AtomicI64,
    dies: Dies,
}

impl Mortal {
    /// One that lives.
    pub fn living(store: Arc<dyn Store>) -> Self {
        Self { store, left: AtomicI64::new(i64::MAX), dies: Dies::Before }
    }

    /// One that dies at a commit, counted from 0.
    pub fn dying(store: Arc<dyn Store>, commit: u32, dies: Dies) -> Self {
        Self { store, left: AtomicI64::new(commit.into()), dies }
    }

    /// True once it died.
    pub fn is_dead(&self) -> bool {
        self.left.load(Ordering::SeqCst) < 0
    }

    /// True where it is dead, or will die at one of its next commits.
    pub fn is_doomed(&self) -> bool {
        self.left.load(Ordering::SeqCst) < i64::from(u32::MAX)
    }

    fn alive(&self) -> Result<&dyn Store, StoreError> {
        if self.is_dead() { Err(StoreError::Closed) } else { Ok(&*self.store) }
    }
}

#[async_trait]
impl Store for Mortal {
    async fn commit(&self, batch: Batch) -> Result<Vec<u64>, StoreError> {
        let store = self.alive()?;
        if self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            return store.commit(batch).await;
        }
        if self.dies == Dies::After {
            store.commit(batch).await?;
        }
        Err(StoreError::Closed)
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limit: usize,
        except: &[String],
    ) -> Result<Vec<Claimed>, StoreError> {
        self.alive()?.claim(now, lease, limit, except).await
    }

    async fn job(&self, tenant: &str, submission: &str) -> Result<Option<Job>, StoreError> {
        self.alive()?.job(tenant, submission).await
    }

    async fn stream(&self, tenant: &str, stream: &str) -> Result<Vec<StoredEvent>, StoreError> {
        self.alive()?.stream(tenant, stream).await
    }

    async fn journal(&self, after: u64, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.alive()?.journal(after, limit).await
    }

    async fn payload(&self, tenant: &str, seq: u64) -> Result<Option<Payload>, StoreError> {
        self.alive()?.payload(tenant, seq).await
    }

    async fn seal(&self, tenant: &str, seq: u64) -> Result<Option<Seal>, StoreError> {
        self.alive()?.seal(tenant, seq).await
    }

    async fn concerned(&self, tenant: &str, stream: &str) -> Result<Vec<String>, StoreError> {
        self.alive()?.concerned(tenant, stream).await
    }

    async fn concerning(&self, tenant: &str, subject: &str) -> Result<Vec<String>, StoreError> {
        self.alive()?.concerning(tenant, subject).await
    }

    async fn mark(&self, tenant: &str, space: &str, value: &str) -> Result<Option<Mark>, StoreError> {
        self.alive()?.mark(tenant, space, value).await
    }

    async fn record(&self, tenant: &str, space: &str, key: &str) -> Result<Option<Record>, StoreError> {
        self.alive()?.record(tenant, space, key).await
    }

    async fn records(
        &self,
        tenant: &str,
        space: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.alive()?.records(tenant, space, after, limit).await
    }

    async fn list(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        self.alive()?.list(query).await
    }

    async fn counts(&self, tenant: &str) -> Result<Vec<Count>, StoreError> {
        self.alive()?.counts(tenant).await
    }

    async fn waiting(&self, tenant: &str, need: Option<&str>, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.alive()?.waiting(tenant, need, limit).await
    }

    async fn settled(
        &self,
        after: Option<(Timestamp, String)>,
        limit: usize,
    ) -> Result<Vec<(String, Row)>, StoreError> {
        self.alive()?.settled(after, limit).await
    }

    async fn figures(&self, tenant: &str, since: &str) -> Result<Vec<Figure>, StoreError> {
        self.alive()?.figures(tenant, since).await
    }

    async fn ledger(&self, tenant: Option<&str>) -> Result<Ledger, StoreError> {
        self.alive()?.ledger(tenant).await
    }

    fn written(&self) -> watch::Receiver<u64> {
        self.store.written()
    }

    fn derived(&self) -> watch::Receiver<u64> {
        self.store.derived()
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.alive()?.backup(to).await
    }

    async fn verify(&self) -> Result<Verified, StoreError> {
        self.alive()?.verify().await
    }
}
