//! Lists, counts, search, figures and the ledger, derived from the journal behind it into a file of their own. Where they
//! stand is written together with them: after a crash they go on exactly there, and a file that belongs to another journal
//! or another program is made again.

mod ask;
mod chunk;
mod figures;
mod schema;
mod shown;

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::Duration;

use dragoman_exchange::Exchange;
use rusqlite::Connection;
use tokio::sync::watch;

pub use ask::{counts, figures, ledger, list, settled, waiting};
use chunk::Chunk;

use super::folder::Folder;
use super::{read, readers};
use crate::{StoreError, StoredEvent};

/// So many events are derived at once.
const CHUNK: usize = 2048;
/// From so many on, it is under load.
const LOAD: usize = 256;
/// Under load, so long is waited between two chunks: what happens to a stream meanwhile is written once, and so is each
/// page of an index. Where there is more than a chunk, nothing is waited for.
const PAUSE: Duration = Duration::from_millis(100);
/// So many streams are remembered since they were last forgotten, and as many of before.
const REMEMBERED: usize = 8192;

/// The thread that derives. It ends when who writes has gone, after what was written.
pub struct Projector {
    derived: watch::Receiver<u64>,
    thread: Option<JoinHandle<()>>,
}

impl Projector {
    /// Starts the thread; it looks whenever the bell is rung.
    pub fn start(folder: &Folder, rung: Receiver<()>) -> Result<Self, StoreError> {
        let journal = readers::open(&folder.journal_file())?;
        let (lists, seq) = schema::open(folder, &journal)?;
        let (derived, is_derived) = watch::channel(seq);
        let lock = folder.lock();
        let mut projection = Projection { journal, lists, seq, streams: Remembered::default() };
        let run = move || {
            let _lock = lock;
            while projection.catch_up(&derived, &rung) && rung.recv().is_ok() {}
        };
        let thread = Builder::new().name("lists".into()).spawn(run)?;
        Ok(Self { derived: is_derived, thread: Some(thread) })
    }

    /// Up to where it has come.
    pub fn derived(&self) -> watch::Receiver<u64> {
        self.derived.clone()
    }
}

impl Drop for Projector {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Projection {
    journal: Connection,
    lists: Connection,
    /// The last event that was derived from.
    seq: u64,
    streams: Remembered,
}

impl Projection {
    /// Derives from all that is written. Where that fails it is tried again, until who writes has gone: false then.
    fn catch_up(&mut self, derived: &watch::Sender<u64>, rung: &Receiver<()>) -> bool {
        let mut patience = Duration::from_millis(100);
        loop {
            match self.advance() {
                Ok(0) => return true,
                Ok(events) => {
                    patience = Duration::from_millis(100);
                    derived.send_replace(self.seq);
                    if (LOAD..CHUNK).contains(&events) {
                        sleep(PAUSE);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "lists cannot be derived from the journal");
                    // What is remembered is ahead of what is stored.
                    self.streams = Remembered::default();
                    patience = (patience * 2).min(Duration::from_secs(30));
                    if let Err(RecvTimeoutError::Disconnected) = rung.recv_timeout(patience) {
                        return false;
                    }
                }
            }
        }
    }

    /// Derives from the next events, and says how many there were.
    fn advance(&mut self) -> Result<usize, StoreError> {
        let events = read::read_on(&self.journal, self.seq, CHUNK)?;
        let Some((last, _)) = events.last() else { return Ok(0) };
        let (last, count) = (*last, events.len());
        let mut chunk = Chunk::default();
        for (seq, event) in events {
            match event {
                Ok(event) => self.take(&event, &mut chunk)?,
                // It stays in the journal, where verifying finds it; one damaged event does not stop the others.
                Err(error) => tracing::error!(seq, %error, "an event is passed over in lists"),
            }
        }
        let transaction = self.lists.transaction()?;
        chunk.write(&transaction, &self.streams)?;
        schema::stand_at(&transaction, &self.journal, last)?;
        transaction.commit()?;
        self.seq = last;
        Ok(count)
    }

    fn take(&mut self, stored: &StoredEvent, chunk: &mut Chunk) -> Result<(), StoreError> {
        let key = (stored.event.tenant.clone(), stored.event.stream.clone());
        let (_, exchange) = self.streams.get_or(&key, || told(&self.journal, stored))?;
        chunk.before(&key, exchange, stored.event.at);
        let status = exchange.status.state();
        // What cannot have happened is not told; it stays in the journal.
        if stored.event.tell(exchange).is_ok() {
            chunk.figures(&stored.event, exchange, status);
        }
        Ok(())
    }
}

/// A stream as it stood before an event.
fn told(db: &Connection, before: &StoredEvent) -> Result<Stream, StoreError> {
    let events = read::before(db, &before.event.tenant, &before.event.stream, before.seq)?;
    let mut exchange = Exchange::default();
    for stored in &events {
        let _ = stored.event.tell(&mut exchange);
    }
    Ok((events.first().unwrap_or(before).seq, exchange))
}

/// A tenant and a stream.
type Key = (String, String);

/// A stream's number, which is the place of its first event, and how it stands.
type Stream = (u64, Exchange);

/// The streams that something happened to lately: those seen since the last time that many were, and those before.
#[derive(Default)]
struct Remembered {
    young: HashMap<Key, Stream>,
    old: HashMap<Key, Stream>,
}

impl Remembered {
    fn get_or(
        &mut self,
        key: &Key,
        tell: impl FnOnce() -> Result<Stream, StoreError>,
    ) -> Result<&mut Stream, StoreError> {
        if !self.young.contains_key(key) {
            let stream = self.old.remove(key).map_or_else(tell, Ok)?;
            if self.young.len() >= REMEMBERED {
                // Their room stays: it is some megabytes.
                std::mem::swap(&mut self.old, &mut self.young);
                self.young.clear();
            }
            self.young.insert(key.clone(), stream);
        }
        self.young.get_mut(key).ok_or(StoreError::Closed)
    }

    fn get(&self, key: &Key) -> Option<&Stream> {
        self.young.get(key).or_else(|| self.old.get(key))
    }
}
