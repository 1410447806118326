//! `/v1/authorised`: accounts that a person has to authorise us for at the counterpart.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::LOCATION;
use maud::Markup;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::back::{Back, go_on};
use crate::input::{Path, Query};
use crate::problem::{Body, Kind, MEDIA_TYPE, Problem};

/// Where a person goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Leave {
    /// The address at the counterpart; it is good for a quarter of an hour.
    url: String,
}

/// Begin the authorisation of an account.
#[utoipa::path(
    post, path = "/v1/accounts/{name}/authorisation", tag = "Accounts",
    params(("name" = String, Path, description = "The name of the account")),
    responses(
        (status = 200, description = "Where the person goes", body = Leave),
        (status = 422, description = "The account lacks something", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn begin(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(name): Path<String>,
) -> Result<Json<Leave>, Problem> {
    Ok(Json(Leave { url: api.gateway().begin_authorisation(&actor, &name).await? }))
}

/// Come back from the counterpart.
///
/// The browser keeps the cookie of the session back from what another site sends it to. So this is a page of ours, which
/// goes on to where the authorisation ends.
#[utoipa::path(
    get, path = "/v1/authorised", tag = "Accounts", params(Back),
    responses((status = 200, description = "A page that goes on", body = String, content_type = "text/html")),
)]
pub async fn back(_: Query<Back>, query: RawQuery) -> Markup {
    go_on("Authorised", &format!("/v1/authorised/end?{}", query.0.unwrap_or_default()))
}

/// End the authorisation of an account.
#[utoipa::path(
    get, path = "/v1/authorised/end", tag = "Accounts", params(Back),
    responses(
        (status = 303, description = "The account is authorised: on to the pages"),
        (status = 401, description = "Nobody left with this state, or it was used", body = Body, content_type = MEDIA_TYPE),
        (status = 409, description = "The counterpart gives no token for the code", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn end(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(back): Query<Back>,
) -> Result<Response, Problem> {
    if let Some(said) = back.refusal() {
        return Err(Problem::new(Kind::Conflict).detail(format!("the counterpart refused: {said}")));
    }
    let (state, code) = (back.state.unwrap_or_default(), back.code.unwrap_or_default());
    let account = api.gateway().end_authorisation(&actor, &state, &code).await?;
    tracing::info!(account, "authorised");
    Ok((StatusCode::SEE_OTHER, [(LOCATION, "/")]).into_response())
}
