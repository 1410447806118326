//! What is read as it was written.

use jiff::Timestamp;

use crate::{Job, Lease, NewEvent};

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place in the journal, from 1, without gaps.
    pub seq: u64,
    /// What was stored; the payload is asked for by itself.
    pub event: NewEvent,
    /// The SHA-256 of the payload as it is stored, in hexadecimal.
    pub payload_hash: Option<String>,
    /// The link of the hash chain, in hexadecimal.
    pub hash: String,
}

/// A job that somebody has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The job.
    pub job: Job,
    /// True where a lease of before ran out, its holder died, or the store was restored: whoever held it may have sent it,
    /// as the journal says. It is never fresh work.
    pub abandoned: bool,
    /// Until when it is held.
    pub until: Timestamp,
}

impl Claimed {
    /// The lease, for [`Batch::leases`](crate::Batch::leases).
    pub fn lease(&self) -> Lease {
        Lease { submission: self.job.submission.clone(), until: self.until }
    }
}

/// A small thing that changes: a session, a token, a cursor, a row of the customs master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its key.
    pub key: String,
    /// How often it was written, from 1.
    pub revision: u64,
    /// The record, as JSON.
    pub body: String,
}
