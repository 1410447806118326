//! `/v1/orders`: orders as they come in, and what becomes of them.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use dragoman_engine::{Goal, OrderIn, PaymentIn, Taken, View};
use dragoman_store::Row;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::access::Caller;
use crate::exchange::{self, Collection, Listing};
use crate::input::{Content, IdempotencyKey, Path, Query};
use crate::page::Page;
use crate::problem::{Body, MEDIA_TYPE, Problem};
use crate::reading::{self, AUTO};
use crate::schema;

/// The kind of stream that this module is about.
const KIND: &str = "order";

/// Where orders come from, and where they are declared to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Receiving {
    /// The message that the body is; without it, what its content says.
    #[serde(rename = "as")]
    name: Option<String>,
    /// The account that they come from; its flow declares them.
    account: Option<String>,
    /// The flow that declares them.
    flow: Option<String>,
    /// The account that they are declared to.
    declare_to: Option<String>,
}

/// List orders, newest change first.
#[utoipa::path(
    get, path = "/v1/orders", tag = "Orders", params(Listing),
    responses((status = 200, description = "A page of orders", body = Page<Row>)),
)]
pub async fn list(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Row>>, Problem> {
    exchange::list(&api, &actor, Collection::of(KIND), &listing).await.map(Json)
}

/// Take orders in.
///
/// The body is one order or several, in the form of a marketplace or as canonical JSON. What is answered is stored. The
/// same order again changes nothing; another one of the same number is a new version of it.
#[utoipa::path(
    post, path = "/v1/orders", tag = "Orders", params(Receiving, IdempotencyKey),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 201, description = "What was taken in, and the declarations that were made", body = Taken),
        (status = 409, description = "The idempotency key was used for something else", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "There is no order in it", body = Body, content_type = MEDIA_TYPE),
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
    let goal = (asked.flow.is_some() || asked.declare_to.is_some()).then_some(Goal {
        flow: asked.flow,
        account: asked.declare_to,
        consignment: None,
    });
    let order = OrderIn {
        message: message.as_deref().unwrap_or(AUTO),
        bytes: &content.bytes,
        from: asked.account.as_deref(),
        goal: goal.as_ref(),
        key: key.as_ref().map(|key| key.0.as_str()),
        ..OrderIn::default()
    };
    Ok(exchange::taken("/v1/orders", api.gateway().receive_order(&actor, order).await?))
}

/// What a payment comes as.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paying {
    /// The message that the body is; without it, what its content says.
    #[serde(rename = "as")]
    name: Option<String>,
}

/// Hand in what is known of the payment of an order.
///
/// It is kept with the order, for counterparts that ask for it: also the raw request to the payment firm and its raw answer.
/// What was handed in last counts first. Nothing is sent.
#[utoipa::path(
    post, path = "/v1/orders/{id}/payments", tag = "Orders",
    params(("id" = String, Path, description = "The id of the order"), Paying, IdempotencyKey),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 201, description = "It is kept", body = Taken),
        (status = 409, description = "The idempotency key was used for something else", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "It is no payment, or that of another order", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn pay(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(asked): Query<Paying>,
    key: Option<IdempotencyKey>,
    content: Content,
) -> Result<Response, Problem> {
    let message = reading::named_or_stated(&api, asked.name.as_deref(), &content)?;
    let payment = PaymentIn {
        message: message.as_deref().unwrap_or(AUTO),
        bytes: &content.bytes,
        key: key.as_ref().map(|key| key.0.as_str()),
    };
    Ok(exchange::taken("/v1/orders", api.gateway().receive_payment(&actor, &id, payment).await?))
}

/// Show an order.
#[utoipa::path(
    get, path = "/v1/orders/{id}", tag = "Orders",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The order, its findings under its lines, what happened", body = View)),
)]
pub async fn show(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<View>, Problem> {
    exchange::view(&api, &actor, Some(KIND), &id).await.map(Json)
}
