//! `/v1/authorisations`: accounts that a person has to authorise us for at the counterpart.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use dragoman_engine::GrantView;
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::access::Caller;
use crate::input::{Path, Query};
use crate::page::Page;
use crate::problem::{Body, Kind, MEDIA_TYPE, Problem};

/// A page that goes on to the accounts.
const GO_ON: &str = "<!doctype html><title>Authorised</title><meta http-equiv=\"refresh\" content=\"0;url=/\">\
                     <p>The account is authorised. <a href=\"/\">Go on</a></p>";

/// Where a person goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Leave {
    /// The address at the counterpart; it is good for half an hour.
    url: String,
}

/// What a counterpart sends people back with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Back {
    /// What becomes a token.
    code: Option<String>,
    /// What the person left with.
    state: Option<String>,
    /// Why the counterpart gives nothing.
    error: Option<String>,
}

/// List how the authorisations of the accounts stand.
#[utoipa::path(
    get, path = "/v1/authorisations", tag = "Accounts",
    responses((status = 200, description = "Each account that a person has to authorise us for", body = Page<GrantView>)),
)]
pub async fn list(State(api): State<Api>, Caller(actor): Caller) -> Result<Json<Page<GrantView>>, Problem> {
    Ok(Json(Page { data: api.gateway().grants(&actor).await?, next: None }))
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
    Ok(Json(Leave { url: api.gateway().authorise(&actor, &name).await? }))
}

/// Come back from the counterpart.
#[utoipa::path(
    get, path = "/v1/authorised", tag = "Accounts", params(Back),
    responses(
        (status = 200, description = "The account is authorised, and the page goes on", body = String, content_type = "text/html"),
        (status = 401, description = "Nobody left with this state, or it was used", body = Body, content_type = MEDIA_TYPE),
        (status = 409, description = "The counterpart gives no token for the code", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn back(State(api): State<Api>, Query(back): Query<Back>) -> Result<Response, Problem> {
    if let Some(error) = back.error {
        let said: String = error.chars().take(100).collect();
        return Err(Problem::new(Kind::Unauthenticated).detail(format!("the counterpart refused: {said}")));
    }
    let (state, code) = (back.state.unwrap_or_default(), back.code.unwrap_or_default());
    let account = api.gateway().authorised(&state, &code).await?;
    tracing::info!(account, "authorised");
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8")], GO_ON).into_response())
}
