//! Lists, and lists as CSV.

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use dragoman_engine::people::Actor;
use futures_util::stream::try_unfold;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use crate::access::Visitor;
use crate::address::Filters;
use crate::csv;
use crate::pages::lists::{Kind, list};
use crate::respond::{Answer, page};
use crate::site::Site;

/// So many rows are on a page, and are read at once for an export.
const ON_PAGE: usize = 50;
const AT_ONCE: usize = 500;

/// The page.
pub async fn show(
    kind: &'static Kind,
    State(site): State<Site>,
    visitor: Visitor,
    Query(filters): Query<Filters>,
) -> Answer {
    let query = kind.query(&filters, ON_PAGE);
    let listed = site.gateway().list(&visitor.actor, query).await?;
    page(list(&visitor.frame(&filters.done), kind, &filters, &listed))
}

/// All of it as CSV, written as it is read.
pub fn export(
    kind: &'static Kind,
    State(site): State<Site>,
    visitor: Visitor,
    Query(filters): Query<Filters>,
) -> Response {
    let name = kind.path.trim_start_matches('/');
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (headers, Body::from_stream(rows(kind, site, visitor.actor, &filters))).into_response()
}

/// The parts of an export, from the head on.
fn rows(
    kind: &'static Kind,
    site: Site,
    by: Actor,
    filters: &Filters,
) -> impl futures_util::Stream<Item = Result<String, dragoman_engine::EngineError>> + use<> {
    let first = kind.query(filters, AT_ONCE);
    try_unfold((Some(first), csv::head()), move |(next, begun)| {
        let (site, by) = (site.clone(), by.clone());
        async move {
            let Some(query) = next else { return Ok(None) };
            let listed = site.gateway().list(&by, query.clone()).await?;
            let text = listed.data.iter().fold(begun, |text, row| text + &csv::row(row));
            let next = listed.next.map(|place| dragoman_store::Query { after: Some(place), ..query });
            Ok(Some((text, (next, String::new()))))
        }
    })
}
