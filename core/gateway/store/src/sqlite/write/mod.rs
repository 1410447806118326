//! The thread that writes. It takes what is waiting, does it in one transaction, syncs once, and then answers everybody.

mod append;
mod checkpoint;
mod jobs;

use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction};
use tokio::sync::{Semaphore, oneshot, watch};

pub use append::Encoded;
use checkpoint::Checkpoints;

use crate::chain::{Hash, START};
use crate::{Batch, Claimed, MasterKey, StoreError};

/// So many orders at most share one sync.
const GROUP: usize = 256;
/// What an order writes at least, about.
const ROW_BYTES: usize = 4096;
/// So many bytes of payload, about, do.
const GROUP_BYTES: usize = 16 << 20;
/// So long a group waits for as many as the one before had.
const WAIT: Duration = Duration::from_millis(2);
/// So many orders at most are waiting; who comes then waits before it gives one.
const WAITING: usize = 4096;

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the writer is asked to do.
pub enum Order {
    /// All of a batch, or nothing.
    Commit(Box<Encoded>, Answer<Vec<u64>>),
    /// Jobs that are due.
    Claim {
        /// The moment.
        now: Timestamp,
        /// Until when they are leased.
        lease: Timestamp,
        /// So many at most.
        limit: usize,
        /// Lanes that are left.
        except: Vec<String>,
        /// Whom to answer.
        answer: Answer<Vec<Claimed>>,
    },
}

/// What became of an order.
enum Done {
    Committed(Vec<u64>),
    Claimed(Vec<Claimed>),
}

impl Order {
    /// About so many bytes of the log, beside its rows in the indexes.
    fn bytes(&self) -> usize {
        match self {
            Self::Commit(encoded, _) => encoded.bytes() + ROW_BYTES,
            Self::Claim { .. } => ROW_BYTES,
        }
    }

    fn answer(self, done: Result<Done, StoreError>) {
        // Nobody may be waiting any more: what was done stays done.
        match (self, done) {
            (Self::Commit(_, answer), Ok(Done::Committed(places))) => drop(answer.send(Ok(places))),
            (Self::Claim { answer, .. }, Ok(Done::Claimed(claimed))) => drop(answer.send(Ok(claimed))),
            (Self::Commit(_, answer), Err(error)) => drop(answer.send(Err(error))),
            (Self::Claim { answer, .. }, Err(error)) => drop(answer.send(Err(error))),
            (_, Ok(_)) => {}
        }
    }
}

/// Where orders are given. The thread ends when it is dropped, after what was ordered.
pub struct Writer {
    orders: Option<Sender<Order>>,
    waiting: Semaphore,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, and the one that carries the log over on a connection of its own. It rings a bell when there is something to derive, and says up to where the journal is written.
    pub fn start(
        connection: Connection,
        checkpoints: Connection,
        lock: Arc<File>,
        master: MasterKey,
        bell: SyncSender<()>,
    ) -> Result<(Self, watch::Receiver<u64>), StoreError> {
        let (seq, head) = end(&connection)?;
        // The folder is ours, so whoever had leases is no more.
        connection.execute("UPDATE job SET due = 0 WHERE lease IS NOT NULL", [])?;
        let (written, is_written) = watch::channel(seq);
        let (orders, taken) = channel();
        let checkpoints = Checkpoints::start(checkpoints)?;
        let thread =
            Thread { checkpoints, connection, master, _lock: lock, seq, head, written, bell, failed: None };
        let thread = Builder::new().name("store".into()).spawn(move || thread.run(&taken))?;
        let writer = Self { orders: Some(orders), waiting: Semaphore::new(WAITING), thread: Some(thread) };
        Ok((writer, is_written))
    }

