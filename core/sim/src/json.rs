//! Places in JSON: `fulfillment.quantityFulfilled`; an array on the way stands for each of its entries.

use serde_json::{Map, Value};

/// All values at a path.
pub fn all<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    path.split('.').fold(vec![value], |found, name| {
        let below = found.into_iter().flat_map(entries);
        below.filter_map(|value| value.get(name)).collect()
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
    all(value, path).into_iter().find_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
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
