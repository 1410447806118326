//! A store that an older program left is brought up to date, and nothing of it is lost.

use std::fs;

use dragoman_store::{Query, Sqlite, Store, StoreError};
use rusqlite::Connection;

use crate::made::*;

/// What a store of version 1 held, as it was written then.
const V1: &str = include_str!("old/v1.sql");
/// The head of its chain.
const HEAD: &str = "5925f30914bf1b4b5a3521c1df27dd0ca96c8c4fa3f47088a08955a5fa47e39c";

fn left_behind() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join("dragoman.sqlite")).unwrap();
    db.execute_batch(V1).unwrap();
    folder
}

#[tokio::test]
async fn a_store_of_the_first_version_is_brought_up_to_date() {
    let folder = left_behind();
    let file = folder.path().join("dragoman.sqlite");
    assert!(matches!(Sqlite::verify_file(&file), Err(StoreError::Older { found: 1, .. })));
    let store = Sqlite::open(folder.path()).unwrap();
    let verified = store.verify().await.unwrap();
    assert_eq!((verified.events, verified.payloads, verified.head.as_str()), (13, 11, HEAD));
    assert_eq!(verified.broken, []);
    let payload = store.payload(TENANT, 3).await.unwrap().unwrap();
    assert_eq!((payload.media.as_str(), &payload.bytes[..]), ("application/xml", &b"<lrn>DG-1</lrn>"[..]));
    assert_eq!(store.stream(TENANT, "declaration-1").await.unwrap().len(), 5);
    assert_eq!(store.mark(TENANT, "lrn", "acme/DG-3").await.unwrap().unwrap().stream, "declaration-3");
    assert_eq!(store.record(TENANT, "draft", "d").await.unwrap().unwrap().revision, 3);
    derived(&store).await;
    let ledger = store.ledger(None).await.unwrap();
    assert_eq!((ledger.accepted, ledger.delivered, ledger.open, ledger.balances()), (4, 1, 3, true));
    let cleared = store.list(Query { status: Some("cleared".into()), ..query() }).await.unwrap();
    assert!(matches!(&cleared[..], [row] if row.mrn.as_deref() == Some("26GB1")));
    // Who had the second is no more; the fourth waits for somebody to approve it.
    let lease = now() + jiff::SignedDuration::from_secs(30);
    let claimed = store.claim(now(), lease, 10, &[]).await.unwrap();
    let claimed: Vec<_> = claimed.iter().map(|one| (one.job.submission.as_str(), one.abandoned)).collect();
    assert_eq!(claimed, [("submission-2", true), ("submission-3", false)]);
    let held = store.job(TENANT, "submission-4").await.unwrap().unwrap();
    assert_eq!(held.body, b"<lrn>DG-4</lrn>");
    assert_eq!(store.commit(accepted(9)).await.unwrap(), [14]);
    assert_eq!(store.verify().await.unwrap().broken, []);
}

#[test]
fn a_copy_is_left_as_it_was() {
    let folder = left_behind();
    drop(Sqlite::open(folder.path()).unwrap());
    let copy = folder.path().join("dragoman.v1.backup");
    let db = Connection::open(&copy).unwrap();
    let count = |query: &str| db.query_row(query, [], |row| row.get::<_, u64>(0)).unwrap();
    assert_eq!(count("PRAGMA user_version"), 1);
    assert_eq!(count("SELECT count(*) FROM event WHERE payload IS NOT NULL"), 11);
    // It can be made a store of, by this program too.
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(Sqlite::restore(&copy, empty.path(), now()).unwrap().head, HEAD);
    assert!(fs::metadata(empty.path().join("dragoman.sqlite")).unwrap().len() > 0);
}
