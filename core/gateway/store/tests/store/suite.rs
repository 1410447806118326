//! What every store does. Each is given an empty one.

use std::sync::Arc;

use dragoman_exchange::{Event, Said};
use dragoman_store::{Batch, JobChange, Lease, Mark, NewEvent, Payload, Place, Query, Store, StoreError};
use jiff::SignedDuration;

use crate::made::*;

/// A lease of half a minute from a moment on.
fn lease_from(now: jiff::Timestamp) -> jiff::Timestamp {
    now + SignedDuration::from_secs(30)
}

/// Many callers at once have their places one behind the other, and all that they wrote is there.
pub async fn what_is_answered_is_there(store: Arc<dyn Store>) {
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.commit(accepted(number)).await.unwrap() })
        })
        .collect();
    let mut places = Vec::new();
    for task in tasks {
        places.extend(task.await.unwrap());
    }
    places.sort_unstable();
    assert_eq!(places, (1..=200).collect::<Vec<_>>());
    let journal = store.journal(0, 1000).await.unwrap();
    assert_eq!(journal.iter().map(|stored| stored.seq).collect::<Vec<_>>(), places);
    assert_eq!(store.journal(150, 20).await.unwrap(), journal[150..170]);
    for number in [0, 77, 199] {
        let stored = store.stream(TENANT, &stream(number)).await.unwrap();
        let [stored] = &stored[..] else { panic!("{stored:?}") };
        let mut event = accepted(number).events.remove(0);
        let payload = event.payload.take();
        assert_eq!(stored.event, event);
        assert_eq!(store.payload(TENANT, stored.seq).await.unwrap(), payload);
        let job = store.job(TENANT, &submission(number)).await.unwrap();
        assert_eq!(put(job.unwrap()), accepted(number).jobs);
        let found = store.mark(TENANT, "lrn", &format!("DG-{number}")).await.unwrap();
        assert_eq!(found, Some(mark(number)));
    }
    derived(&*store).await;
    let ledger = store.ledger(None).await.unwrap();
    assert_eq!((ledger.accepted, ledger.open, ledger.balances()), (200, 200, true));
    assert_eq!(store.verify().await.unwrap().broken, []);
}

/// Whoever comes second with a key is told who was first, and nothing of what it wanted happens.
pub async fn a_key_is_there_once(store: Arc<dyn Store>) {
    store.commit(accepted(1)).await.unwrap();
    let second = Batch { marks: vec![mark(1)], ..accepted(2) };
    let Err(StoreError::Conflict(first)) = store.commit(second).await else { panic!("it was stored") };
    assert_eq!(*first, mark(1));
    assert_eq!(store.journal(0, 10).await.unwrap().len(), 1);
    assert_eq!(store.job(TENANT, &submission(2)).await.unwrap(), None);
    let other = Mark { stream: stream(2), ..mark(1) };
    store.commit(Batch { links: vec![other, mark(2)], ..Batch::default() }).await.unwrap();
    assert_eq!(store.mark(TENANT, "lrn", "DG-1").await.unwrap(), Some(mark(1)), "the first stays");
    assert_eq!(store.mark(TENANT, "lrn", "DG-2").await.unwrap(), Some(mark(2)));
}

/// One batch that cannot be done does not keep those that are written with it from being done.
pub async fn nobody_suffers_for_another(store: Arc<dyn Store>) {
    store.commit(accepted(0)).await.unwrap();
    let tasks: Vec<_> = (0..60)
        .map(|number| {
            let store = Arc::clone(&store);
            // Every third wants what cannot be: a job that is queued already.
            let batch =
                if number % 3 == 0 { Batch { marks: vec![], ..accepted(0) } } else { accepted(number) };
            tokio::spawn(async move { (number, store.commit(batch).await) })
        })
        .collect();
    for task in tasks {
        let (number, done) = task.await.unwrap();
        match done {
            Ok(_) => assert_ne!(number % 3, 0),
            Err(error) => {
                assert!(matches!(error, StoreError::Queued { .. }), "{error}");
                assert_eq!(number % 3, 0);
            }
        }
    }
    assert_eq!(store.journal(0, 100).await.unwrap().len(), 41);
    assert_eq!(store.verify().await.unwrap().broken, []);
}

