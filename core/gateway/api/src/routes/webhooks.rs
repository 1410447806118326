//! `/v1/webhooks`: the addresses that news go to, signed as Standard Webhooks asks.

use axum::Json;
use axum::extract::State;
use dragoman_engine::EndpointView;
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

/// An address to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEndpoint {
    /// The address, `https://…`.
    url: String,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// Which news; all where none is named.
    #[serde(default)]
    #[schema(max_items = 100)]
    events: Vec<String>,
}

/// An address that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct Added {
    /// The address.
    #[serde(flatten)]
    endpoint: EndpointView,
    /// The key that news are signed with, `whsec_…`; it is shown this once.
    key: String,
}

/// A new key.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rotated {
    /// The key that news are signed with, beside the one before; it is shown this once.
    key: String,
}

/// A change of an address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointPatch {
    /// True where nothing is sent there any more.
    disabled: bool,
}

/// List the addresses that news go to.
#[utoipa::path(
    get, path = "/v1/webhooks", tag = "Webhooks",
    responses((status = 200, description = "All of them", body = Page<EndpointView>)),
)]
pub async fn list(
    State(api): State<Api>,
    Caller(actor): Caller,
) -> Result<Json<Page<EndpointView>>, Problem> {
    Ok(Json(Page { data: api.gateway().endpoints(&actor).await?, next: None }))
}

/// Add an address that news go to.
#[utoipa::path(
    post, path = "/v1/webhooks", tag = "Webhooks", request_body = NewEndpoint,
    responses(
        (status = 201, description = "The address, and the key", body = Added),
        (status = 409, description = "There are too many", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "The address is not public, or the news are not known", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn add(
    State(api): State<Api>,
    Caller(actor): Caller,
    Command(new): Command<NewEndpoint>,
) -> Result<(StatusCode, Json<Added>), Problem> {
    let NewEndpoint { url, description, events } = new;
    let (endpoint, key) = api.gateway().add_endpoint(&actor, &url, &description, &events).await?;
    Ok((StatusCode::CREATED, Json(Added { endpoint, key })))
}

/// Switch an address on or off.
#[utoipa::path(
    patch, path = "/v1/webhooks/{id}", tag = "Webhooks", request_body = EndpointPatch,
    params(("id" = String, Path, description = "The id of the address")),
    responses((status = 200, description = "The address as changed", body = EndpointView)),
)]
pub async fn change(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Command(EndpointPatch { disabled }): Command<EndpointPatch>,
) -> Result<Json<EndpointView>, Problem> {
    Ok(Json(api.gateway().switch_endpoint(&actor, &id, disabled).await?))
}

/// Give an address a new key. News are signed with both until the next change of keys.
#[utoipa::path(
    post, path = "/v1/webhooks/{id}/keys", tag = "Webhooks",
    params(("id" = String, Path, description = "The id of the address")),
    responses((status = 201, description = "The key", body = Rotated)),
)]
pub async fn rotate(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Rotated>), Problem> {
    let key = api.gateway().rotate_endpoint(&actor, &id).await?;
    Ok((StatusCode::CREATED, Json(Rotated { key })))
}

/// Remove an address.
#[utoipa::path(
    delete, path = "/v1/webhooks/{id}", tag = "Webhooks",
    params(("id" = String, Path, description = "The id of the address")),
    responses((status = 204, description = "Nothing is sent there any more")),
)]
pub async fn remove(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    api.gateway().remove_endpoint(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the news that were sent, newest change first. A delivery is an exchange: it can be shown and replayed as one.
#[utoipa::path(
    get, path = "/v1/deliveries", tag = "Webhooks", params(Listing),
    responses((status = 200, description = "A page of deliveries", body = Page<Row>)),
)]
pub async fn deliveries(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Row>>, Problem> {
    exchange::list(&api, &actor, Collection::of("webhook"), &listing).await.map(Json)
}
