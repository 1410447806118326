//! One declaration: what happened, what is wrong under the order lines, the three panes, and what can be done.

mod actions;
mod wrong;

use std::collections::HashSet;

use dragoman_engine::{Named, View};
use maud::{Markup, html};

use crate::address::{address, segment};
use crate::frame::{Area, Frame, Page};
use crate::parts::{self, Part, Shown};
use crate::texts::{Texts, said};

/// How the page is looked at.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Which part of the panes: empty for the header, else an item.
    pub part: String,
    /// True where canonical values are fields.
    pub edit: bool,
    /// What the account's counterpart can be asked for: the operations of its channel.
    pub operations: Vec<String>,
}

/// The page.
pub fn declaration(frame: &Frame<'_>, view: &View, look: &Look) -> String {
    let texts = frame.texts;
    let title = parts::title(&view.row);
    let page = Page {
        area: Area::Declarations,
        title,
        lead: None,
        live: if look.edit { "" } else { "standing facts timeline" },
    };
    frame.page(
        &page,
        &html! {
            div id="standing" { (standing(texts, view)) (actions::asked(frame, view)) }
            (actions::offered(frame, view, look))
            div.split {
                div {
                    section id="facts" { (facts(texts, view)) }
                    section { h2 { (texts.timeline) } div id="timeline" { (parts::timeline(texts, &view.row.id, &view.timeline)) } }
                }
                div {
                    section { h2 { (texts.findings) } (wrong::findings(frame, view)) }
                    @if let Some(panes) = &view.panes {
                        @let faults = faults(view);
                        @let part = Part::of(panes, &look.part);
                        @let shown = Shown { panes, part, faults: &faults, is_edited: look.edit && frame.may_write() };
                        (side_by_side(frame, view, &shown))
                    }
                }
            }
        },
    )
}

/// Its address.
pub fn own_address(view: &View) -> String {
    format!("/declarations/{}", segment(&view.row.id))
}

/// True where customs has it: from then on it is amended, not corrected.
pub fn is_known(view: &View) -> bool {
    view.row.mrn.is_some() && !matches!(view.row.status.as_str(), "rejected" | "undeliverable")
}

/// Why something is asked of customs.
pub fn reasons(texts: &Texts) -> Markup {
    html! { div.fields { (parts::field(texts.reason, "reason", "")) (parts::field(texts.reason_text, "text", "")) } }
}

/// Canonical paths of what is at fault.
fn faults(view: &View) -> HashSet<&str> {
    let of = view.lines.iter().flat_map(|line| {
        let rejected = line.rejections.iter().map(|rejected| &rejected.finding);
        line.findings.iter().chain(rejected).filter_map(|finding| finding.path.as_deref())
    });
    of.collect()
}

fn standing(texts: &Texts, view: &View) -> Markup {
    html! {
        p.row {
            (parts::state(texts, &view.row.status))
            (parts::state(texts, &view.row.state))
            @for flag in &view.flags { span.badge.warn { i aria-hidden="true" { "!" } (said(texts.flags, flag)) } }
            @if let Some(need) = &view.row.needs { strong { (said(texts.needs, need)) } }
        }
    }
}

fn facts(texts: &Texts, view: &View) -> Markup {
    let row = &view.row;
    let stated = [
        (texts.mrn, row.mrn.clone()),
        (texts.reference, view.lrn.clone()),
        (texts.account, Some(row.account.clone())),
        (texts.corridor, row.corridor.as_deref().map(parts::corridor_name)),
        (texts.worth, row.value.as_deref().map(parts::amount)),
        (texts.data_set, view.data_set.clone()),
        (texts.version, view.version.clone()),
        (texts.revision, Some(view.revision.to_string())),
    ];
    html! {
        h2 { (texts.facts) }
        dl.facts {
            @for (name, value) in stated {
                @if let Some(value) = value { dt { (name) } dd { (value) } }
            }
            dt { (texts.its_orders) }
            dd { @if view.orders.is_empty() { (texts.handed_in) } @else { (named("/orders/", &view.orders)) } }
            @if !view.inquiries.is_empty() { dt { (texts.its_inquiries) } dd { (parts::inquiries(texts, &view.inquiries)) } }
            @if !view.submissions.is_empty() {
                dt { (texts.its_submissions) }
                dd { @for one in &view.submissions {
                    div { (said(texts.purposes, one.purpose)) ": " (parts::state(texts, one.state)) " " span.soft { (one.attempts) " " (texts.attempts) }
                        @if let Some(said) = &one.said { div.soft { (said) } } }
                } }
            }
        }
    }
}

/// Links to other streams.
pub fn named(area: &str, all: &[Named]) -> Markup {
    html! { @for (at, one) in all.iter().enumerate() { @if at > 0 { ", " } a href={ (area) (segment(&one.id)) } { (one.title) } } }
}

fn side_by_side(frame: &Frame<'_>, view: &View, shown: &Shown<'_>) -> Markup {
    let texts = frame.texts;
    let own = own_address(view);
    let content = html! {
        input type="hidden" name="revision" value=(view.revision);
        (parts::panes(texts, shown))
        p {}
        div.row {
            button.main data-key="s" { (texts.see_difference) " " (parts::key("s")) }
            a href=(own) { (texts.cancel) }
        }
    };
    html! {
        section id="panes" {
            div.row {
                h2 { (texts.panes) }
                @if frame.may_write() && !shown.is_edited {
                    a.button.end href={ (address(&own, [("part", shown.part.word().as_str()), ("edit", "1")])) "#panes" } data-key="c" { (texts.correct) " " (parts::key("c")) }
                }
            }
            p.soft { @if shown.is_edited { (texts.correct_lead) } @else { (texts.panes_lead) } }
            @if shown.part != Part::Whole { (parts::choice(texts, shown)) }
            @if shown.is_edited { (parts::posted(frame, &format!("{own}/correct"), &content)) } @else { (parts::panes(texts, shown)) }
        }
    }
}
