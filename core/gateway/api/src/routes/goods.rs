//! `/v1/goods`: the customs master, and what it lacks.

use axum::Json;
use axum::extract::State;
use dragoman_engine::{Article, Gap, MasterImport};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::input::{Command, Content, Path, Query};
use crate::media;
use crate::page::{Page, Paging, cursor};
use crate::problem::{Body, Kind, MEDIA_TYPE, Problem};
use crate::schema;

/// The rows of an article.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// The rows, in the place of those that were there.
    #[schema(min_items = 1, max_items = 100)]
    rows: Vec<Article>,
}

/// List the articles of the customs master.
#[utoipa::path(
    get, path = "/v1/goods", tag = "Goods", params(Paging),
    responses((status = 200, description = "A page of rows, by article", body = Page<Article>)),
)]
pub async fn list(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Article>>, Problem> {
    let (after, limit) = (paging.after::<String>()?.unwrap_or_default(), paging.limit()?);
    let data = api.gateway().articles(&actor, &after, limit).await?;
    let mut articles: Vec<_> = data.iter().map(|row| &row.sku).collect();
    articles.dedup();
    let next = (articles.len() >= limit).then(|| articles.last().map(cursor)).flatten();
    Ok(Json(Page { data, next }))
}

/// List what the customs master lacks, first what holds up most orders.
#[utoipa::path(
    get, path = "/v1/gaps", tag = "Goods",
    responses((status = 200, description = "The articles, with the orders that wait for them", body = Page<Gap>)),
)]
pub async fn gaps(State(api): State<Api>, Caller(actor): Caller) -> Result<Json<Page<Gap>>, Problem> {
    Ok(Json(Page { data: api.gateway().gaps(&actor).await?, next: None }))
}

/// Show an article.
#[utoipa::path(
    get, path = "/v1/goods/{sku}", tag = "Goods",
    params(("sku" = String, Path, description = "The article number. One of dots alone (`.`, `..`) has no path: see it in the list, set it by a table")),
    responses((status = 200, description = "Its rows", body = Page<Article>)),
)]
pub async fn show(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(sku): Path<String>,
) -> Result<Json<Page<Article>>, Problem> {
    let data = api.gateway().article_rows(&actor, &sku).await?;
    if data.is_empty() {
        return Err(Problem::not_found(format!("there is no article `{sku}`")));
    }
    Ok(Json(Page { data, next: None }))
}

/// Set the rows of an article. Orders that waited for it are declared.
#[utoipa::path(
    put, path = "/v1/goods/{sku}", tag = "Goods", request_body = Rows,
    params(("sku" = String, Path, description = "The article number. One of dots alone (`.`, `..`) has no path: see it in the list, set it by a table")),
    responses((status = 200, description = "What was taken, and what is wrong row by row", body = MasterImport)),
)]
pub async fn set(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(sku): Path<String>,
    Command(Rows { rows }): Command<Rows>,
) -> Result<Json<MasterImport>, Problem> {
    Ok(Json(api.gateway().set_master(&actor, &sku, &rows).await?))
}

/// Take what platforms stated of articles into the customs master, where it says nothing.
///
/// Orders of some platforms state a commodity code, an origin, a mass or a description of what was sold. Each becomes a row
/// with its order as the source and the day that it was stated first. What the master says stays, and nothing is guessed.
#[utoipa::path(
    post, path = "/v1/suggestions", tag = "Goods",
    responses((status = 200, description = "What was taken", body = MasterImport)),
)]
pub async fn take_stated(
    State(api): State<Api>,
    Caller(actor): Caller,
) -> Result<Json<MasterImport>, Problem> {
    Ok(Json(api.gateway().take_stated(&actor).await?))
}

/// Take a customs master in.
///
/// The body is a table (`text/csv`) with the columns `sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from`.
/// The rows of an article replace those that were there. Rows with errors are left out, and said.
#[utoipa::path(
    post, path = "/v1/goods", tag = "Goods",
    request_body(content = schema::Content, content_type = "text/csv"),
    responses(
        (status = 200, description = "What was taken, and what is wrong row by row", body = MasterImport),
        (status = 422, description = "This is no customs master", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn import(
    State(api): State<Api>,
    Caller(actor): Caller,
    content: Content,
) -> Result<Json<MasterImport>, Problem> {
    if !media::is(&content.headers, media::CSV) {
        return Err(Problem::new(Kind::MediaType).detail("this takes `text/csv`"));
    }
    let text =
        std::str::from_utf8(&content.bytes).map_err(|_| Problem::malformed("the table is not UTF-8"))?;
    Ok(Json(api.gateway().import_master(&actor, text).await?))
}
