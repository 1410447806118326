//! Writing what a door says: texts and JSON with values in them.

use std::collections::BTreeMap;

use dragoman_channel::{Encoding, Template, Values};
use dragoman_sim::door::Said;
use serde_json::{Map, Value};

use crate::request::Answer;

/// What answers speak of: texts for templates, whole values for JSON, and entries for what is repeated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoken {
    pub texts: Values,
    pub values: BTreeMap<String, Value>,
    pub entries: Vec<Values>,
}

impl Spoken {
    /// Adds a text.
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.texts.set(name, value);
        self
    }
}

/// The answer that is said, with the door's own headers.
pub(crate) fn answer(said: &Said, spoken: &Spoken, shared: &BTreeMap<String, Template>) -> Answer {
    let mut headers = Vec::new();
    for (name, value) in shared.iter().chain(&said.headers) {
        // A header without a value is left out.
        if let Ok(value) = value.fill(&spoken.texts, Encoding::Plain) {
            headers.push((name.clone(), value));
        }
    }
    let mut body = Vec::new();
    if let Some(xml) = &said.xml {
        headers.push(("Content-Type".to_owned(), "application/xml; charset=UTF-8".to_owned()));
        let text = xml.fill(&spoken.texts, Encoding::Xml).unwrap_or_default();
        let entry = |values: &Values| said.each.as_ref()?.fill(values, Encoding::Xml).ok();
        let entries: String = spoken.entries.iter().filter_map(entry).collect();
        body = text.replacen("<each/>", &entries, 1).into_bytes();
    } else if let Some(json) = &said.json {
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        body = shaped(json, spoken).unwrap_or(Value::Null).to_string().into_bytes();
    }
    Answer { status: said.status, headers, body, ..Answer::default() }
}

/// JSON of a shape; `None` where a value that is named is not there, or nothing is left of an object.
fn shaped(shape: &toml::Value, spoken: &Spoken) -> Option<Value> {
    match shape {
        toml::Value::String(text) => named(text, spoken),
        toml::Value::Integer(number) => Some(Value::from(*number)),
        toml::Value::Boolean(flag) => Some(Value::Bool(*flag)),
        toml::Value::Array(items) => Some(items.iter().filter_map(|item| shaped(item, spoken)).collect()),
        toml::Value::Table(members) => {
            let members = members.iter();
            let kept: Map<_, _> =
                members.filter_map(|(name, value)| Some((name.clone(), shaped(value, spoken)?))).collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) => None,
    }
}

fn named(text: &str, spoken: &Spoken) -> Option<Value> {
    let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    if let Some(value) = name.and_then(|name| spoken.values.get(name)) {
        return Some(value.clone());
    }
    let template = Template::parse(text).ok()?;
    template.fill(&spoken.texts, Encoding::Plain).ok().map(Value::String)
}
