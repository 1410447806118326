use std::sync::Arc;

use dragoman_exchange::{Event, Purpose, Said};
use jiff::SignedDuration;

use super::*;
use crate::{JobChange, NewEvent, RecordChange};

fn now() -> Timestamp {
    "2026-11-22T16:24:00Z".parse().unwrap()
}

fn event(stream: &str, submission: Option<&str>, event: Event) -> NewEvent {
    NewEvent {
        tenant: "main".into(),
        stream: stream.into(),
        submission: submission.map(str::to_owned),
        at: now(),
        actor: "clerk".into(),
        event,
        payload: None,
        data: Some("sha256:1".into()),
    }
}

fn accepted(number: usize) -> Batch {
    let (stream, submission) = (format!("stream-{number}"), format!("submission-{number}"));
    let lrn = format!("DG-{number}");
    let accepted = Event::Accepted {
        purpose: Purpose::Declaration,
        account: "acme".into(),
        operation: "submit".into(),
        lrn: Some(lrn.clone()),
        held: None,
    };
    let payload = Payload { media: "application/xml".into(), bytes: format!("<lrn>{lrn}</lrn>").into() };
    let job = Job {
        submission: submission.clone(),
        tenant: "main".into(),
        stream: stream.clone(),
        lane: "acme:submit".into(),
        due: now(),
        attempts: 0,
        body: payload.bytes.clone(),
        about: "{}".into(),
    };
    let mark = Mark {
        tenant: "main".into(),
        space: "lrn".into(),
        value: lrn,
        stream: stream.clone(),
        submission: Some(submission.clone()),
        digest: None,
    };
    let first = NewEvent { payload: Some(payload), ..event(&stream, Some(&submission), accepted) };
    Batch { events: vec![first], jobs: vec![JobChange::Put(job)], marks: vec![mark], ..Batch::default() }
}

fn happens(number: usize, events: Vec<Event>) -> Batch {
    let (stream, submission) = (format!("stream-{number}"), format!("submission-{number}"));
    let events = events.into_iter().map(|one| event(&stream, Some(&submission), one)).collect();
    Batch { events, ..Batch::default() }
}

async fn derived(store: &Sqlite) {
    let written = *store.written().borrow();
    store.derived().wait_for(|derived| *derived >= written).await.unwrap();
}

fn query() -> Query {
    Query { tenant: "main".into(), limit: 10, ..Query::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_there_after_it_was_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    let all = Arc::new(store.clone());
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let store = Arc::clone(&all);
            tokio::spawn(async move { store.commit(accepted(number)).await.unwrap() })
        })
        .collect();
    let mut places = Vec::new();
    for task in tasks {
        places.extend(task.await.unwrap());
    }
    places.sort_unstable();
    assert_eq!(places, (1..=200).collect::<Vec<_>>());
    drop((store, all));
    let store = loop {
        // The thread that writes lets the folder go when it has ended.
        match Sqlite::open(folder.path()) {
            Ok(store) => break store,
            Err(StoreError::InUse(_)) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(store.journal(0, 1000).await.unwrap().len(), 200);
    let payload = store.payload("main", 1).await.unwrap().unwrap();
    assert_eq!(payload.media, "application/xml");
    assert_eq!(store.payload("other", 1).await.unwrap(), None, "nothing crosses tenants");
    derived(&store).await;
    let ledger = store.ledger(None).await.unwrap();
    assert_eq!((ledger.accepted, ledger.open, ledger.balances()), (200, 200, true));
    assert_eq!(store.verify().await.unwrap().broken, []);
}

#[tokio::test]
async fn a_key_is_there_once_and_nothing_of_the_second_batch_happens() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    store.commit(accepted(1)).await.unwrap();
    let second = Batch { marks: accepted(1).marks, ..accepted(2) };
    let Err(StoreError::Conflict(first)) = store.commit(second).await else { panic!("it was stored") };
    assert_eq!(first.stream, "stream-1");
    assert_eq!(store.journal(0, 10).await.unwrap().len(), 1);
    assert_eq!(store.job("main", "submission-2").await.unwrap(), None);
    let linked = Batch { links: accepted(1).marks, ..Batch::default() };
    store.commit(linked).await.unwrap();
    assert_eq!(store.mark("main", "lrn", "DG-1").await.unwrap().unwrap().stream, "stream-1");
}

