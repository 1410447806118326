//! What is read as it was written.

use jiff::Timestamp;

use serde::{Deserialize, Serialize};

use crate::chain::{Hash, NO_KEY, hex, link, unhex};
use crate::{Job, Lease, NewEvent};

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredEvent {
    /// Its place in the journal, from 1, without gaps.
    pub seq: u64,
    /// What was stored; the payload is asked for by itself.
    #[serde(flatten)]
    pub event: NewEvent,
    /// The media type of the payload.
    pub media: Option<String>,
    /// What the payload is sealed with: the persons that it is about, by their ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// The SHA-256 of the payload as it is stored, in hexadecimal.
    pub payload_hash: Option<String>,
    /// The SHA-256 of the payload as it came or went, in hexadecimal; none any more where it was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<String>,
    /// The link of the hash chain, in hexadecimal.
    pub hash: String,
}

impl StoredEvent {
    /// Its link of the hash chain, computed anew behind the link of the event before it. None where that is no link.
    pub fn link(&self, before: &str) -> Option<String> {
        let NewEvent { tenant, stream, submission, at, actor, event, data, .. } = &self.event;
        let (at, body) = (at.to_string(), serde_json::to_string(event).ok()?);
        let payload_hash = self.payload_hash.as_deref().map(unhex);
        // A hash that is none is no hash of anything.
        let payload_hash = match payload_hash {
            Some(hash) => Some(hash?),
            None => None,
        };
        let key_id = self.payload_hash.as_ref().map(|_| self.key_id.as_deref().unwrap_or(NO_KEY));
        let parts = [
            Some(tenant.as_bytes()),
            Some(stream.as_bytes()),
            submission.as_deref().map(str::as_bytes),
            Some(at.as_bytes()),
            Some(actor.as_bytes()),
            Some(body.as_bytes()),
            self.media.as_deref().map(str::as_bytes),
            key_id.map(str::as_bytes),
            payload_hash.as_ref().map(Hash::as_slice),
            data.as_deref().map(str::as_bytes),
        ];
        Some(hex(&link(&unhex(before)?, self.seq, parts)))
    }
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
