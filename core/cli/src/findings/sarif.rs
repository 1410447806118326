//! Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the text.

use std::collections::BTreeSet;
use std::fmt::Write;

use dragoman_tree::{Authority, Code, Finding, Severity};
use serde::Serialize;
use serde_json::{Value, json};

use crate::findings::Output;
use crate::findings::element::Element;
use crate::findings::json::line;
use crate::source::Source;
use crate::terminal::print;

/// Prints one run. Results go out as they come, the rules that they name at the end.
#[derive(Debug, Default)]
pub struct Sarif {
    results: usize,
    rules: BTreeSet<String>,
}

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Output for Sarif {
    fn begin(&mut self, _: &Source, _: Option<&str>) {}

    fn finding(&mut self, finding: &Finding, source: &Source) {
        print(self.opening().as_bytes());
        print(line(&result(finding, source)).as_bytes());
        self.results += 1;
        self.rules.insert(finding.code.to_string());
    }

    fn end(&mut self, _: &Source) {}

    fn finish(&mut self) {
        if self.results == 0 {
            print(self.opening().as_bytes());
        }
        let rules: Vec<_> = crate::codes().filter(|code| self.rules.contains(code.id)).map(rule).collect();
        let driver = json!({ "name": "dragoman", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
        let tool = line(&json!({ "driver": driver }));
        print(format!("\n],\"columnKind\":\"unicodeCodePoints\",\"tool\":{tool}}}]}}\n").as_bytes());
    }
}

impl Sarif {
    /// What comes before a result.
    fn opening(&self) -> String {
        match self.results {
            0 => format!("{{\"version\":\"2.1.0\",\"$schema\":\"{SCHEMA}\",\"runs\":[{{\"results\":[\n"),
            _ => ",\n".to_owned(),
        }
    }
}

fn rule(code: &'static Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": code.title },
        "help": { "text": code.help },
    })
}

fn result(finding: &Finding, source: &Source) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let text = match &finding.hint {
        Some(hint) => format!("{}; {hint}", finding.message),
        None => finding.message.clone(),
    };
    let places = [("element", &finding.wire_path), ("member", &finding.path)];
    let logical = places
        .iter()
        .filter_map(|(kind, path)| Some(json!({ "fullyQualifiedName": path.as_ref()?, "kind": kind })));
    let location = Location {
        physical: Physical {
            artifact: json!({ "uri": uri(&source.name) }),
            region: Region::new(finding, source),
        },
        logical: logical.collect(),
    };
    let mut result = json!({ "ruleId": finding.code, "level": level, "message": { "text": text }, "locations": [location] });
    let properties = Properties { element: Element::of(finding), authority: finding.authority.as_ref() };
    if let (Ok(Value::Object(properties)), Some(result)) =
        (serde_json::to_value(properties), result.as_object_mut())
        && !properties.is_empty()
    {
        result.insert("properties".to_owned(), properties.into());
    }
    result
}

/// What SARIF has no member for (2.1.0, 3.8).
#[derive(Serialize)]
struct Properties<'f> {
    #[serde(flatten)]
    element: Element,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<&'f Authority>,
}

/// Where a finding is (SARIF 2.1.0, 3.28).
#[derive(Serialize)]
struct Location {
    #[serde(rename = "physicalLocation")]
    physical: Physical,
    #[serde(rename = "logicalLocations", skip_serializing_if = "Vec::is_empty")]
    logical: Vec<Value>,
}

#[derive(Serialize)]
struct Physical {
    #[serde(rename = "artifactLocation")]
    artifact: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

/// Bytes, and where they are for people (SARIF 2.1.0, 3.30).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    byte_offset: u64,
    byte_length: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

impl Region {
    fn new(finding: &Finding, source: &Source) -> Option<Self> {
        let span = finding.span.as_ref()?;
        let start = source.position(span.start);
        let end = start.and_then(|_| source.position(span.end));
        Some(Self {
            byte_offset: span.start,
            byte_length: span.end.saturating_sub(span.start),
            start_line: start.map(|start| start.line),
            start_column: start.map(|start| start.column),
            end_line: end.map(|end| end.line),
            end_column: end.map(|end| end.column),
        })
    }
}

/// A path as a URI reference (RFC 3986): relative, or of the scheme `file` where it is absolute.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}
