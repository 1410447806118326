//! Verifying evidence, without a gateway.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde::Serialize;
use zip::ZipArchive;

use super::pack::{EVENTS, HASHES, Line};
use crate::hash::sha256;

/// What a verification of evidence found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Proven {
    /// Files whose hash is right.
    pub files: usize,
    /// Events whose link is right.
    pub events: usize,
    /// Messages that are what their event says.
    pub payloads: usize,
    /// What is wrong.
    pub broken: Vec<String>,
}

/// A file of this size is not read: evidence holds messages.
const LARGEST: u64 = 256 << 20;

/// Verifies evidence: every file against its hash, every message against its event, every event against its link.
pub fn verify_evidence(zip: &[u8]) -> Proven {
    let mut proven = Proven::default();
    let files = match files(zip) {
        Ok(files) => files,
        Err(error) => {
            proven.broken.push(error);
            return proven;
        }
    };
    let text = |name: &str| files.get(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let Some((hashes, events)) = text(HASHES).zip(text(EVENTS)) else {
        proven.broken.push(format!("{HASHES} or {EVENTS} is missing"));
        return proven;
    };
    let mut named = Vec::new();
    for line in hashes.lines() {
        let Some((hash, name)) = line.split_once("  ") else { continue };
        named.push(name);
        match files.get(name) {
            Some(bytes) if sha256(bytes) == hash => proven.files += 1,
            Some(_) => proven.broken.push(format!("{name} is not what it was")),
            None => proven.broken.push(format!("{name} is missing")),
        }
    }
    let others = files.keys().filter(|name| *name != HASHES && !named.contains(&name.as_str()));
    proven.broken.extend(others.map(|name| format!("{name} has no hash")));
    for line in events.lines() {
        event(line, &files, &mut proven);
    }
    proven
}

fn event(line: &str, files: &BTreeMap<String, Vec<u8>>, proven: &mut Proven) {
    let Ok(Line { event, before, payload, seal }) = serde_json::from_str::<Line>(line) else {
        proven.broken.push("an event cannot be read".to_owned());
        return;
    };
    let seq = event.seq;
    if event.link(&before).as_ref() == Some(&event.hash) {
        proven.events += 1;
    } else {
        proven.broken.push(format!("event {seq} is not what was stored"));
    }
    let Some(name) = payload else { return };
    let stored = |bytes: &Vec<u8>| match &seal {
        Some(seal) => seal.stored_hash(bytes),
        None => Some(sha256(bytes)),
    };
    match files.get(&name).and_then(stored) {
        Some(hash) if Some(&hash) == event.payload_hash.as_ref() => proven.payloads += 1,
        _ => proven.broken.push(format!("{name} is not the message of event {seq}")),
    }
}

fn files(zip: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut archive =
        ZipArchive::new(Cursor::new(zip)).map_err(|error| format!("this is no evidence: {error}"))?;
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| error.to_string())?;
        let name = file.name().map_err(|error| error.to_string())?.into_owned();
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes).map_err(|error| format!("{name}: {error}"))?;
        files.insert(name, bytes);
    }
    Ok(files)
}
