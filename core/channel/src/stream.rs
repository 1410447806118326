//! Reading a platform's orders: which window of time comes next, what a page holds, and where the next one begins.
//!
//! The gateway keeps a [`Cursor`] and writes it down together with what a page brought, so that it goes on in the
//! middle after a crash. Nothing is ever passed over: a list that does not end, or ends too early, is read again.

use std::borrow::Cow;

use dragoman_model::{TimeZone, zone};
use jiff::{SignedDuration, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::content::Path;
use crate::predicate::{Place, Predicate};
use crate::span::{Name, Span};
use crate::values::Values;

/// A list that is read again and again for what is new.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Its name.
    pub name: Name,
    /// The adapter's message that an item is.
    pub message: Name,
    /// The operation that lists items by the time of their last change.
    pub list: Name,
    /// How `window.since` and `window.until` are written.
    #[serde(default)]
    pub format: Format,
    /// How often it is read.
    pub every: Span,
    /// How far windows reach back behind what is had: changes may show late.
    pub overlap: Span,
    /// How far they stay behind the moment: the newest may not be shown yet.
    pub settle: Span,
    /// The longest window that can be asked for.
    pub longest: Option<Span>,
    /// How far back the platform goes.
    pub oldest: Option<Span>,
    /// Where the answer says up to when it reaches: the next window begins there. Windows have no end then, as long as
    /// they need none.
    pub echoed: Option<Path>,
    /// The items.
    pub items: Path,
    /// What says that there are none, where the list is left out then.
    pub none: Option<Predicate>,
    /// In an item: its id.
    pub id: Path,
    /// In an item: when it was changed last.
    pub updated: Option<Path>,
    /// In an item: when it was placed, where the list cannot be asked by time. What was placed before the account is read from
    /// (`since`) is passed over.
    pub placed: Option<Path>,
    /// How it goes on from page to page.
    pub page: Option<Paging>,
    /// What fetches an item alone.
    pub detail: Option<Detail>,
    /// A second list, by the time of creation: what the first misses.
    pub sweep: Option<Sweep>,
}

/// How times are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// `2026-11-22T09:15:00Z`.
    #[default]
    Iso,
    /// `2026-11-22T09:15:00.000Z`.
    IsoMilliseconds,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMilliseconds,
    /// `2026-11-22 09:15:00`, of Greenwich.
    Spaced,
    /// `2026-11-22 17:15:00`, of eight hours east of it.
    SpacedEast8,
    /// `2026-11-22T17:15:00+08:00`.
    IsoEast8,
    /// `2026-11-22 01:15:00`, by a clock with rules of its own, as POSIX writes them: `PST8PDT,M3.2.0,M11.1.0`.
    Local(Clock),
}

/// A clock that hangs in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock(TimeZone);

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let message = || de::Error::custom(format!("`{text}` is no zone, such as `PST8PDT,M3.2.0,M11.1.0`"));
        zone(&text).map(Self).ok_or_else(message)
    }
}

impl JsonSchema for Clock {
    fn schema_name() -> Cow<'static, str> {
        "Clock".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A zone: `+08:00`, or with its rules `PST8PDT,M3.2.0,M11.1.0`." })
    }
}

/// How a list goes on: the answer names where the next page begins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Where the next page begins: it becomes `page.token`. The last page has none.
    pub next: Option<Place>,
    /// Where the answer names no place: what is counted. `page.token` is the count, and the first page has none.
    pub count: Option<Count>,
    /// The place of the first page, where the counterpart wants one named.
    pub first: Option<String>,
    /// How many items a page has; one with fewer is the last.
    pub size: Option<u32>,
    /// How many items there are in all: a count that reaches it ends the list.
    pub total: Option<Path>,
    /// Whether there is a next page: `true` or `false`; the last page may have a place to go on from all the same.
    pub more: Option<Path>,
    /// The most pages that are read in one go.
    #[serde(default = "cap")]
    pub most: u32,
    /// How long a place to go on from holds.
    pub holds: Option<Span>,
}

/// What is counted from page to page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Count {
    /// The items before a page.
    Items,
    /// The pages, from 1 on.
    Pages,
}

/// What fetches an item alone.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// The operation; the item's id is its `order.id`.
    pub operation: Name,
    /// Where the item is in its answer; the answer is the item, where nothing is said.
    pub item: Option<Path>,
    /// Which items of the list are whole, and need no fetching. All, where nothing is said.
    pub whole: Option<Predicate>,
    /// Which items are settled: the platform is done with what a declaration says. The others are kept, not declared.
    pub settled: Option<Predicate>,
    /// Which items change no more unless the list names them; the settled ones, where nothing is said. The others are
    /// fetched again later, whether the list names them or not.
    pub ended: Option<Predicate>,
    /// How soon they are fetched again; later and later while nothing changes.
    #[serde(default = "again")]
    pub again: Span,
}

