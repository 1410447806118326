//! The folder: whose it is, what is in it, copies of it.

use std::fs;
use std::io::Read;
use std::sync::Arc;

use dragoman_exchange::{Event, Purpose};
use dragoman_store::{Batch, JobChange, Sqlite, Store, StoreError};
use rusqlite::Connection;

use crate::made::*;

const FILE: &str = "dragoman.sqlite";
const LISTS: &str = "lists.sqlite";

#[tokio::test]
async fn what_was_answered_is_there_after_it_was_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    for number in 0..3 {
        store.commit(accepted(number)).await.unwrap();
    }
    let lease = now() + jiff::SignedDuration::from_secs(60);
    assert_eq!(store.claim(now(), lease, 1, &[]).await.unwrap().len(), 1);
    let (events, verified) = (store.journal(0, 10).await.unwrap(), store.verify().await.unwrap());
    drop(store);
    let store = Sqlite::open(folder.path()).unwrap();
    assert_eq!((store.journal(0, 10).await.unwrap(), store.verify().await.unwrap()), (events, verified));
    assert_eq!(store.commit(accepted(3)).await.unwrap(), [4], "it goes on where it was");
    // Whoever had a job is no more, so that its lease need not be waited for.
    let claimed = store.claim(now(), lease, 10, &[]).await.unwrap();
    let abandoned: Vec<_> =
        claimed.iter().filter(|one| one.abandoned).map(|one| &one.job.submission).collect();
    assert_eq!((claimed.len(), abandoned), (4, vec![&submission(0)]));
    derived(&store).await;
    assert_eq!(store.list(query()).await.unwrap().len(), 4);
}

#[test]
fn a_folder_has_one_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    let Err(error) = Sqlite::open(folder.path()) else { panic!("it was opened") };
    assert!(matches!(error, StoreError::InUse(_)) && error.to_string().contains("in use by another gateway"));
    drop(store);
    Sqlite::open(folder.path()).unwrap();
}

#[test]
fn a_newer_store_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join(FILE)).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let before = fs::read(folder.path().join(FILE)).unwrap();
    let Err(error) = Sqlite::open(folder.path()) else { panic!("it was opened") };
    assert!(matches!(error, StoreError::Newer { found: 99, .. }));
    assert!(error.to_string().contains("use a newer program"), "{error}");
    assert!(matches!(Sqlite::verify_file(folder.path()), Err(StoreError::Newer { .. })));
    assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), before);
}

#[test]
fn a_journal_that_lost_its_end_is_not_written_on() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = Sqlite::open(folder.path()).unwrap();
        store.commit(accepted(1)).await.unwrap();
        store.commit(accepted(2)).await.unwrap();
    });
    let db = Connection::open(folder.path().join(FILE)).unwrap();
    db.execute("DELETE FROM event WHERE seq = 2", []).unwrap();
    drop(db);
    let Err(error) = Sqlite::open(folder.path()) else { panic!("it was opened") };
    assert_eq!(error.to_string(), "the store is damaged: the journal ends at event 1, and should at 2");
}

/// Lists may be deleted, be another journal's or be broken: they are made again.
#[tokio::test]
async fn lists_are_made_again() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lists = folder.path().join(LISTS);
    for (path, count) in [(folder.path(), 5), (other.path(), 2)] {
        let store = Sqlite::open(path).unwrap();
        for number in 0..count {
            store.commit(accepted(number)).await.unwrap();
            store.commit(happens(number, sent())).await.unwrap();
        }
        derived(&store).await;
    }
    let ask = async || {
        let store = Sqlite::open(folder.path()).unwrap();
        derived(&store).await;
        let rows = store.list(query()).await.unwrap();
        (rows, store.ledger(None).await.unwrap(), store.counts(TENANT).await.unwrap())
    };
    let before = ask().await;
    assert_eq!((before.0.len(), before.1.delivered), (5, 5));
    fs::remove_file(&lists).unwrap();
    assert_eq!(ask().await, before);
    fs::copy(other.path().join(LISTS), &lists).unwrap();
    assert_eq!(ask().await.1, before.1);
    fs::write(&lists, "these are no lists").unwrap();
    assert_eq!(ask().await.1, before.1);
}

/// A damaged event is passed over in lists; the others are there, and verifying says what is wrong.
#[tokio::test]
async fn one_damaged_event_does_not_stop_the_lists() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    for number in 0..3 {
        store.commit(accepted(number)).await.unwrap();
    }
    drop(store);
    let db = Connection::open(folder.path().join(FILE)).unwrap();
    db.execute("UPDATE event SET body = '{\"event\":\"no such\"}' WHERE seq = 2", []).unwrap();
    drop(db);
    fs::remove_file(folder.path().join(LISTS)).unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    derived(&store).await;
    assert_eq!(store.list(query()).await.unwrap().len(), 2);
    assert!(matches!(store.journal(0, 10).await, Err(StoreError::Damaged(_))));
    assert_eq!(store.verify().await.unwrap().broken.len(), 1);
}

