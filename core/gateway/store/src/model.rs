//! What a store keeps, and what it is asked.

use dragoman_exchange::{Event, Exchange, Misplaced};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chain::{Hash, NO_KEY, hex, link, unhex};

/// Bytes as they came or as they go, with what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Its media type.
    pub media: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// An event that is to be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEvent {
    /// Whose it is.
    pub tenant: String,
    /// The stream it belongs to.
    pub stream: String,
    /// The submission that it happens to, where it does to one.
    pub submission: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: String,
    /// What happened.
    pub event: Event,
    /// The bytes that belong to it.
    #[serde(skip)]
    pub payload: Option<Payload>,
    /// The hash of the mappings, grammars, code lists and rules that it was made with.
    pub data: Option<String>,
}

impl NewEvent {
    /// Tells it to a stream that stands as it stood before. What cannot have happened changes nothing.
    pub fn tell(&self, exchange: &mut Exchange) -> Result<(), Misplaced> {
        exchange.apply(self.at, &self.actor, self.submission.as_deref(), &self.event)
    }
}

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
    /// The SHA-256 of the payload as it is stored, in hexadecimal.
    pub payload_hash: Option<String>,
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
        let key_id = self.payload_hash.as_ref().map(|_| NO_KEY);
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

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The submission: one job for each.
    pub submission: String,
    /// Whose it is.
    pub tenant: String,
    /// The stream.
    pub stream: String,
    /// Account and operation: limits and breakers are theirs.
    pub lane: String,
    /// Not before this moment.
    pub due: Timestamp,
    /// How often it was sent.
    pub attempts: u32,
    /// What is sent.
    pub body: Vec<u8>,
    /// What whoever sends has to know besides, as JSON.
    pub about: String,
}

/// A job that somebody has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The job.
    pub job: Job,
    /// True where a lease of before ran out: whoever held it may have sent it.
    pub abandoned: bool,
}

/// A change of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobChange {
    /// A new job.
    Put(Job),
    /// A job that waits until somebody lets it go: for approval, or because its outcome is unknown.
    Hold(String),
    /// A job that was not taken, or is free again: due at a moment, with its attempts.
    Due(String, Timestamp, u32),
    /// A job that has come to its end.
    Done(String),
}

/// A key that is there once: whoever comes second is told who was first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whose it is.
    pub tenant: String,
    /// What kind of key: `idempotency`, `lrn`, `order`, `conversation`, `mrn`.
    pub space: String,
    /// The key.
    pub value: String,
    /// What it stands for.
    pub stream: String,
    /// The submission, where it stands for one.
    pub submission: Option<String>,
    /// What the first of that key said: a digest, to tell a repetition from another message.
    pub digest: Option<String>,
}

/// A record that is to change. It is the writer's business that nobody else changed it meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// Whose it is.
    pub tenant: String,
    /// What kind of record.
    pub space: String,
    /// Its key.
    pub key: String,
    /// The revision that was read; 0 where there was none.
    pub expected: u64,
    /// The record; none where it goes.
    pub body: Option<String>,
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

/// Everything that is to happen together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Events, in their order.
    pub events: Vec<NewEvent>,
    /// Changes of the outbox.
    pub jobs: Vec<JobChange>,
    /// New keys: where one is there already, nothing of the batch happens.
    pub marks: Vec<Mark>,
    /// Keys that may be there already: the first stays.
    pub links: Vec<Mark>,
    /// Records.
    pub records: Vec<RecordChange>,
}

/// A stream as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The stream.
    pub id: String,
    /// `order`, `declaration`, `parked`, `webhook`.
    pub kind: String,
    /// What people call it.
    pub title: String,
    /// Where it came from, or goes to.
    pub account: String,
    /// Where its last submission stands.
    pub state: String,
    /// What the authority made of it.
    pub status: String,
    /// The authority's number.
    pub mrn: Option<String>,
    /// From where to where.
    pub corridor: Option<String>,
    /// What it is worth, as `amount currency`.
    pub value: Option<String>,
    /// What a person has to do.
    pub needs: Option<String>,
    /// What is at fault.
    pub causes: Vec<String>,
    /// When it began.
    pub began: Timestamp,
    /// When something last happened.
    pub changed: Timestamp,
}

impl Row {
    /// A stream as it stands; `now` where it does not say when something happened.
    pub fn of(id: &str, exchange: &Exchange, now: Timestamp) -> Self {
        Self {
            id: id.to_owned(),
            kind: exchange.kind.word().into(),
            title: exchange.title.clone(),
            account: exchange.account.clone(),
            state: exchange.state().into(),
            status: exchange.status.state().word().into(),
            mrn: exchange.mrn.clone(),
            corridor: exchange.corridor.clone(),
            value: exchange.value.clone(),
            needs: exchange.needs().map(str::to_owned),
            causes: exchange.causes.clone(),
            began: exchange.began.unwrap_or(now),
            changed: exchange.changed.unwrap_or(now),
        }
    }
}

/// Which streams are listed, newest change first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Whose.
    pub tenant: String,
    /// Of which kind.
    pub kind: Option<String>,
    /// In which state.
    pub state: Option<String>,
    /// With which status.
    pub status: Option<String>,
    /// Only what needs somebody.
    pub needs: Option<String>,
    /// With this cause.
    pub cause: Option<String>,
    /// A word in title, number or orders.
    pub text: Option<String>,
    /// Behind the last of the page before: its `changed` and `id`.
    pub after: Option<(Timestamp, String)>,
    /// So many at most.
    pub limit: usize,
}

/// What the ledger says: every submission that was accepted is open or at exactly one end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// Submissions that were accepted.
    pub accepted: u64,
    /// Those without an end.
    pub open: u64,
    /// Those that the counterpart has.
    pub delivered: u64,
    /// Those that it did not want.
    pub refused: u64,
    /// Those that were given up.
    pub dead: u64,
}

impl Ledger {
    /// True where the figures add up.
    pub const fn balances(&self) -> bool {
        self.accepted == self.open + self.delivered + self.refused + self.dead
    }
}

/// Counts and values of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The day (UTC), `YYYY-MM-DD`.
    pub day: String,
    /// `orders`, `declared`, `cleared`, `rejected`.
    pub what: String,
    /// From where to where; empty where nobody said.
    pub corridor: String,
    /// The currency of the amount; empty where there is none.
    pub currency: String,
    /// How many.
    pub count: u64,
    /// What they are worth, a decimal.
    pub amount: String,
}
