//! What became of a file, as the report beside it says. Messages are written as they come: a file may have millions.

use dragoman_folders::{Folder, FolderError, Part};
use dragoman_tree::FindingRecord;
use jiff::Timestamp;
use serde::Serialize;

/// A report that is being written.
pub(super) struct Reporting {
    part: Part,
    /// How many messages there are.
    pub count: usize,
    /// True once something was read.
    is_read: bool,
}

/// What became of a file, beside its messages.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// Its name as it came.
    pub file: String,
    /// SHA-256 of its content.
    pub sha256: String,
    /// When it was taken.
    pub at: Timestamp,
    /// The file that had the same content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<String>,
    /// How many messages there are.
    pub count: usize,
    /// What is wrong or remarkable, and belongs to no message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingRecord>,
    /// The files that were made of it, with their folders.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<String>,
}

/// What became of a message.
#[derive(Debug, Default, Serialize)]
pub(super) struct MessageReport {
    /// What it is; none where nobody knows.
    pub message: Option<String>,
    /// The type of its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// What became of it.
    #[serde(flatten)]
    pub became: Became,
    /// What is wrong or remarkable.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingRecord>,
}

/// What became of a message.
#[derive(Debug, Default, Serialize)]
#[serde(tag = "became", rename_all = "snake_case")]
pub(super) enum Became {
    /// It was read, and is kept as canonical JSON.
    #[default]
    Read,
    /// It cannot be read.
    Unread,
    /// An order, with its stream and the declarations that were made of it.
    Order {
        /// Its stream.
        id: String,
        /// The buyer's number.
        number: String,
        /// Their streams.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        declarations: Vec<String>,
    },
    /// A declaration.
    Declaration {
        /// Its stream.
        id: String,
        /// `queued`, `held`, `incomplete`.
        state: String,
    },
    /// An answer of customs, which belongs to a declaration or waits for one.
    Response,
    /// An acknowledgement of what was sent.
    Acknowledgement {
        /// The control reference that it names.
        reference: String,
        /// The file that this was made of; none of another interchange.
        #[serde(skip_serializing_if = "Option::is_none")]
        of: Option<String>,
        /// What the partner says of it.
        verdict: &'static str,
    },
    /// It goes to the partner, as that message.
    Sent {
        /// The message.
        to: String,
    },
    /// The gateway does not take it.
    Refused {
        /// Why.
        why: String,
    },
}

impl Report {
    /// A report that says nothing yet.
    pub fn new(file: &str, sha256: &str, at: Timestamp) -> Self {
        Self { file: file.to_owned(), sha256: sha256.to_owned(), at, ..Self::default() }
    }
}

impl Reporting {
    /// Begins the report of a file.
    pub async fn begin(folder: &Folder, file: &str) -> Result<Self, FolderError> {
        let mut part = folder.begin(&format!("{file}.report.json")).await?;
        part.write(b"{\n\"messages\": [").await?;
        Ok(Self { part, count: 0, is_read: false })
    }

    /// Adds a message.
    pub async fn add(&mut self, message: &MessageReport) -> Result<(), FolderError> {
        self.is_read |= !matches!(message.became, Became::Unread);
        let mut text = if self.count == 0 { b"\n".to_vec() } else { b",\n".to_vec() };
        text.extend(serde_json::to_vec(message).unwrap_or_default());
        self.count += 1;
        self.part.write(&text).await
    }

    /// True where something could be read from the file.
    pub const fn is_read(&self) -> bool {
        self.is_read
    }

    /// Ends it, and puts it into a folder.
    pub async fn end(mut self, report: &Report, to: &Folder, name: &str) -> Result<(), FolderError> {
        let rest = serde_json::to_string_pretty(report).unwrap_or_default();
        let rest = rest.trim_start_matches('{');
        self.part.write(format!("\n],{rest}\n").as_bytes()).await?;
        self.part.finish_in(to, name).await.map(drop)
    }
}
