//! Goods: the customs master, gaps first.

use dragoman_engine::{Article, Gap, MasterImport};
use dragoman_tree::FindingRecord;
use maud::{Markup, html};

use crate::address::{address, article_page};
use crate::frame::{Area, Frame, Page};
use crate::parts;
use crate::texts::{Texts, filled};

/// The master as the page shows it.
#[derive(Clone, Debug, Default)]
pub struct Goods {
    /// What orders wait for, the most orders first.
    pub gaps: Vec<Gap>,
    /// Rows that are known, by article.
    pub rows: Vec<Article>,
    /// The article behind which the next page begins.
    pub next: Option<String>,
    /// What was looked for.
    pub q: String,
}

/// The page.
pub fn goods(frame: &Frame<'_>, goods: &Goods, imported: Option<&MasterImport>) -> String {
    let texts = frame.texts;
    let page = Page { area: Area::Goods, title: texts.goods, lead: Some(texts.goods_lead), live: "gaps" };
    frame.page(
        &page,
        &html! {
            @if let Some(imported) = imported { (outcome(texts, imported)) }
            section id="gaps" { h2 { (texts.gaps) } (gaps(texts, &goods.gaps)) }
            form.filters method="get" action="/goods" role="search" data-search {
                label.wide {
                    span { (texts.search) " " kbd aria-hidden="true" { "/" } }
                    input type="search" name="q" value=(goods.q) placeholder=(texts.sku) autocomplete="off";
                }
                button { (texts.apply) }
                span id="export" { a.button href="/goods.csv" download { (texts.export) } }
            }
            section id="list" { h2 { (texts.all_goods) } (known(texts, goods)) }
            @if frame.may_write() { section { (import(frame)) } }
        },
    )
}

fn gaps(texts: &Texts, gaps: &[Gap]) -> Markup {
    html! {
        @if gaps.is_empty() {
            p { (texts.gaps_none) }
        } @else {
            table.list role="table" {
                thead role="rowgroup" { tr role="row" {
                    th role="columnheader" { (texts.sku) }
                    th.num role="columnheader" { (texts.held_up) }
                    th role="columnheader" { (texts.lacks) }
                } }
                tbody role="rowgroup" { @for gap in gaps {
                    @let place = article_page(&gap.sku);
                    tr role="row" {
                        td role="cell" { a href=(place) data-row { (gap.sku) } }
                        td.num role="cell" { (gap.count) }
                        td role="cell" { (lacks(texts, &gap.known)) (suggested(texts, gap)) }
                    }
                } }
            }
        }
    }
}

/// What the seller's own history has for an article.
fn suggested(texts: &Texts, gap: &Gap) -> Markup {
    html! {
        @for one in &gap.suggestions {
            div.soft { (texts.stated_before) ": " (one.value) " (" (one.source) ", " (one.on) ")" }
        }
    }
}

/// What an article lacks: everything, or what its last row leaves empty.
fn lacks(texts: &Texts, known: &[Article]) -> String {
    let Some(row) = known.last() else { return texts.lacks_everything.to_owned() };
    let cells = [
        (texts.code, &row.code),
        (texts.origin, &row.origin),
        (texts.net_mass, &row.net_mass_g),
        (texts.description, &row.description),
    ];
    let empty: Vec<_> = cells.into_iter().filter(|(_, cell)| cell.is_empty()).map(|(name, _)| name).collect();
    empty.join(", ")
}

fn known(texts: &Texts, goods: &Goods) -> Markup {
    html! {
        @if goods.rows.is_empty() {
            div.empty { p { @if goods.q.is_empty() { (texts.goods_empty) } @else { (texts.nothing_found) } } }
        } @else {
            (table(texts, &goods.rows))
        }
        div.pages {
            span {}
            @if let Some(next) = &goods.next { a href=(address("/goods", [("q", goods.q.as_str()), ("after", next)])) rel="next" { (texts.older_rows) " →" } }
        }
    }
}

