//! The customs master, and what declarations with one cause have in common.

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use dragoman_engine::{Article, Refiled};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use crate::access::{Fields, Posted, Visitor};
use crate::address::segment;
use crate::csv;
use crate::pages::cause::{Cause, cause};
use crate::pages::goods::{self, Goods};
use crate::respond::{Answer, Failed, done, page};
use crate::site::Site;

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

/// Which article is meant.
#[derive(Debug, Deserialize)]
pub struct Named {
    sku: String,
    #[serde(default)]
    done: String,
}

/// The page.
pub async fn list(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let shown = known(&site, &visitor, &asked).await?;
    page(goods::goods(&visitor.frame(&asked.done), &shown, None))
}

async fn known(site: &Site, visitor: &Visitor, asked: &Asked) -> Result<Goods, Failed> {
    let by = &visitor.actor;
    let q = asked.q.trim();
    // Articles are kept by their numbers: a search begins at the first that could begin so.
    let after = if asked.after.is_empty() { before(q) } else { asked.after.clone() };
    let mut rows = site.gateway().articles(by, &after, ON_PAGE + 1).await?;
    let numbers = rows.chunk_by(|one, two| one.sku == two.sku).filter_map(|rows| rows.first());
    let last = numbers.map(|row| row.sku.clone()).nth(ON_PAGE - 1);
    let next = last.filter(|last| rows.iter().any(|row| row.sku > *last));
    rows.retain(|row| row.sku.starts_with(q) && next.as_ref().is_none_or(|last| row.sku <= *last));
    let next = next.filter(|last| last.starts_with(q));
    Ok(Goods { gaps: site.gateway().gaps(by).await?, rows, next, q: q.to_owned() })
}

/// The greatest text before all that begin so, near enough.
fn before(beginning: &str) -> String {
    let mut text = beginning.to_owned();
    let Some(last) = text.pop() else { return text };
    match char::from_u32(u32::from(last).saturating_sub(1)) {
        Some(less) if less > '\0' => format!("{text}{less}\u{10ffff}"),
        _ => text,
    }
}

/// One article.
pub async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Query(Named { sku, done }): Query<Named>,
) -> Answer {
    let rows = site.gateway().article_rows(&visitor.actor, &sku).await?;
    let waiting = waiting(&site, &visitor, &sku).await?;
    page(goods::article(&visitor.frame(&done), &sku, &rows, waiting, &[]))
}

async fn waiting(site: &Site, visitor: &Visitor, sku: &str) -> Result<usize, Failed> {
    let gaps = site.gateway().gaps(&visitor.actor).await?;
    Ok(gaps.iter().find(|gap| gap.sku == sku).map_or(0, |gap| gap.count))
}

/// What the fields say about an article.
fn said(sku: &str, fields: &Fields) -> Article {
    let text = |name: &str| fields.get(name).trim().to_owned();
    Article {
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
pub async fn save(
    State(site): State<Site>,
    Query(Named { sku, .. }): Query<Named>,
    posted: Posted,
) -> Answer {
    let visitor = &posted.visitor;
    let row = said(&sku, &posted.fields);
    let mut rows = site.gateway().article_rows(&visitor.actor, &sku).await?;
    rows.retain(|other| other.valid_from != row.valid_from);
    rows.push(row);
    rows.sort_by(|one, two| one.valid_from.cmp(&two.valid_from));
    let imported = site.gateway().set_master(&visitor.actor, &sku, &rows).await?;
    let findings: Vec<_> = imported.rows.into_iter().flat_map(|row| row.findings).collect();
    if findings.is_empty() {
        let cause = posted.fields.get("cause");
        let back = if cause.is_empty() { "/goods".to_owned() } else { format!("/causes/{}", segment(cause)) };
        return done(&back, "saved");
    }
    let waiting = waiting(&site, visitor, &sku).await?;
    page(goods::article(&visitor.frame(""), &sku, &rows, waiting, &findings))
}

/// Takes a customs master in.
pub async fn import(State(site): State<Site>, posted: Posted) -> Answer {
    let visitor = &posted.visitor;
    let imported = site.gateway().import_master(&visitor.actor, posted.fields.get("rows")).await?;
    let shown = known(&site, visitor, &Asked::default()).await?;
    page(goods::goods(&visitor.frame(""), &shown, Some(&imported)))
}

/// Takes in what platforms stated of articles about which the master says nothing.
pub async fn take_stated(State(site): State<Site>, posted: Posted) -> Answer {
    let visitor = &posted.visitor;
    let imported = site.gateway().take_stated(&visitor.actor).await?;
    let shown = known(&site, visitor, &Asked::default()).await?;
    page(goods::goods(&visitor.frame(""), &shown, Some(&imported)))
}

/// All of it as CSV, to be edited and imported again.
pub async fn export(State(site): State<Site>, visitor: Visitor) -> Answer {
    let head =
        ["sku", "code", "schedule", "origin", "net_mass_g", "description", "lang", "source", "valid_from"];
    let (mut text, mut after) = (csv::line(head), String::new());
    loop {
        let rows = site.gateway().articles(&visitor.actor, &after, AT_ONCE).await?;
        for row in &rows {
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
        let Some(last) = rows.last() else { break };
        last.sku.clone_into(&mut after);
    }
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"goods.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// The declarations that share a cause.
pub async fn shared(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = sharing(&site, &visitor, key, None).await?;
    page(cause(&visitor.frame(&asked.done), &found))
}

async fn sharing(
    site: &Site,
    visitor: &Visitor,
    key: String,
    refiled: Option<Refiled>,
) -> Result<Cause, Failed> {
    let mut parts = key.splitn(3, ':');
    let article = match (parts.next(), parts.next()) {
        (Some("master"), Some(sku)) => {
            Some((sku.to_owned(), site.gateway().article_rows(&visitor.actor, sku).await?))
        }
        _ => None,
    };
    let sharing = site.gateway().same_cause(&visitor.actor, &key).await?;
    Ok(Cause { key, article, sharing, refiled })
}

/// Makes them anew, and sends them off.
pub async fn refile(State(site): State<Site>, Path(key): Path<String>, posted: Posted) -> Answer {
    let refiled = site.gateway().refile(&posted.visitor.actor, &key).await?;
    let found = sharing(&site, &posted.visitor, key, Some(refiled)).await?;
    page(cause(&posted.visitor.frame(""), &found))
}
