//! The acknowledgement of a file.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dragoman_adapters::{Acknowledgement, Acknowledging, Catalogue, Kind, Sent, Stamp};
use dragoman_syntax::edifact::MessageType;
use dragoman_syntax::x12::SetType;
use jiff::Timestamp;

use super::read::next;
use crate::config::Acknowledge;

/// What answers the interchanges of a file, with the form of it; nothing where nothing is to be answered.
pub(super) async fn acknowledge(
    catalogue: &Arc<Catalogue>,
    path: PathBuf,
    asked: Acknowledge,
    stamp: Stamp,
) -> io::Result<Option<(Acknowledgement, Sent)>> {
    let catalogue = Arc::clone(catalogue);
    let made = move || made(&catalogue, &path, asked, &stamp);
    tokio::task::spawn_blocking(made).await.map_err(io::Error::other)?
}

fn made(
    catalogue: &Catalogue,
    path: &Path,
    asked: Acknowledge,
    stamp: &Stamp,
) -> io::Result<Option<(Acknowledgement, Sent)>> {
    let mut file = File::open(path)?;
    let mut chunk = next(&mut file)?;
    let kind = Kind::of(&chunk);
    let Some(form) = form(asked, &kind).filter(|form| form.answers(&kind)) else { return Ok(None) };
    let edifact = |kind: &MessageType| catalogue.edifact_grammar(kind);
    let x12 = |kind: &SetType| catalogue.x12_grammar(kind);
    let mut all = Acknowledging::new(form, &edifact, &x12);
    while !chunk.is_empty() {
        all.push(&chunk);
        chunk = next(&mut file)?;
    }
    let sent = all.finish(stamp);
    Ok(if sent.bytes.is_empty() { None } else { Some((form, sent)) })
}

fn form(asked: Acknowledge, kind: &Kind) -> Option<Acknowledgement> {
    match asked {
        Acknowledge::None => None,
        Acknowledge::Auto => Acknowledgement::of(kind),
        Acknowledge::Contrl => Some(Acknowledgement::Control),
        Acknowledge::Aperak => Some(Acknowledgement::Application),
        Acknowledge::Functional => Some(Acknowledgement::Functional),
        Acknowledge::Implementation => Some(Acknowledgement::Implementation),
    }
}

/// The date, the time and the number of what is made now.
pub(super) fn stamp(now: Timestamp, number: u32) -> Stamp {
    let now = now.to_zoned(jiff::tz::TimeZone::UTC);
    Stamp { date: now.strftime("%Y%m%d").to_string(), time: now.strftime("%H%M").to_string(), number }
}
