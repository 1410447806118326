//! What is written: everything that is to happen together.

use dragoman_exchange::{Event, Exchange, Misplaced};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Bytes as they came or as they go, with what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Its media type.
    pub media: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// An event that is to be stored. [`Event::Erased`] takes all payloads of its stream before it away; the chain still
/// verifies.
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

/// A person that a stream is about: its payloads are sealed with that person's key from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// Whose it is.
    pub tenant: String,
    /// The stream.
    pub stream: String,
    /// What the person is known by, the same in all streams: an address of electronic mail, name and postal code. It is
    /// not stored.
    pub person: String,
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
    /// Not before this moment; while it is leased, until when.
    pub due: Timestamp,
    /// How often it was sent.
    pub attempts: u32,
    /// What is sent. Where it is the payload of the submission's event in the same batch, it is kept once.
    pub body: Vec<u8>,
    /// What whoever sends has to know besides, as JSON.
    pub about: String,
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

impl JobChange {
    /// The submission whose job it is.
    pub fn submission(&self) -> &String {
        match self {
            Self::Put(Job { submission, .. })
            | Self::Hold(submission)
            | Self::Due(submission, ..)
            | Self::Done(submission) => submission,
        }
    }
}

/// A job that somebody holds, until a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The submission.
    pub submission: String,
    /// The end that the lease was given.
    pub until: Timestamp,
}

/// Where a stream stood when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose it is.
    pub tenant: String,
    /// The stream.
    pub stream: String,
    /// Its last event; 0 where it had none.
    pub seq: u64,
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

/// Everything that is to happen together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Jobs that the writer must still hold. Whoever is about to send states its lease with the event that says so, and
    /// sends only what was written: one that was held up for longer than its lease finds that it lost the job.
    pub leases: Vec<Lease>,
    /// Streams in which nothing may have happened since they were read.
    pub places: Vec<Place>,
    /// Persons that streams are about.
    pub concerns: Vec<Concern>,
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
    /// Persons whose keys are destroyed, by tenant and id: nothing that is sealed with one is read again.
    pub forgotten: Vec<(String, String)>,
}

impl Batch {
    /// The batch without what it does about some submissions: their leases, events and jobs.
    #[must_use]
    pub fn without(mut self, submissions: &[String]) -> Self {
        let is_other = |submission: &String| !submissions.contains(submission);
        self.leases.retain(|lease| is_other(&lease.submission));
        self.events.retain(|event| event.submission.as_ref().is_none_or(is_other));
        self.jobs.retain(|change| is_other(change.submission()));
        self
    }
}