/// Two who change one record, or one stream, do not lose an edit.
pub async fn no_edit_is_lost(store: Arc<dyn Store>) {
    store.commit(record("d", 0, Some("1"))).await.unwrap();
    store.commit(record("d", 1, Some("2"))).await.unwrap();
    assert!(matches!(store.commit(record("d", 1, Some("3"))).await, Err(StoreError::Stale { .. })));
    assert!(matches!(store.commit(record("d", 0, None)).await, Err(StoreError::Stale { .. })));
    let found = store.record(TENANT, "draft", "d").await.unwrap().unwrap();
    assert_eq!((found.revision, found.body.as_str()), (2, "2"));
    store.commit(record("d", 2, None)).await.unwrap();
    assert_eq!(store.record(TENANT, "draft", "d").await.unwrap(), None);
    for key in ["c", "a", "b"] {
        store.commit(record(key, 0, Some(key))).await.unwrap();
    }
    let keys = async |after: &str, limit| -> Vec<String> {
        let records = store.records(TENANT, "draft", after, limit).await.unwrap();
        records.into_iter().map(|record| record.key).collect()
    };
    assert_eq!((keys("", 2).await, keys("b", 2).await), (vec!["a".into(), "b".into()], vec!["c".into()]));
    let place = |seq| Place { tenant: TENANT.into(), stream: stream(1), seq };
    store.commit(Batch { places: vec![place(0)], ..accepted(1) }).await.unwrap();
    let late = Batch { places: vec![place(0)], ..happens(1, sent()) };
    assert!(matches!(store.commit(late).await, Err(StoreError::Moved { .. })));
    store.commit(Batch { places: vec![place(1)], ..happens(1, sent()) }).await.unwrap();
    assert_eq!(store.stream(TENANT, &stream(1)).await.unwrap().len(), 3);
}

/// A job is taken by one, until its lease ends; then it is known that somebody had it.
pub async fn a_job_is_leased(store: Arc<dyn Store>) {
    for number in 0..3 {
        store.commit(accepted(number)).await.unwrap();
    }
    let lease = lease_from(now());
    assert_eq!(store.claim(now(), lease, 10, &["acme:submit".into()]).await.unwrap(), []);
    let early = now() - SignedDuration::from_secs(1);
    assert_eq!(store.claim(early, lease, 10, &[]).await.unwrap(), [], "nothing is due yet");
    let claimed = store.claim(now(), lease, 2, &[]).await.unwrap();
    assert!(claimed.len() == 2 && claimed.iter().all(|one| !one.abandoned && one.until == lease));
    assert_eq!(claimed[0].job, job(0, b"<lrn>DG-0</lrn>".to_vec()));
    assert_eq!(store.claim(now(), lease, 10, &[]).await.unwrap().len(), 1, "the others are leased");
    store.commit(jobs(JobChange::Done(submission(0)))).await.unwrap();
    store.commit(jobs(JobChange::Due(submission(1), lease, 1))).await.unwrap();
    store.commit(jobs(JobChange::Hold(submission(2)))).await.unwrap();
    let again = store.claim(lease, lease_from(lease), 10, &[]).await.unwrap();
    assert!(matches!(&again[..], [one] if !one.abandoned && one.job.attempts == 1), "{again:?}");
    let much_later = lease_from(lease_from(lease));
    let abandoned = store.claim(much_later, lease_from(much_later), 10, &[]).await.unwrap();
    assert!(matches!(&abandoned[..], [one] if one.abandoned), "{abandoned:?}");
    assert!(store.job(TENANT, &submission(2)).await.unwrap().is_some(), "it is held");
}

