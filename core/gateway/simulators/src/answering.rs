//! Writing what a door says.

use std::collections::BTreeMap;

use dragoman_channel::{Encoding, Template, Values};
use dragoman_sim::Spoken;
use dragoman_sim::door::Said;
use dragoman_sim::shape::shaped;
use serde_json::Value;

use crate::request::Answer;

/// The answer that is said, with the door's own headers.
pub(crate) fn answer(said: &Said, spoken: &Spoken, shared: &BTreeMap<String, Template>) -> Answer {
    let mut headers = filled(shared, spoken);
    headers.extend(filled(&said.headers, spoken));
    let mut body = Vec::new();
    if let Some(xml) = &said.xml {
        headers.push(("Content-Type".to_owned(), "application/xml; charset=UTF-8".to_owned()));
        let text = xml.fill(&spoken.texts, Encoding::Xml).unwrap_or_default();
        let entry = |values: &Values| said.each.as_ref()?.fill(values, Encoding::Xml).ok();
        let entries: String = spoken.entries.iter().filter_map(entry).collect();
        body = text.replacen("<each/>", &entries, 1).into_bytes();
    } else if let Some(json) = &said.json {
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        let entry = |values: &Values| {
            shaped(said.entry.as_ref()?, &Spoken { texts: values.clone(), ..Spoken::default() })
        };
        let entries: Vec<Value> = spoken.entries.iter().filter_map(entry).collect();
        let spoken = spoken.clone().value("entries", entries);
        body = shaped(json, &spoken).unwrap_or(Value::Null).to_string().into_bytes();
    }
    Answer { status: said.status, headers, body, ..Answer::default() }
}

/// Headers with their values; one without a value is left out.
pub(crate) fn filled(headers: &BTreeMap<String, Template>, spoken: &Spoken) -> Vec<(String, String)> {
    let filled = |(name, value): (&String, &Template)| {
        Some((name.clone(), value.fill(&spoken.texts, Encoding::Plain).ok()?))
    };
    headers.iter().filter_map(filled).collect()
}
