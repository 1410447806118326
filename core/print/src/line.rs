//! The lines of a box: text with the values of a document in it.

use serde::Deserialize;
use serde_json::Value;

/// A line of a box: `{path}` stands for the value at a path.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// Once.
    Text(String),
    /// For each entry of a list, with paths from there.
    Each {
        /// The path of the list; `.` in its line is the entry itself.
        each: String,
        /// The line.
        line: String,
    },
}

impl Line {
    /// The paths that it names, from where it stands, without the numbers of entries.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        let (each, line) = match self {
            Self::Text(line) => (None, line),
            Self::Each { each, line } => (Some(plain(each)), line),
        };
        let paths = line.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
        let named: Vec<String> = paths.map(plain).collect();
        let within = move |path: String| match &each {
            None => path,
            Some(each) if path == "." => each.clone(),
            Some(each) => format!("{each}.{path}"),
        };
        named.into_iter().map(within)
    }

    /// Appends what it says of a document, or of an entry of one.
    pub fn write(&self, value: &Value, out: &mut Vec<String>) {
        match self {
            Self::Text(text) => out.extend(filled(text, value)),
            Self::Each { each, line } => {
                let entries = at(value, each).and_then(Value::as_array);
                out.extend(entries.into_iter().flatten().filter_map(|entry| filled(line, entry)));
            }
        }
    }
}

/// A path without the numbers of its entries.
pub fn plain(path: &str) -> String {
    let steps = path.split('.').map(|step| step.split_once('[').map_or(step, |(name, _)| name));
    if path == "." { path.to_owned() } else { steps.collect::<Vec<_>>().join(".") }
}

/// A line with its values. None where it is to show values and none is there; what stands between a value that is
/// missing and the next goes with it.
fn filled(line: &str, value: &Value) -> Option<String> {
    let mut parts = line.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    let (mut asked, mut found) = (false, false);
    for part in parts {
        let (path, after) = part.split_once('}').unwrap_or((part, ""));
        asked = true;
        if let Some(value) = text_at(value, path).filter(|value| !value.is_empty()) {
            found = true;
            text.push_str(&value);
            text.push_str(after);
        }
    }
    (found || !asked).then(|| text.trim_end_matches([' ', ',', '/', ':', ';']).to_owned())
}

/// A value as text.
pub fn text_at(value: &Value, path: &str) -> Option<String> {
    match at(value, path)? {
        Value::String(text) => Some(text.clone()),
        Value::Bool(is_so) => Some(if *is_so { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The value at a path; `list[0]` is an entry of a list.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path == "." {
        return Some(value);
    }
    path.split('.').try_fold(value, |value, step| match step.split_once('[') {
        None => value.get(step),
        Some((name, index)) => match index.strip_suffix(']')? {
            "" => value.get(name),
            index => value.get(name)?.get(index.parse::<usize>().ok()?),
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_says_what_is_there() {
        let party = json!({"name": "ACME", "address": {"city": "Oslo", "street": ["A 1", "B 2"]}});
        let cases = [
            ("{name}", Some("ACME")),
            ("{address.postal_code} {address.city}, {address.country}", Some("Oslo")),
            ("Tel. {contact.phone}", None),
            ("{address.street[1]}", Some("B 2")),
            ("for office use", Some("for office use")),
        ];
        for (line, said) in cases {
            assert_eq!(filled(line, &party).as_deref(), said, "{line}");
        }
        let mut all = Vec::new();
        Line::Each { each: "address.street[]".into(), line: "- {.}".into() }.write(&party, &mut all);
        assert_eq!(all, ["- A 1", "- B 2"]);
    }
}
