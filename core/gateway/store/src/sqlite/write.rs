//! The thread that writes. It takes what is waiting, does it in one transaction, syncs once, and then answers everybody;
//! between two such groups it derives lists and figures from the journal.

use std::fs::File;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use tokio::sync::{oneshot, watch};

use crate::chain::{Hash, NO_KEY, START, digest, link};
use crate::sqlite::derive::Derivation;
use crate::sqlite::read;
use crate::{Batch, Claimed, Job, JobChange, Mark, NewEvent, RecordChange, StoreError};

/// So many orders at most share one sync.
const GROUP: usize = 256;
/// So long a group waits for more, where the one before was shared.
const WAIT: Duration = Duration::from_millis(2);
/// So many events are derived at once.
const CHUNK: usize = 512;

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the writer is asked to do.
pub enum Order {
    /// All of a batch, or nothing.
    Commit(Box<Batch>, Answer<Vec<u64>>),
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
    /// The payloads of a stream are to go.
    Erase {
        /// Whose.
        tenant: String,
        /// The stream.
        stream: String,
        /// Whom to answer.
        answer: Answer<usize>,
    },
}

/// Where orders are given.
pub struct Writer(Sender<Order>);

impl Writer {
    /// Starts the thread. It ends when the writer is dropped, after what was ordered.
    pub fn start(
        connection: Connection,
        lock: File,
    ) -> Result<(Self, watch::Receiver<u64>, watch::Receiver<u64>), StoreError> {
        let last = connection.query_row("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((row.get::<_, u64>(0)?, row.get::<_, Hash>(1)?))
        });
        let (seq, head) = last.optional()?.unwrap_or((0, START));
        let derivation = Derivation::new(&connection)?;
        let (written, is_written) = watch::channel(seq);
        let (derived, is_derived) = watch::channel(derivation.seq());
        let (orders, taken) = channel();
        let thread = Thread { connection, _lock: lock, seq, head, derivation, written, derived };
        thread::Builder::new().name("store".into()).spawn(move || thread.run(&taken))?;
        Ok((Self(orders), is_written, is_derived))
    }

    /// Gives an order, and waits for the answer.
    pub async fn ask<T>(&self, order: impl FnOnce(Answer<T>) -> Order) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.0.send(order(answer)).map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

struct Thread {
    connection: Connection,
    /// Held until the last order is done: nobody else opens the folder before.
    _lock: File,
    /// The last event that is on disk, and its link.
    seq: u64,
    head: Hash,
    derivation: Derivation,
    written: watch::Sender<u64>,
    derived: watch::Sender<u64>,
}

/// Answers that go out when the group is on disk.
type Done = Box<dyn FnOnce(Option<&rusqlite::Error>) + Send>;

impl Thread {
    fn run(mut self, taken: &Receiver<Order>) {
        let mut shared = false;
        loop {
            let behind = self.seq - self.derivation.seq();
            let first = match taken.try_recv() {
                Ok(order) => order,
                Err(TryRecvError::Disconnected) => break,
                Err(TryRecvError::Empty) if behind > 0 => {
                    self.derive();
                    continue;
                }
                Err(TryRecvError::Empty) => match taken.recv() {
                    Ok(order) => order,
                    Err(_) => break,
                },
            };
            let group = group(first, taken, shared);
            shared = group.len() > 1;
            self.write(group);
            // Under load nothing is ever idle: what is derived must not fall behind for good.
            if self.seq - self.derivation.seq() > CHUNK as u64 {
                self.derive();
            }
        }
    }

    fn derive(&mut self) {
        match self.derivation.advance(&mut self.connection, CHUNK) {
            Ok(seq) => {
                self.derived.send_replace(seq);
            }
            Err(error) => {
                tracing::error!(%error, "lists cannot be derived from the journal");
                thread::sleep(Duration::from_millis(200));
            }
        }
    }

    fn write(&mut self, group: Vec<Order>) {
        let (before, mut answers): (_, Vec<Done>) = ((self.seq, self.head), Vec::with_capacity(group.len()));
        let result = self.transact(group, &mut answers);
        if result.is_err() {
            (self.seq, self.head) = before;
        } else if self.seq != before.0 {
            self.written.send_replace(self.seq);
        }
        if let Err(error) = &result {
            tracing::error!(%error, "a group of messages could not be stored");
        }
        for answer in answers {
            answer(result.as_ref().err());
        }
    }

