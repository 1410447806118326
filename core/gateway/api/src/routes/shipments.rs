//! `/v1/shipments`: shipments as they come in from whoever sends goods, and fetched from others who show them.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use dragoman_engine::{ShipmentDocument, Taken, View};
use dragoman_store::Row;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::access::Caller;
use crate::exchange::{self, Collection, Listing};
use crate::input::{Command, Content, IdempotencyKey, Path, Query};
use crate::page::Page;
use crate::problem::{Body, MEDIA_TYPE, Problem};
use crate::reading::{self, AUTO};
use crate::schema;

/// The kind of stream that this module is about.
const KIND: &str = "shipment";

/// Where shipments come from.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Receiving {
    /// The message that the body is; without it, what its content says.
    #[serde(rename = "as")]
    name: Option<String>,
    /// The account that it comes from.
    account: Option<String>,
}

/// What is fetched.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fetching {
    /// The address of an object: a shipment, its waybill, one of its pieces.
    object: String,
}

/// List shipments, newest change first.
#[utoipa::path(
    get, path = "/v1/shipments", tag = "Shipments", params(Listing),
    responses((status = 200, description = "A page of shipments", body = Page<Row>)),
)]
pub async fn list(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Row>>, Problem> {
    exchange::list(&api, &actor, Collection::of(KIND), &listing).await.map(Json)
}

/// Take a shipment in.
///
/// The body is a shipment in any form that is known: a despatch advice, a ship notice, linked objects, canonical JSON. What
/// is answered is stored. The same again changes nothing; another one of the same number is a new version of it.
#[utoipa::path(
    post, path = "/v1/shipments", tag = "Shipments", params(Receiving, IdempotencyKey),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 201, description = "What was taken in", body = Taken),
        (status = 409, description = "The idempotency key was used for something else", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "There is no shipment in it", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn receive(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(asked): Query<Receiving>,
    key: Option<IdempotencyKey>,
    content: Content,
) -> Result<Response, Problem> {
    let message = reading::named_or_stated(&api, asked.name.as_deref(), &content)?;
    let came = ShipmentDocument {
        message: message.as_deref().unwrap_or(AUTO),
        bytes: &content.bytes,
        from: asked.account.as_deref(),
        key: key.as_ref().map(|key| key.0.as_str()),
        ..ShipmentDocument::default()
    };
    Ok(exchange::taken("/v1/shipments", api.gateway().receive_shipment(&actor, came).await?))
}

/// Show a shipment.
#[utoipa::path(
    get, path = "/v1/shipments/{id}", tag = "Shipments",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The shipment, and what happened", body = View)),
)]
pub async fn show(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<View>, Problem> {
    exchange::view(&api, &actor, Some(KIND), &id).await.map(Json)
}

/// Fetch a shipment.
///
/// Fetches an object by its address, with those that it names, and takes the shipment in that they make. The address has to
/// be one of the account's counterpart.
#[utoipa::path(
    post, path = "/v1/accounts/{name}/fetches", tag = "Shipments", request_body = Fetching,
    params(("name" = String, Path, description = "The account")),
    responses(
        (status = 201, description = "What was taken in", body = Taken),
        (status = 422, description = "It is no address of the counterpart, or belongs to no shipment", body = Body, content_type = MEDIA_TYPE),
        (status = 503, description = "The counterpart does not give it", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn fetch(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    Command(Fetching { object }): Command<Fetching>,
) -> Result<Response, Problem> {
    let taken = api.gateway().fetch_object(&actor, &name, object.trim()).await?;
    Ok(exchange::taken("/v1/shipments", taken))
}
