//! One cause, many declarations: mend it once, see every difference, approve once, refile.

use dragoman_declare::MasterRow;
use dragoman_engine::Difference;
use dragoman_store::Row;
use maud::{Markup, html};

use crate::address::segment;
use crate::frame::{Area, Frame, Page};
use crate::parts::{self, Column};
use crate::texts::filled;

/// A cause and what it touches.
#[derive(Clone, Debug, Default)]
pub struct Cause {
    /// Its key: `master:BAG-22:origin`.
    pub key: String,
    /// The article whose row of the master is at fault, and its rows; none where the cause is elsewhere.
    pub article: Option<(String, Vec<MasterRow>)>,
    /// Declarations with this cause that can still be mended.
    pub rows: Vec<Row>,
}

/// What refiling a declaration would change.
#[derive(Clone, Debug)]
pub struct Refiling {
    /// The declaration.
    pub row: Row,
    /// What changes.
    pub difference: Difference,
}

/// The page: what is affected, where to mend it, and every difference that mending made.
pub fn cause(frame: &Frame<'_>, cause: &Cause, refilings: &[Refiling]) -> String {
    let texts = frame.texts;
    let columns = [Column::Title, Column::Status, Column::State, Column::Account, Column::Worth, Column::Changed];
    let page = Page { area: Area::Declarations, title: texts.cause, lead: Some(texts.cause_lead), live: "" };
    let content = html! {
        p { code { (cause.key) } }
        @if cause.rows.is_empty() {
            section { div.empty { p { (texts.cause_none) } a href="/" { (texts.see_today) } } }
        } @else {
            div.steps {
                section { h2 { (filled(texts.cause_affected, &[&cause.rows.len().to_string()])) } (parts::rows(texts, &columns, &cause.rows)) }
                section { h2 { (texts.cause_mend) } (mend(frame, cause)) }
                section { h2 { (texts.cause_see) } (differences(frame, refilings)) }
                @if refilings.iter().any(|one| !one.difference.canonical.is_empty()) && frame.may_write() {
                    section { h2 { (texts.cause_refile) } (refile(frame, cause, refilings)) }
                }
            }
        }
    };
    frame.page(&page, &content)
}

fn mend(frame: &Frame<'_>, cause: &Cause) -> Markup {
    let texts = frame.texts;
    let Some((sku, rows)) = &cause.article else { return html! { p { (texts.cause_elsewhere) } } };
    let form = html! {
        input type="hidden" name="cause" value=(cause.key);
        (super::goods::inputs(texts, rows.last()))
        button.main data-key="s" { (texts.save) " " (parts::key("s")) }
    };
    html! { @if frame.may_write() { (parts::posted(frame, &format!("/goods/{}", segment(sku)), &form)) } }
}

fn differences(frame: &Frame<'_>, refilings: &[Refiling]) -> Markup {
    let texts = frame.texts;
    html! {
        @for one in refilings {
            details open[refilings.len() <= 3] {
                summary { a href=(parts::place(&one.row)) { (parts::title(&one.row)) } ": " (one.difference.canonical.len()) }
                @if one.difference.canonical.is_empty() { p { (texts.difference_none) } } @else {
                    (parts::changes(texts, &one.difference.canonical))
                    (parts::lines(texts, &one.difference.wire))
                }
            }
        }
    }
}

fn refile(frame: &Frame<'_>, cause: &Cause, refilings: &[Refiling]) -> Markup {
    let texts = frame.texts;
    let count = refilings.iter().filter(|one| !one.difference.canonical.is_empty()).count().to_string();
    let form = html! {
        button.main data-key="r" { (texts.cause_refile) " (" (count) ") " (parts::key("r")) }
    };
    parts::posted(frame, &format!("/causes/{}/refile", segment(&cause.key)), &form)
}
