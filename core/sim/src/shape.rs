//! Shapes: JSON as it stands in a `sim.toml`, in which a text `${name}` stands for a value and a member without one is
//! left out. `${name:number}` is a number, `${value.member}` a member of a value.

use std::collections::BTreeMap;

use dragoman_channel::{Encoding, Template, Values};
use serde_json::{Map, Value};

use crate::json;

/// What shapes and texts speak of.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    /// Texts.
    pub texts: Values,
    /// Whole values, for shapes alone.
    pub values: BTreeMap<String, Value>,
    /// What is repeated, for texts alone.
    pub entries: Vec<Values>,
}

impl Spoken {
    /// Adds a text.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.texts.set(name, value);
        self
    }

    /// Adds a value.
    #[must_use]
    pub fn value(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }
}

/// JSON of a shape; `None` where a value that is named is not there, or nothing is left of an object.
pub fn shaped(shape: &toml::Value, spoken: &Spoken) -> Option<Value> {
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
    let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
    if let Some(value) = spoken.values.get(name) {
        return Some(value.clone());
    }
    if let Some(name) = name.strip_suffix(":number") {
        return serde_json::from_str(spoken.texts.get(name)?).ok();
    }
    if let Some((value, path)) =
        name.split_once('.').and_then(|(value, path)| Some((spoken.values.get(value)?, path)))
    {
        return json::all(value, path).first().map(|value| (*value).clone());
    }
    let template = Template::parse(text).ok()?;
    template.fill(&spoken.texts, Encoding::Plain).ok().map(Value::String)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_members_are_values() {
        let shape: toml::Table = toml::from_str(
            "a = \"${price:number}\"\nb = \"${order.lines}\"\nc = \"${order.none}\"\nd = \"no ${price}\"",
        )
        .unwrap();
        let spoken =
            Spoken::default().text("price", "19.99").value("order", serde_json::json!({ "lines": [1] }));
        let shaped = shaped(&toml::Value::Table(shape), &spoken).unwrap();
        assert_eq!(shaped.to_string(), r#"{"a":19.99,"b":[1],"d":"no 19.99"}"#);
    }
}
