//! `/v1/erasures`: persons who ask to be forgotten.

use axum::Json;
use axum::extract::State;
use dragoman_engine::Erasure;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::input::Command;
use crate::page::Page;
use crate::problem::{Body, MEDIA_TYPE, Problem};

/// Who is to be forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// An exchange that is about the person: an order of theirs.
    exchange: String,
}

/// List the wishes to be forgotten that are not done with.
#[utoipa::path(
    get, path = "/v1/erasures", tag = "Evidence",
    responses((status = 200, description = "What is kept of each for now, and until when", body = Page<Erasure>)),
)]
pub async fn list(State(api): State<Api>, Caller(actor): Caller) -> Result<Json<Page<Erasure>>, Problem> {
    Ok(Json(Page { data: api.gateway().erasures(&actor).await?, next: None }))
}

/// Forget the persons that an exchange is about.
///
/// Messages of all their exchanges go, and the key that they are sealed with is destroyed; what happened stays, and the hash
/// chain verifies. What a rule of retention keeps, or is still under way, is out of sight for all but administrators, and
/// goes when its time is over: the answer says why and until when.
#[utoipa::path(
    post, path = "/v1/erasures", tag = "Evidence", request_body = Wish,
    responses(
        (status = 200, description = "What became of each person's exchanges", body = Page<Erasure>),
        (status = 404, description = "There is no such exchange", body = Body, content_type = MEDIA_TYPE),
        (status = 409, description = "It is about no person who is known", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn forget(
    State(api): State<Api>,
    Caller(actor): Caller,
    Command(Wish { exchange }): Command<Wish>,
) -> Result<Json<Page<Erasure>>, Problem> {
    Ok(Json(Page { data: api.gateway().forget(&actor, &exchange).await?, next: None }))
}
