//! Whatever is asked in whatever order, a store answers what a few maps in memory answer.

use std::collections::BTreeMap;

use dragoman_exchange::Event;
use dragoman_store::{Batch, Job, JobChange, Lease, Mark, Place, Sqlite, Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::made::*;

/// So many streams, with a submission each.
const STREAMS: usize = 5;
const LANES: [&str; 2] = ["a:submit", "b:submit"];

/// What is asked.
#[derive(Clone, Debug)]
enum Asked {
    /// A batch with some of everything.
    Write(Parts),
    /// Jobs, so many, of all lanes but one perhaps.
    Claim { limit: usize, except: Option<usize> },
    /// Time goes by.
    Wait { seconds: i64 },
}

#[derive(Clone, Debug)]
struct Parts {
    stream: usize,
    event: bool,
    job: Option<Change>,
    mark: Option<u8>,
    link: Option<u8>,
    /// A key, and whether its revision is right.
    record: Option<(u8, bool, Option<u8>)>,
    /// Whether the place is right.
    place: Option<bool>,
    /// Whether the lease is stated as it was given last.
    lease: bool,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Put,
    Hold,
    Due,
    Done,
}

fn parts() -> impl Strategy<Value = Parts> {
    let job =
        prop::option::of(prop::sample::select(vec![Change::Put, Change::Hold, Change::Due, Change::Done]));
    let mark = || prop::option::weighted(0.3, 0..6_u8);
    let record =
        prop::option::weighted(0.3, (0..3_u8, prop::bool::weighted(0.8), prop::option::of(any::<u8>())));
    let place = prop::option::weighted(0.3, prop::bool::weighted(0.7));
    (0..STREAMS, any::<bool>(), job, mark(), mark(), record, place, prop::bool::weighted(0.2)).prop_map(
        |(stream, event, job, mark, link, record, place, lease)| Parts {
            stream,
            event,
            job,
            mark,
            link,
            record,
            place,
            lease,
        },
    )
}

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        4 => parts().prop_map(Asked::Write),
        2 => (0..4_usize, prop::option::of(0..LANES.len())).prop_map(|(limit, except)| Asked::Claim { limit, except }),
        1 => (0..40_i64).prop_map(|seconds| Asked::Wait { seconds }),
    ]
}

#[derive(Clone, Debug)]
struct Queued {
    job: Job,
    due: Option<Timestamp>,
    lease: Option<Timestamp>,
}

/// What a store comes to, in memory.
#[derive(Debug, Default)]
struct Model {
    events: Vec<(usize, Event)>,
    jobs: Vec<Queued>,
    marks: BTreeMap<String, Mark>,
    records: BTreeMap<String, (u64, String)>,
    /// The lease that each submission was given last.
    leases: BTreeMap<String, Timestamp>,
}

impl Model {
    fn last(&self, number: usize) -> u64 {
        self.events.iter().rposition(|(stream, _)| *stream == number).map_or(0, |place| place as u64 + 1)
    }

    fn queued(&mut self, number: usize) -> Option<&mut Queued> {
        self.jobs.iter_mut().find(|queued| queued.job.submission == submission(number))
    }

    /// The batch that some parts are.
    fn batch(&self, parts: &Parts, at: Timestamp) -> Batch {
        let number = parts.stream;
        let mut batch = Batch::default();
        if parts.event {
            batch.events.push(event(number, Event::Attempted { attempt: self.events.len() as u32 }));
        }
        let key = |key: u8| Mark { value: format!("key-{key}"), ..mark(number) };
        (batch.marks, batch.links) =
            (parts.mark.map(key).into_iter().collect(), parts.link.map(key).into_iter().collect());
        if let Some((name, is_right, body)) = parts.record {
            let known = self.records.get(&format!("record-{name}")).map_or(0, |(revision, _)| *revision);
            let expected = if is_right { known } else { known + 1 };
            let body = body.map(|body| body.to_string());
            batch.records = record(&format!("record-{name}"), expected, body.as_deref()).records;
        }
        if let Some(is_right) = parts.place {
            let seq = if is_right { self.last(number) } else { self.last(number) + 1 };
            batch.places.push(Place { tenant: TENANT.into(), stream: stream(number), seq });
        }
        if let Some(until) = self.leases.get(&submission(number)).filter(|_| parts.lease) {
            batch.leases.push(Lease { submission: submission(number), until: *until });
        }
        let put =
            Job { lane: LANES[number % LANES.len()].into(), due: at, ..job(number, vec![number as u8]) };
        batch.jobs = match parts.job {
            None => vec![],
            Some(Change::Put) => vec![JobChange::Put(put)],
            Some(Change::Hold) => vec![JobChange::Hold(submission(number))],
            Some(Change::Due) => vec![JobChange::Due(submission(number), at, 7)],
            Some(Change::Done) => vec![JobChange::Done(submission(number))],
        };
        batch
    }

