//! Evidence: that nothing was lost, and nothing changed afterwards.

use dragoman_store::{Ledger, Verified};
use maud::{Markup, html};

use crate::frame::{Area, Frame, Page};
use crate::parts;
use crate::texts::{Texts, filled};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What became of all submissions of the tenant.
    pub ledger: Ledger,
    /// How many events are written.
    pub events: u64,
    /// What verifying found, where it was asked for.
    pub verified: Option<Verified>,
}

/// The page.
pub fn evidence(frame: &Frame<'_>, evidence: &Evidence) -> String {
    let texts = frame.texts;
    let page =
        Page { area: Area::Evidence, title: texts.evidence, lead: Some(texts.evidence_lead), live: "ledger" };
    frame.page(
        &page,
        &html! {
            section id="ledger" { (ledger(texts, &evidence.ledger)) }
            section { (chain(frame, evidence)) }
            section {
                h2 { (texts.downloads) }
                p { (texts.download_lead) }
                div.row {
                    a.button href="/evidence/ledger.json" download { (texts.download_ledger) }
                    a.button href="/declarations.csv" download { (texts.declarations) " (CSV)" }
                }
            }
        },
    )
}

fn ledger(texts: &Texts, ledger: &Ledger) -> Markup {
    let lines = [
        (texts.ledger_open, ledger.open),
        (texts.ledger_delivered, ledger.delivered),
        (texts.ledger_refused, ledger.refused),
        (texts.ledger_dead, ledger.dead),
    ];
    html! {
        h2 { (texts.ledger) }
        @if ledger.balances() {
            div.notice.good { "✓ " (texts.ledger_balances) }
        } @else {
            div.notice.bad role="alert" { "✕ " (texts.ledger_off) }
        }
        dl.facts {
            dt { (texts.ledger_accepted) } dd { strong { (ledger.accepted) } }
            @for (name, count) in lines { dt { (name) } dd { (count) } }
        }
    }
}

fn chain(frame: &Frame<'_>, evidence: &Evidence) -> Markup {
    let texts = frame.texts;
    html! {
        h2 { (texts.chain) }
        p { (texts.chain_lead) }
        @match &evidence.verified {
            None => p { (filled(texts.chain_unasked, &[&evidence.events.to_string()])) },
            Some(verified) => (found(texts, verified)),
        }
        (parts::button(frame, "/evidence/verify", texts.chain_verify, "v"))
    }
}

fn found(texts: &Texts, verified: &Verified) -> Markup {
    let head = verified.head.get(..16).unwrap_or(&verified.head);
    html! {
        @if verified.broken.is_empty() {
            div.notice.good role="status" { "✓ " (filled(texts.chain_whole, &[&verified.events.to_string(), head])) }
        } @else {
            div.notice.bad role="alert" {
                @for (seq, what) in &verified.broken { p { "✕ " (filled(texts.chain_broken, &[&seq.to_string(), what])) } }
            }
        }
    }
}
