//! `/v1/exchanges/{id}/document`: an order or a declaration as it stands, in any form.

use axum::extract::State;
use axum::response::Response;
use dragoman_adapters::Message;
use dragoman_engine::DocumentText;
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::translate::message;
use crate::Api;
use crate::access::Caller;
use crate::input::{Path, Query};
use crate::media;
use crate::problem::{Body, MEDIA_TYPE, Problem};
use crate::reading;

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Form {
    /// The message to write. Without it, `Accept` decides between the canonical document (JSON) and the message that the
    /// exchange has.
    #[serde(rename = "as")]
    #[param(example = "canonical")]
    name: Option<String>,
}

/// Get the document of an exchange.
///
/// An order or a declaration as it stands, with all that was corrected: canonical JSON, its own message where `Accept`
/// names that, or the message of `as`. What came and went, byte for byte, is among the messages of the exchange.
#[utoipa::path(
    get, path = "/v1/exchanges/{id}/document", tag = "Exchanges",
    params(("id" = String, Path, description = "The id of the exchange"), Form),
    responses(
        (status = 200, description = "The document", content(
            (serde_json::Value = "application/json"),
            (String = "application/xml"),
            (String = "application/EDIFACT"),
            (String = "application/EDI-X12"),
        ), headers(("dragoman-findings" = u32, description = "How many warnings and notes there are"))),
        (status = 422, description = "It cannot be written so", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn show(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(form): Query<Form>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = api.gateway().document(&actor, &id).await?;
    let found = found.ok_or_else(|| Problem::not_found(format!("there is no document of `{id}`")))?;
    let DocumentText { message: own, canonical } = found;
    let catalogue = api.catalogue().clone();
    let from = reading::named(&catalogue, Message::CANONICAL)?;
    let own = reading::named(&catalogue, &own)?;
    let to = match &form.name {
        Some(name) => reading::named(&catalogue, name)?,
        None if media::asks_for(&headers, own.syntax()) && own.syntax() != from.syntax() => own,
        None => from.clone(),
    };
    let syntax = to.syntax();
    let translated =
        api.work(move || reading::translate(&catalogue, &from, &to, canonical.as_bytes())).await?;
    message(translated, syntax)
}
