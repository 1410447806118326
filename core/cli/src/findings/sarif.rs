//! Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the text.

use std::collections::BTreeSet;

use dragoman_tree::{Code, Finding, Severity};
use serde_json::{Value, json};

use crate::findings::Output;
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
    let mut location = json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&source.name) } } });
    if let (Some(region), Some(physical)) = (region(finding, source), location.get_mut("physicalLocation")) {
        physical["region"] = region;
    }
    let places = [("element", &finding.wire_path), ("member", &finding.path)];
    let logical: Vec<_> = places
        .iter()
        .filter_map(|(kind, path)| Some(json!({ "fullyQualifiedName": path.as_ref()?, "kind": kind })))
        .collect();
    if !logical.is_empty() {
        location["logicalLocations"] = Value::Array(logical);
    }
    json!({ "ruleId": finding.code, "level": level, "message": { "text": text }, "locations": [location] })
}

fn region(finding: &Finding, source: &Source) -> Option<Value> {
    let span = finding.span.as_ref()?;
    let mut region = json!({ "byteOffset": span.start, "byteLength": span.end.saturating_sub(span.start) });
    if let Some(start) = source.position(span.start) {
        region["startLine"] = start.line.into();
        region["startColumn"] = start.column.into();
        let end = source.position(span.end).filter(|end| (end.line, end.column) > (start.line, start.column));
        if let Some(end) = end {
            region["endLine"] = end.line.into();
            region["endColumn"] = end.column.into();
        }
    }
    Some(region)
}

/// A path as a URI reference (RFC 3986): relative, or of the scheme `file` where it is absolute.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