/// Rows with the source and the day of each.
fn table(texts: &Texts, rows: &[Article]) -> Markup {
    let heads = [
        texts.sku,
        texts.code,
        texts.origin,
        texts.net_mass,
        texts.description,
        texts.source,
        texts.valid_from,
    ];
    html! {
        table.list role="table" {
            thead role="rowgroup" { tr role="row" { @for head in heads { th role="columnheader" { (head) } } } }
            tbody role="rowgroup" { @for row in rows {
                tr role="row" {
                    td role="cell" { a href=(article_page(&row.sku)) data-row { (row.sku) } }
                    td role="cell" { @if row.code.is_empty() { (lacking(texts)) } @else { (row.code) " " span.soft { (row.schedule) } } }
                    td role="cell" { @if row.origin.is_empty() { (lacking(texts)) } @else { (row.origin) } }
                    td.num role="cell" { (row.net_mass_g) }
                    td role="cell" lang=[some(&row.lang)] { (row.description) }
                    td role="cell" { (row.source) }
                    td role="cell" { (row.valid_from) }
                }
            } }
        }
    }
}

fn lacking(texts: &Texts) -> Markup {
    html! { span.badge.warn { i aria-hidden="true" { "!" } (texts.missing) } }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn import(frame: &Frame<'_>) -> Markup {
    let texts = frame.texts;
    let form = html! {
        p data-script hidden { label { span { (texts.import_file) } input type="file" accept=".csv,text/csv" data-fills="rows"; } }
        p { label { span { (texts.import_text) } textarea id="rows" name="rows" rows="6" required {} } }
        button { (texts.import_do) }
    };
    html! {
        h2 { (texts.import) }
        p.soft { (texts.import_lead) }
        (parts::posted(frame, "/goods", &form))
        p.soft { (texts.take_stated_lead) }
        (parts::posted(frame, "/goods/stated", &html! { button { (texts.take_stated) } }))
    }
}

fn outcome(texts: &Texts, imported: &MasterImport) -> Markup {
    let none: Markup = html! {};
    let (taken, wrong) = (imported.taken.to_string(), imported.rows.len().to_string());
    html! {
        div.notice.good[imported.rows.is_empty()].warn[!imported.rows.is_empty()] role="status" {
            p { (filled(texts.imported, &[&taken, &wrong])) }
            @for finding in &imported.findings { (parts::finding(texts, finding, &none)) }
            @for row in &imported.rows {
                h3 { (texts.line) " " (row.row) @if !row.sku.is_empty() { ": " (row.sku) } }
                @for finding in &row.findings { (parts::finding(texts, finding, &none)) }
            }
        }
    }
}

/// One article: its values, each with source and day, and the fields to say more.
pub fn article(
    frame: &Frame<'_>,
    sku: &str,
    rows: &[Article],
    waiting: usize,
    findings: &[FindingRecord],
) -> String {
    let texts = frame.texts;
    let none: Markup = html! {};
    let title = format!("{} {sku}", texts.sku);
    let page = Page { area: Area::Goods, title: &title, lead: None, live: "" };
    frame.page(
        &page,
        &html! {
            @if waiting > 0 { div.notice.warn { (texts.held_up) ": " strong { (waiting) } } }
            @for finding in findings { (parts::finding(texts, finding, &none)) }
            @if !rows.is_empty() { section { h2 { (texts.goods_history) } (table(texts, rows)) } }
            @if frame.may_write() {
                section { h2 { @if rows.is_empty() { (texts.fill) } @else { (texts.edit) } } (fields(frame, sku, rows.last())) }
            }
        },
    )
}

fn fields(frame: &Frame<'_>, sku: &str, row: Option<&Article>) -> Markup {
    let texts = frame.texts;
    let form = html! {
        (inputs(texts, row))
        button.main data-key="s" { (texts.save) " " (parts::key("s")) }
        " " a href="/goods" { (texts.cancel) }
    };
    parts::posted(frame, &article_page(sku), &form)
}

/// The fields of a row.
pub fn inputs(texts: &Texts, row: Option<&Article>) -> Markup {
    let blank = Article::default();
    let row = row.unwrap_or(&blank);
    let fields = [
        (texts.code, "code", &row.code),
        (texts.schedule, "schedule", &row.schedule),
        (texts.origin, "origin", &row.origin),
        (texts.net_mass, "net_mass_g", &row.net_mass_g),
        (texts.source, "source", &row.source),
        (texts.valid_from, "valid_from", &row.valid_from),
        (texts.language, "lang", &row.lang),
    ];
    html! {
        div.fields {
            @for (label, name, value) in fields { (parts::field(label, name, value)) }
            label.broad { span { (texts.description) } input name="description" value=(row.description); }
        }
    }
}
