//! One cause, many declarations: mend it once, see every difference, approve once, refile.

use dragoman_engine::{Article, Refiled, Sharing};
use maud::{Markup, html};

use crate::address::{article_page, segment};
use crate::frame::{Area, Frame, Page};
use crate::parts::{self, Column};
use crate::texts::filled;

/// A cause and what it touches.
#[derive(Clone, Debug, Default)]
pub struct Cause {
    /// Its key: `master:BAG-22:origin`.
    pub key: String,
    /// The article whose row of the master is at fault, and its rows; none where the cause is elsewhere.
    pub article: Option<(String, Vec<Article>)>,
    /// Declarations with this cause that can still be mended, each with what making it anew would change.
    pub sharing: Vec<Sharing>,
    /// What became of those that were refiled.
    pub refiled: Option<Refiled>,
}

impl Cause {
    /// How many would change, and could then be sent.
    fn ready(&self) -> usize {
        let changes =
            |one: &&Sharing| one.difference.as_ref().is_some_and(|found| !found.canonical.is_empty());
        self.sharing.iter().filter(changes).filter(|one| one.errors == 0).count()
    }
}

/// The page: what is affected, where to mend it, and every difference that mending made.
pub fn cause(frame: &Frame<'_>, cause: &Cause) -> String {
    let texts = frame.texts;
    let columns =
        [Column::Title, Column::Status, Column::State, Column::Account, Column::Worth, Column::Changed];
    let page = Page { area: Area::Declarations, title: texts.cause, lead: Some(texts.cause_lead), live: "" };
    let rows: Vec<_> = cause.sharing.iter().map(|one| one.row.clone()).collect();
    let content = html! {
        p { code { (cause.key) } }
        @if let Some(refiled) = &cause.refiled { (outcome(frame, refiled)) }
        @if rows.is_empty() {
            section { div.empty { p { (texts.cause_none) } a href="/" { (texts.see_today) } } }
        } @else {
            div.steps {
                section { h2 { (filled(texts.cause_affected, &[&rows.len().to_string()])) } (parts::rows(texts, &columns, &rows)) }
                section { h2 { (texts.cause_mend) } (mend(frame, cause)) }
                section { h2 { (texts.cause_see) } (differences(frame, &cause.sharing)) }
                @if cause.ready() > 0 && frame.may_write() {
                    section { h2 { (texts.cause_refile) } (refile(frame, cause)) }
                }
            }
        }
    };
    frame.page(&page, &content)
}

fn outcome(frame: &Frame<'_>, refiled: &Refiled) -> Markup {
    let texts = frame.texts;
    html! {
        div.notice.good[refiled.left.is_empty()].warn[!refiled.left.is_empty()] role="status" {
            p { (filled(texts.refiled, &[&refiled.declarations.len().to_string(), &refiled.left.len().to_string()])) }
            ul { @for (id, why) in &refiled.left { li { a href={ "/declarations/" (segment(id)) } { (id) } ": " (why) } } }
        }
    }
}

fn mend(frame: &Frame<'_>, cause: &Cause) -> Markup {
    let texts = frame.texts;
    let Some((sku, rows)) = &cause.article else { return html! { p { (texts.cause_elsewhere) } } };
    let form = html! {
        input type="hidden" name="cause" value=(cause.key);
        (super::goods::inputs(texts, rows.last()))
        button.main data-key="s" { (texts.save) " " (parts::key("s")) }
    };
    html! { @if frame.may_write() { (parts::posted(frame, &article_page(sku), &form)) } }
}

fn differences(frame: &Frame<'_>, sharing: &[Sharing]) -> Markup {
    let texts = frame.texts;
    html! {
        @for one in sharing {
            details open[sharing.len() <= 3] {
                summary { a href=(parts::place(&one.row)) { (parts::title(&one.row)) } }
                @match &one.difference {
                    None => p { (texts.cause_by_itself) },
                    Some(difference) if difference.canonical.is_empty() => p { (texts.difference_none) },
                    Some(difference) => {
                        (parts::changes(texts, &difference.canonical))
                        (parts::lines(texts, &difference.wire))
                    },
                }
                @if one.errors > 0 { p { (filled(texts.cause_errors, &[&one.errors.to_string()])) } }
            }
        }
    }
}

fn refile(frame: &Frame<'_>, cause: &Cause) -> Markup {
    let texts = frame.texts;
    let form = html! {
        button.main data-key="r" { (texts.cause_refile) " (" (cause.ready()) ") " (parts::key("r")) }
    };
    parts::posted(frame, &format!("/causes/{}/refile", segment(&cause.key)), &form)
}
