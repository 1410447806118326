//! The thread that carries the log over into the store, beside the one that writes: who waits for a commit does not
//! wait for that as well.
//!
//! A log is begun anew only where all of it has been carried over, and there is always a last group that came meanwhile.
//! So the writer carries over that rest, which is little: <https://www.sqlite.org/wal.html#checkpointing>.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;

use crate::StoreError;

/// About so many bytes are written before the log is carried over.
const LOG_BYTES: usize = 32 << 20;

/// What the writer has of it. The thread ends when it is dropped.
pub struct Checkpoints {
    begin: Option<SyncSender<()>>,
    ended: Receiver<rusqlite::Result<()>>,
    thread: Option<JoinHandle<()>>,
    /// Bytes written since the last round began.
    written: usize,
}

impl Checkpoints {
    /// Starts the thread, on a connection of its own.
    pub fn start(connection: Connection) -> Result<Self, StoreError> {
        let (begin, begun) = sync_channel(1);
        let (end, ended) = channel();
        let thread =
            Builder::new().name("checkpoint".into()).spawn(move || run(&connection, &begun, &end))?;
        Ok(Self { begin: Some(begin), ended, thread: Some(thread), written: 0 })
    }

    /// Says that so many bytes were written by `connection`, and carries over the rest of a round that ended.
    pub fn wrote(&mut self, connection: &Connection, bytes: usize) -> rusqlite::Result<()> {
        self.written += bytes;
        if let Ok(ended) = self.ended.try_recv() {
            ended?;
            carry_over(connection)?;
        }
        if self.written >= LOG_BYTES
            && let Some(begin) = &self.begin
            && begin.try_send(()).is_ok()
        {
            self.written = 0;
        }
        Ok(())
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.begin = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, begun: &Receiver<()>, end: &Sender<rusqlite::Result<()>>) {
    while begun.recv().is_ok() {
        // The second time takes what was written during the first.
        let ended = carry_over(connection).and_then(|()| carry_over(connection));
        if end.send(ended).is_err() {
            return;
        }
    }
}

/// Carries over what no reader needs any more, and waits for nobody.
fn carry_over(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}
