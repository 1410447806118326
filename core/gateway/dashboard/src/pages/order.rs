//! An order, an answer that nobody waited for, a question of a counterpart, or news to a customer: what happened, and what it says.

use std::collections::HashSet;

use dragoman_engine::View;
use maud::{Markup, html};

use crate::address::{article_page, segment};
use crate::frame::{Area, Frame, Page};
use crate::pages::declaration::named;
use crate::parts::{self, Part, Shown};
use crate::texts::said;

/// The page.
pub fn order(frame: &Frame<'_>, view: &View, part: &str, operations: &[String]) -> String {
    let texts = frame.texts;
    let area = if view.row.kind == "order" { Area::Orders } else { Area::Messages };
    let page = Page { area, title: parts::title(&view.row), lead: None, live: "standing timeline" };
    frame.page(
        &page,
        &html! {
            div id="standing" {
                p.row {
                    (parts::state(texts, &view.row.state))
                    @if let Some(need) = &view.row.needs { strong { (said(texts.needs, need)) } }
                }
                (asked(frame, view))
            }
            div.split {
                div {
                    section { (facts(frame, view)) @if frame.may_write() && operations.iter().any(|one| one == "ship") { (ship(frame, view)) } }
                    section { h2 { (texts.timeline) } div id="timeline" { (parts::timeline(texts, &view.row.id, &view.timeline)) } }
                }
                div {
                    @if let Some(panes) = &view.panes {
                        @let shown = Shown { panes, part: Part::of(panes, part), faults: &HashSet::new(), is_edited: false };
                        section { h2 { (texts.panes_order) } (parts::panes(texts, &shown)) }
                    }
                }
            }
        },
    )
}

/// The articles that hold it up.
fn asked(frame: &Frame<'_>, view: &View) -> Markup {
    let texts = frame.texts;
    html! {
        @if !view.gaps.is_empty() {
            div.notice.warn {
                p { (texts.order_waits) }
                ul { @for sku in &view.gaps { li { a href=(article_page(sku)) { (sku) } } } }
            }
        }
        @if is_inquiry(view) {
            @for finding in view.lines.iter().flat_map(|line| &line.findings) { (parts::finding(texts, finding, &html! {})) }
            @if view.row.needs.is_some() && frame.may_write() {
                @let own = format!("/messages/{}/answer", segment(&view.row.id));
                div.notice.warn { p { (texts.answer_lead) } (parts::button(frame, &own, texts.answer_do, "")) }
            }
        }
        @if view.row.kind == "parked" && view.orders.is_empty() && frame.may_write() {
            @let own = format!("/messages/{}/match", segment(&view.row.id));
            div.notice.warn { p { (texts.match_lead) } (parts::posted(frame, &own, &matching(frame))) }
        }
    }
}

/// True of what a counterpart asks.
fn is_inquiry(view: &View) -> bool {
    view.row.kind == "inquiry"
}

/// The form that tells the platform.
fn ship(frame: &Frame<'_>, view: &View) -> Markup {
    let texts = frame.texts;
    let next = (view.submissions.len() + 1).to_string();
    let form = html! {
        div.fields {
            (parts::field(texts.ship_number, "number", &next))
            (parts::field(texts.ship_carrier, "carrier", ""))
            (parts::field(texts.ship_tracking, "tracking", ""))
        }
        button { (texts.ship) }
    };
    let own = format!("/orders/{}/ship", segment(&view.row.id));
    html! { details { summary { (texts.ship) } (parts::posted(frame, &own, &form)) } }
}

fn matching(frame: &Frame<'_>) -> Markup {
    let texts = frame.texts;
    html! { div.fields { (parts::field(texts.match_with, "declaration", "")) } button { (texts.match_do) } }
}

fn facts(frame: &Frame<'_>, view: &View) -> Markup {
    let texts = frame.texts;
    html! {
        h2 { (texts.facts) }
        dl.facts {
            dt { (texts.account) } dd { (view.row.account) }
            @if let Some(worth) = &view.row.value { dt { (texts.worth) } dd { (parts::amount(worth)) } }
            @if let Some(mrn) = &view.row.mrn { dt { (texts.mrn) } dd { (mrn) } }
            @if !view.declarations.is_empty() { dt { (texts.declarations) } dd { (named("/declarations/", &view.declarations)) } }
            @if !view.inquiries.is_empty() { dt { (texts.its_inquiries) } dd { (parts::inquiries(texts, &view.inquiries)) } }
            @if is_inquiry(view) { dt { (texts.its_orders) } dd { (named("/orders/", &view.orders)) } }
            @else if !view.orders.is_empty() { dt { (texts.declarations) } dd { (named("/declarations/", &view.orders)) } }
        }
    }
}