/// Whoever was held up for longer than its lease learns so before it sends.
pub async fn a_lost_lease_is_lost(store: Arc<dyn Store>) {
    store.commit(accepted(1)).await.unwrap();
    let attempt =
        |lease: Lease| Batch { leases: vec![lease], ..happens(1, vec![Event::Attempted { attempt: 1 }]) };
    let lease = lease_from(now());
    let slow = store.claim(now(), lease, 1, &[]).await.unwrap().remove(0);
    let quick = store.claim(lease, lease_from(lease), 1, &[]).await.unwrap().remove(0);
    assert!(quick.abandoned);
    assert!(matches!(store.commit(attempt(slow.lease())).await, Err(StoreError::Lost { .. })));
    store.commit(attempt(quick.lease())).await.unwrap();
    // An answer that proves that it arrived ends the job under whoever has it.
    store
        .commit(Batch { jobs: vec![JobChange::Done(submission(1))], ..happens(1, vec![said("accepted")]) })
        .await
        .unwrap();
    assert!(matches!(store.commit(attempt(quick.lease())).await, Err(StoreError::Lost { .. })));
}

/// A lane with much to do does not keep another waiting, nor does one that is left.
pub async fn lanes_are_served_in_turn(store: Arc<dyn Store>) {
    for number in 0..20 {
        store.commit(Batch { jobs: put(job(number, vec![1])), ..Batch::default() }).await.unwrap();
    }
    let other = |number: usize, lane: &str| dragoman_store::Job {
        lane: lane.into(),
        due: lease_from(now()),
        ..job(number, vec![2])
    };
    store.commit(Batch { jobs: put(other(20, "other:submit")), ..Batch::default() }).await.unwrap();
    store.commit(Batch { jobs: put(other(21, "third:cancel")), ..Batch::default() }).await.unwrap();
    let at = lease_from(now());
    let claimed = store.claim(at, lease_from(at), 5, &["third:cancel".into()]).await.unwrap();
    let lanes: Vec<_> = claimed.iter().map(|one| one.job.lane.as_str()).collect();
    assert_eq!(lanes, ["acme:submit", "other:submit", "acme:submit", "acme:submit", "acme:submit"]);
}

/// Lists, search, counts, figures and ledger are what the journal says.
pub async fn lists_follow_the_journal(store: Arc<dyn Store>) {
    for number in 0..4 {
        store.commit(accepted(number)).await.unwrap();
        store.commit(happens(number, sent())).await.unwrap();
    }
    let deadline = lease_from(now());
    let rejected = Said {
        events: "rejected".into(),
        mrn: Some("26GB0001".into()),
        causes: vec!["CDS10020:hs".into()],
        limit: Some(deadline),
        ..Said::default()
    };
    store.commit(happens(2, vec![Event::Responded { said: rejected }])).await.unwrap();
    store.commit(happens(3, vec![said("rejected")])).await.unwrap();
    derived(&*store).await;
    let all = store.list(query()).await.unwrap();
    assert_eq!(all.len(), 4);
    let page = store.list(Query { limit: 2, ..query() }).await.unwrap();
    let last = page.last().unwrap();
    let after = Some((last.changed, last.id.clone()));
    let rest = store.list(Query { after, ..query() }).await.unwrap();
    assert_eq!(page.into_iter().chain(rest).collect::<Vec<_>>(), all);
    for found in [
        Query { text: Some("26gb".into()), ..query() },
        Query { text: Some(" dg-2 ".into()), ..query() },
        Query { text: Some("DG".into()), cause: Some("CDS10020:hs".into()), ..query() },
        Query { cause: Some("CDS10020:hs".into()), ..query() },
        Query { needs: Some("correct".into()), cause: Some("CDS10020:hs".into()), ..query() },
    ] {
        let rows = store.list(found.clone()).await.unwrap();
        assert!(matches!(&rows[..], [row] if row.title == "DG-2"), "{found:?}: {rows:?}");
    }
    for (found, count) in [
        (Query { needs: Some("correct".into()), ..query() }, 2),
        (Query { needs: Some("approve".into()), ..query() }, 0),
        (Query { status: Some("rejected".into()), ..query() }, 2),
        (Query { state: Some("delivered".into()), status: Some("received".into()), ..query() }, 2),
        (Query { kind: Some("declaration".into()), state: Some("delivered".into()), ..query() }, 4),
        (Query { kind: Some("order".into()), ..query() }, 0),
        (Query { text: Some("%".into()), ..query() }, 0),
    ] {
        assert_eq!(store.list(found.clone()).await.unwrap().len(), count, "{found:?}");
    }
    let waiting = store.waiting(TENANT, None, 10).await.unwrap();
    let titles: Vec<_> = waiting.iter().map(|row| (row.title.as_str(), row.deadline)).collect();
    assert_eq!(titles, [("DG-2", Some(deadline)), ("DG-3", None)], "the nearest deadline is first");
    assert_eq!(store.waiting(TENANT, Some("correct"), 1).await.unwrap(), waiting[..1]);
    assert_eq!(store.waiting(TENANT, Some("approve"), 10).await.unwrap(), []);
    sums_follow(&*store).await;
}

