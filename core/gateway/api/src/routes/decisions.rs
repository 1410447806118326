//! What people decide: approval, unknown outcomes, dead letters, answers that nobody waits for.

use axum::Json;
use axum::extract::State;
use dragoman_store::Row;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::exchange::{self, Collection, Listing};
use crate::input::{Command, Path, Query};
use crate::page::Page;
use crate::problem::{Body, MEDIA_TYPE, Problem};

/// What a person makes of a submission whose outcome nobody knows.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It did not arrive, and is sent again.
    Resend,
    /// It arrived.
    Delivered,
    /// It is given up.
    GiveUp,
}

impl From<Decision> for dragoman_exchange::Decision {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Resend => Self::Resend,
            Decision::Delivered => Self::Delivered,
            Decision::GiveUp => Self::GiveUp,
        }
    }
}

/// What became of a submission whose outcome nobody knows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Deciding {
    /// The decision.
    decision: Decision,
}

/// Why something is given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivingUp {
    /// The reason, in words.
    why: String,
}

/// What an answer belongs to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// The id of the declaration.
    declaration: String,
}

/// A submission that was sent off again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replayed {
    /// The new submission.
    submission: String,
}

/// List what was given up, newest change first.
#[utoipa::path(
    get, path = "/v1/dead-letters", tag = "Decisions", params(Listing),
    responses((status = 200, description = "A page of exchanges whose last submission is dead", body = Page<Row>)),
)]
pub async fn dead_letters(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Row>>, Problem> {
    let dead = Collection { state: Some("dead"), ..Collection::default() };
    exchange::list(&api, &actor, dead, &listing).await.map(Json)
}

/// Approve what somebody else submitted.
#[utoipa::path(
    post, path = "/v1/exchanges/{id}/approve", tag = "Decisions",
    params(("id" = String, Path, description = "The id of the exchange")),
    responses(
        (status = 204, description = "It is queued"),
        (status = 409, description = "Nothing waits for approval, or not for that of the same person", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn approve(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    api.gateway().approve(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decide about a submission whose outcome nobody knows.
#[utoipa::path(
    post, path = "/v1/exchanges/{id}/decide", tag = "Decisions", request_body = Deciding,
    params(("id" = String, Path, description = "The id of the exchange")),
    responses(
        (status = 204, description = "It is decided"),
        (status = 409, description = "There is nothing to decide", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn decide(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Command(Deciding { decision }): Command<Deciding>,
) -> Result<StatusCode, Problem> {
    api.gateway().decide(&actor, &id, decision.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a submission up that has not gone out.
#[utoipa::path(
    post, path = "/v1/exchanges/{id}/give-up", tag = "Decisions", request_body = GivingUp,
    params(("id" = String, Path, description = "The id of the exchange")),
    responses(
        (status = 204, description = "It is given up"),
        (status = 409, description = "Nothing waits to be sent", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn give_up(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Command(GivingUp { why }): Command<GivingUp>,
) -> Result<StatusCode, Problem> {
    api.gateway().give_up(&actor, &id, &why).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answer a question of a counterpart, by what is known now.
///
/// The gateway does so by itself as long as there is time. This is for what was refused, and for what is late.
#[utoipa::path(
    post, path = "/v1/exchanges/{id}/answer", tag = "Decisions",
    params(("id" = String, Path, description = "The id of the exchange")),
    responses(
        (status = 204, description = "The answer is queued, or the exchange says what it still lacks"),
        (status = 409, description = "It is answered, or the answer is on its way", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn answer(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    api.gateway().answer_inquiry(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a submission off again that was given up or refused: a declaration, a webhook, news to a platform.
#[utoipa::path(
    post, path = "/v1/exchanges/{id}/replay", tag = "Decisions",
    params(("id" = String, Path, description = "The id of the exchange")),
    responses(
        (status = 201, description = "The new submission, with the same content", body = Replayed),
        (status = 409, description = "Nothing of it was given up or refused", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn replay(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Replayed>), Problem> {
    let submission = api.gateway().replay(&actor, &id).await?;
    Ok((StatusCode::CREATED, Json(Replayed { submission })))
}

/// Say which declaration an answer belongs to that nobody waited for.
#[utoipa::path(
    post, path = "/v1/exchanges/{id}/match", tag = "Decisions", request_body = Matching,
    params(("id" = String, Path, description = "The id of the parked answer")),
    responses(
        (status = 204, description = "It belongs there"),
        (status = 409, description = "It is no answer that waits for a declaration", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn belongs(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Command(Matching { declaration }): Command<Matching>,
) -> Result<StatusCode, Problem> {
    api.gateway().match_parked(&actor, &id, &declaration).await?;
    Ok(StatusCode::NO_CONTENT)
}