    /// Does a batch, or says in a word why not.
    fn commit(&mut self, number: usize, batch: &Batch) -> Result<Vec<u64>, &'static str> {
        let lease = self.queued(number).and_then(|queued| queued.lease);
        if batch.leases.iter().any(|one| lease != Some(one.until)) {
            return Err("lost");
        }
        if batch.places.iter().any(|one| one.seq != self.last(number)) {
            return Err("moved");
        }
        if batch.marks.iter().any(|one| self.marks.contains_key(&one.value)) {
            return Err("conflict");
        }
        let revision = |key: &str| self.records.get(key).map_or(0, |(revision, _)| *revision);
        if batch.records.iter().any(|one| one.expected != revision(&one.key)) {
            return Err("stale");
        }
        if matches!(batch.jobs[..], [JobChange::Put(_)]) && self.queued(number).is_some() {
            return Err("queued");
        }
        let before = self.events.len() as u64;
        self.events.extend(batch.events.iter().map(|event| (number, event.event.clone())));
        for one in batch.marks.iter().chain(&batch.links) {
            self.marks.entry(one.value.clone()).or_insert_with(|| one.clone());
        }
        for one in &batch.records {
            match &one.body {
                Some(body) => drop(self.records.insert(one.key.clone(), (one.expected + 1, body.clone()))),
                None => drop(self.records.remove(&one.key)),
            }
        }
        for change in &batch.jobs {
            self.change(number, change);
        }
        Ok((before + 1..=self.events.len() as u64).collect())
    }

    fn change(&mut self, number: usize, change: &JobChange) {
        match change {
            JobChange::Put(job) => {
                self.jobs.push(Queued { job: job.clone(), due: Some(job.due), lease: None });
            }
            JobChange::Hold(_) => {
                if let Some(queued) = self.queued(number) {
                    (queued.due, queued.lease) = (None, None);
                }
            }
            JobChange::Due(_, at, attempts) => {
                if let Some(queued) = self.queued(number) {
                    (queued.due, queued.lease, queued.job.attempts) = (Some(*at), None, *attempts);
                }
            }
            JobChange::Done(submission) => self.jobs.retain(|queued| queued.job.submission != *submission),
        }
    }

    /// Submissions that are taken, and whether somebody had them before.
    fn claim(
        &mut self,
        at: Timestamp,
        until: Timestamp,
        limit: usize,
        except: Option<usize>,
    ) -> Vec<(String, bool)> {
        let mut lanes: Vec<Vec<String>> = Vec::new();
        for (_, lane) in LANES.iter().enumerate().filter(|(index, _)| Some(*index) != except) {
            let is_due =
                |queued: &&Queued| queued.job.lane == *lane && queued.due.is_some_and(|due| due <= at);
            let mut due: Vec<_> = self.jobs.iter().filter(is_due).collect();
            due.sort_by_key(|queued| queued.due);
            lanes.push(due.into_iter().map(|queued| queued.job.submission.clone()).collect());
        }
        let mut order = Vec::new();
        for round in 0..STREAMS {
            order.extend(lanes.iter().filter_map(|lane| lane.get(round).cloned()));
        }
        order.truncate(limit);
        let mut taken = Vec::new();
        for submission in order {
            let Some(queued) = self.jobs.iter_mut().find(|one| one.job.submission == submission) else {
                continue;
            };
            taken.push((submission.clone(), queued.lease.is_some()));
            (queued.due, queued.lease) = (Some(until), Some(until));
            self.leases.insert(submission, until);
        }
        taken
    }
}

fn word(error: &StoreError) -> &'static str {
    match error {
        StoreError::Lost { .. } => "lost",
        StoreError::Moved { .. } => "moved",
        StoreError::Conflict(_) => "conflict",
        StoreError::Stale { .. } => "stale",
        StoreError::Queued { .. } => "queued",
        _ => "failed",
    }
}

/// Asks both, and compares what they answer and what they come to.
async fn follows_the_model(store: &dyn Store, all: Vec<Asked>) {
    let (mut model, mut at) = (Model::default(), now());
    for asked in all {
        match asked {
            Asked::Wait { seconds } => at += SignedDuration::from_secs(seconds),
            Asked::Claim { limit, except } => {
                let until = at + SignedDuration::from_secs(20);
                let lanes: Vec<String> = except.iter().map(|lane| LANES[*lane].to_owned()).collect();
                let claimed = store.claim(at, until, limit, &lanes).await.unwrap();
                let claimed: Vec<_> =
                    claimed.into_iter().map(|one| (one.job.submission, one.abandoned)).collect();
                assert_eq!(claimed, model.claim(at, until, limit, except));
                at += SignedDuration::from_millis(1);
            }
            Asked::Write(parts) => {
                let batch = model.batch(&parts, at);
                let done = store.commit(batch.clone()).await;
                let done = done.as_ref().map(Vec::as_slice).map_err(word);
                assert_eq!(
                    done,
                    model.commit(parts.stream, &batch).as_deref().map_err(|word| *word),
                    "{batch:?}"
                );
            }
        }
    }
    let journal = store.journal(0, 1000).await.unwrap();
    let events: Vec<_> =
        journal.iter().map(|one| (one.event.stream.clone(), one.event.event.clone())).collect();
    assert_eq!(
        events,
        model.events.iter().map(|(number, event)| (stream(*number), event.clone())).collect::<Vec<_>>()
    );
    for number in 0..STREAMS {
        let kept = store.job(TENANT, &submission(number)).await.unwrap();
        let queued = model
            .queued(number)
            .map(|queued| Job { due: queued.due.unwrap_or(Timestamp::MAX), ..queued.job.clone() });
        assert_eq!(kept, queued);
    }
    for (value, mark) in &model.marks {
        assert_eq!(store.mark(TENANT, "lrn", value).await.unwrap().as_ref(), Some(mark));
    }
    let records = store.records(TENANT, "draft", "", 100).await.unwrap();
    let records: Vec<_> = records.into_iter().map(|one| (one.key, (one.revision, one.body))).collect();
    assert_eq!(records, model.records.into_iter().collect::<Vec<_>>());
    assert_eq!(store.verify().await.unwrap().broken, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_folder_follows_the_model(all in prop::collection::vec(asked(), 1..60)) {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { follows_the_model(&Sqlite::open(folder.path()).unwrap(), all).await });
    }
}
