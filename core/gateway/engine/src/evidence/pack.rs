//! Packing evidence.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use dragoman_store::{Seal, StoredEvent};
use serde::{Deserialize, Serialize};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::hash::sha256;
use crate::people::{Actor, Right};

/// The events, one JSON object a line.
pub(crate) const EVENTS: &str = "events.jsonl";

/// The hash of every other file, one a line: `sha256  name`.
pub(crate) const HASHES: &str = "SHA256SUMS";

/// An event with its links of the chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// The event as it is stored.
    #[serde(flatten)]
    pub event: StoredEvent,
    /// The link before it.
    pub before: String,
    /// The file with its payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// What the payload is sealed with in the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
}

impl Gateway {
    /// The evidence of an exchange, as a zip: its events with their links of the hash chain, all messages, and their
    /// hashes; of a declaration also that of its orders.
    pub async fn evidence(&self, by: &Actor, id: &str) -> Answer<Vec<u8>> {
        allowed(by, Right::Read)?;
        if !self.sees(by, id).await? {
            return Err(EngineError::Forbidden(Right::Personal));
        }
        let told = self.told(&by.tenant, id).await?;
        let mut pack = Pack::new();
        let mut events = told.events.clone();
        for (order, _) in &told.exchange.orders {
            events.extend(self.0.store.stream(&by.tenant, order).await?);
        }
        let mut lines = String::new();
        for stored in events {
            let before = self.link_before(stored.seq).await?;
            let payload = match self.0.store.payload(&by.tenant, stored.seq).await? {
                Some(payload) => {
                    let name = format!("payloads/{}{}", stored.seq, ending(&payload.media));
                    pack.add(&name, &payload.bytes)?;
                    Some(name)
                }
                None => None,
            };
            let seal = self.0.store.seal(&by.tenant, stored.seq).await?;
            let line = Line { event: stored, before, payload, seal };
            let line = serde_json::to_string(&line).map_err(EngineError::damaged)?;
            let _ = writeln!(lines, "{line}");
        }
        pack.add(EVENTS, lines.as_bytes())?;
        if let Some(view) = Box::pin(self.exchange(by, id)).await? {
            let view = serde_json::to_vec_pretty(&view).map_err(EngineError::damaged)?;
            pack.add("exchange.json", &view)?;
        }
        pack.add("README.txt", README.as_bytes())?;
        pack.finish()
    }

    /// The link of the event before a place in the journal.
    async fn link_before(&self, seq: u64) -> Answer<String> {
        let Some(before) = seq.checked_sub(2) else { return Ok("0".repeat(64)) };
        let events = self.0.store.journal(before, 1).await?;
        Ok(events.first().map(|event| event.hash.clone()).unwrap_or_default())
    }
}

const README: &str = "\
What happened to one exchange, as a Dragoman gateway kept it.

events.jsonl   one event a line: when, who, what, and its link of the hash chain
payloads/      the messages, as they came and as they went; `payload` of an event names its own
exchange.json  the same for people
SHA256SUMS     the hash of every file

`dragoman verify FILE.zip` checks it all, without the gateway: every file against its hash, every message against the
hash in its event, and every event against its link. The journal keeps messages sealed, and the hash is that of the sealed
bytes: `seal` of an event has the key of its message alone. The links are those of the gateway's journal, in which each covers
the one before it.
";

fn ending(media: &str) -> &'static str {
    let media = media.split(';').next().unwrap_or_default();
    match media {
        _ if media.ends_with("json") => ".json",
        _ if media.ends_with("xml") => ".xml",
        _ if media.starts_with("text/") => ".txt",
        _ => ".bin",
    }
}

/// A zip in the making, with the hashes of what is in it.
struct Pack {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    hashes: String,
}

impl Pack {
    fn new() -> Self {
        Self { zip: ZipWriter::new(Cursor::new(Vec::new())), hashes: String::new() }
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> Answer<()> {
        let _ = writeln!(self.hashes, "{}  {name}", sha256(bytes));
        self.put(name, bytes)
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Answer<()> {
        self.zip.start_file(name, SimpleFileOptions::default()).map_err(EngineError::damaged)?;
        self.zip.write_all(bytes).map_err(EngineError::damaged)
    }

    fn finish(mut self) -> Answer<Vec<u8>> {
        let hashes = std::mem::take(&mut self.hashes);
        self.put(HASHES, hashes.as_bytes())?;
        Ok(self.zip.finish().map_err(EngineError::damaged)?.into_inner())
    }
}
