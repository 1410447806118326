//! What is worth saying about a message: the second error channel, beside `Err`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Info,
    /// Probably a mistake; the message can still be used.
    Warning,
    /// The message breaks a rule of its format, or something of it cannot be carried.
    Error,
}

impl Severity {
    /// The word that is printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A kind of finding, declared once beside the code that raises it. `docs/findings.md` is made from these.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Code {
    /// Stable, such as `DG-E0104`: `E` and a number of four digits, the first two the area.
    pub id: &'static str,
    /// One line: what is wrong.
    pub title: &'static str,
    /// What it means and what to do about it, a few sentences.
    pub help: &'static str,
}

/// One thing worth saying about a message, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The kind, or the authority's own code where it is theirs.
    pub code: Cow<'static, str>,
    /// How bad.
    pub severity: Severity,
    /// What is wrong here, one line, without the place.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The bytes at fault, relative to the start of the file.
    pub span: Option<std::ops::Range<u64>>,
    /// The place in the message, indexed (`/MetaData[1]/Declaration[1]/ID[1]`).
    pub wire_path: Option<String>,
    /// The place in the canonical document (`goods_items[sequence=2].origins[0].country`).
    pub path: Option<String>,
    /// The order line that caused it.
    pub order_line: Option<OrderLine>,
    /// What the authority said, where it is theirs.
    pub authority: Option<Authority>,
}

/// The order line behind a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The platform's order number.
    pub order: String,
    /// The platform's line id.
    pub line: String,
    /// The field of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// An authority's own spelling of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Whose numbering: an adapter's name.
    pub scheme: String,
    /// The number or code.
    pub number: String,
    /// The place as they write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl Finding {
    /// A finding of a declared kind.
    pub fn new(code: &'static Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code.id),
            severity,
            message: message.into(),
            hint: None,
            span: None,
            wire_path: None,
            path: None,
            order_line: None,
            authority: None,
        }
    }

    /// A finding of severity error.
    pub fn error(code: &'static Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A finding of severity warning.
    pub fn warning(code: &'static Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// A finding of severity info.
    pub fn info(code: &'static Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Info, message)
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says which bytes are at fault: a span of a window that begins at `base`.
    #[must_use]
    pub fn at(mut self, base: u64, span: Span) -> Self {
        self.span = Some(base + u64::from(span.start)..base + u64::from(span.end));
        self
    }

    /// Says where in the message.
    #[must_use]
    pub fn wire(mut self, path: impl Into<String>) -> Self {
        self.wire_path = Some(path.into());
        self
    }

    /// Says where in the canonical document.
    #[must_use]
    pub fn canonical(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}
