//! Findings as JSON: one object a file, an array of them where there may be several.

use dragoman_tree::{Finding, FindingRecord};
use serde::Serialize;

use crate::findings::Output;
use crate::findings::element::Element;
use crate::source::Source;
use crate::terminal::print;

/// Prints findings as they come: an input of any length needs no memory for them.
#[derive(Debug)]
pub struct Json {
    several: bool,
    files: usize,
    findings: usize,
}

/// A finding with what its place is for people of customs.
#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    record: FindingRecord,
    #[serde(flatten)]
    element: Element,
}

/// The record of a finding about a file.
pub fn record(finding: &Finding, source: &Source) -> FindingRecord {
    FindingRecord::new(finding, Some(&source.name), |offset| source.position(offset))
}

/// A value in one line.
pub fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Json {
    /// For one file, or for several.
    pub fn new(several: bool) -> Self {
        Self { several, files: 0, findings: 0 }
    }
}

impl Output for Json {
    fn begin(&mut self, source: &Source, message: Option<&str>) {
        let before = match (self.several, self.files) {
            (false, _) => "",
            (true, 0) => "[\n",
            (true, _) => ",\n",
        };
        let message = message.map(|name| format!("\"message\":{},", line(&name))).unwrap_or_default();
        print(format!("{before}{{\"file\":{},{message}\"findings\":[", line(&source.name)).as_bytes());
        self.files += 1;
        self.findings = 0;
    }

    fn finding(&mut self, finding: &Finding, source: &Source) {
        let before = if self.findings == 0 { "\n  " } else { ",\n  " };
        let told = Told { record: record(finding, source), element: Element::of(finding) };
        print(format!("{before}{}", line(&told)).as_bytes());
        self.findings += 1;
    }

    fn end(&mut self, _: &Source) {
        print(if self.findings == 0 { b"]}" } else { b"\n]}" });
    }

    fn finish(&mut self) {
        match (self.several, self.files) {
            (false, _) => print(b"\n"),
            (true, 0) => print(b"[]\n"),
            (true, _) => print(b"\n]\n"),
        }
    }
}