#[tokio::test]
async fn two_who_change_a_record_do_not_lose_an_edit() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    let change = |expected, body: Option<&str>| {
        let (tenant, space, key) = ("main".into(), "draft".into(), "d".into());
        let body = body.map(str::to_owned);
        Batch { records: vec![RecordChange { tenant, space, key, expected, body }], ..Batch::default() }
    };
    store.commit(change(0, Some("1"))).await.unwrap();
    store.commit(change(1, Some("2"))).await.unwrap();
    assert!(matches!(store.commit(change(1, Some("3"))).await, Err(StoreError::Stale { .. })));
    let record = store.record("main", "draft", "d").await.unwrap().unwrap();
    assert_eq!((record.revision, record.body.as_str()), (2, "2"));
    store.commit(change(2, None)).await.unwrap();
    assert_eq!(store.records("main", "draft", "", 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_job_is_leased_and_an_abandoned_one_is_known_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    for number in 0..3 {
        store.commit(accepted(number)).await.unwrap();
    }
    let lease = now() + SignedDuration::from_secs(30);
    assert_eq!(store.claim(now(), lease, 10, &["acme:submit".into()]).await.unwrap(), []);
    let claimed = store.claim(now(), lease, 2, &[]).await.unwrap();
    assert!(claimed.len() == 2 && claimed.iter().all(|one| !one.abandoned));
    assert_eq!(store.claim(now(), lease, 10, &[]).await.unwrap().len(), 1, "the others are leased");
    let done = |change| Batch { jobs: vec![change], ..Batch::default() };
    store.commit(done(JobChange::Done("submission-0".into()))).await.unwrap();
    store.commit(done(JobChange::Due("submission-1".into(), lease, 1))).await.unwrap();
    store.commit(done(JobChange::Hold("submission-2".into()))).await.unwrap();
    let later = store.claim(lease, lease + SignedDuration::from_secs(30), 10, &[]).await.unwrap();
    assert_eq!(later.len(), 1);
    assert!(!later[0].abandoned && later[0].job.attempts == 1);
    let much_later = lease + SignedDuration::from_secs(60);
    let again = store.claim(much_later, much_later, 10, &[]).await.unwrap();
    assert!(again.len() == 1 && again[0].abandoned);
}

#[tokio::test]
async fn lists_figures_and_ledger_follow_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    for number in 0..4 {
        store.commit(accepted(number)).await.unwrap();
        let sent = vec![Event::Attempted { attempt: 1 }, Event::Delivered { conversation: None }];
        store.commit(happens(number, sent)).await.unwrap();
    }
    let said = Said {
        events: "rejected".into(),
        mrn: Some("26GB0001".into()),
        causes: vec!["CDS10020:hs".into()],
        ..Said::default()
    };
    store.commit(happens(2, vec![Event::Responded { said }])).await.unwrap();
    derived(&store).await;
    let all = store.list(query()).await.unwrap();
    assert_eq!(all.len(), 4);
    let page = store.list(Query { limit: 2, ..query() }).await.unwrap();
    let last = page.last().unwrap();
    let after = Some((last.changed, last.id.clone()));
    let rest = store.list(Query { after, ..query() }).await.unwrap();
    assert_eq!(page.into_iter().chain(rest).collect::<Vec<_>>(), all);
    for found in [
        Query { needs: Some("correct".into()), ..query() },
        Query { text: Some("26gb".into()), ..query() },
        Query { text: Some("dg-2".into()), ..query() },
        Query { cause: Some("CDS10020:hs".into()), ..query() },
        Query { kind: Some("declaration".into()), status: Some("rejected".into()), ..query() },
    ] {
        let rows = store.list(found.clone()).await.unwrap();
        assert!(matches!(&rows[..], [row] if row.title == "DG-2"), "{found:?}: {rows:?}");
    }
    assert_eq!(store.list(Query { tenant: "other".into(), ..query() }).await.unwrap(), []);
    let ledger = store.ledger(Some("main")).await.unwrap();
    assert_eq!((ledger.delivered, ledger.open, ledger.balances()), (4, 0, true));
    let figures = store.figures("main", "2026-11-01").await.unwrap();
    let count =
        |what: &str| figures.iter().filter(|figure| figure.what == what).map(|one| one.count).sum::<u64>();
    assert_eq!((count("declared"), count("rejected")), (4, 1));
}

#[tokio::test]
async fn every_change_of_what_is_stored_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    for number in 0..5 {
        store.commit(accepted(number)).await.unwrap();
    }
    assert_eq!(store.erase("main", "stream-4").await.unwrap(), 1);
    let whole = store.verify().await.unwrap();
    assert_eq!((whole.events, whole.payloads, whole.erased, whole.broken.len()), (5, 4, 1, 0));
    let copy = folder.path().join("copy.sqlite");
    for (change, place) in [
        ("UPDATE event SET payload = x'00' WHERE seq = 2", 2),
        ("UPDATE event SET actor = 'nobody' WHERE seq = 3", 3),
        ("UPDATE event SET submission = NULL WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq = 4", 4),
        (
            "UPDATE event SET hash = x'0000000000000000000000000000000000000000000000000000000000000000' WHERE seq = 5",
            5,
        ),
    ] {
        let _ = std::fs::remove_file(&copy);
        store.backup(&copy).await.unwrap();
        let db = Connection::open(&copy).unwrap();
        assert_eq!(read::verify(&db).unwrap(), whole, "a backup is the same");
        assert_eq!(db.execute(change, []).unwrap(), 1);
        let broken = read::verify(&db).unwrap().broken;
        assert!(broken.iter().any(|(seq, _)| *seq == place), "{change}: {broken:?}");
    }
}

#[test]
fn a_folder_has_one_gateway_and_a_newer_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    assert!(matches!(Sqlite::open(folder.path()), Err(StoreError::InUse(_))));
    drop(store);
    let other = tempfile::tempdir().unwrap();
    let db = Connection::open(other.path().join(FILE)).unwrap();
    db.pragma_update(None, "user_version", schema::VERSION + 1).unwrap();
    drop(db);
    let Err(error) = Sqlite::open(other.path()) else { panic!("it was opened") };
    let message = error.to_string();
    assert!(
        matches!(error, StoreError::Newer { .. }) && message.contains("use a newer program"),
        "{message}"
    );
}