const fn again() -> Span {
    Span(SignedDuration::from_mins(10))
}

/// A second list, by the time of creation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The operation.
    pub list: Name,
    /// How often.
    pub every: Span,
    /// How far back.
    pub back: Span,
}

/// Where the reading of a stream stands. It is kept, printed and edited as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// Everything that changed before is had.
    pub since: Timestamp,
    /// The window that is being read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Window>,
    /// When a window was begun last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// When a sweep was begun last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swept_at: Option<Timestamp>,
    /// How many seconds a window may have, where longer ones turned out too long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrowed: Option<i64>,
}

/// A window of time that is read, page by page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Which list it is of.
    pub by: By,
    /// Its begin.
    pub since: Timestamp,
    /// Its end; none where the platform says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// When it was begun.
    pub begun: Timestamp,
    /// True where it begins later than it should, as the platform does not go back so far.
    #[serde(default)]
    pub cut: bool,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// How many pages were read.
    #[serde(default)]
    pub pages: u32,
    /// Hashes of the places that were gone on from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<u64>,
    /// The end that the platform said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub echoed: Option<Timestamp>,
}

/// By which time a list goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The last change.
    Updated,
    /// The creation.
    Created,
}

/// What is to be done for a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Read a page of this window: [`Stream::operation`] with [`Stream::fill`].
    Read(Window),
    /// Nothing before this moment.
    Rest(Timestamp),
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What is on it, in its order.
    pub items: Vec<Item>,
    /// How it goes on.
    pub next: Next,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The platform's id.
    pub id: String,
    /// When it was changed last, as the platform writes it.
    pub updated: Option<String>,
    /// When it was placed, where the list cannot be asked by it.
    pub placed: Option<Timestamp>,
    /// False where it has to be fetched alone.
    pub whole: bool,
    /// What is shown of it.
    pub shown: Shown,
}

/// What an answer shows of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its own bytes as they came.
    pub bytes: Vec<u8>,
    /// False where it is not to be declared yet.
    pub settled: bool,
    /// False where it is to be fetched again later.
    pub ended: bool,
}

/// How a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// With another page of this window.
    More(Window),
    /// It ended; everything up to this moment is had.
    End(Timestamp),
    /// It does not end: the place to go on from came a second time. The window will be read again.
    Repeated,
    /// It has more pages than are read in one go. The window will be read again in parts.
    Capped,
}

const fn cap() -> u32 {
    1000
}

impl Cursor {
    /// The cursor of a stream that is read from a moment on.
    pub const fn new(since: Timestamp) -> Self {
        Self { since, open: None, read_at: None, swept_at: None, narrowed: None }
    }
}

impl Window {
    /// A window that is asked for at a moment.
    pub const fn between(by: By, since: Timestamp, until: Timestamp, begun: Timestamp) -> Self {
        Self {
            by,
            since,
            until: Some(until),
            begun,
            cut: false,
            token: None,
            pages: 0,
            seen: Vec::new(),
            echoed: None,
        }
    }
}

impl Stream {
    /// The operation that reads a window.
    pub fn operation(&self, window: &Window) -> &str {
        match (window.by, &self.sweep) {
            (By::Created, Some(sweep)) => &sweep.list,
            _ => &self.list,
        }
    }

    /// Adds what the operation needs to know of a window.
    pub fn fill(&self, window: &Window, values: &mut Values) {
        values.set("window.since", self.format.write(window.since));
        if let Some(until) = window.until {
            values.set("window.until", self.format.write(until));
        }
        let first = self.page.as_ref().and_then(|page| page.first.as_ref());
        if let Some(token) = window.token.as_ref().or(first) {
            values.set("page.token", token.clone());
        }
    }
}

impl Format {
    pub(crate) fn write(&self, at: Timestamp) -> String {
        match self {
            Self::Iso => at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Self::IsoMilliseconds => at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            Self::EpochSeconds => at.as_second().to_string(),
            Self::EpochMilliseconds => at.as_millisecond().to_string(),
            Self::Spaced => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Self::SpacedEast8 => east(at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Self::IsoEast8 => east(at).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string(),
            Self::Local(Clock(zone)) => zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }
}

/// What a clock eight hours east of Greenwich shows, as if it were there.
fn east(at: Timestamp) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(8)).unwrap_or(at)
}

/// A whole number of seconds, down: platforms that know seconds only compare so.
pub(crate) fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// A moment that much before another.
pub(crate) fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}
