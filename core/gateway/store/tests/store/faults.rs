//! A disk that fails, a log that is torn, bits that flip.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::{env, fs};

use dragoman_store::{Sqlite, Store, StoredEvent};
use proptest::prelude::*;

use crate::crash::{answered, child, is_whole};
use crate::made::*;

const FILE: &str = "dragoman.sqlite";
const LOG: &str = "dragoman.sqlite-wal";
const KEY: &str = "master.key";

/// Wherever the disk has no more room, what was answered is there, and nothing is there in part.
#[cfg(unix)]
#[tokio::test]
async fn a_disk_that_fails_loses_nothing_that_was_answered() {
    let mut stopped = 0;
    // In blocks of 512 bytes: from the first pages of the log on.
    for limit in [512, 600, 666, 800, 1024, 1400, 2200] {
        let folder = tempfile::tempdir().unwrap();
        let ran = child(folder.path(), Some(limit)).output().unwrap();
        let said = BufReader::new(&ran.stdout[..]);
        let lines: Vec<_> = said.lines().map_while(Result::ok).collect();
        let all: Vec<_> = lines.iter().filter_map(|line| answered(line)).collect();
        stopped += usize::from(!all.is_empty() && lines.iter().any(|line| line.contains("failed ")));
        if folder.path().join(FILE).exists() {
            is_whole(folder.path(), &all).await;
        }
    }
    assert!(stopped > 3, "the disk failed {stopped} times while something was written");
}

/// The files of a store as they stand at this moment, as a machine without power leaves them.
fn copied(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in [FILE, LOG, KEY] {
        if from.join(file).exists() {
            fs::copy(from.join(file), to.path().join(file)).unwrap();
        }
    }
    to
}

fn filled() -> (tempfile::TempDir, Sqlite, Vec<StoredEvent>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let events = runtime.block_on(async {
        for number in 0..40 {
            store.commit(accepted(number)).await.unwrap();
        }
        store.journal(0, 100).await.unwrap()
    });
    (folder, store, events)
}

fn ask<T>(asked: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(asked)
}

/// A log that ends anywhere, or is damaged anywhere, leaves a whole store: the beginning of the journal, and what belongs
/// to it.
#[test]
fn a_torn_log_leaves_a_beginning() {
    let (folder, _store, events) = filled();
    let log = fs::read(folder.path().join(LOG)).unwrap();
    assert!(log.len() > 100_000, "there is a log to tear: {}", log.len());
    let mut lengths = std::collections::BTreeSet::new();
    for step in 0..24 {
        let at = log.len() * step / 24 + step * 7;
        let torn = copied(folder.path());
        let mut bytes = log.clone();
        if step % 2 == 0 {
            bytes.truncate(at);
        } else if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 0x10;
        }
        fs::write(torn.path().join(LOG), bytes).unwrap();
        let left = ask(async {
            is_whole(torn.path(), &[]).await;
            Sqlite::open(torn.path()).unwrap().journal(0, 100).await.unwrap()
        });
        assert_eq!(left, events[..left.len()], "torn at {at}");
        lengths.insert(left.len());
    }
    assert!(lengths.len() > 5, "it was torn at different events: {lengths:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if env::var_os("DRAGOMAN_LONG").is_some() { 5000 } else { 150 }))]

    /// A bit that flips anywhere in the file is found by verifying, or is where nothing of the journal is.
    #[test]
    fn a_bit_that_flips_is_found(places in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 1..3)) {
        let copy = WHOLE.with(|whole| {
            let copy = tempfile::tempdir().unwrap();
            let mut bytes = whole.bytes.clone();
            for (at, bit) in &places {
                bytes[at.index(whole.bytes.len())] ^= 1 << bit;
            }
            let is_same = bytes == whole.bytes;
            fs::write(copy.path().join(FILE), bytes).unwrap();
            (copy, is_same)
        });
        let file = copy.0.path().join(FILE);
        let is_found = match Sqlite::verify_file(&file) {
            Ok(verified) => !verified.broken.is_empty(),
            Err(_) => true,
        };
        if copy.1 {
            prop_assert!(!is_found, "nothing was changed");
        } else if !is_found {
            WHOLE.with(|whole| {
                assert_eq!(read(&file, &whole.key), whole.read, "a bit flipped, and what is read differs");
            });
        }
    }
}

/// A store as bytes, and what is read of it.
struct Whole {
    bytes: Vec<u8>,
    key: Vec<u8>,
    read: Vec<(StoredEvent, Option<Vec<u8>>)>,
}

thread_local! {
    static WHOLE: Whole = {
        let (folder, store, _) = filled();
        let copy = folder.path().join("copy.sqlite");
        ask(store.backup(&copy)).unwrap();
        let key = fs::read(folder.path().join(KEY)).unwrap();
        Whole { bytes: fs::read(&copy).unwrap(), read: read(&copy, &key), key }
    };
}

/// All events of a store with their payloads.
fn read(file: &Path, key: &[u8]) -> Vec<(StoredEvent, Option<Vec<u8>>)> {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(file, folder.path().join(FILE)).unwrap();
    fs::write(folder.path().join(KEY), key).unwrap();
    let store = Sqlite::open(folder.path()).unwrap();
    ask(async {
        let mut all = Vec::new();
        for stored in store.journal(0, 1000).await.unwrap() {
            let payload = store.payload(TENANT, stored.seq).await.unwrap();
            all.push((stored, payload.map(|payload| payload.bytes)));
        }
        all
    })
}
