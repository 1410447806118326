//! `/v1/ledger` and `/v1/today`: that everything adds up, and what is to be done.

use axum::Json;
use axum::extract::State;
use dragoman_engine::Today;
use dragoman_store::Ledger;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::problem::Problem;

/// What became of all submissions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Balance {
    /// The counts.
    #[serde(flatten)]
    ledger: Ledger,
    /// True where every submission is open or at exactly one end.
    balances: bool,
}

/// Show what became of all submissions.
#[utoipa::path(
    get, path = "/v1/ledger", tag = "Evidence",
    responses((status = 200, description = "The ledger", body = Balance)),
)]
pub async fn show(State(api): State<Api>, Caller(actor): Caller) -> Result<Json<Balance>, Problem> {
    let ledger = api.gateway().ledger(&actor).await?;
    let balances = ledger.balances();
    Ok(Json(Balance { ledger, balances }))
}

/// Show today: counts, trends, and what needs a person.
#[utoipa::path(
    get, path = "/v1/today", tag = "Evidence",
    responses((status = 200, description = "Today", body = Today)),
)]
pub async fn today(State(api): State<Api>, Caller(actor): Caller) -> Result<Json<Today>, Problem> {
    Ok(Json(api.gateway().today(&actor).await?))
}
