//! `/v1/orders/{id}/shipments` and `/v1/orders/{id}/parts`: what was shipped of an order, and what its lines consist of, told back to
//! the platform.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use dragoman_engine::{PartsIn, ShipmentIn, SubmissionView, Taken};

use crate::Api;
use crate::access::Caller;
use crate::exchange::{self, taken};
use crate::input::{Command, Path};
use crate::page::Page;
use crate::problem::{Body, MEDIA_TYPE, Problem};

/// What submissions that tell a platform of a parcel are for.
const PURPOSE: &str = "fulfilment";

/// List what the platform was told of an order.
#[utoipa::path(
    get, path = "/v1/orders/{id}/shipments", tag = "Shipments",
    params(("id" = String, Path, description = "The id of the order")),
    responses((status = 200, description = "The parcels, and whether the platform knows of them", body = Page<SubmissionView>)),
)]
pub async fn list(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<Page<SubmissionView>>, Problem> {
    let view = exchange::view(&api, &actor, Some("order"), &id).await?;
    let data = view.submissions.into_iter().filter(|one| one.purpose == PURPOSE).collect();
    Ok(Json(Page { data, next: None }))
}

/// Tell the platform about a parcel.
///
/// The same parcel again changes nothing.
#[utoipa::path(
    post, path = "/v1/orders/{id}/shipments", tag = "Shipments", request_body = ShipmentIn,
    params(("id" = String, Path, description = "The id of the order")),
    responses(
        (status = 201, description = "It is queued", body = Taken),
        (status = 409, description = "The parcel of that number is another", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn ship(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Command(shipment): Command<ShipmentIn>,
) -> Result<Response, Problem> {
    Ok(taken("/v1/orders", api.gateway().ship(&actor, &id, &shipment).await?))
}

/// Tell the platform what the lines of an order consist of.
///
/// For platforms that see to the customs clearance themselves: a set or a blind box is several goods to customs. The same again
/// changes nothing.
#[utoipa::path(
    post, path = "/v1/orders/{id}/parts", tag = "Shipments", request_body = PartsIn,
    params(("id" = String, Path, description = "The id of the order")),
    responses(
        (status = 201, description = "It is queued", body = Taken),
        (status = 422, description = "The shares of a line do not make the whole", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn tell_parts(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Command(parts): Command<PartsIn>,
) -> Result<Response, Problem> {
    Ok(taken("/v1/orders", api.gateway().tell_parts(&actor, &id, &parts).await?))
}
