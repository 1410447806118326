//! The lists: orders, shipments, declarations, messages, dead letters.

use dragoman_engine::Listed;
use dragoman_store::Query;
use maud::{Markup, html};

use crate::address::Filters;
use crate::frame::{Area, Frame, Page};
use crate::parts::{Column, List};
use crate::texts::{Texts, said};

/// A list: which streams it has, and what is shown of them.
#[derive(Debug)]
pub struct Kind {
    /// Where the navigation stands.
    pub area: Area,
    /// Its address.
    pub path: &'static str,
    /// The kinds of stream to choose from, the first where nothing is said; none for all at once.
    pub kinds: &'static [&'static str],
    /// True where one of its states is always chosen, the first where nothing is said.
    pub has_state: bool,
    columns: &'static [Column],
    states: &'static [&'static str],
    statuses: &'static [&'static str],
}

/// All lists.
pub static KINDS: [Kind; 5] = [
    Kind {
        area: Area::Orders,
        path: "/orders",
        kinds: &["order"],
        has_state: false,
        columns: &[
            Column::Title,
            Column::State,
            Column::Account,
            Column::Worth,
            Column::Needs,
            Column::Changed,
        ],
        states: &["received", "incomplete"],
        statuses: &[],
    },
    Kind {
        area: Area::Shipments,
        path: "/shipments",
        kinds: &["order"],
        has_state: true,
        columns: &[
            Column::Title,
            Column::State,
            Column::Account,
            Column::Worth,
            Column::Needs,
            Column::Changed,
        ],
        states: &["delivered", "queued", "attempting", "deferred", "unknown", "refused", "dead"],
        statuses: &[],
    },
    Kind {
        area: Area::Declarations,
        path: "/declarations",
        kinds: &["declaration"],
        has_state: false,
        columns: &[
            Column::Title,
            Column::Status,
            Column::State,
            Column::Mrn,
            Column::Account,
            Column::Corridor,
            Column::Worth,
            Column::Needs,
            Column::Changed,
        ],
        states: &[
            "incomplete",
            "draft",
            "held",
            "queued",
            "attempting",
            "deferred",
            "unknown",
            "delivered",
            "refused",
            "dead",
        ],
        statuses: &[
            "draft",
            "sent",
            "received",
            "registered",
            "rejected",
            "accepted",
            "refused",
            "released",
            "cleared",
            "exited",
            "invalidated",
            "disputed",
        ],
    },
    Kind {
        area: Area::Messages,
        path: "/messages",
        kinds: &["parked", "webhook", "inquiry"],
        has_state: false,
        columns: &[Column::Title, Column::State, Column::Account, Column::Needs, Column::Changed],
        states: &[
            "parked",
            "matched",
            "unanswered",
            "queued",
            "deferred",
            "unknown",
            "delivered",
            "refused",
            "dead",
        ],
        statuses: &[],
    },
    Kind {
        area: Area::DeadLetters,
        path: "/dead-letters",
        kinds: &[],
        has_state: true,
        columns: &[
            Column::Title,
            Column::State,
            Column::Account,
            Column::Worth,
            Column::Needs,
            Column::Changed,
        ],
        states: &["dead", "refused"],
        statuses: &[],
    },
];

impl Kind {
    /// The question to the store: what the list fixes, and what it begins with where nothing is said.
    pub fn query(&self, filters: &Filters, limit: usize) -> Query {
        let first = |words: &[&str]| words.first().map(|word| (*word).to_owned());
        let chosen = self.kinds.iter().find(|kind| **kind == filters.kind).map(|kind| (*kind).to_owned());
        let mut query = filters.query(limit);
        query.kind = chosen.or_else(|| first(self.kinds));
        query.state = query.state.or_else(|| first(self.states).filter(|_| self.has_state));
        query
    }
}

/// The page.
pub fn list(frame: &Frame<'_>, kind: &Kind, filters: &Filters, listed: &Listed) -> String {
    let texts = frame.texts;
    let words =
        |wanted: &[&'static str]| wanted.iter().map(|word| (*word, said(texts.states, word))).collect();
    let (lead, empty) = about(texts, kind.area);
    let list = List {
        path: kind.path,
        columns: kind.columns,
        kinds: kind.kinds.iter().map(|kind| (*kind, said(texts.kinds, kind))).collect(),
        has_state: kind.has_state,
        states: words(kind.states),
        statuses: words(kind.statuses),
        empty,
        filters,
        listed,
    };
    let page = Page { area: kind.area, title: kind.area.title(texts), lead: Some(lead), live: "list" };
    frame.page(&page, &list.show(texts))
}

/// What a list is, and what stands in its place while it is empty: never without a next step.
fn about(texts: &'static Texts, area: Area) -> (&'static str, Markup) {
    let (lead, empty, next, address) = match area {
        Area::Orders => (texts.orders_lead, texts.orders_empty, texts.orders_next, "/adapters"),
        Area::Shipments => (texts.shipments_lead, texts.shipments_empty, texts.declarations_next, "/orders"),
        Area::Messages => (texts.messages_lead, texts.messages_empty, texts.see_today, "/"),
        Area::DeadLetters => (texts.dead_lead, texts.dead_empty, texts.see_today, "/"),
        _ => (texts.declarations_lead, texts.declarations_empty, texts.declarations_next, "/orders"),
    };
    (lead, html! { p { (empty) } a href=(address) { (next) } })
}
