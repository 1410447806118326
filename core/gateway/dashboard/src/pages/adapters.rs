//! Adapters: who we are connected with, and how that goes.

use dragoman_engine::{AccountView, SyncView};
use maud::{Markup, html};

use crate::address::segment;
use crate::frame::{Area, Frame, Page};
use crate::parts;
use crate::texts::{Texts, filled};

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
pub fn adapters(
    frame: &Frame<'_>,
    accounts: &[AccountView],
    readings: &[SyncView],
    messages: &[Message],
) -> String {
    let texts = frame.texts;
    let page = Page {
        area: Area::Adapters,
        title: texts.adapters,
        lead: Some(texts.adapters_lead),
        live: "accounts",
    };
    let own = |account: &AccountView| {
        let readings = readings.iter().filter(|reading| reading.account == account.name);
        one(frame, account, &readings.collect::<Vec<_>>())
    };
    frame.page(
        &page,
        &html! {
            div id="accounts" {
                @if accounts.is_empty() { section { div.empty { p { (texts.adapters_empty) } a href="/" { (texts.see_today) } } } }
                @for account in accounts { section { (own(account)) } }
            }
            @if !messages.is_empty() {
                section { h2 { (texts.conformance) } p.soft { (texts.conformance_lead) } (conformance(texts, messages)) }
            }
        },
    )
}

fn one(frame: &Frame<'_>, account: &AccountView, readings: &[&SyncView]) -> Markup {
    let texts = frame.texts;
    let operations = account.operations.join(", ");
    html! {
        div.row {
            h2 { (account.title) " · " (account.name) }
            span.end { (reached(texts, account)) }
        }
        @if account.is_down { div.notice.bad { (texts.contingency) } }
        dl.facts {
            dt { (texts.environment) } dd { (account.environment) @if let Some(address) = &account.address { " · " code { (address) } } }
            @if account.needs_person { dt { (texts.grant) } dd { (grant(texts, account)) (authorise(frame, account)) } }
            @if !account.flows.is_empty() { dt { (texts.flows) } dd { (account.flows.join(", ")) } }
            @if !operations.is_empty() { dt { (texts.operations) } dd { (operations) } }
            @for reading in readings { dt { (filled(texts.sync, &[&reading.stream])) } dd { (standing(texts, reading)) } }
        }
        @if frame.may_write() && !readings.is_empty() {
            p {}
            (parts::button(frame, &format!("/adapters/{}/sync", segment(&account.name)), texts.sync_now, ""))
        }
    }
}

fn reached(texts: &Texts, account: &AccountView) -> Markup {
    if account.is_down {
        html! { span.badge.bad { i aria-hidden="true" { "✕" } (texts.unreachable) } }
    } else {
        html! { span.badge.good { i aria-hidden="true" { "✓" } (texts.reachable) } }
    }
}

/// The authorisation by a person: who gave it, and how long it holds.
fn grant(texts: &Texts, account: &AccountView) -> Markup {
    let given = account.authorisation.as_ref();
    let Some(holds) = given.filter(|given| !given.is_over) else {
        let said = given.and_then(|given| given.said.as_deref());
        return html! {
            span.badge.bad { i aria-hidden="true" { "✕" } (texts.grant_missing) }
            @if let Some(said) = said { " " (said) }
        };
    };
    html! {
        (filled(texts.grant_given, &[&holds.by])) (parts::moment(holds.at))
        @if let Some(lapses) = holds.lapses {
            ", "
            @if holds.warn { span.badge.warn { i aria-hidden="true" { "!" } (texts.grant_lapses) (parts::moment(lapses)) } }
            @else { (texts.grant_lapses) (parts::moment(lapses)) }
        }
    }
}

/// Where a person authorises us, for the first time or anew.
fn authorise(frame: &Frame<'_>, account: &AccountView) -> Markup {
    let action = format!("/adapters/{}/authorise", segment(&account.name));
    html! { @if frame.may_administer() { p {} (parts::button(frame, &action, frame.texts.authorise, "")) } }
}

/// The way to the counterpart that authorises us: a page that is left by a link, as our forms lead nowhere else.
pub fn leave(frame: &Frame<'_>, account: &str, url: &str) -> String {
    let texts = frame.texts;
    let title = filled(texts.authorise_title, &[account]);
    let page = Page { area: Area::Adapters, title: &title, lead: Some(texts.authorise_lead), live: "" };
    frame.page(
        &page,
        &html! {
            section {
                div.row {
                    a.button.main href=(url) rel="noreferrer" data-key="a" { (texts.authorise_go) " " (parts::key("a")) }
                    a href="/adapters" { (texts.cancel) }
                }
            }
        },
    )
}

fn standing(texts: &Texts, reading: &SyncView) -> Markup {
    html! {
        (texts.sync_until) (parts::moment(reading.cursor.since))
        @if reading.unsettled > 0 { ", " (filled(texts.sync_unsettled, &[&reading.unsettled.to_string()])) }
        @if let Some(trouble) = &reading.trouble {
            div { span.badge.bad { i aria-hidden="true" { "✕" } (trouble.said) } " " (parts::moment(trouble.at)) }
        }
        @for asks in &reading.asks { div { span.badge.warn { i aria-hidden="true" { "!" } (asks) } } }
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
