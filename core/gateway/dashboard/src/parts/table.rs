//! Tables of streams: search as you type, filters in the address bar, pages by place, export.

use dragoman_engine::Listed;
use dragoman_store::Row;
use maud::{Markup, html};

use super::{amount, chosen, moment, needs, state};
use crate::address::{Filters, segment};
use crate::texts::{Texts, filled};

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// What people call it, and the way there.
    Title,
    /// Where its last submission stands.
    State,
    /// What the authority made of it.
    Status,
    /// The authority's number.
    Mrn,
    /// The account.
    Account,
    /// From where to where.
    Corridor,
    /// What it is worth.
    Worth,
    /// What a person has to do.
    Needs,
    /// When something last happened.
    Changed,
}

impl Column {
    const fn head(self, texts: &Texts) -> &'static str {
        match self {
            Self::Title => texts.reference,
            Self::State => texts.state,
            Self::Status => texts.status,
            Self::Mrn => texts.mrn,
            Self::Account => texts.account,
            Self::Corridor => texts.corridor,
            Self::Worth => texts.worth,
            Self::Needs => texts.needing,
            Self::Changed => texts.changed,
        }
    }

    fn cell(self, texts: &Texts, row: &Row) -> Markup {
        match self {
            Self::Title => html! { a href=(place(row)) data-row { (title(row)) } },
            Self::State => state(texts, &row.state),
            Self::Status => state(texts, &row.status),
            Self::Mrn => html! { @if let Some(mrn) = &row.mrn { code { (mrn) } } },
            Self::Account => html! { (row.account) },
            Self::Corridor => html! { @if let Some(way) = &row.corridor { (corridor_name(way)) } },
            Self::Worth => html! { @if let Some(worth) = &row.value { (amount(worth)) } },
            Self::Needs => html! { @if let Some(need) = &row.needs { (needs(texts, need)) } },
            Self::Changed => moment(row.changed),
        }
    }
}

/// What a row is called; its id where it has no name.
pub fn title(row: &Row) -> &str {
    if row.title.is_empty() { &row.id } else { &row.title }
}

/// Where a row's own page is.
pub fn place(row: &Row) -> String {
    let area = match row.kind.as_str() {
        "order" => "/orders/",
        "declaration" => "/declarations/",
        _ => "/messages/",
    };
    format!("{area}{}", segment(&row.id))
}

/// `CN-GB` for people.
pub fn corridor_name(way: &str) -> String {
    way.replacen('-', " → ", 1)
}

/// Rows as a table.
pub fn rows(texts: &Texts, columns: &[Column], rows: &[Row]) -> Markup {
    let class = |column: Column| (column == Column::Worth).then_some("num");
    html! {
        table.list role="table" {
            thead role="rowgroup" { tr role="row" {
                @for column in columns { th role="columnheader" scope="col" class=[class(*column)] { (column.head(texts)) } }
            } }
            tbody role="rowgroup" {
                @for row in rows {
                    tr role="row" { @for column in columns { td role="cell" class=[class(*column)] { (column.cell(texts, row)) } } }
                }
            }
        }
    }
}

/// A list with its filters.
pub struct List<'l> {
    /// Its address.
    pub path: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// The kinds of stream to choose from.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// True where one of the states is always chosen.
    pub has_state: bool,
    /// The states that it can be narrowed to.
    pub states: Vec<(&'static str, &'static str)>,
    /// The statuses.
    pub statuses: Vec<(&'static str, &'static str)>,
    /// What stands in its place when nothing is narrowed and nothing is there.
    pub empty: Markup,
    /// What was asked.
    pub filters: &'l Filters,
    /// What was found.
    pub listed: &'l Listed,
}

impl List<'_> {
    /// The filters, the table, the pages.
    pub fn show(&self, texts: &Texts) -> Markup {
        let Self { path, filters, listed, .. } = self;
        html! {
            (self.narrowing(texts))
            section id="list" aria-live="polite" {
                @if listed.data.is_empty() && filters.is_empty() {
                    div.empty { (self.empty) }
                } @else if listed.data.is_empty() {
                    div.empty { p { (texts.nothing_found) } a href=(path) { (texts.clear) } }
                } @else {
                    (rows(texts, self.columns, &listed.data))
                }
                div.pages {
                    span { @if !filters.after.is_empty() { a href=(filters.address(path)) { "← " (texts.newest) } } }
                    span { @if let Some(place) = &listed.next { a href=(filters.next(path, place)) rel="next" { (texts.older) " →" } } }
                }
            }
        }
    }

    fn narrowing(&self, texts: &Texts) -> Markup {
        let Self { path, filters, .. } = self;
        let any = |is_optional: bool| is_optional.then_some(texts.any);
        html! {
            form.filters method="get" action=(path) role="search" data-search {
                label.wide {
                    span { (texts.search) " " kbd aria-hidden="true" { "/" } }
                    input type="search" name="q" value=(filters.q) placeholder=(texts.search_in) autocomplete="off";
                }
                @if self.kinds.len() > 1 { (chosen(texts.kind, "kind", any(false), &self.kinds, &filters.kind)) }
                @if !self.states.is_empty() { (chosen(texts.state, "state", any(!self.has_state), &self.states, &filters.state)) }
                @if !self.statuses.is_empty() { (chosen(texts.status, "status", any(true), &self.statuses, &filters.status)) }
                @if self.columns.contains(&Column::Needs) { (chosen(texts.needing, "needs", any(true), texts.needs, &filters.needs)) }
                @if !filters.cause.is_empty() { input type="hidden" name="cause" value=(filters.cause); }
                button { (texts.apply) }
                span id="export" { a.button href=(filters.address(&format!("{path}.csv"))) download { (texts.export) } }
            }
            @if !filters.cause.is_empty() {
                p { (filled(texts.with_cause, &[&filters.cause])) " " a href=(path) { (texts.clear) } }
            }
        }
    }
}
