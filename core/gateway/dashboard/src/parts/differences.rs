//! Differences: value by value in the document, line by line on the wire.

use dragoman_engine::{ChangeView, DiffLine, LineKind};
use maud::{Markup, html};

use crate::texts::{Texts, filled};

/// Values before and after.
pub fn changes(texts: &Texts, changes: &[ChangeView]) -> Markup {
    let value = |value: &Option<String>| match value {
        Some(value) => html! { code { (value) } },
        None => html! { span.soft { (texts.nothing) } },
    };
    html! {
        div.scroll { table {
            thead { tr { th { (texts.path) } th { (texts.before) } th { (texts.after) } } }
            tbody {
                @for change in changes {
                    tr { td { code { (change.path) } } td { (value(&change.old)) } td { (value(&change.new)) } }
                }
            }
        } }
    }
}

/// Lines that go and lines that come. The signs say what the colours repeat.
pub fn lines(texts: &Texts, lines: &[DiffLine]) -> Markup {
    let line = |line: &DiffLine| match line.kind {
        LineKind::Same => html! { span { "  " (line.text) } },
        LineKind::Removed => html! { span.gone { "- " (line.text) } },
        LineKind::Added => html! { span.come { "+ " (line.text) } },
        LineKind::Skipped => {
            html! { span.skip-lines { "  ⋯ " (filled(texts.lines_skipped, &[&line.text])) } }
        }
    };
    html! { pre.diff tabindex="0" aria-label=(texts.on_wire) { @for one in lines { (line(one)) } } }
}
