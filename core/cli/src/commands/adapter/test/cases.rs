//! The cases of an adapter: each is read as it says, and obeys the laws.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dragoman_adapters::{Adapter, AdapterMessage, Catalogue, Message, receive, recognise};
use dragoman_mapping::canonical;
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::json::Style;
use dragoman_tree::PlaceId;
use serde_json::Value;

use super::Report;
use crate::commands::map::cover::measure::measure;
use crate::failure::Failure;
use crate::findings::counted;

/// So many places that no case has are named.
const NAMED: usize = 4;

/// Every message has a case; every case is read as it says and comes back.
pub fn check(
    catalogue: &Catalogue,
    adapter: &Adapter,
    folder: &Path,
    report: &mut Report,
) -> Result<(), Failure> {
    let folder = folder.join("cases");
    let mut seen: Vec<(String, BTreeSet<PlaceId>)> = Vec::new();
    for name in names(&folder) {
        let path = folder.join(format!("{name}.in"));
        let bytes = fs::read(&path).map_err(|error| Failure::file(&path, "read", &error))?;
        let own = |message: &Message| message.plain_name().split('/').next() == Some(&*adapter.name);
        let recognised = recognise(catalogue, &bytes)?;
        let meant = recognised.clone().filter(own).or_else(|| meant(catalogue, adapter, &name));
        let Some(message) = meant else {
            report.missing(format!("cases/{name}.in is recognised as no message of the adapter"));
            continue;
        };
        if !recognised.as_ref().is_some_and(own) {
            let other = recognised.as_ref().map_or("no message", Message::name);
            report.missing(format!(
                "cases/{name}.in is recognised as {other}: `recognise` in the mapping of {}",
                message.name()
            ));
        }
        case(catalogue, &message, &folder, (&name, &bytes), report);
        let places = places(catalogue, &message, &bytes);
        match seen.iter_mut().find(|(known, _)| known == message.plain_name()) {
            Some((_, known)) => known.extend(places),
            None => seen.push((message.plain_name().to_owned(), places)),
        }
    }
    for message in &adapter.messages {
        let name = format!("{}/{}", adapter.name, message.name);
        match seen.iter().find(|(known, _)| *known == name) {
            Some((_, places)) => unseen(catalogue, &name, places, report),
            None => report.missing(format!(
                "a case of {name}: cases/NAME.in, synthetic, and NAME.json, what is read of it"
            )),
        }
    }
    Ok(())
}

/// The names of the cases in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<_> = files.filter_map(|file| file.strip_suffix(".in").map(str::to_owned)).collect();
    names.sort();
    names
}

/// The message that a case is called after, or the only one that there is.
fn meant(catalogue: &Catalogue, adapter: &Adapter, case: &str) -> Option<Message> {
    let named =
        |message: &&AdapterMessage| case == message.name || case.starts_with(&format!("{}-", message.name));
    let only = || adapter.messages.first().filter(|_| adapter.messages.len() == 1);
    let message = adapter.messages.iter().find(named).or_else(only)?;
    catalogue.message(&format!("{}/{}", adapter.name, message.name)).ok()
}

fn case(
    catalogue: &Catalogue,
    message: &Message,
    folder: &Path,
    (name, bytes): (&str, &[u8]),
    report: &mut Report,
) {
    let stated = fs::read_to_string(folder.join(format!("{name}.json")));
    let read = documents(catalogue, message, bytes);
    if read.is_empty() {
        report.missing(format!("cases/{name}.in has no document that the mapping finds"));
    }
    match stated.map(|text| values(&text)) {
        Ok(stated) if stated == read => report.good(format!("cases/{name}.in is read as {name}.json says")),
        Ok(_) => report.missing(format!("cases/{name}.in is read otherwise than {name}.json says: `dragoman translate --from {} --to canonical`", message.name())),
        Err(_) => report.missing(format!("cases/{name}.json: what is read of {name}.in")),
    }
    match measure(catalogue, message, bytes) {
        Ok(measured) => {
            let over = measured
                .over_original
                .map(|differs| format!("cases/{name}.in, written over itself, differs: {differs}"));
            report.check(
                over.is_none(),
                format!("cases/{name}.in comes back over itself"),
                over.unwrap_or_default(),
            );
            let residue = measured.counts.read.residue;
            match measured.alone {
                None => report.good(format!("cases/{name}.in comes back of its document alone")),
                Some(differs) if residue == 0 => {
                    report.note(format!("cases/{name}.in, written of its document alone: {differs}"));
                }
                Some(_) => {}
            }
            if residue > 0 {
                report.note(format!(
                    "cases/{name}.in: {} that no line of the mapping speaks of",
                    counted(residue, "value")
                ));
            }
        }
        Err(why) => report.missing(format!("cases/{name}.in is no such message: {why}")),
    }
}

/// What is read, as values of JSON.
fn documents(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> Vec<Value> {
    let mut read = Vec::new();
    receive(catalogue, message, bytes, &mut |received| {
        if let Some(got) = &received.got {
            read.extend(values(&canonical::write(&got.document, Style::Compact)));
        }
    });
    read
}

/// The values of a text of JSON, up to the first that is broken.
fn values(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text).into_iter().map_while(Result::ok).collect()
}

/// The places of the grammar that a message has something at.
fn places(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> BTreeSet<PlaceId> {
    let mut places = BTreeSet::new();
    receive(catalogue, message, bytes, &mut |received| {
        let tree = received.tree;
        places.extend(tree.subtree(received.node).map(|node| tree.place(node)));
    });
    places
}

/// Says how much of a message no case shows.
fn unseen(catalogue: &Catalogue, name: &str, seen: &BTreeSet<PlaceId>, report: &mut Report) {
    let message = catalogue.message(name).ok();
    let Some(grammar) = message.as_ref().and_then(Message::written) else { return };
    let all = (0..grammar.place(Grammar::ROOT).end.0).map(PlaceId);
    let leaves: Vec<_> = all.filter(|place| grammar.children(*place).next().is_none()).collect();
    let unseen: Vec<_> =
        leaves.iter().filter(|place| !seen.contains(place)).map(|place| grammar.path(*place)).collect();
    if unseen.is_empty() {
        return report.good(format!("the cases of {name} have something everywhere"));
    }
    let shown = unseen.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if unseen.len() > NAMED { ", …" } else { "" };
    report.note(format!("{name}: no case has {} of {} values: {shown}{more}", unseen.len(), leaves.len()));
}
