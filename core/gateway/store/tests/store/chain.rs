//! What has been changed is found.

use dragoman_exchange::Event;
use dragoman_store::{Batch, JobChange, Sqlite, Store};
use rusqlite::Connection;

use crate::made::*;

#[tokio::test]
async fn every_change_of_what_is_stored_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    for number in 0..5 {
        store.commit(accepted(number)).await.unwrap();
    }
    let erased = happens(4, vec![Event::Erased { why: "asked for".into() }]);
    store.commit(Batch { jobs: vec![JobChange::Done(submission(4))], ..erased }).await.unwrap();
    let whole = store.verify().await.unwrap();
    assert_eq!((whole.events, whole.payloads, whole.erased, whole.broken.len()), (6, 4, 1, 0));
    let copy = folder.path().join("copy.sqlite");
    for (change, place) in [
        ("UPDATE payload SET bytes = x'00' WHERE seq = 2", 2),
        ("DELETE FROM payload WHERE seq = 2", 2),
        ("UPDATE event SET actor = 'nobody' WHERE seq = 3", 3),
        ("UPDATE event SET submission = NULL WHERE seq = 1", 1),
        ("UPDATE event SET body = replace(body, 'DG-3', 'DG-4') WHERE seq = 4", 4),
        ("UPDATE event SET payload_hash = NULL WHERE seq = 3", 3),
        ("UPDATE event SET key_id = 'other' WHERE seq = 3", 3),
        ("DELETE FROM event WHERE seq = 4", 4),
        ("DELETE FROM event WHERE seq = 6", 6),
        ("UPDATE event SET hash = zeroblob(32) WHERE seq = 5", 5),
        ("UPDATE head SET seq = 7", 7),
        ("INSERT INTO payload VALUES (9, x'00')", 9),
    ] {
        let _ = std::fs::remove_file(&copy);
        store.backup(&copy).await.unwrap();
        assert_eq!(Sqlite::verify_file(&copy).unwrap(), whole, "a backup is the same");
        let db = Connection::open(&copy).unwrap();
        assert_eq!(db.execute(change, []).unwrap(), 1, "{change}");
        drop(db);
        let broken = Sqlite::verify_file(&copy).unwrap().broken;
        assert!(broken.iter().any(|(seq, _)| *seq == place), "{change}: {broken:?}");
    }
}
