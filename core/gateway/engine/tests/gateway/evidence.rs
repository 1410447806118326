use std::io::{Cursor, Read, Write};

use dragoman_engine::verify_evidence;
use dragoman_simulators::Options;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::setup::{Setup, clerk};

/// The same files, one of them changed.
fn changed(zip: &[u8], name: &str, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut file = old.by_index(index).unwrap();
        let (own, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut bytes).unwrap();
        if own == name {
            change(&mut bytes);
        }
        new.start_file(own, SimpleFileOptions::default()).unwrap();
        new.write_all(&bytes).unwrap();
    }
    new.finish().unwrap().into_inner()
}

/// Evidence holds every message, and shows every change.
#[tokio::test]
async fn evidence_shows_every_change() {
    let setup = Setup::declaring(Options::default()).await;
    let declared = setup.declared("amazon").await;
    setup.gateway.work().await.unwrap();
    setup.heard(&declared.id, "cleared").await;
    let zip = setup.gateway.evidence(&clerk(), &declared.id).await.unwrap();
    let proven = verify_evidence(&zip);
    assert!(proven.broken.is_empty(), "{:?}", proven.broken);
    assert!(proven.events >= 6 && proven.payloads >= 4, "{proven:?}");
    let archive = ZipArchive::new(Cursor::new(&zip)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    for name in names {
        let other = changed(&zip, &name, |bytes| {
            let last = bytes.len() - 2;
            bytes[last] ^= 1;
        });
        assert!(!verify_evidence(&other).broken.is_empty(), "{name}");
    }
    assert!(!verify_evidence(b"PK").broken.is_empty());
    // Whoever changes an event and its hashes still breaks its link.
    let forged = changed(&zip, "events.jsonl", |bytes| {
        let text = String::from_utf8(bytes.clone()).unwrap().replace("anna", "otto");
        *bytes = text.into_bytes();
    });
    assert!(verify_evidence(&forged).broken.iter().any(|broken| broken.contains("is not what was stored")));
}
