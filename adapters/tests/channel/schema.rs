//! The JSON Schema of `adapter.toml`: published, current, and true of every adapter.

use std::path::Path;

use regex::Regex;
use serde_json::Value;

fn adapters() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_published_schema_is_current() {
    let text = format!("{:#}\n", dragoman_adapters::schema());
    let path = adapters().join("../docs/adapter.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap_or_default() == text, "docs/adapter.schema.json: UPDATE=1");
}

fn toml(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    let table: toml::Table = toml::from_str(&text).unwrap();
    serde_json::to_value(table).unwrap()
}

#[test]
fn the_schema_is_true_of_every_adapter() {
    let schema = dragoman_adapters::schema();
    let mut seen = 0;
    for folder in std::fs::read_dir(adapters()).unwrap() {
        let path = folder.unwrap().path().join("adapter.toml");
        if path.exists() {
            let faults = faults(&schema, &schema, &toml(&path), "");
            assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen}");
}

/// What the loader refuses for its shape, the schema refuses.
#[test]
fn the_schema_refuses_what_the_loader_refuses() {
    let schema = dragoman_adapters::schema();
    let good = std::fs::read_to_string(adapters().join("gb-cds/adapter.toml")).unwrap();
    let mistakes = [
        ("title = ", "titel = "),
        ("rate = \"3/second\"", "rate = \"3 a second\""),
        ("method = \"POST\"", "method = \"SEND\""),
        ("status = 429", "status = 1000"),
        ("class = \"rate_limited\"", "class = \"slow\""),
        ("every = \"10s\"", "every = 10"),
        ("repeat = \"idempotent\"", "repeat = \"twice\""),
        ("direction = \"out\"", "direction = \"sideways\""),
        ("name = \"badge\"\nmeaning", "nom = \"badge\"\nmeaning"),
        ("header = \"X-Conversation-ID\"", "heading = \"X-Conversation-ID\""),
    ];
    for (from, to) in mistakes {
        assert!(good.contains(from), "{from}");
        let table: toml::Table = toml::from_str(&good.replacen(from, to, 1)).unwrap();
        let value = serde_json::to_value(table).unwrap();
        assert!(!faults(&schema, &schema, &value, "").is_empty(), "{to}");
    }
}

/// What a schema says against a value, with its place: the keywords of JSON Schema 2020-12 that ours uses.
fn faults(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Some(schema) = schema.as_object() else {
        return if schema == &Value::Bool(false) {
            vec![format!("{at}: nothing is allowed")]
        } else {
            Vec::new()
        };
    };
    let mut found = Vec::new();
    for (keyword, said) in schema {
        let wrong = || format!("{at}: {value} against {keyword} {said}");
        let is_good = match &**keyword {
            "$schema"
            | "$defs"
            | "title"
            | "description"
            | "default"
            | "format"
            | "required"
            | "additionalProperties" => true,
            "$ref" => {
                let target = root.pointer(said.as_str().unwrap().trim_start_matches('#')).unwrap();
                found.extend(faults(root, target, value, at));
                true
            }
            "type" => one_or_more(said).iter().any(|kind| is_of(kind.as_str().unwrap(), value)),
            "enum" => said.as_array().unwrap().contains(value),
            "const" => said == value,
            "pattern" => {
                value.as_str().is_none_or(|text| Regex::new(said.as_str().unwrap()).unwrap().is_match(text))
            }
            "minimum" => value.as_i64().is_none_or(|number| number >= said.as_i64().unwrap()),
            "maximum" => value.as_i64().is_none_or(|number| number <= said.as_i64().unwrap()),
            "items" => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(faults(root, said, item, &format!("{at}[{number}]")));
                }
                true
            }
            "properties" => {
                found.extend(members(root, schema, value, at));
                true
            }
            "anyOf" | "oneOf" => {
                let passed = |one: &&Value| faults(root, one, value, at).is_empty();
                said.as_array().unwrap().iter().filter(passed).count() >= 1
            }
            other => panic!("{other} is not known here"),
        };
        found.extend((!is_good).then(wrong));
    }
    if !schema.contains_key("properties") {
        found.extend(members(root, schema, value, at));
    }
    found
}

fn members(root: &Value, schema: &serde_json::Map<String, Value>, value: &Value, at: &str) -> Vec<String> {
    let Some(object) = value.as_object() else { return Vec::new() };
    let mut found = Vec::new();
    let known = schema.get("properties").and_then(Value::as_object);
    for (name, member) in object {
        let rest = schema.get("additionalProperties").unwrap_or(&Value::Bool(true));
        let said = known.and_then(|known| known.get(name)).unwrap_or(rest);
        found.extend(faults(root, said, member, &format!("{at}.{name}")));
    }
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let missing = required.filter(|name| !object.contains_key(name.as_str().unwrap()));
    found.extend(missing.map(|name| format!("{at}: {name} is missing")));
    found
}

fn one_or_more(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other} is not known here"),
    }
}
