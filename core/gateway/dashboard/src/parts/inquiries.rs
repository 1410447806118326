//! What counterparts asked.

use dragoman_engine::InquiryView;
use maud::{Markup, html};

use crate::address::segment;
use crate::parts;
use crate::texts::{Texts, filled};

/// The questions about something, each with where its answer stands, and until when it has time.
pub fn inquiries(texts: &Texts, all: &[InquiryView]) -> Markup {
    html! {
        @for one in all {
            div {
                a href={ "/messages/" (segment(&one.id)) } { (filled(texts.asked_for, &[&one.asks, &one.account])) } " "
                (parts::state(texts, &one.state)) " "
                span.soft { (texts.asked_until) " " (parts::moment(one.until)) }
                @if one.overdue { " " strong { (texts.asked_late) } }
            }
        }
    }
}
