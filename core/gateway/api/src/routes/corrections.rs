//! Correcting declarations: the difference first, then the change, in the version that was looked at.

use axum::Json;
use axum::extract::State;
use dragoman_engine::{Correction, Difference};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::input::{Command, Path};
use crate::problem::{Body, MEDIA_TYPE, Problem};

/// Values that might be changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// The changes.
    #[schema(max_items = 1000)]
    changes: Vec<Correction>,
}

/// Values that are changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Corrected {
    /// The revision that was looked at: where there is another by now, nothing changes.
    revision: u32,
    /// The changes.
    #[schema(max_items = 1000)]
    changes: Vec<Correction>,
}

/// Show what a correction would change, in the canonical document and on the wire.
#[utoipa::path(
    post, path = "/v1/declarations/{id}/difference", tag = "Declarations", request_body = Proposed,
    params(("id" = String, Path, description = "The id of the declaration")),
    responses((status = 200, description = "The difference; nothing has changed", body = Difference)),
)]
pub async fn difference(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Command(Proposed { changes }): Command<Proposed>,
) -> Result<Json<Difference>, Problem> {
    Ok(Json(api.gateway().difference(&actor, &id, &changes).await?))
}

/// Correct a declaration. Nothing is sent.
#[utoipa::path(
    patch, path = "/v1/declarations/{id}", tag = "Declarations", request_body = Corrected,
    params(("id" = String, Path, description = "The id of the declaration")),
    responses(
        (status = 200, description = "What changed, and the revision that it led to", body = Difference),
        (status = 409, description = "Somebody else corrected it first", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn correct(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Command(Corrected { revision, changes }): Command<Corrected>,
) -> Result<Json<Difference>, Problem> {
    Ok(Json(api.gateway().correct(&actor, &id, revision, &changes).await?))
}
