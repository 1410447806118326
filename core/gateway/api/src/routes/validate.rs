//! `POST /v1/validate`: is a message what its format says, and does it mean something?

use axum::Json;
use axum::extract::State;
use dragoman_tree::FindingRecord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::input::{Content, Query};
use crate::problem::Problem;
use crate::{reading, schema};

/// What the body should be.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Validate {
    /// The message that the body is; without it, what its content says.
    #[serde(rename = "as")]
    #[param(example = "auto")]
    name: Option<String>,
}

/// What is worth saying about a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Validated {
    /// The message it is; absent where nothing is known that has this content.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message: Option<String>,
    /// What was found, in the order of the bytes; empty where nothing is wrong.
    #[schema(value_type = Vec<schema::Finding>)]
    findings: Vec<FindingRecord>,
}

/// Validate a message.
#[utoipa::path(
    post, path = "/v1/validate", tag = "Translation", params(Validate),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses((status = 200, description = "What was found", body = Validated)),
)]
pub async fn validate(
    State(api): State<Api>,
    Query(asked): Query<Validate>,
    content: Content,
) -> Result<Json<Validated>, Problem> {
    let catalogue = api.catalogue().clone();
    api.work(move || {
        let bytes = &content.bytes;
        let message = reading::message_of(&catalogue, asked.name.as_deref(), &content.headers, bytes)?;
        let findings = match &message {
            Ok(message) => reading::findings(&catalogue, message, bytes),
            Err(unknown) => vec![reading::Lines::of(bytes).record(unknown)],
        };
        let message = message.ok().map(|message| message.name().to_owned());
        Ok(Json(Validated { message, findings }))
    })
    .await?
}
