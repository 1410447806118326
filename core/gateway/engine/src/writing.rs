//! Batches in the making: everything of one step of the gateway, which the store does together or not at all.

use dragoman_exchange::{Change, Event};
use dragoman_model::Document;
use dragoman_store::{Batch, Concern, Job, JobChange, Mark, NewEvent, Payload, RecordChange, StoreError};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::measure::EVENTS;
use crate::people::Actor;
use crate::persons::{is_personal, persons};

/// The media type of the corrections of a declaration, with all values.
pub(crate) const CHANGES: &str = "application/json;of=changes";

/// A batch in the making.
pub(crate) struct Writing<'g> {
    gateway: &'g Gateway,
    /// Whose it is.
    pub tenant: String,
    /// Who does it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// What is to happen.
    pub batch: Batch,
}

impl<'g> Writing<'g> {
    /// An empty batch of somebody's, now.
    pub fn new(gateway: &'g Gateway, by: &Actor) -> Self {
        let (tenant, actor) = (by.tenant.clone(), by.name.clone());
        Self { gateway, tenant, actor, at: gateway.0.clock.now(), batch: Batch::default() }
    }

    /// Something that happens, to a submission of the stream where one is named.
    pub fn event(&mut self, stream: &str, submission: Option<&str>, event: Event) -> &mut Self {
        self.batch.events.push(NewEvent {
            tenant: self.tenant.clone(),
            stream: stream.to_owned(),
            submission: submission.map(str::to_owned),
            at: self.at,
            actor: self.actor.clone(),
            event,
            payload: None,
            data: None,
        });
        self
    }

    /// Persons that a stream is about, as a document names them.
    pub fn concerns(&mut self, stream: &str, document: &Document<'_>) -> &mut Self {
        let concern = |person| Concern { tenant: self.tenant.clone(), stream: stream.to_owned(), person };
        self.batch.concerns.extend(persons(document).into_iter().map(concern));
        self
    }

    /// A declaration that a person corrected. Personal data is kept in the message beside the event, where it is sealed;
    /// the event says only where it was.
    pub fn corrected(
        &mut self,
        stream: &str,
        submission: Option<&str>,
        changes: &[Change],
    ) -> Answer<&mut Self> {
        let said = |change: &Change| {
            if is_personal("declaration", &change.path) {
                Change { before: None, after: None, withheld: true, ..change.clone() }
            } else {
                change.clone()
            }
        };
        let bytes = serde_json::to_vec(changes).map_err(EngineError::damaged)?;
        let event = Event::Corrected { changes: changes.iter().map(said).collect() };
        Ok(self.message(stream, submission, event, CHANGES, bytes))
    }

    /// Something that happens with a message, which is kept with the hash of the data that it was read or made with.
    pub fn message(
        &mut self,
        stream: &str,
        submission: Option<&str>,
        event: Event,
        media: &str,
        bytes: Vec<u8>,
    ) -> &mut Self {
        self.event(stream, submission, event);
        if let Some(last) = self.batch.events.last_mut() {
            last.payload = Some(Payload { media: media.to_owned(), bytes });
            last.data = Some(self.gateway.0.data.clone());
        }
        self
    }

    /// A key that must be new.
    pub fn mark(&mut self, space: &str, value: String, stream: &str, submission: Option<&str>) -> &mut Self {
        let mark = self.key(space, value, stream, submission);
        self.batch.marks.push(mark);
        self
    }

    /// A key that may be there: the first stays.
    pub fn link(&mut self, space: &str, value: String, stream: &str, submission: Option<&str>) -> &mut Self {
        let mark = self.key(space, value, stream, submission);
        self.batch.links.push(mark);
        self
    }

    fn key(&self, space: &str, value: String, stream: &str, submission: Option<&str>) -> Mark {
        Mark {
            tenant: self.tenant.clone(),
            space: space.to_owned(),
            value,
            stream: stream.to_owned(),
            submission: submission.map(str::to_owned),
            digest: None,
        }
    }

    /// A record that was read in that revision, 0 for a new one; without a body it goes.
    pub fn record(&mut self, space: &str, key: String, expected: u64, body: Option<String>) -> &mut Self {
        let (tenant, space) = (self.tenant.clone(), space.to_owned());
        self.batch.records.push(RecordChange { tenant, space, key, expected, body });
        self
    }

    /// A record that is in no tenant.
    pub fn wide_record(
        &mut self,
        space: &str,
        key: String,
        expected: u64,
        body: Option<String>,
    ) -> &mut Self {
        let (tenant, space) = (String::new(), space.to_owned());
        self.batch.records.push(RecordChange { tenant, space, key, expected, body });
        self
    }

    /// A job of the outbox; one that is held waits until somebody lets it go.
    pub fn job(&mut self, job: Job, held: bool) -> &mut Self {
        let submission = job.submission.clone();
        self.batch.jobs.push(JobChange::Put(job));
        if held {
            self.batch.jobs.push(JobChange::Hold(submission));
        }
        self
    }

    /// Does it all. Where there are jobs, the workers are told.
    pub async fn commit(self) -> Result<Vec<u64>, StoreError> {
        let has_jobs = !self.batch.jobs.is_empty();
        let happened = words(&self.batch);
        let written = self.gateway.0.store.commit(self.batch).await?;
        count(&happened);
        if has_jobs {
            self.gateway.0.queued.notify_one();
        }
        Ok(written)
    }

    /// Does it all but for the jobs that somebody lost meanwhile, and names those.
    pub async fn commit_held(self) -> Result<Vec<String>, StoreError> {
        let mut lost = Vec::new();
        loop {
            let batch = self.batch.clone().without(&lost);
            let happened = words(&batch);
            match self.gateway.0.store.commit(batch).await {
                Ok(_) => {
                    count(&happened);
                    break;
                }
                Err(StoreError::Lost { submission }) if !lost.contains(&submission) => lost.push(submission),
                Err(error) => return Err(error),
            }
        }
        if !self.batch.jobs.is_empty() {
            self.gateway.0.queued.notify_one();
        }
        Ok(lost)
    }
}

/// What happens in a batch.
fn words(batch: &Batch) -> Vec<&'static str> {
    batch.events.iter().map(|new| new.event.word()).collect()
}

/// Counts what happened.
fn count(words: &[&'static str]) {
    for word in words {
        metrics::counter!(EVENTS, "event" => *word).increment(1);
    }
}

/// A new id, in the order of time.
pub(crate) fn id() -> String {
    Uuid::now_v7().to_string()
}
