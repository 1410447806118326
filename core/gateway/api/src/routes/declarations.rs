//! `/v1/declarations`: declarations, whole or made from orders.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use dragoman_engine::{DeclarationIn, Goal, Taken, View};
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
const KIND: &str = "declaration";

/// Who submits a declaration.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Submitting {
    /// The account that submits it.
    account: String,
    /// The message that the body is; without it, what its content says.
    #[serde(rename = "as")]
    name: Option<String>,
    /// True to keep it as a draft, for a person to send off.
    draft: Option<bool>,
}

/// Orders that are declared together, and to whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Declaring {
    /// The ids of the orders.
    #[schema(min_items = 1, max_items = 1000)]
    orders: Vec<String>,
    /// The flow that declares them; without one, the flow that declares to the account.
    #[serde(default)]
    flow: Option<String>,
    /// The account that they are declared to.
    #[serde(default)]
    account: Option<String>,
    /// What no order knows (TOML), in the place of what the flow has.
    #[serde(default)]
    consignment: Option<String>,
}

/// List declarations, newest change first.
#[utoipa::path(
    get, path = "/v1/declarations", tag = "Declarations", params(Listing),
    responses((status = 200, description = "A page of declarations", body = Page<Row>)),
)]
pub async fn list(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Row>>, Problem> {
    exchange::list(&api, &actor, Collection::of(KIND), &listing).await.map(Json)
}

/// Submit a declaration.
///
/// The body is canonical JSON, or any message of a declaration that is known. Unless something is wrong with it, it is
/// queued; what is answered is stored.
#[utoipa::path(
    post, path = "/v1/declarations", tag = "Declarations", params(Submitting, IdempotencyKey),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 201, description = "The declaration, queued, held for approval, or with what keeps it", body = Taken),
        (status = 409, description = "The reference or the idempotency key was used before", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "This is no declaration", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn submit(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(asked): Query<Submitting>,
    key: Option<IdempotencyKey>,
    content: Content,
) -> Result<Response, Problem> {
    let message = reading::named_or_stated(&api, asked.name.as_deref(), &content)?;
    let handed = DeclarationIn {
        account: &asked.account,
        message: message.as_deref().unwrap_or(AUTO),
        bytes: &content.bytes,
        draft: asked.draft.unwrap_or(false),
        key: key.as_ref().map(|key| key.0.as_str()),
    };
    Ok(exchange::taken("/v1/declarations", api.gateway().submit(&actor, handed).await?))
}

/// Declare orders.
///
/// They are declared together, as one consignment; as many declarations come of it as the rules make. Where the customs
/// master lacks something, nothing is declared, and the answer says what.
#[utoipa::path(
    post, path = "/v1/consignments", tag = "Declarations", params(IdempotencyKey), request_body = Declaring,
    responses(
        (status = 201, description = "The declarations that were made, or what each order waits for", body = Taken),
        (status = 409, description = "An order is declared already, or the idempotency key was used before", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "They cannot be declared so", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn declare(
    State(api): State<Api>,
    Caller(actor): Caller,
    key: Option<IdempotencyKey>,
    Command(asked): Command<Declaring>,
) -> Result<Response, Problem> {
    let Declaring { orders, flow, account, consignment } = asked;
    let goal = Goal { flow, account, consignment };
    let key = key.as_ref().map(|key| key.0.as_str());
    Ok(exchange::taken("/v1/declarations", api.gateway().declare(&actor, &orders, &goal, key).await?))
}

/// Show a declaration.
#[utoipa::path(
    get, path = "/v1/declarations/{id}", tag = "Declarations",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The declaration, what is wrong under the order lines, what happened", body = View)),
)]
pub async fn show(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<View>, Problem> {
    exchange::view(&api, &actor, Some(KIND), &id).await.map(Json)
}
