//! The lists: orders, shipments, declarations, messages, dead letters.

use dragoman_engine::Listed;
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
    /// The kind of stream; none for all.
    pub kind: Option<&'static str>,
    /// The state that it begins with.
    pub state: &'static str,
    columns: &'static [Column],
    states: &'static [&'static str],
    statuses: &'static [&'static str],
}

/// All lists.
pub static KINDS: [Kind; 4] = [
    Kind {
        area: Area::Orders,
        path: "/orders",
        kind: Some("order"),
        state: "",
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
        area: Area::Declarations,
        path: "/declarations",
        kind: Some("declaration"),
        state: "",
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
        kind: Some("parked"),
        state: "",
        columns: &[Column::Title, Column::State, Column::Account, Column::Needs, Column::Changed],
        states: &["parked", "matched"],
        statuses: &[],
    },
    Kind {
        area: Area::DeadLetters,
        path: "/dead-letters",
        kind: None,
        state: "dead",
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

/// The page.
pub fn list(frame: &Frame<'_>, kind: &Kind, filters: &Filters, listed: &Listed) -> String {
    let texts = frame.texts;
    let words =
        |wanted: &[&'static str]| wanted.iter().map(|word| (*word, said(texts.states, word))).collect();
    let (lead, empty) = about(texts, kind.area);
    let list = List {
        path: kind.path,
        columns: kind.columns,
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
        Area::Messages => (texts.messages_lead, texts.messages_empty, texts.see_today, "/"),
        Area::DeadLetters => (texts.dead_lead, texts.dead_empty, texts.see_today, "/"),
        _ => (texts.declarations_lead, texts.declarations_empty, texts.declarations_next, "/orders"),
    };
    (lead, html! { p { (empty) } a href=(address) { (next) } })
}
