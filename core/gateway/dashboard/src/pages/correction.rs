//! A correction: the difference that it makes, before anything is sent; and what to do where somebody else was quicker.

use dragoman_engine::{Difference, View};
use maud::{Markup, html};

use crate::frame::{Area, Frame, Page};
use crate::pages::declaration::{is_known, own_address, reasons};
use crate::parts;
use crate::texts::filled;

/// One value that somebody wants to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The canonical path.
    pub path: String,
    /// What stood there when the person looked.
    pub was: String,
    /// What is to stand there; empty to take it away.
    pub new: String,
}

/// The fields of an edit, for another form.
fn carried(edits: &[Edit]) -> Markup {
    html! {
        @for edit in edits {
            input type="hidden" name="path" value=(edit.path);
            input type="hidden" name="was" value=(edit.was);
            input type="hidden" name="new" value=(edit.new);
        }
    }
}

/// The difference that edits make. It is kept, or kept and sent, by the buttons below.
pub fn difference(frame: &Frame<'_>, view: &View, edits: &[Edit], difference: &Difference) -> String {
    let texts = frame.texts;
    let own = own_address(view);
    let none: Markup = html! {};
    let form = html! {
        input type="hidden" name="revision" value=(view.revision);
        (carried(edits))
        @if is_known(view) { (reasons(texts)) }
        div.row {
            @if is_known(view) {
                button.main name="then" value="amend" data-key="r" { (texts.amend) " " (parts::key("r")) }
            } @else {
                button.main name="then" value="resubmit" data-key="r" { (texts.resubmit) " " (parts::key("r")) }
                button name="then" value="save" data-key="s" { (texts.save) " " (parts::key("s")) }
            }
            a href=(own) { (texts.cancel) }
        }
    };
    let content = html! {
        @if difference.canonical.is_empty() {
            section { p { (texts.difference_none) } a href=(own) { (texts.cancel) } }
        } @else {
            section { h2 { (texts.in_canonical) } (parts::changes(texts, &difference.canonical)) }
            section { h2 { (texts.on_wire) } (parts::lines(texts, &difference.wire)) }
            @if !difference.findings.is_empty() {
                section { h2 { (texts.findings) } @for finding in &difference.findings { (parts::finding(texts, finding, &none)) } }
            }
            (parts::posted(frame, &format!("{own}/corrected"), &form))
        }
    };
    let page = Page {
        area: Area::Declarations,
        title: &format!("{}: {}", texts.difference, parts::title(&view.row)),
        lead: Some(texts.difference_lead),
        live: "",
    };
    frame.page(&page, &content)
}

/// Somebody else changed the declaration meanwhile: both values of each place, and the choice.
pub fn conflict(frame: &Frame<'_>, view: &View, seen: u32, edits: &[Edit]) -> String {
    let texts = frame.texts;
    let now = |path: &str| {
        let lines = view.panes.iter().flat_map(|panes| &panes.canonical.lines);
        let line = lines.into_iter().find(|line| line.path.as_deref() == Some(path));
        line.and_then(|line| line.value.clone()).unwrap_or_default()
    };
    let own = own_address(view);
    let shown = |value: &str| if value.is_empty() { texts.nothing.to_owned() } else { value.to_owned() };
    let form = html! {
        input type="hidden" name="revision" value=(view.revision);
        @for (at, edit) in edits.iter().enumerate() {
            @let theirs = now(&edit.path);
            section {
                h2 { code { (edit.path) } }
                p.soft { (texts.conflict_was) ": " code { (shown(&edit.was)) } }
                input type="hidden" name="path" value=(edit.path);
                input type="hidden" name="was" value=(theirs);
                label.choice {
                    input type="radio" name={ "new" (at) } value=(theirs) required;
                    (texts.conflict_theirs) ": " code { (shown(&theirs)) }
                }
                label.choice {
                    input type="radio" name={ "new" (at) } value=(edit.new);
                    (texts.conflict_yours) ": " code { (shown(&edit.new)) }
                }
            }
        }
        div.row { button.main { (texts.see_difference) } a href=(own) { (texts.cancel) } }
    };
    let lead = filled(texts.conflict_lead, &[&seen.to_string(), &view.revision.to_string()]);
    let page = Page { area: Area::Declarations, title: texts.conflict, lead: Some(&lead), live: "" };
    frame.page(&page, &parts::posted(frame, &format!("{own}/correct"), &form))
}
