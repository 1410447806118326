//! What happened, oldest first: when, who said so, and the message behind it one click away.

use dragoman_engine::Happened;
use maud::{Markup, html};

use super::moment;
use crate::address::segment;
use crate::texts::{Texts, said};

/// The timeline of an exchange.
pub fn timeline(texts: &Texts, id: &str, happened: &[Happened]) -> Markup {
    html! {
        ol.timeline {
            @for one in happened {
                li {
                    span.dot aria-hidden="true" { (sign(one.what)) }
                    strong { (said(texts.events, one.what)) }
                    div { (one.text) }
                    div.meta {
                        (moment(one.at)) " · " (one.actor)
                        @if one.message.is_some() {
                            " · " a href={ "/exchanges/" (segment(id)) "/messages/" (one.seq) } { (texts.message) }
                        }
                    }
                }
            }
        }
    }
}

/// A sign beside the word, never instead of it.
const fn sign(what: &str) -> &'static str {
    match what.as_bytes() {
        b"delivered" | b"approved" | b"matched" => "✓",
        b"refused" | b"dead" => "✕",
        b"outcome_unknown" | b"deferred" | b"parked" => "!",
        b"responded" | b"order_received" | b"shipment_received" => "←",
        b"attempted" | b"accepted" | b"replayed" => "→",
        _ => "·",
    }
}