    fn transact(&mut self, group: Vec<Order>, answers: &mut Vec<Done>) -> Result<(), rusqlite::Error> {
        let transaction = self.connection.transaction()?;
        let mut end = (self.seq, self.head);
        let mut failed = None;
        for order in group {
            // Once the transaction is broken, nothing more is tried in it; everybody is told.
            let broken = failed.is_some();
            match order {
                Order::Commit(batch, answer) => {
                    let done =
                        if broken { Ok(Ok(Vec::new())) } else { commit(&transaction, &mut end, &batch) };
                    failed = failed.or(later(answers, answer, done));
                }
                Order::Claim { now, lease, limit, except, answer } => {
                    let done =
                        if broken { Ok(Vec::new()) } else { claim(&transaction, now, lease, limit, &except) };
                    failed = failed.or(later(answers, answer, done.map(Ok)));
                }
                Order::Erase { tenant, stream, answer } => {
                    let erase = "UPDATE event SET payload = NULL WHERE tenant = ?1 AND stream = ?2 AND payload IS NOT NULL";
                    let done =
                        if broken { Ok(0) } else { transaction.execute(erase, params![tenant, stream]) };
                    failed = failed.or(later(answers, answer, done.map(Ok)));
                }
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        transaction.commit()?;
        (self.seq, self.head) = end;
        Ok(())
    }
}

/// Keeps an answer until the group is on disk; gives back what broke the transaction.
fn later<T: Send + 'static>(
    answers: &mut Vec<Done>,
    answer: Answer<T>,
    done: Result<Result<T, StoreError>, rusqlite::Error>,
) -> Option<rusqlite::Error> {
    let (done, failed) = match done {
        Ok(done) => (done, None),
        Err(error) => (Err(StoreError::Closed), Some(error)),
    };
    answers.push(Box::new(move |broken| {
        let _ = answer.send(match broken {
            Some(error) => Err(StoreError::NotWritten(error.to_string())),
            None => done,
        });
    }));
    failed
}

fn group(first: Order, taken: &Receiver<Order>, shared: bool) -> Vec<Order> {
    let mut group = vec![first];
    let until = Instant::now() + if shared { WAIT } else { Duration::ZERO };
    while group.len() < GROUP {
        match taken.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(order) => group.push(order),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    group
}

/// Writes a batch. What it stands on is looked at first: where it does not hold, nothing is written.
fn commit(
    db: &Transaction<'_>,
    end: &mut (u64, Hash),
    batch: &Batch,
) -> rusqlite::Result<Result<Vec<u64>, StoreError>> {
    for mark in &batch.marks {
        if let Some(first) = read::mark_at(db, &mark.tenant, &mark.space, &mark.value)? {
            return Ok(Err(StoreError::Conflict(Box::new(first))));
        }
    }
    for change in &batch.records {
        let found = read::record_at(db, &change.tenant, &change.space, &change.key)?;
        if found.map_or(0, |record| record.revision) != change.expected {
            let (space, key) = (change.space.clone(), change.key.clone());
            return Ok(Err(StoreError::Stale { space, key }));
        }
    }
    let mut places = Vec::with_capacity(batch.events.len());
    for event in &batch.events {
        places.push(append(db, end, event)?);
    }
    for mark in batch.marks.iter().chain(&batch.links) {
        put_mark(db, mark)?;
    }
    for job in &batch.jobs {
        change_job(db, job)?;
    }
    for change in &batch.records {
        change_record(db, change)?;
    }
    Ok(Ok(places))
}

fn append(db: &Transaction<'_>, end: &mut (u64, Hash), event: &NewEvent) -> rusqlite::Result<u64> {
    let seq = end.0 + 1;
    let body = serde_json::to_string(&event.event)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let at = event.at.to_string();
    let payload = event.payload.as_ref();
    let payload_hash = payload.map(|payload| digest(&payload.bytes));
    let (media, key_id) = (payload.map(|payload| payload.media.as_str()), payload.map(|_| NO_KEY));
    let hash = link(
        &end.1,
        seq,
        [
            Some(event.tenant.as_bytes()),
            Some(event.stream.as_bytes()),
            event.submission.as_ref().map(String::as_bytes),
            Some(at.as_bytes()),
            Some(event.actor.as_bytes()),
            Some(body.as_bytes()),
            media.map(str::as_bytes),
            key_id.map(str::as_bytes),
            payload_hash.as_ref().map(Hash::as_slice),
            event.data.as_ref().map(String::as_bytes),
        ],
    );
    db.prepare_cached("INSERT INTO event VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)")?.execute(
        params![
            seq,
            event.tenant,
            event.stream,
            event.submission,
            at,
            event.actor,
            body,
            media,
            key_id,
            payload.map(|payload| &payload.bytes),
            payload_hash,
            event.data,
            hash,
        ],
    )?;
    *end = (seq, hash);
    Ok(seq)
}

/// The first of a key stays.
fn put_mark(db: &Transaction<'_>, mark: &Mark) -> rusqlite::Result<()> {
    let Mark { tenant, space, value, stream, submission, digest } = mark;
    db.prepare_cached("INSERT OR IGNORE INTO mark VALUES (?1,?2,?3,?4,?5,?6)")?
        .execute(params![tenant, space, value, stream, submission, digest])?;
    Ok(())
}

fn change_job(db: &Transaction<'_>, change: &JobChange) -> rusqlite::Result<()> {
    match change {
        JobChange::Put(job) => {
            let Job { submission, tenant, stream, lane, due, attempts, body, about } = job;
            db.prepare_cached("INSERT INTO job VALUES (?1,?2,?3,?4,?5,NULL,?6,?7,?8)")?.execute(params![
                submission,
                tenant,
                stream,
                lane,
                due.as_microsecond(),
                attempts,
                body,
                about
            ])?;
        }
        JobChange::Hold(submission) => {
            db.prepare_cached("UPDATE job SET due = NULL, lease = NULL WHERE submission = ?1")?
                .execute([submission])?;
        }
        JobChange::Due(submission, due, attempts) => {
            db.prepare_cached("UPDATE job SET due = ?2, lease = NULL, attempts = ?3 WHERE submission = ?1")?
                .execute(params![submission, due.as_microsecond(), attempts])?;
        }
        JobChange::Done(submission) => {
            db.prepare_cached("DELETE FROM job WHERE submission = ?1")?.execute([submission])?;
        }
    }
    Ok(())
}

fn change_record(db: &Transaction<'_>, change: &RecordChange) -> rusqlite::Result<()> {
    let RecordChange { tenant, space, key, expected, body } = change;
    match body {
        Some(body) => db
            .prepare_cached("INSERT OR REPLACE INTO record VALUES (?1,?2,?3,?4,?5)")?
            .execute(params![tenant, space, key, expected + 1, body])?,
        None => db
            .prepare_cached("DELETE FROM record WHERE tenant = ?1 AND space = ?2 AND key = ?3")?
            .execute(params![tenant, space, key])?,
    };
    Ok(())
}

fn claim(
    db: &Transaction<'_>,
    now: Timestamp,
    lease: Timestamp,
    limit: usize,
    except: &[String],
) -> rusqlite::Result<Vec<Claimed>> {
    let except = serde_json::to_string(except).unwrap_or_default();
    let mut due = db.prepare_cached(
        "SELECT submission, tenant, stream, lane, due, attempts, body, about, lease FROM job
         WHERE due <= ?1 AND (lease IS NULL OR lease <= ?1) AND lane NOT IN (SELECT value FROM json_each(?2))
         ORDER BY due LIMIT ?3",
    )?;
    let claimed: Vec<Claimed> = due
        .query_map(params![now.as_microsecond(), except, limit], |row| {
            Ok(Claimed { job: read::job_of(row)?, abandoned: row.get::<_, Option<i64>>(8)?.is_some() })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for one in &claimed {
        db.prepare_cached("UPDATE job SET lease = ?2 WHERE submission = ?1")?
            .execute(params![one.job.submission, lease.as_microsecond()])?;
    }
    Ok(claimed)
}