/// What is counted of four declarations that went out, of which two were rejected.
async fn sums_follow(store: &dyn Store) {
    let counts = store.counts(TENANT).await.unwrap();
    let counted: Vec<_> =
        counts.iter().map(|one| (one.status.as_str(), one.needs.as_deref(), one.count)).collect();
    assert_eq!(counted, [("received", None, 2), ("rejected", Some("correct"), 2)]);
    let ledger = store.ledger(Some(TENANT)).await.unwrap();
    assert_eq!((ledger.delivered, ledger.open, ledger.balances()), (4, 0, true));
    let figures = store.figures(TENANT, "2026-11-01").await.unwrap();
    let count =
        |what: &str| figures.iter().filter(|figure| figure.what == what).map(|one| one.count).sum::<u64>();
    assert_eq!((count("declared"), count("rejected")), (4, 2));
    assert_eq!(store.figures(TENANT, "2026-11-23").await.unwrap(), []);
}

/// Pages of a list go on where the one before ended, though all of several kinds changed at one moment.
pub async fn pages_go_on_where_they_ended(store: Arc<dyn Store>) {
    for number in 0..8 {
        let received = Event::OrderReceived {
            from: "shop".into(),
            message: "shop/order".into(),
            number: number.to_string(),
            value: None,
            gaps: Vec::new(),
        };
        let order =
            NewEvent { stream: format!("order-{number}"), submission: None, ..event(number, received) };
        let drafted = Event::Drafted {
            account: "acme".into(),
            lrn: Some(format!("DG-{number}")),
            orders: Vec::new(),
            data_set: None,
            corridor: None,
            value: None,
            errors: 0,
        };
        let draft = NewEvent { submission: None, ..event(number, drafted) };
        store.commit(Batch { events: vec![order, draft], ..Batch::default() }).await.unwrap();
    }
    derived(&*store).await;
    let of = |after| Query { status: Some("draft".into()), limit: 3, after, ..query() };
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = store.list(of(after)).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.changed, last.id.clone()));
        seen.extend(page.into_iter().map(|row| row.id));
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((all, seen.len()), (16, 16));
}

/// What a cause no longer is of is not found by it.
pub async fn a_cause_goes_with_its_end(store: Arc<dyn Store>) {
    store.commit(accepted(1)).await.unwrap();
    let rejected = Said { events: "rejected".into(), causes: vec!["hs".into()], ..Said::default() };
    store.commit(happens(1, vec![Event::Responded { said: rejected }])).await.unwrap();
    derived(&*store).await;
    let same = Query { cause: Some("hs".into()), ..query() };
    assert_eq!(store.list(same.clone()).await.unwrap().len(), 1);
    let mut again = accepted(1);
    again.events[0].submission = Some("another".into());
    store.commit(Batch { events: again.events, ..Batch::default() }).await.unwrap();
    derived(&*store).await;
    assert_eq!(store.list(same).await.unwrap(), []);
    let ledger = store.ledger(None).await.unwrap();
    assert_eq!((ledger.accepted, ledger.delivered, ledger.open), (2, 1, 1));
}

