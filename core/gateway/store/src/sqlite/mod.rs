//! A store in one folder: `SQLite` with a write-ahead log, every commit synced, one thread that writes.
//!
//! `dragoman.sqlite` holds the journal, the outbox, keys and records; `lists.sqlite` what is derived from it, which may be
//! deleted and is then made again.

mod folder;
mod keys;
mod lists;
mod read;
mod readers;
mod restore;
mod schema;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::{
    Batch, Claimed, Count, Figure, Job, Ledger, Mark, MasterKey, Payload, Query, Record, Row, Seal, Store,
    StoreError, StoredEvent, Verified,
};
use folder::Folder;
use lists::Projector;
use readers::Readers;
use write::{Encoded, Order, Writer};

/// A store in one folder. Clones share it; with the last the folder is free again.
#[derive(Clone)]
pub struct Sqlite(Arc<Inner>);

struct Inner {
    master: MasterKey,
    // In the order in which they go: who reads, who writes, and who derives from that.
    readers: Readers,
    writer: Writer,
    projector: Projector,
    written: watch::Receiver<u64>,
}

impl Sqlite {
    /// Opens the store of a folder with the master key in its file `master.key`; see [`open_with`](Self::open_with). Who
    /// takes the folder then has the key too: it is better kept elsewhere.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, &Self::own_key(path))
    }

    /// Where the master key of a folder is, unless it is kept elsewhere.
    pub fn own_key(path: &Path) -> PathBuf {
        path.join("master.key")
    }

    /// Opens the store of a folder, makes one where there is none, and brings an older one up to date; of that a copy is
    /// left beside it. The master key is that of a file, which is made where there is none.
    pub fn open_with(path: &Path, key: &Path) -> Result<Self, StoreError> {
        let folder = Folder::take(path)?;
        if folder.journal_file().exists() {
            // A store that is refused is not touched.
            schema::version(&readers::open(&folder.journal_file())?)?;
        }
        let mut connection = folder.journal()?;
        schema::migrate(&mut connection, &folder.journal_file())?;
        let master = keys::master(&connection, key)?;
        let (bell, rung) = std::sync::mpsc::sync_channel(1);
        let projector = Projector::start(&folder, rung)?;
        let readers = Readers::new(&folder);
        let (writer, written) =
            Writer::start(connection, folder.journal()?, folder.lock(), master.clone(), bell)?;
        Ok(Self(Arc::new(Inner { master, readers, writer, projector, written })))
    }

    /// Makes a store in an empty folder of a copy that [`Store::backup`] made.
    ///
    /// The copy does not know what was sent after it was made. So nothing that it wants to send is sent by the machine:
    /// the outcome of what was waiting is unknown, and what was waiting for approval is given up, for a person to look at.
    pub fn restore(copy: &Path, path: &Path, now: Timestamp) -> Result<Verified, StoreError> {
        restore::restore(copy, &Folder::take(path)?, now)
    }

    /// Verifies a store or a copy of one, whether or not a gateway is using it.
    pub fn verify_file(file: &Path) -> Result<Verified, StoreError> {
        let connection = readers::open(&folder::file_of(file))?;
        schema::is_current(&connection)?;
        read::verify(&connection)
    }

    /// Copies the store of a folder into a file that is not there yet, whether or not a gateway is using it.
    pub fn backup_folder(path: &Path, to: &Path) -> Result<(), StoreError> {
        let connection = readers::open(&folder::file_of(path))?;
        schema::version(&connection)?;
        schema::copy_to(&connection, to)
    }

    /// The payload of an event, and what it is sealed with.
    async fn opened(&self, tenant: &str, seq: u64) -> Result<Option<(Payload, Option<Seal>)>, StoreError> {
        let (tenant, master) = (tenant.to_owned(), self.0.master.clone());
        self.0.readers.read(move |db| read::payload(db, &master, &tenant, seq)).await
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn commit(&self, batch: Batch) -> Result<Vec<u64>, StoreError> {
        let encoded = Box::new(Encoded::new(batch)?);
        self.0.writer.ask(|answer| Order::Commit(encoded, answer)).await
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
        self.0.readers.look_up(|db| read::job(db, &self.0.master, tenant, submission)).await
    }

    async fn stream(&self, tenant: &str, stream: &str) -> Result<Vec<StoredEvent>, StoreError> {
        let (tenant, stream) = (tenant.to_owned(), stream.to_owned());
        self.0.readers.read(move |db| read::stream(db, &tenant, &stream)).await
    }

    async fn journal(&self, after: u64, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.0.readers.read(move |db| read::journal(db, after, limit)).await
    }

    async fn payload(&self, tenant: &str, seq: u64) -> Result<Option<Payload>, StoreError> {
        Ok(self.opened(tenant, seq).await?.map(|(payload, _)| payload))
    }

    async fn seal(&self, tenant: &str, seq: u64) -> Result<Option<Seal>, StoreError> {
        Ok(self.opened(tenant, seq).await?.and_then(|(_, seal)| seal))
    }

    async fn concerned(&self, tenant: &str, stream: &str) -> Result<Vec<String>, StoreError> {
        self.0.readers.look_up(|db| Ok(keys::concerned(db, tenant, stream)?)).await
    }

    async fn concerning(&self, tenant: &str, subject: &str) -> Result<Vec<String>, StoreError> {
        self.0.readers.look_up(|db| Ok(keys::concerning(db, tenant, subject)?)).await
    }

    async fn mark(&self, tenant: &str, space: &str, value: &str) -> Result<Option<Mark>, StoreError> {
        self.0.readers.look_up(|db| read::mark(db, tenant, space, value)).await
    }

    async fn record(&self, tenant: &str, space: &str, key: &str) -> Result<Option<Record>, StoreError> {
        self.0.readers.look_up(|db| read::record(db, tenant, space, key)).await
    }

    async fn records(
        &self,
        tenant: &str,
        space: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let (tenant, space, after) = (tenant.to_owned(), space.to_owned(), after.to_owned());
        self.0.readers.read(move |db| read::records(db, &tenant, &space, &after, limit)).await
    }

    async fn list(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        self.0.readers.read(move |db| lists::list(db, &query)).await
    }

    async fn counts(&self, tenant: &str) -> Result<Vec<Count>, StoreError> {
        let tenant = tenant.to_owned();
        self.0.readers.read(move |db| lists::counts(db, &tenant)).await
    }

    async fn waiting(&self, tenant: &str, need: Option<&str>, limit: usize) -> Result<Vec<Row>, StoreError> {
        let (tenant, need) = (tenant.to_owned(), need.map(str::to_owned));
        self.0.readers.read(move |db| lists::waiting(db, &tenant, need.as_deref(), limit)).await
    }

    async fn settled(
        &self,
        after: Option<(Timestamp, String)>,
        limit: usize,
    ) -> Result<Vec<(String, Row)>, StoreError> {
        self.0.readers.read(move |db| lists::settled(db, after, limit)).await
    }

    async fn figures(&self, tenant: &str, since: &str) -> Result<Vec<Figure>, StoreError> {
        let (tenant, since) = (tenant.to_owned(), since.to_owned());
        self.0.readers.read(move |db| lists::figures(db, &tenant, &since)).await
    }

    async fn ledger(&self, tenant: Option<&str>) -> Result<Ledger, StoreError> {
        let tenant = tenant.map(str::to_owned);
        self.0.readers.read(move |db| lists::ledger(db, tenant.as_deref())).await
    }

    fn written(&self) -> watch::Receiver<u64> {
        self.0.written.clone()
    }

    fn derived(&self) -> watch::Receiver<u64> {
        self.0.projector.derived()
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let to = to.to_owned();
        self.0.readers.read(move |db| schema::copy_to(db, &to)).await
    }

    async fn verify(&self) -> Result<Verified, StoreError> {
        self.0.readers.read(read::verify).await
    }
}
