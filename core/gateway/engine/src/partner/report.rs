//! What became of a file, as the report beside it says.

use dragoman_tree::FindingRecord;
use jiff::Timestamp;
use serde::Serialize;

/// How many messages a report lists one by one. The others are counted.
const LISTED: usize = 10_000;

/// What became of a file.
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
    /// Its messages.
    pub messages: Vec<MessageReport>,
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

    /// Adds a message.
    pub fn add(&mut self, message: MessageReport) {
        self.count += 1;
        if self.messages.len() < LISTED || !message.findings.is_empty() && self.messages.len() < 2 * LISTED {
            self.messages.push(message);
        }
    }

    /// True where nothing could be read from the file.
    pub fn is_unread(&self) -> bool {
        let unread = |message: &MessageReport| matches!(message.became, Became::Unread);
        self.duplicate_of.is_none() && self.messages.iter().all(unread)
    }

    /// As JSON.
    pub fn to_json(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }
}