/// What one tenant has, another does not see, whatever it asks.
pub async fn nothing_crosses_tenants(store: Arc<dyn Store>) {
    store.commit(accepted(1)).await.unwrap();
    store.commit(record("d", 0, Some("1"))).await.unwrap();
    store.commit(happens(1, vec![said("rejected")])).await.unwrap();
    derived(&*store).await;
    let other = "other";
    assert_eq!(store.stream(other, &stream(1)).await.unwrap(), []);
    assert_eq!(store.payload(other, 1).await.unwrap(), None);
    assert_eq!(store.job(other, &submission(1)).await.unwrap(), None);
    assert_eq!(store.mark(other, "lrn", "DG-1").await.unwrap(), None);
    assert_eq!(store.record(other, "draft", "d").await.unwrap(), None);
    assert_eq!(store.records(other, "draft", "", 10).await.unwrap(), []);
    for query in [query(), Query { text: Some("dg".into()), ..query() }] {
        assert_eq!(store.list(Query { tenant: other.into(), ..query.clone() }).await.unwrap(), []);
        assert_eq!(store.list(query).await.unwrap().len(), 1);
    }
    assert_eq!(store.counts(other).await.unwrap(), []);
    assert_eq!(store.waiting(other, None, 10).await.unwrap(), []);
    assert_eq!(store.figures(other, "2000-01-01").await.unwrap(), []);
    assert_eq!(store.ledger(Some(other)).await.unwrap().accepted, 0);
    // The same key of another tenant is another key.
    let theirs = Mark { tenant: other.into(), ..mark(1) };
    store.commit(Batch { marks: vec![theirs], ..Batch::default() }).await.unwrap();
}

/// Payloads go for good; what happened stays, and still verifies.
pub async fn what_is_erased_is_gone(store: Arc<dyn Store>) {
    for number in 0..3 {
        store.commit(accepted(number)).await.unwrap();
    }
    let erased = |number| happens(number, vec![Event::Erased { why: "the end of retention".into() }]);
    assert!(matches!(store.commit(erased(1)).await, Err(StoreError::Unsent { .. })), "it is to be sent");
    derived(&*store).await;
    assert_eq!(store.settled(None, 10).await.unwrap(), []);
    for number in [1, 2] {
        let done = Batch { jobs: vec![JobChange::Done(submission(number))], ..happens(number, sent()) };
        store.commit(done).await.unwrap();
    }
    derived(&*store).await;
    let settled = store.settled(None, 10).await.unwrap();
    let streams: Vec<_> = settled.iter().map(|(tenant, row)| (tenant.as_str(), row.id.as_str())).collect();
    assert_eq!(streams, [(TENANT, "stream-1"), (TENANT, "stream-2")]);
    let (_, first) = &settled[0];
    let behind = store.settled(Some((first.changed, first.id.clone())), 10).await.unwrap();
    assert_eq!(behind, settled[1..]);
    store.commit(erased(1)).await.unwrap();
    assert_eq!(store.payload(TENANT, 2).await.unwrap(), None);
    assert!(store.payload(TENANT, 3).await.unwrap().is_some(), "another's stays");
    assert_eq!(store.stream(TENANT, &stream(1)).await.unwrap().len(), 4);
    derived(&*store).await;
    assert_eq!(store.settled(None, 10).await.unwrap(), settled[1..]);
    let verified = store.verify().await.unwrap();
    assert_eq!((verified.events, verified.payloads, verified.erased, verified.broken), (8, 2, 1, vec![]));
    // What comes later is kept again, and is settled once more.
    let late = Payload { media: "text/plain".into(), bytes: b"late".to_vec() };
    let mut answer = happens(1, vec![said("cleared")]);
    answer.events[0].payload = Some(late.clone());
    let place = store.commit(answer).await.unwrap()[0];
    assert_eq!(store.payload(TENANT, place).await.unwrap(), Some(late));
    derived(&*store).await;
    assert_eq!(store.settled(None, 10).await.unwrap().len(), 2);
    assert_eq!(store.verify().await.unwrap().broken, []);
}

/// Who watches sees how far the journal is.
pub async fn the_journal_is_watched(store: Arc<dyn Store>) {
    let mut written = store.written();
    assert_eq!(*written.borrow_and_update(), 0);
    store.commit(accepted(1)).await.unwrap();
    assert_eq!(*written.borrow_and_update(), 1);
    store.commit(record("d", 0, Some("1"))).await.unwrap();
    assert!(!written.has_changed().unwrap(), "a record is no event");
}
