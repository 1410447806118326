//! A finding as JSON shows it: with its file, and with line and column beside the bytes.

use serde::{Deserialize, Serialize};

use crate::{Authority, Finding, OrderLine, Position, Severity};

/// A finding in the form that the command line and the gateway give to other programs. Absent members are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRecord {
    /// The kind.
    pub code: String,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, one line.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The file it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The bytes at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<SpanRecord>,
    /// The place in the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wire_path: Option<String>,
    /// The place in the canonical document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The order line that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_line: Option<OrderLine>,
    /// What the authority said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
}

/// Bytes of a file, and where they begin for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanRecord {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
    /// Line and column of the first byte, where the file is at hand.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

impl FindingRecord {
    /// The record of a finding about a file; `position` gives the line and column of an offset in it.
    pub fn new(finding: &Finding, file: Option<&str>, position: impl Fn(u64) -> Option<Position>) -> Self {
        let span = finding.span.as_ref().map(|span| SpanRecord {
            start: span.start,
            end: span.end,
            position: position(span.start),
        });
        Self {
            code: finding.code.to_string(),
            severity: finding.severity,
            message: finding.message.clone(),
            hint: finding.hint.clone(),
            file: file.map(str::to_owned),
            span,
            wire_path: finding.wire_path.clone(),
            path: finding.path.clone(),
            order_line: finding.order_line.clone(),
            authority: finding.authority.clone(),
        }
    }
}
