//! Places in JSON: `fulfillment.quantityFulfilled`; an array on the way stands for each of its entries, and a number for
//! one of them, from 0.

use serde_json::{Map, Value};

/// All values at a path.
pub fn all<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    path.split('.').fold(vec![value], |found, name| {
        let one = |value: &'v Value| Some(vec![value.as_array()?.get(name.parse::<usize>().ok()?)?]);
        let each = |value| entries(value).into_iter().filter_map(|entry| entry.get(name)).collect();
        found.into_iter().flat_map(|value| one(value).unwrap_or_else(|| each(value))).collect()
    })
}

/// The entries of an array, or the value itself.
pub fn entries(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(entries) => entries.iter().collect(),
        value => vec![value],
    }
}

/// The first text or number at a path.
pub fn text(value: &Value, path: &str) -> Option<String> {
    all(value, path).into_iter().find_map(self::value)
}

/// A text or a number, as a text.
pub fn value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Sets a value; objects on the way are made where there are none.
pub fn set(value: &mut Value, path: &str, new: Value) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let Some(members) = value.as_object_mut() else { return };
    let member = members.entry(name).or_insert(Value::Null);
    match rest {
        Some(rest) => set(member, rest, new),
        None => *member = new,
    }
}

/// Sets a number; as a text, where a text stood there.
pub fn set_number(value: &mut Value, path: &str, new: u64) {
    let is_text = all(value, path).first().is_some_and(|before| before.is_string());
    set(value, path, if is_text { new.to_string().into() } else { new.into() });
}

/// The entries of the array at a path, to be changed.
pub fn entries_mut<'v>(value: &'v mut Value, path: &str) -> &'v mut [Value] {
    let pointer = format!("/{}", path.replace('.', "/"));
    match value.pointer_mut(&pointer) {
        Some(Value::Array(entries)) => entries,
        _ => &mut [],
    }
}

/// Takes away the members at a path, of each entry of arrays on the way.
pub fn remove(value: &mut Value, path: &str) {
    match (value, path.split_once('.')) {
        (Value::Array(entries), _) => entries.iter_mut().for_each(|entry| remove(entry, path)),
        (Value::Object(members), None) => drop(members.remove(path)),
        (Value::Object(members), Some((name, rest))) => {
            if let Some(member) = members.get_mut(name) {
                remove(member, rest);
            }
        }
        _ => {}
    }
}
