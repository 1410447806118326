//! What is asked of customs after a declaration was submitted: amendments, cancellations, arrivals, documents, messages that
//! follow; and sending a declaration off once more, or beginning a new one like it.

use axum::extract::State;
use axum::response::Response;
use dragoman_engine::{Correction, DocumentIn, MessageIn, Request, Taken};
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::access::Caller;
use crate::exchange::taken;
use crate::input::{Command, Content, IdempotencyKey, Path, Query};
use crate::problem::{Body, MEDIA_TYPE, Problem};
use crate::reading::{self, AUTO};
use crate::schema;

/// Where the answers' `Location` is.
const DECLARATIONS: &str = "/v1/declarations";

/// What is to change, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// The changes.
    #[schema(min_items = 1, max_items = 1000)]
    changes: Vec<Correction>,
    /// The authority's code of the reason.
    #[serde(default)]
    reason: Option<String>,
    /// The reason in words.
    #[serde(default)]
    text: Option<String>,
}

/// Which version is sent off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resubmission {
    /// The revision that was looked at: where there is another by now, nothing is sent.
    revision: u32,
}

/// What a document is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Uploading {
    /// Its name.
    name: String,
    /// What kind of document it is, in the authority's words.
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// What a message is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Following {
    /// The message that the body is; without it, what its content says.
    #[serde(rename = "as")]
    name: Option<String>,
}

/// Amend a declaration that customs has.
#[utoipa::path(
    post, path = "/v1/declarations/{id}/amendments", tag = "Declarations", request_body = Amendment,
    params(("id" = String, Path, description = "The id of the declaration"), IdempotencyKey),
    responses(
        (status = 201, description = "The amendment, queued or held for approval", body = Taken),
        (status = 409, description = "There is nothing to amend", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn amend(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: Option<IdempotencyKey>,
    Command(Amendment { changes, reason, text }): Command<Amendment>,
) -> Result<Response, Problem> {
    let request = Request { reason, text, key: key.map(|key| key.0) };
    Ok(taken(DECLARATIONS, api.gateway().amend(&actor, &id, &changes, &request).await?))
}

/// Ask customs to invalidate a declaration.
#[utoipa::path(
    post, path = "/v1/declarations/{id}/cancellations", tag = "Declarations", request_body = Request,
    params(("id" = String, Path, description = "The id of the declaration"), IdempotencyKey),
    responses(
        (status = 201, description = "The cancellation, queued or held for approval", body = Taken),
        (status = 409, description = "There is nothing to cancel", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn cancel(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: Option<IdempotencyKey>,
    Command(request): Command<Request>,
) -> Result<Response, Problem> {
    let request = Request { key: key.map(|key| key.0), ..request };
    Ok(taken(DECLARATIONS, api.gateway().cancel(&actor, &id, &request).await?))
}

/// Tell customs that the goods of a declaration have arrived.
#[utoipa::path(
    post, path = "/v1/declarations/{id}/arrivals", tag = "Declarations",
    params(("id" = String, Path, description = "The id of the declaration"), IdempotencyKey),
    responses(
        (status = 201, description = "The arrival, queued or held for approval", body = Taken),
        (status = 409, description = "There is nothing that could arrive", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "It cannot be presented so", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn arrive(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: Option<IdempotencyKey>,
) -> Result<Response, Problem> {
    let key = key.as_ref().map(|key| key.0.as_str());
    Ok(taken(DECLARATIONS, api.gateway().arrive(&actor, &id, key).await?))
}

/// Send a message that follows.
///
/// The body is a message that the counterpart takes after the one that began the exchange, such as the remarks on the
/// unloading after an arrival.
#[utoipa::path(
    post, path = "/v1/declarations/{id}/messages", tag = "Declarations",
    params(("id" = String, Path, description = "The id of the declaration"), Following, IdempotencyKey),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 201, description = "The message, queued or held for approval", body = Taken),
        (status = 409, description = "Customs does not have what it would follow", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "It does not follow there, or is not as it should be", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn follow(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(asked): Query<Following>,
    key: Option<IdempotencyKey>,
    content: Content,
) -> Result<Response, Problem> {
    let message = reading::named_or_stated(&api, asked.name.as_deref(), &content)?;
    let handed = MessageIn {
        message: message.as_deref().unwrap_or(AUTO),
        bytes: &content.bytes,
        key: key.as_ref().map(|key| key.0.as_str()),
    };
    Ok(taken(DECLARATIONS, api.gateway().send_message(&actor, &id, handed).await?))
}

/// Hand a document in that customs asked for.
#[utoipa::path(
    post, path = "/v1/declarations/{id}/documents", tag = "Declarations",
    params(("id" = String, Path, description = "The id of the declaration"), Uploading, IdempotencyKey),
    request_body(content(
        (schema::Content = "application/pdf"), (schema::Content = "image/jpeg"), (schema::Content = "image/png"),
        (schema::Content = "text/plain"),
    )),
    responses(
        (status = 201, description = "The document, queued", body = Taken),
        (status = 409, description = "Customs does not have the declaration", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn upload(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(asked): Query<Uploading>,
    key: Option<IdempotencyKey>,
    content: Content,
) -> Result<Response, Problem> {
    let media = content.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let document = DocumentIn {
        name: &asked.name,
        media: media.unwrap_or(schema::ANY),
        kind: asked.kind.as_deref().unwrap_or_default(),
        bytes: &content.bytes,
        key: key.as_ref().map(|key| key.0.as_str()),
    };
    Ok(taken(DECLARATIONS, api.gateway().upload(&actor, &id, document).await?))
}

/// Send a declaration off that was corrected, or that waits as a draft.
#[utoipa::path(
    post, path = "/v1/declarations/{id}/submissions", tag = "Declarations", request_body = Resubmission,
    params(("id" = String, Path, description = "The id of the declaration")),
    responses(
        (status = 201, description = "The submission, queued or held for approval", body = Taken),
        (status = 409, description = "It is on its way, or somebody else corrected it", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn resubmit(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Command(Resubmission { revision }): Command<Resubmission>,
) -> Result<Response, Problem> {
    Ok(taken(DECLARATIONS, api.gateway().resubmit(&actor, &id, revision).await?))
}

/// Begin a new declaration like another, as a draft.
#[utoipa::path(
    post, path = "/v1/declarations/{id}/duplicates", tag = "Declarations",
    params(("id" = String, Path, description = "The id of the declaration that is copied")),
    responses(
        (status = 201, description = "The draft", body = Taken),
        (status = 422, description = "It cannot be copied", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn duplicate(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Ok(taken(DECLARATIONS, api.gateway().duplicate(&actor, &id).await?))
}
