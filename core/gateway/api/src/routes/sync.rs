//! `/v1/sync`: how far the reading of orders is, and reading again.

use axum::Json;
use axum::extract::State;
use dragoman_engine::SyncView;
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::input::{Command, Path};
use crate::page::Page;
use crate::problem::Problem;

/// From when on orders are read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// The moment; without one, what is due is read at once.
    #[serde(default)]
    since: Option<Timestamp>,
}

/// List how the reading of orders stands.
#[utoipa::path(
    get, path = "/v1/sync", tag = "Accounts",
    responses((status = 200, description = "Each stream of each account", body = Page<SyncView>)),
)]
pub async fn list(State(api): State<Api>, Caller(actor): Caller) -> Result<Json<Page<SyncView>>, Problem> {
    Ok(Json(Page { data: api.gateway().sync_status(&actor).await?, next: None }))
}

/// Read the orders of an account at once, or from a moment on.
#[utoipa::path(
    post, path = "/v1/sync/{account}", tag = "Accounts", request_body = Since,
    params(("account" = String, Path, description = "The name of the account")),
    responses((status = 202, description = "They are read")),
)]
pub async fn read(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(account): Path<String>,
    Command(Since { since }): Command<Since>,
) -> Result<StatusCode, Problem> {
    api.gateway().sync_from(&actor, &account, since).await?;
    Ok(StatusCode::ACCEPTED)
}
