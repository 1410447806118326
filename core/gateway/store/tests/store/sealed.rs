//! What is stored is sealed with the keys of the persons that it is about.

use std::fs;
use std::path::Path;

use dragoman_store::{Batch, Concern, NewEvent, Payload, Sqlite, Store, StoreError};

use crate::made::*;

const NAME: &[u8] = b"Alex Example of Sample Street";

fn concern(number: usize, person: &str) -> Concern {
    Concern { tenant: TENANT.into(), stream: stream(number), person: person.into() }
}

/// A submission about some persons, and what is sent of it.
fn about(number: usize, persons: &[&str]) -> Batch {
    let mut batch = accepted(number);
    batch.concerns = persons.iter().map(|person| concern(number, person)).collect();
    let payload = Payload { media: "application/xml".into(), bytes: NAME.to_vec() };
    batch.events = vec![NewEvent { payload: Some(payload), ..batch.events.remove(0) }];
    batch.jobs = put(job(number, [NAME, b", as it is sent"].concat()));
    batch
}

fn holds_the_name(folder: &Path) -> bool {
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
    files.into_iter().any(|bytes| bytes.windows(NAME.len()).any(|window| window == NAME))
}

async fn bytes(store: &Sqlite, seq: u64) -> Option<Vec<u8>> {
    store.payload(TENANT, seq).await.unwrap().map(|payload| payload.bytes)
}

#[tokio::test]
async fn no_file_of_the_store_holds_what_was_given_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    store.commit(about(1, &["alex"])).await.unwrap();
    store.commit(about(2, &[])).await.unwrap();
    assert!(!holds_the_name(folder.path()));
    assert_eq!(bytes(&store, 1).await.unwrap(), NAME);
    assert_eq!(bytes(&store, 2).await.unwrap(), NAME);
    let job = store.job(TENANT, &submission(1)).await.unwrap().unwrap();
    assert_eq!(job.body, [NAME, b", as it is sent"].concat());
    drop(store);
    assert!(!holds_the_name(folder.path()), "nor after the log was carried over");
}

#[tokio::test]
async fn who_is_forgotten_cannot_be_read_and_the_chain_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    for (number, persons) in [(1, &["alex"][..]), (2, &["alex", "robin"]), (3, &["robin"])] {
        store.commit(about(number, persons)).await.unwrap();
    }
    let alex = store.concerned(TENANT, &stream(1)).await.unwrap().remove(0);
    assert_eq!(store.concerning(TENANT, &alex).await.unwrap(), [stream(1), stream(2)]);
    assert_eq!(store.concerning("other", &alex).await.unwrap(), [""; 0]);
    let forgotten = vec![(TENANT.to_owned(), alex.clone())];
    store.commit(Batch { forgotten, ..Batch::default() }).await.unwrap();
    assert_eq!(bytes(&store, 1).await, None);
    assert_eq!(bytes(&store, 2).await, None, "it is about another person too");
    assert_eq!(bytes(&store, 3).await.unwrap(), NAME);
    let verified = store.verify().await.unwrap();
    assert_eq!((verified.broken, verified.events, verified.erased), (vec![], 3, 2));
    // Who comes back is known by another key.
    store.commit(about(4, &["alex"])).await.unwrap();
    assert_eq!(bytes(&store, 4).await.unwrap(), NAME);
    assert_eq!(store.concerning(TENANT, &alex).await.unwrap(), [stream(4)]);
}

#[tokio::test]
async fn a_seal_proves_what_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    store.commit(about(1, &["alex"])).await.unwrap();
    let seal = store.seal(TENANT, 1).await.unwrap().unwrap();
    let stored = store.stream(TENANT, &stream(1)).await.unwrap().remove(0);
    assert_eq!(seal.stored_hash(NAME), stored.payload_hash);
    assert_ne!(seal.stored_hash(b"something else"), stored.payload_hash);
    assert_ne!(stored.content_hash, stored.payload_hash);
    assert_eq!(store.seal("other", 1).await.unwrap(), None);
}

#[tokio::test]
async fn a_store_is_opened_with_its_own_master_key() {
    let folder = tempfile::tempdir().unwrap();
    let keys = tempfile::tempdir().unwrap();
    let (own, other) = (keys.path().join("own.key"), keys.path().join("other.key"));
    let store = Sqlite::open_with(folder.path(), &own).unwrap();
    store.commit(about(1, &["alex"])).await.unwrap();
    drop(store);
    fs::write(&other, "07".repeat(32)).unwrap();
    for (key, says) in [(&other, "sealed with another key"), (&keys.path().join("none.key"), "No such file")]
    {
        let Err(StoreError::Key(message)) = Sqlite::open_with(folder.path(), key) else {
            panic!("it was opened")
        };
        assert!(message.contains(says), "{message}");
    }
    assert!(!keys.path().join("none.key").exists(), "no key is made for a store that has one");
    assert_eq!(bytes(&Sqlite::open_with(folder.path(), &own).unwrap(), 1).await.unwrap(), NAME);
    // The chain is verified without any key.
    assert_eq!(Sqlite::verify_file(folder.path()).unwrap().broken, []);
}
