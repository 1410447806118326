//! How answers of customs arrive: pushed to us, or fetched.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::content::{At, Content, Path};
use crate::http::{Answer, header};
use crate::operation::Operation;
use crate::predicate::Predicate;
use crate::push::Push;
use crate::span::{Name, Span};

/// How answers arrive, and how they find the declaration that they are about.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    /// The adapter's message that they are; any that comes in, known by its content, where none is named.
    pub message: Option<Name>,
    /// Where in what arrives the message stands, in base64, where it comes in an envelope.
    pub inside: Option<Path>,
    /// The header with the conversation that they belong to.
    pub conversation: Option<String>,
    /// What they are matched by, the surest first.
    pub match_by: Vec<MatchBy>,
    /// Pushed to us.
    pub push: Option<Push>,
    /// Fetched by us, from each of these lists.
    #[serde(default)]
    pub pull: Vec<Pull>,
}

/// By what an answer finds its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MatchBy {
    /// Our own id of the message that is answered.
    Correlation,
    /// What the counterpart called the conversation.
    Conversation,
    /// The local reference number.
    Lrn,
    /// The number that customs gave.
    Mrn,
}

/// Answers that wait to be fetched.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    /// The operation that lists those that wait.
    pub list: Name,
    /// The operation that fetches the one of `notification.id`.
    pub get: Name,
    /// The operation that takes it off the list once it is stored; none where fetching does.
    pub done: Option<Name>,
    /// The operation that lists those that were fetched before: what was lost between fetching and storing is there.
    pub fetched: Option<Name>,
    /// The operation that fetches one of those again.
    pub again: Option<Name>,
    /// The entries of a list.
    pub entries: Path,
    /// Which of them are notifications; all, where nothing is said.
    pub when: Option<Predicate>,
    /// In an entry: its id or its address, whose last part is the id.
    pub id: Path,
    /// In an entry: when something was last added to it. Where it is named, `pulled.since` is the latest of those that
    /// were seen, and a list is read from there on.
    pub updated: Option<Path>,
    /// How many entries a page of a list has: behind a full one the next is asked for, by its number as `page.token`.
    pub size: Option<usize>,
    /// Where each entry is a conversation that has a list of its own.
    pub within: Option<Within>,
    /// How often.
    pub every: Span,
}

/// The list of what belongs to one conversation. It stays as it is, so what was fetched is known by its id.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// The operation that lists what belongs to `conversation`.
    pub list: Name,
    /// The entries of the list.
    pub entries: Path,
    /// Which of them are notifications; all, where nothing is said.
    pub when: Option<Predicate>,
    /// In an entry: its id or its address, whose last part is the id.
    pub id: Path,
    /// What became of messages that we sent, where that is told here only.
    pub sent: Option<Sent>,
}

/// Entries about what we sent ourselves.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// Which entries tell something of it.
    pub when: Predicate,
    /// The operation that fetches what is told, of `notification.id`.
    pub get: Name,
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// When something was last added to it.
    pub updated: Option<Timestamp>,
}

impl Notifications {
    /// The message in what arrived; what arrived, where it comes in no envelope.
    pub fn message_in<'b>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        self.inside
            .as_ref()
            .and_then(|inside| enveloped(body, inside))
            .map_or(Cow::Borrowed(body), Cow::Owned)
    }

    /// The conversation that a notification belongs to, from its headers: a push's, or those of the answer that
    /// fetched it.
    pub fn conversation<'h>(&self, headers: &'h [(String, String)]) -> Option<&'h str> {
        header(headers, self.conversation.as_deref()?).filter(|id| !id.is_empty())
    }
}

/// What stands in an envelope in base64 (RFC 4648, section 4), whatever white space is in it.
pub fn enveloped(body: &[u8], inside: &Path) -> Option<Vec<u8>> {
    let content = Content::read(body);
    let text: String = content.root().text(inside)?.split_ascii_whitespace().collect();
    STANDARD.decode(text).ok()
}

impl Pull {
    /// The ids in the answer of `list` or `fetched`.
    pub fn ids(&self, answer: &Answer) -> Vec<String> {
        self.listed(answer).into_iter().map(|listed| listed.id).collect()
    }

    /// The entries of the answer of `list` or `fetched`.
    pub fn listed(&self, answer: &Answer) -> Vec<Listed> {
        listed(answer, &self.entries, self.when.as_ref(), &self.id, self.updated.as_ref())
    }

    /// True where a page may not be the last one.
    pub fn has_more(&self, answer: &Answer) -> bool {
        let content = Content::read(&answer.body);
        self.size.is_some_and(|size| content.root().all(&self.entries).len() >= size)
    }
}

impl Within {
    /// The ids of the notifications in the answer of `list`.
    pub fn ids(&self, answer: &Answer) -> Vec<String> {
        self.found(answer, self.when.as_ref())
    }

    /// The ids of what we sent, as far as something is told of it there.
    pub fn sent(&self, answer: &Answer) -> Vec<String> {
        self.sent.as_ref().map(|sent| self.found(answer, Some(&sent.when))).unwrap_or_default()
    }

    /// The conversation and the id that the address of a message names, below the path of its list.
    pub fn named(&self, list: &Operation, address: &str) -> Option<(String, String)> {
        let (values, rest) = list.path.as_ref()?.begins(address)?;
        let conversation = values.get("conversation").filter(|id| !id.is_empty())?;
        let id = rest.strip_prefix('/')?.split('/').next().filter(|id| !id.is_empty())?;
        Some((conversation.to_owned(), id.to_owned()))
    }

    fn found(&self, answer: &Answer, when: Option<&Predicate>) -> Vec<String> {
        let listed = listed(answer, &self.entries, when, &self.id, None);
        listed.into_iter().map(|listed| listed.id).collect()
    }
}

fn listed(
    answer: &Answer,
    entries: &Path,
    when: Option<&Predicate>,
    id: &Path,
    updated: Option<&Path>,
) -> Vec<Listed> {
    let content = Content::read(&answer.body);
    let is_one = |entry: &At<'_>| when.is_none_or(|when| when.holds_of(*entry));
    let last = |text: &str| text.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let one = |entry: At<'_>| {
        let id = entry.text(id).map(last).filter(|id| !id.is_empty())?;
        let updated = updated.and_then(|path| entry.text(path)?.parse().ok());
        Some(Listed { id, updated })
    };
    content.root().all(entries).into_iter().filter(is_one).filter_map(one).collect()
}
