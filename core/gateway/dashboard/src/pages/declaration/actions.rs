//! What can be done with a declaration: what is asked of a person first, then what is offered besides.

use dragoman_engine::{SubmissionView, View};
use maud::{Markup, html};

use super::{Look, is_known, own_address, reasons};
use crate::frame::Frame;
use crate::parts;
use crate::texts::filled;

/// What only a person can do, and what waits for it.
pub fn asked(frame: &Frame<'_>, view: &View) -> Markup {
    let texts = frame.texts;
    let is = |state: &'static str| view.submissions.iter().rev().find(move |one| one.state == state);
    html! {
        @if let Some(held) = is("held") { (approve(frame, view, held)) }
        @if let Some(unknown) = is("unknown") { (decide(frame, view, unknown)) }
        @if !frame.may_write() && view.row.needs.is_some() { div.notice.warn { (texts.no_right) } }
    }
}

fn approve(frame: &Frame<'_>, view: &View, held: &SubmissionView) -> Markup {
    let texts = frame.texts;
    html! {
        div.notice.warn {
            p { (filled(texts.approve_lead, &[held.said.as_deref().unwrap_or(texts.none)])) }
            @if frame.may_approve() { (parts::button(frame, &format!("{}/approve", own_address(view)), texts.approve, "a")) }
        }
    }
}

/// Nobody knows whether it arrived: three answers, none of them chosen beforehand.
fn decide(frame: &Frame<'_>, view: &View, unknown: &SubmissionView) -> Markup {
    let texts = frame.texts;
    let answers = [
        ("delivered", texts.decide_delivered),
        ("resend", texts.decide_resend),
        ("give_up", texts.decide_give_up),
    ];
    let form = html! {
        fieldset {
            legend { strong { (texts.decide) } }
            @for (word, text) in answers {
                label.choice { input type="radio" name="decision" value=(word) required; (text) }
            }
        }
        p {}
        button { (texts.decide) }
    };
    html! {
        div.notice.bad {
            p { (texts.decide_lead) @if let Some(why) = &unknown.said { " (" (why) ")" } }
            @if frame.may_write() { (parts::posted(frame, &format!("{}/decide", own_address(view)), &form)) }
        }
    }
}

/// What can be done besides.
pub fn offered(frame: &Frame<'_>, view: &View, look: &Look) -> Markup {
    let texts = frame.texts;
    let own = own_address(view);
    let to = |action: &str| format!("{own}/{action}");
    let last = view.submissions.last().map(|one| one.state);
    let goes_anew = matches!(last, None | Some("refused" | "dead")) || view.row.status == "rejected";
    let waits = matches!(last, Some("held" | "queued" | "deferred"));
    let can = |operation: &str| is_known(view) && look.operations.iter().any(|one| one == operation);
    html! {
        div.row.actions {
            @if frame.may_write() && !look.edit {
                @if goes_anew { (resubmit(frame, view)) }
                (parts::button(frame, &to("duplicate"), texts.duplicate, "u"))
                @if waits { (parts::button(frame, &to("give-up"), texts.give_up, "")) }
                @if can("arrive") { (parts::button(frame, &to("arrive"), texts.arrive, "")) }
                @if can("cancel") { (cancel(frame, &to("cancel"))) }
            }
            a.button href=(to("evidence.zip")) download data-key="v" { (texts.download_evidence) " " (parts::key("v")) }
        }
        p {}
    }
}

/// Sends the declaration as it stands: of the revision that was looked at.
pub fn resubmit(frame: &Frame<'_>, view: &View) -> Markup {
    let texts = frame.texts;
    let text = if view.submissions.is_empty() { texts.send } else { texts.resubmit };
    let content = html! {
        input type="hidden" name="revision" value=(view.revision);
        button.main data-key="r" { (text) " " (parts::key("r")) }
    };
    parts::posted(frame, &format!("{}/resubmit", own_address(view)), &content)
}

fn cancel(frame: &Frame<'_>, action: &str) -> Markup {
    let texts = frame.texts;
    let content = html! { (reasons(texts)) button { (texts.cancel_declaration) } };
    html! { details { summary { (texts.cancel_declaration) } (parts::posted(frame, action, &content)) } }
}
