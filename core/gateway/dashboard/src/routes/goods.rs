//! The customs master.

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use dragoman_declare::{Master, MasterRow};
use dragoman_engine::EngineError;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use crate::access::{Fields, Posted, Visitor};
use crate::address::segment;
use crate::csv;
use crate::pages::goods::{self, Goods};
use crate::respond::{Answer, Failed, done, page};
use crate::site::Site;

/// Where the gateway keeps the rows of an article.
const SPACE: &str = "master";
/// So many articles are on a page, and are read at once for an export.
const ON_PAGE: usize = 100;
const AT_ONCE: usize = 500;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    after: String,
    done: String,
}

/// The page.
pub async fn list(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let shown = known(&site, &visitor, &asked).await?;
    page(goods::goods(&visitor.frame(&asked.done), &shown, None))
}

async fn known(site: &Site, visitor: &Visitor, asked: &Asked) -> Result<Goods, Failed> {
    let tenant = &visitor.actor.tenant;
    let q = asked.q.trim();
    // Articles are kept by their numbers: a search begins at the first that could begin so.
    let after = if asked.after.is_empty() { before(q) } else { asked.after.clone() };
    let records = site.gateway().store().records(tenant, SPACE, &after, ON_PAGE + 1).await;
    let mut records = records.map_err(Failed::broken)?;
    records.retain(|record| record.key.starts_with(q));
    let has_more = records.len() > ON_PAGE;
    records.truncate(ON_PAGE);
    let next = records.last().filter(|_| has_more).map(|record| record.key.clone());
    let rows = records.iter().flat_map(|record| rows(&record.body)).collect();
    Ok(Goods { gaps: Vec::new(), rows, next, q: q.to_owned() })
}

/// The greatest text before all that begin so, near enough.
fn before(beginning: &str) -> String {
    let mut text = beginning.to_owned();
    let Some(last) = text.pop() else { return text };
    match char::from_u32(u32::from(last).saturating_sub(1)) {
        Some(less) if less > '\0' => text + &less.to_string() + "\u{10ffff}",
        _ => text,
    }
}

/// The rows that a record has as lines of CSV.
fn rows(lines: &str) -> Vec<MasterRow> {
    Master::read(&(MasterRow::head() + lines)).rows().map(|(row, _)| row).collect()
}

async fn article(site: &Site, visitor: &Visitor, sku: &str) -> Result<Vec<MasterRow>, Failed> {
    let record = site.gateway().store().record(&visitor.actor.tenant, SPACE, sku).await;
    Ok(record.map_err(Failed::broken)?.map(|record| rows(&record.body)).unwrap_or_default())
}

/// One article.
pub async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(sku): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let rows = article(&site, &visitor, &sku).await?;
    page(goods::article(&visitor.frame(&asked.done), &sku, &rows, 0, &[]))
}

/// What the fields say about an article.
fn said(sku: &str, fields: &Fields) -> MasterRow {
    let text = |name: &str| fields.get(name).trim().to_owned();
    MasterRow {
        sku: sku.to_owned(),
        code: text("code"),
        schedule: text("schedule"),
        origin: text("origin").to_uppercase(),
        net_mass_g: text("net_mass_g"),
        description: text("description"),
        lang: text("lang"),
        source: text("source"),
        valid_from: text("valid_from"),
    }
}

/// Says more about an article: a row of the same day is replaced, one of another day is added.
pub async fn save(State(site): State<Site>, Path(sku): Path<String>, posted: Posted) -> Answer {
    let visitor = &posted.visitor;
    let mut known = article(&site, visitor, &sku).await?;
    let row = said(&sku, &posted.fields);
    known.retain(|other| other.valid_from != row.valid_from);
    known.push(row);
    known.sort_by(|one, two| one.valid_from.cmp(&two.valid_from));
    let text = known.iter().fold(MasterRow::head(), |text, row| text + &row.line());
    let imported = site.gateway().import_master(&visitor.actor, &text).await?;
    let findings: Vec<_> = imported.rows.into_iter().flat_map(|row| row.findings).collect();
    if findings.is_empty() {
        let cause = posted.fields.get("cause");
        let back = if cause.is_empty() { "/goods".to_owned() } else { format!("/causes/{}", segment(cause)) };
        return done(&back, "saved");
    }
    page(goods::article(&visitor.frame(""), &sku, &known, 0, &findings))
}

/// Takes a customs master in.
pub async fn import(State(site): State<Site>, posted: Posted) -> Answer {
    let visitor = &posted.visitor;
    let imported = site.gateway().import_master(&visitor.actor, posted.fields.get("rows")).await?;
    let shown = known(&site, visitor, &Asked::default()).await?;
    page(goods::goods(&visitor.frame(""), &shown, Some(&imported)))
}

/// All of it as CSV, to be edited and imported again.
pub async fn export(State(site): State<Site>, visitor: Visitor) -> Answer {
    let (mut text, mut after) = (MasterRow::head(), String::new());
    loop {
        let records = site.gateway().store().records(&visitor.actor.tenant, SPACE, &after, AT_ONCE).await;
        let records = records.map_err(|error| Failed::from(EngineError::Store(error)))?;
        for row in records.iter().flat_map(|record| rows(&record.body)) {
            text.push_str(&csv::line([
                &*row.sku,
                &row.code,
                &row.schedule,
                &row.origin,
                &row.net_mass_g,
                &row.description,
                &row.lang,
                &row.source,
                &row.valid_from,
            ]));
        }
        let Some(last) = records.last() else { break };
        last.key.clone_into(&mut after);
    }
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"goods.csv\"")];
    Ok((headers, text).into_response())
}
