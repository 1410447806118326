//! What went wrong, with a way on.

use dragoman_tree::FindingRecord;
use maud::{Markup, html};

use crate::frame;
use crate::parts;
use crate::texts::Texts;

/// The page: what happened, what is known about it, and where to go from here.
pub fn failure(texts: &Texts, title: &str, lead: &str, findings: &[FindingRecord]) -> String {
    let none: Markup = html! {};
    frame::alone(
        texts,
        title,
        &html! {
            section {
                p { (lead) }
                @for finding in findings { (parts::finding(texts, finding, &none)) }
                p { a href="/" { (texts.back_to_today) } }
            }
        },
    )
}
