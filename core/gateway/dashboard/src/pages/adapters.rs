//! Adapters: who we are connected with, and how that goes.

use dragoman_engine::AccountView;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::address::segment;
use crate::frame::{Area, Frame, Page};
use crate::parts;
use crate::texts::{Texts, filled};

/// How it goes with an account; what nobody knows is left out.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// When the counterpart took something last.
    pub last_success: Option<Timestamp>,
    /// Requests that are left of the budget, of how many, for each operation.
    pub budgets: Vec<(String, u32, u32)>,
    /// Until when nothing is sent, where the breaker is open.
    pub open_until: Option<Timestamp>,
    /// True where one attempt will tell.
    pub is_half_open: bool,
    /// Messages that wait.
    pub waiting: u64,
    /// Until when a person's authorisation holds; `Some(None)` where one is wanted and missing.
    pub grant: Option<Option<Timestamp>>,
    /// True where a warning is due: the authorisation lapses soon, or has.
    pub grant_lapses: bool,
    /// Where it talks to a simulator, or could: whether it does.
    pub simulated: Option<bool>,
    /// The state of order sync, as names and values.
    pub sync: Vec<(String, String)>,
}

/// A message of an adapter.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// True where it is sent to the counterpart.
    pub is_out: bool,
    /// The canonical document that it holds.
    pub document: String,
}

/// The page.
pub fn adapters(frame: &Frame<'_>, accounts: &[(AccountView, Health)], messages: &[Message]) -> String {
    let texts = frame.texts;
    let page = Page {
        area: Area::Adapters,
        title: texts.adapters,
        lead: Some(texts.adapters_lead),
        live: "accounts",
    };
    frame.page(
        &page,
        &html! {
            div id="accounts" {
                @if accounts.is_empty() { section { div.empty { p { (texts.adapters_empty) } } } }
                @for (account, health) in accounts { section { (one(frame, account, health)) } }
            }
            section { h2 { (texts.conformance) } p.soft { (texts.conformance_lead) } (conformance(texts, messages)) }
        },
    )
}

fn one(frame: &Frame<'_>, account: &AccountView, health: &Health) -> Markup {
    let texts = frame.texts;
    let own = format!("/adapters/{}", segment(&account.name));
    html! {
        div.row {
            h2 { (account.title) " · " (account.name) }
            span.end { (breaker(texts, health)) }
        }
        @if health.open_until.is_some() { div.notice.bad { (texts.contingency) } }
        dl.facts {
            dt { (texts.environment) } dd { (account.environment) @if let Some(address) = &account.address { " · " code { (address) } } }
            dt { (texts.last_success) } dd { @if let Some(at) = health.last_success { (parts::moment(at)) } @else { (texts.none) } }
            @for (lane, left, of) in &health.budgets {
                dt { (texts.budget) ": " (lane) }
                dd { meter min="0" max=(of) value=(left) { } " " (filled(texts.budget_of, &[&left.to_string(), &of.to_string()])) }
            }
            dt { (texts.waiting) } dd { (health.waiting) }
            @if let Some(until) = health.grant { dt { (texts.grant) } dd { (grant(texts, until, health.grant_lapses)) } }
            @for (name, value) in &health.sync { dt { (texts.sync_state) ": " (name) } dd { (value) } }
        }
        @if frame.may_administer() {
            p {}
            div.row {
                @if health.grant.is_some() { (parts::button(frame, &format!("{own}/authorise"), texts.authorise, "")) }
                @if let Some(is_simulated) = health.simulated {
                    @if is_simulated { strong { (texts.simulated) } }
                    (parts::button(frame, &format!("{own}/simulator"), if is_simulated { texts.simulate_not } else { texts.simulate }, ""))
                }
            }
        }
    }
}

fn breaker(texts: &Texts, health: &Health) -> Markup {
    match (health.open_until, health.is_half_open) {
        (Some(until), _) => {
            html! { span.badge.bad { i aria-hidden="true" { "✕" } (texts.breaker) " " (filled(texts.breaker_open, &[""])) (parts::moment(until)) } }
        }
        (None, true) => {
            html! { span.badge.warn { i aria-hidden="true" { "!" } (texts.breaker) " " (texts.breaker_half) } }
        }
        (None, false) => {
            html! { span.badge.good { i aria-hidden="true" { "✓" } (texts.breaker) " " (texts.breaker_closed) } }
        }
    }
}

fn grant(texts: &Texts, until: Option<Timestamp>, lapses: bool) -> Markup {
    match until {
        None => html! { span.badge.bad { i aria-hidden="true" { "✕" } (texts.grant_missing) } },
        Some(until) if lapses => {
            html! { span.badge.warn { i aria-hidden="true" { "!" } (filled(texts.grant_lapses, &[""])) } " " (parts::moment(until)) }
        }
        Some(until) => html! { (filled(texts.grant_until, &[""])) (parts::moment(until)) },
    }
}

fn conformance(texts: &Texts, messages: &[Message]) -> Markup {
    html! {
        table.list role="table" {
            thead role="rowgroup" { tr role="row" { @for head in [texts.message, texts.direction, texts.document] { th role="columnheader" { (head) } } } }
            tbody role="rowgroup" { @for message in messages {
                tr role="row" {
                    td role="cell" { code { (message.name) } }
                    td role="cell" { @if message.is_out { "→ " (texts.out) } @else { "← " (texts.into) } }
                    td role="cell" { (message.document) }
                }
            } }
        }
    }
}
