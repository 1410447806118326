//! `/v1/keys`: the keys that programs of the tenant show.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use dragoman_engine::people::{ApiKey, NewKey, Right};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::input::{Command, Path};
use crate::page::Page;
use crate::problem::{Body, MEDIA_TYPE, Problem};

/// A key, without what it opens with: that was shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// What may be done with it.
    scopes: BTreeSet<Right>,
    /// Who made it.
    made_by: String,
    /// When.
    created: Timestamp,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    expires: Option<Timestamp>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    revoked: Option<Timestamp>,
}

impl From<(String, ApiKey)> for KeyView {
    fn from((id, key): (String, ApiKey)) -> Self {
        let ApiKey { name, scopes, made_by, created, expires, revoked, .. } = key;
        Self { id, name, scopes, made_by, created, expires, revoked }
    }
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    /// What people call it; the journal names it so.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$")]
    name: String,
    /// What may be done with it.
    scopes: BTreeSet<Right>,
    /// When it ends by itself.
    #[serde(default)]
    expires: Option<Timestamp>,
}

/// A key that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Made {
    /// Its id.
    id: String,
    /// The key. It is shown this once; the gateway keeps its SHA-256 alone.
    key: String,
}

/// List the keys of the tenant.
#[utoipa::path(
    get, path = "/v1/keys", tag = "People",
    responses((status = 200, description = "All of them", body = Page<KeyView>)),
)]
pub async fn list(State(api): State<Api>, Caller(actor): Caller) -> Result<Json<Page<KeyView>>, Problem> {
    let keys = api.people().keys(&actor.tenant).await?;
    Ok(Json(Page { data: keys.into_iter().map(KeyView::from).collect(), next: None }))
}

/// Make a key.
#[utoipa::path(
    post, path = "/v1/keys", tag = "People", request_body = KeyRequest,
    responses(
        (status = 201, description = "The key", body = Made),
        (status = 409, description = "The name is taken", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "The name cannot be one", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn make(
    State(api): State<Api>,
    Caller(actor): Caller,
    Command(asked): Command<KeyRequest>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let KeyRequest { name, scopes, expires } = asked;
    let (id, key) = api.people().add_key(&actor, NewKey { name, scopes, expires }, api.now()).await?;
    tracing::info!(by = actor.name, key = id, "key made");
    Ok((StatusCode::CREATED, Json(Made { id, key: key.text().to_owned() })))
}

/// Revoke a key.
///
/// It opens nothing from now on.
#[utoipa::path(
    delete, path = "/v1/keys/{id}", tag = "People",
    params(("id" = String, Path, description = "The key's id")),
    responses((status = 204, description = "It opens nothing any more")),
)]
pub async fn revoke(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if api.people().revoke_key(&actor, &id, api.now()).await? {
        tracing::info!(by = actor.name, key = id, "key revoked");
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found("there is no such key"))
}
