//! One finding: what is wrong, who says so, what to do, and where to do it.

use dragoman_tree::{FindingRecord, Severity};
use maud::{Markup, html};

use crate::texts::{Texts, filled};

/// A finding; `next` are the actions that it suggests.
pub fn finding(texts: &Texts, finding: &FindingRecord, next: &Markup) -> Markup {
    let (class, word) = match finding.severity {
        Severity::Error => ("finding", texts.severity_error),
        Severity::Warning => ("finding warning", texts.severity_warning),
        Severity::Info => ("finding info", texts.severity_info),
    };
    let authority = finding.authority.as_ref().map(|said| match &said.location {
        Some(place) => filled(texts.authority_at, &[&said.number, place]),
        None => filled(texts.authority_said, &[&said.number]),
    });
    html! {
        div class=(class) {
            p { strong { (word) " " (finding.code) } ": " (finding.message) }
            @if let Some(hint) = &finding.hint { p { (hint) } }
            p.soft {
                @if let Some(path) = &finding.path { code { (path) } " " }
                @if let Some(path) = &finding.wire_path { (filled(texts.sent_as, &[""])) code { (path) } " " }
                @if let Some(authority) = authority { (authority) }
            }
            div.row { (next) }
        }
    }
}
