//! Why a store did not do what it was asked.

use crate::Mark;

/// Why a store did not do what it was asked. Nothing of a batch that was not done has happened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A key of the batch is there already.
    #[error("{} `{}` is there already", .0.space, .0.value)]
    Conflict(Box<Mark>),
    /// Somebody else changed a record of the batch meanwhile.
    #[error("the record {space} `{key}` was changed meanwhile")]
    Stale {
        /// What kind of record.
        space: String,
        /// Its key.
        key: String,
    },
    /// Something happened in a stream of the batch meanwhile.
    #[error("something happened in {stream} meanwhile")]
    Moved {
        /// The stream.
        stream: String,
    },
    /// The job is no longer leased to whoever wrote the batch: it ran out, or the submission came to its end.
    #[error("the job of {submission} is no longer held")]
    Lost {
        /// The submission.
        submission: String,
    },
    /// There is a job for this submission already.
    #[error("{submission} is queued already")]
    Queued {
        /// The submission.
        submission: String,
    },
    /// The payloads of a stream cannot go before what is to be sent of it came to its end.
    #[error("{submission} is still to be sent: its payload cannot be erased")]
    Unsent {
        /// The submission.
        submission: String,
    },
    /// The master key cannot be had, or is another one.
    #[error("the master key: {0}")]
    Key(String),
    /// The store was written by a newer program.
    #[error("the store has version {found}, and this program knows up to {known}: use a newer program")]
    Newer {
        /// The store's version.
        found: usize,
        /// The newest that is known.
        known: usize,
    },
    /// The store is of an older program.
    #[error("the store has version {found}, not {known}: a gateway that opens it brings it up to date")]
    Older {
        /// The store's version.
        found: usize,
        /// The version that is wanted.
        known: usize,
    },
    /// Another gateway has the folder.
    #[error("the data folder {0} is in use by another gateway")]
    InUse(String),
    /// There is a store already where one was to be restored.
    #[error("the data folder {0} holds a store already: restore into an empty one")]
    Occupied(String),
    /// The folder cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// `SQLite` failed: the disk is full, or broken.
    #[error("the store failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// The disk is full, or broken: nothing that was asked for together with this happened.
    #[error("nothing was stored: {0}")]
    NotWritten(String),
    /// What is stored cannot be read, or could not be written for certain.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
}