    /// Gives an order, and waits for the answer.
    pub async fn ask<T>(&self, order: impl FnOnce(Answer<T>) -> Order) -> Result<T, StoreError> {
        let _place = self.waiting.acquire().await.map_err(|_| StoreError::Closed)?;
        let (answer, answered) = oneshot::channel();
        let orders = self.orders.as_ref().ok_or(StoreError::Closed)?;
        orders.send(order(answer)).map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Where the journal ends: its last event and that one's link. It says so itself, so that a lost end is seen.
fn end(connection: &Connection) -> Result<(u64, Hash), StoreError> {
    let two = |row: &rusqlite::Row<'_>| Ok((row.get::<_, u64>(0)?, row.get::<_, Hash>(1)?));
    let last = connection.query_row("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", [], two);
    let last = last.optional()?.unwrap_or((0, START));
    let head = connection.query_row("SELECT seq, hash FROM head", [], two)?;
    if last == head {
        return Ok(last);
    }
    Err(StoreError::Damaged(format!("the journal ends at event {}, and should at {}", last.0, head.0)))
}

/// Writes a batch by itself, where no thread does.
pub fn append_all(
    connection: &mut Connection,
    master: &MasterKey,
    batch: Batch,
) -> Result<Vec<u64>, StoreError> {
    let mut end = end(connection)?;
    let (answer, _) = oneshot::channel();
    let order = Order::Commit(Box::new(Encoded::new(batch)?), answer);
    match transact(connection, master, &mut end, std::slice::from_ref(&order))?.pop() {
        Some(Ok(Done::Committed(places))) => Ok(places),
        Some(Err(error)) => Err(error),
        _ => Err(StoreError::Closed),
    }
}

struct Thread {
    // It ends before the connection, whose closing carries over the last of the log.
    checkpoints: Checkpoints,
    connection: Connection,
    master: MasterKey,
    /// Held until the last order is done: nobody else opens the folder before.
    _lock: Arc<File>,
    /// The last event that is on disk, and its link.
    seq: u64,
    head: Hash,
    written: watch::Sender<u64>,
    bell: SyncSender<()>,
    /// Why nothing is written any more.
    failed: Option<String>,
}

impl Thread {
    fn run(mut self, taken: &Receiver<Order>) {
        let mut before = 1;
        while let Ok(first) = taken.recv() {
            let group = group(first, taken, before);
            before = group.len();
            let bytes = group.iter().map(Order::bytes).sum();
            self.write(group);
            match self.checkpoints.wrote(&self.connection, bytes) {
                Err(error) if is_final(&error) => self.fail(&error),
                // What is answered is in the log: it is carried over another time.
                Err(error) => tracing::warn!(%error, "the log could not be carried over"),
                Ok(()) => {}
            }
        }
    }

    /// After a sync that failed nobody can tell what is on disk: it is read again when the store is opened.
    fn fail(&mut self, error: &rusqlite::Error) {
        tracing::error!(%error, "the disk failed: nothing more is stored before a restart");
        self.failed = Some(format!("the disk failed, and the store has to be opened again: {error}"));
    }

    fn write(&mut self, group: Vec<Order>) {
        match self.transact(&group) {
            Ok(done) => {
                for (order, done) in group.into_iter().zip(done) {
                    order.answer(done);
                }
            }
            // One of them cannot be done. The others are not to suffer for it.
            Err(_) if group.len() > 1 && self.failed.is_none() => {
                for order in group {
                    let done = self.transact(std::slice::from_ref(&order));
                    order.answer(
                        done.and_then(|done| done.into_iter().next().unwrap_or(Err(StoreError::Closed))),
                    );
                }
            }
            Err(error) => {
                tracing::error!(%error, "messages could not be stored");
                let text = error.to_string();
                let mut error = Some(error);
                for order in group {
                    order.answer(Err(error.take().unwrap_or_else(|| StoreError::NotWritten(text.clone()))));
                }
            }
        }
    }

    /// Does some orders in one transaction, and says how far the journal is. After an error nothing of them has happened.
    fn transact(&mut self, group: &[Order]) -> Result<Vec<Result<Done, StoreError>>, StoreError> {
        if let Some(why) = &self.failed {
            return Err(StoreError::Damaged(why.clone()));
        }
        let mut end = (self.seq, self.head);
        let done = transact(&mut self.connection, &self.master, &mut end, group);
        match &done {
            Ok(_) if end.0 != self.seq => {
                (self.seq, self.head) = end;
                self.written.send_replace(self.seq);
                // Where it has been rung already, that is enough.
                let _ = self.bell.try_send(());
            }
            Err(StoreError::Database(error)) if is_final(error) => self.fail(error),
            Ok(_) | Err(_) => {}
        }
        done
    }
}

fn is_final(error: &rusqlite::Error) -> bool {
    use ErrorCode::{DatabaseCorrupt, NotADatabase, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(SystemIoFailure | DatabaseCorrupt | NotADatabase))
}

fn transact(
    connection: &mut Connection,
    master: &MasterKey,
    end: &mut (u64, Hash),
    group: &[Order],
) -> Result<Vec<Result<Done, StoreError>>, StoreError> {
    let begun = end.0;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let mut all = Vec::with_capacity(group.len());
    for order in group {
        all.push(done(&transaction, master, end, order)?);
    }
    if end.0 != begun {
        let (seq, hash) = *end;
        transaction.prepare_cached("UPDATE head SET seq = ?1, hash = ?2")?.execute((seq, hash))?;
    }
    transaction.commit()?;
    Ok(all)
}

/// Does an order. What it finds not to hold is the order's own affair; other errors are the whole group's.
fn done(
    db: &Transaction<'_>,
    master: &MasterKey,
    end: &mut (u64, Hash),
    order: &Order,
) -> Result<Result<Done, StoreError>, StoreError> {
    match order {
        Order::Commit(encoded, _) => Ok(append::commit(db, master, end, encoded)?.map(Done::Committed)),
        Order::Claim { now, lease, limit, except, .. } => {
            Ok(Ok(Done::Claimed(jobs::claim(db, master, *now, *lease, *limit, except)?)))
        }
    }
}

fn group(first: Order, taken: &Receiver<Order>, before: usize) -> Vec<Order> {
    let mut bytes = first.bytes();
    let mut group = vec![first];
    let mut is_rested = before <= 1;
    while group.len() < GROUP && bytes < GROUP_BYTES {
        let Ok(next) = taken.try_recv() else {
            if std::mem::replace(&mut is_rested, true) || group.len() >= before {
                break;
            }
            // To be woken by each order that comes would cost more than the rest of the time.
            sleep(WAIT);
            continue;
        };
        bytes += next.bytes();
        group.push(next);
    }
    group
}