/// A copy that is made while much is written is one moment of the store.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_made_while_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(folder.path()).unwrap());
    for number in 0..50 {
        store.commit(accepted(number)).await.unwrap();
    }
    let writing = Arc::clone(&store);
    let writer = tokio::spawn(async move {
        for number in 50..150 {
            writing.commit(accepted(number)).await.unwrap();
        }
    });
    let one = folder.path().join("one.sqlite");
    store.backup(&one).await.unwrap();
    assert!(store.backup(&one).await.is_err(), "a copy is not written over");
    let two = folder.path().join("two.sqlite");
    let from = folder.path().to_owned();
    tokio::task::spawn_blocking(move || Sqlite::backup_folder(&from, &two).unwrap()).await.unwrap();
    writer.await.unwrap();
    for copy in ["one.sqlite", "two.sqlite"] {
        let verified = Sqlite::verify_file(&folder.path().join(copy)).unwrap();
        assert!(verified.events >= 50 && verified.broken.is_empty(), "{verified:?}");
        let events = usize::try_from(verified.events).unwrap();
        let journal = store.journal(0, events).await.unwrap();
        assert_eq!(journal.last().unwrap().hash, verified.head);
    }
}

/// What a copy wants to send may have been sent after it was made: the machine sends none of it.
#[tokio::test]
async fn what_was_restored_is_not_sent_again() {
    let (folder, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let copy = folder.path().join("copy.sqlite");
    let store = Sqlite::open(folder.path()).unwrap();
    for number in 0..4 {
        store.commit(accepted(number)).await.unwrap();
    }
    store.commit(Batch { jobs: vec![JobChange::Done(submission(0))], ..happens(0, sent()) }).await.unwrap();
    store.commit(happens(1, vec![Event::Attempted { attempt: 1 }])).await.unwrap();
    let held = Event::Accepted {
        purpose: Purpose::Declaration,
        account: "acme".into(),
        operation: "submit".into(),
        lrn: None,
        held: Some("four eyes".into()),
    };
    let jobs = vec![JobChange::Put(job(4, vec![1])), JobChange::Hold(submission(4))];
    store.commit(Batch { jobs, ..happens(4, vec![held]) }).await.unwrap();
    store.backup(&copy).await.unwrap();
    // After the copy, the others are sent.
    for number in [2, 3] {
        store
            .commit(Batch { jobs: vec![JobChange::Done(submission(number))], ..happens(number, sent()) })
            .await
            .unwrap();
    }
    assert!(matches!(Sqlite::restore(&copy, folder.path(), now()), Err(StoreError::InUse(_))));
    let verified = Sqlite::restore(&copy, empty.path(), now()).unwrap();
    assert_eq!(verified.events, 8);
    assert!(matches!(Sqlite::restore(&copy, empty.path(), now()), Err(StoreError::Occupied(_))));
    // A copy holds no key that opens it.
    assert!(matches!(Sqlite::open(empty.path()), Err(StoreError::Key(_))));
    let store = Sqlite::open_with(empty.path(), &folder.path().join("master.key")).unwrap();
    derived(&store).await;
    assert_eq!(store.verify().await.unwrap().broken, []);
    let state = async |number: usize| {
        let text = Some(stream(number));
        let rows = store.list(dragoman_store::Query { limit: 100, ..query() }).await.unwrap();
        rows.into_iter().find(|row| Some(&row.id) == text.as_ref()).unwrap().state
    };
    assert_eq!(state(0).await, "delivered");
    for number in [1, 2, 3] {
        assert_eq!(state(number).await, "unknown", "{number}");
    }
    assert_eq!(state(4).await, "dead");
    let lease = now() + jiff::SignedDuration::from_secs(60);
    let claimed = store.claim(now(), lease, 10, &[]).await.unwrap();
    assert!(claimed.len() == 3 && claimed.iter().all(|one| one.abandoned), "{claimed:?}");
    let ledger = store.ledger(None).await.unwrap();
    assert_eq!((ledger.accepted, ledger.open, ledger.dead, ledger.balances()), (5, 3, 1, true));
}

#[tokio::test]
async fn a_damaged_copy_is_not_restored() {
    let (folder, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let copy = folder.path().join("copy.sqlite");
    let store = Sqlite::open(folder.path()).unwrap();
    store.commit(accepted(1)).await.unwrap();
    store.backup(&copy).await.unwrap();
    Connection::open(&copy).unwrap().execute("UPDATE event SET actor = 'nobody'", []).unwrap();
    let Err(error) = Sqlite::restore(&copy, empty.path(), now()) else { panic!("it was restored") };
    assert!(error.to_string().contains("the copy, at event 1"), "{error}");
    assert!(!empty.path().join(FILE).exists());
}

/// The log is carried over beside what is written, and then begun anew: it does not grow for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_begun_anew_while_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    // The salts of a log are others each time it is begun (https://www.sqlite.org/fileformat2.html#walformat).
    let salts = || {
        let mut head = [0; 24];
        fs::File::open(folder.path().join("dragoman.sqlite-wal")).unwrap().read_exact(&mut head).unwrap();
        head[16..].to_vec()
    };
    store.commit(accepted(0)).await.unwrap();
    let first = salts();
    let mut begun_anew = false;
    for number in 1..2000 {
        let mut batch = accepted(number);
        batch.events[0].payload.as_mut().unwrap().bytes.resize(1 << 20, b' ');
        store.commit(batch).await.unwrap();
        begun_anew = salts() != first;
        if begun_anew {
            break;
        }
    }
    assert!(begun_anew, "after 2 GB the log was still the first");
    store.verify().await.unwrap();
}
