//! Forms: plain ones, which work without scripts. What changes something is posted with the token of the session.

use maud::{Markup, html};

use crate::frame::Frame;

/// A form that changes something.
pub fn posted(frame: &Frame<'_>, action: &str, content: &Markup) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="token" value=(frame.token);
            (content)
        }
    }
}

/// The key of an action, for the page's own sheet.
pub fn key(letter: &str) -> Markup {
    html! { kbd aria-hidden="true" { (letter) } }
}

/// A form that is a single button; `letter` is its key.
pub fn button(frame: &Frame<'_>, action: &str, text: &str, letter: &str) -> Markup {
    posted(
        frame,
        action,
        &html! { button data-key=[some(letter)] { (text) @if !letter.is_empty() { " " (key(letter)) } } },
    )
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A field for a line of text.
pub fn field(label: &str, name: &str, value: &str) -> Markup {
    html! { label { span { (label) } input name=(name) value=(value); } }
}

/// A choice of words; `any` is for none of them, where that may be.
pub fn chosen(label: &str, name: &str, any: Option<&str>, words: &[(&str, &str)], now: &str) -> Markup {
    html! {
        label {
            span { (label) }
            select name=(name) {
                @if let Some(any) = any { option value="" { (any) } }
                @for (word, text) in words {
                    option value=(word) selected[now == *word] { (text) }
                }
            }
        }
    }
}
