//! Batches to store.

use dragoman_exchange::{Event, Purpose, Said};
use dragoman_store::{Batch, Job, JobChange, Mark, NewEvent, Payload, Query, RecordChange, Store};
use jiff::Timestamp;

/// The tenant of everything that is made here.
pub const TENANT: &str = "main";

pub fn now() -> Timestamp {
    "2026-11-22T16:24:00Z".parse().unwrap()
}

pub fn stream(number: usize) -> String {
    format!("stream-{number}")
}

pub fn submission(number: usize) -> String {
    format!("submission-{number}")
}

pub fn event(number: usize, event: Event) -> NewEvent {
    NewEvent {
        tenant: TENANT.into(),
        stream: stream(number),
        submission: Some(submission(number)),
        at: now(),
        actor: "clerk".into(),
        event,
        payload: None,
        data: Some("sha256:1".into()),
    }
}

/// A submission that is accepted: one event with its payload, one job, one key.
pub fn accepted(number: usize) -> Batch {
    let lrn = format!("DG-{number}");
    let accepted = Event::Accepted {
        purpose: Purpose::Declaration,
        account: "acme".into(),
        operation: "submit".into(),
        lrn: Some(lrn.clone()),
        held: None,
    };
    let bytes = format!("<lrn>{lrn}</lrn>").into_bytes();
    let payload = Payload { media: "application/xml".into(), bytes: bytes.clone() };
    let first = NewEvent { payload: Some(payload), ..event(number, accepted) };
    Batch {
        events: vec![first],
        jobs: put(job(number, bytes)),
        marks: vec![mark(number)],
        ..Batch::default()
    }
}

pub fn job(number: usize, body: Vec<u8>) -> Job {
    Job {
        submission: submission(number),
        tenant: TENANT.into(),
        stream: stream(number),
        lane: "acme:submit".into(),
        due: now(),
        attempts: 0,
        body,
        about: "{}".into(),
    }
}

pub fn put(job: Job) -> Vec<JobChange> {
    vec![JobChange::Put(job)]
}

pub fn mark(number: usize) -> Mark {
    Mark {
        tenant: TENANT.into(),
        space: "lrn".into(),
        value: format!("DG-{number}"),
        stream: stream(number),
        submission: Some(submission(number)),
        digest: None,
    }
}

/// What happens to a submission.
pub fn happens(number: usize, events: Vec<Event>) -> Batch {
    Batch { events: events.into_iter().map(|one| event(number, one)).collect(), ..Batch::default() }
}

pub fn sent() -> Vec<Event> {
    vec![Event::Attempted { attempt: 1 }, Event::Delivered { conversation: None }]
}

pub fn said(events: &str) -> Event {
    Event::Responded { said: Said { events: events.into(), ..Said::default() } }
}

pub fn jobs(change: JobChange) -> Batch {
    Batch { jobs: vec![change], ..Batch::default() }
}

pub fn record(key: &str, expected: u64, body: Option<&str>) -> Batch {
    let change = RecordChange {
        tenant: TENANT.into(),
        space: "draft".into(),
        key: key.into(),
        expected,
        body: body.map(str::to_owned),
    };
    Batch { records: vec![change], ..Batch::default() }
}

pub fn query() -> Query {
    Query { tenant: TENANT.into(), limit: 10, ..Query::default() }
}

/// Waits until lists have come up to what is written.
pub async fn derived(store: &dyn Store) {
    let written = *store.written().borrow();
    store.derived().wait_for(|derived| *derived >= written).await.unwrap();
}
