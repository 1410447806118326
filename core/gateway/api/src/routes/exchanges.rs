//! `/v1/exchanges`: whatever the journal knows of an order, a declaration or an answer that nobody waits for.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use dragoman_engine::people::Actor;
use dragoman_engine::{Happened, LineFindings, View};
use dragoman_store::Row;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::exchange::{self, Collection, Listing};
use crate::input::{Path, Query};
use crate::page::Page;
use crate::problem::Problem;

/// A message of an exchange, as it came or as it went.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    /// The place of its event in the journal, by which it is asked for.
    seq: u64,
    /// When.
    at: Timestamp,
    /// Who it is from.
    actor: String,
    /// What happened with it: `order_received`, `accepted`, `responded` …
    what: String,
    /// SHA-256 of its bytes, in hexadecimal.
    sha256: String,
}

/// List exchanges of all kinds, newest change first.
#[utoipa::path(
    get, path = "/v1/exchanges", tag = "Exchanges", params(Listing),
    responses((status = 200, description = "A page of exchanges", body = Page<Row>)),
)]
pub async fn list(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Row>>, Problem> {
    exchange::list(&api, &actor, Collection::default(), &listing).await.map(Json)
}

/// Show an exchange.
#[utoipa::path(
    get, path = "/v1/exchanges/{id}", tag = "Exchanges",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The exchange with everything around it", body = View)),
)]
pub async fn show(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<View>, Problem> {
    exchange::view(&api, &actor, None, &id).await.map(Json)
}

/// Show what happened.
#[utoipa::path(
    get, path = "/v1/exchanges/{id}/timeline", tag = "Exchanges",
    params(("id" = String, Path, description = "The id of the exchange")),
    responses((status = 200, description = "What happened, in its order", body = Page<Happened>)),
)]
pub async fn timeline(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<Page<Happened>>, Problem> {
    let view = exchange::view(&api, &actor, None, &id).await?;
    Ok(Json(Page { data: view.timeline, next: None }))
}

/// Show what is wrong, order line by order line.
#[utoipa::path(
    get, path = "/v1/exchanges/{id}/findings", tag = "Exchanges",
    params(("id" = String, Path, description = "The id of the exchange")),
    responses((status = 200, description = "First what is wrong with the whole, then with each line", body = Page<LineFindings>)),
)]
pub async fn findings(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<Page<LineFindings>>, Problem> {
    let view = exchange::view(&api, &actor, None, &id).await?;
    Ok(Json(Page { data: view.lines, next: None }))
}

/// List the messages of an exchange.
#[utoipa::path(
    get, path = "/v1/exchanges/{id}/documents", tag = "Exchanges",
    params(("id" = String, Path, description = "The id of the exchange")),
    responses((status = 200, description = "The messages, in their order", body = Page<DocumentView>)),
)]
pub async fn documents(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<Page<DocumentView>>, Problem> {
    Ok(Json(Page { data: messages(&api, &actor, &id).await?, next: None }))
}

async fn messages(api: &Api, actor: &Actor, id: &str) -> Result<Vec<DocumentView>, Problem> {
    let view = exchange::view(api, actor, None, id).await?;
    let with_message = view.timeline.into_iter().filter_map(|happened| {
        let Happened { seq, at, actor, what, message, .. } = happened;
        Some(DocumentView { seq, at, actor, what: what.to_owned(), sha256: message? })
    });
    Ok(with_message.collect())
}

/// One message of an exchange.
#[derive(Debug, Deserialize)]
pub struct Which {
    id: String,
    seq: u64,
}

/// Get a message of an exchange, byte for byte.
#[utoipa::path(
    get, path = "/v1/exchanges/{id}/documents/{seq}", tag = "Exchanges",
    params(
        ("id" = String, Path, description = "The id of the exchange"),
        ("seq" = u64, Path, description = "The place of the message in the journal"),
    ),
    responses((status = 200, description = "The bytes; `content-type` is what they came or went as", body = serde_json::Value, content_type = "*/*")),
)]
pub async fn document(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(Which { id, seq }): Path<Which>,
) -> Result<Response, Problem> {
    let none = || Problem::not_found(format!("there is no message {seq} in `{id}`"));
    let all = messages(&api, &actor, &id).await?;
    let known = all.into_iter().find(|one| one.seq == seq).ok_or_else(none)?;
    let payload = api.gateway().message_bytes(&actor, &id, seq).await?.ok_or_else(none)?;
    let name = format!("attachment; filename=\"{seq}-{}\"", known.what);
    Ok(([(CONTENT_TYPE, payload.media), (CONTENT_DISPOSITION, name)], payload.bytes).into_response())
}

/// Get the evidence of an exchange.
///
/// A ZIP archive of its messages, events and hashes, and of the data that it was made with; `dragoman verify` checks it
/// offline.
#[utoipa::path(
    get, path = "/v1/exchanges/{id}/evidence", tag = "Evidence",
    params(("id" = String, Path, description = "The id of the exchange")),
    responses((status = 200, description = "The archive", body = String, content_type = "application/zip")),
)]
pub async fn evidence(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let bytes = api.gateway().evidence(&actor, &id).await?;
    let name = format!("attachment; filename=\"{id}.zip\"");
    Ok(([(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}
