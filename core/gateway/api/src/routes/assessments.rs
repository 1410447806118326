//! `POST /v1/assessments`: which rules parcels meet.

use axum::Json;
use axum::extract::State;
use dragoman_adapters::{Catalogue, Message, receive};
use dragoman_declare::assess::Assessment;
use dragoman_engine::AssessmentIn;
use dragoman_model::{Document, OrderView};
use dragoman_tree::{FindingRecord, Severity};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::access::Caller;
use crate::input::{Content, Query};
use crate::problem::{Body, MEDIA_TYPE, Problem};
use crate::{reading, schema};

/// Which parcels the orders are.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parcels {
    /// The message that the body is; without it, what its content says.
    #[serde(rename = "as")]
    #[param(example = "auto")]
    name: Option<String>,
    /// The country that they go to (two letters); that of each order's recipient where none is given.
    #[param(example = "DE", pattern = "^[A-Z]{2}$")]
    to: Option<String>,
    /// The country that they come from (two letters).
    #[param(example = "CN", pattern = "^[A-Z]{2}$")]
    from: Option<String>,
    /// How they travel.
    #[param(inline)]
    by: Option<Channel>,
    /// The day whose rules count; today (UTC) where none is given.
    #[param(example = "2026-11-22", format = Date, value_type = Option<String>)]
    on: Option<Date>,
}

/// How parcels travel.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By post.
    Post,
    /// By an express carrier.
    Express,
    /// As cargo.
    Cargo,
}

impl Channel {
    /// The word that rules know.
    fn word(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Express => "express",
            Self::Cargo => "cargo",
        }
    }
}

/// Assess orders.
///
/// For each order the answer says which regimes are open, the declaration that each needs, who collects which tax on
/// what, what is missing or forbidden on which line, what changes soon, and by which rules. Nothing is kept.
#[utoipa::path(
    post, path = "/v1/assessments", tag = "Orders", params(Parcels),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 200, description = "An assessment an order", body = Vec<schema::Assessment>),
        (status = 422, description = "The body holds no orders", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn assess(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(asked): Query<Parcels>,
    content: Content,
) -> Result<Json<Vec<Assessment>>, Problem> {
    let Parcels { name, to, from, by, on } = asked;
    for country in [&to, &from].into_iter().flatten() {
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(Problem::malformed(format!("`{country}` is no country code of two capital letters")));
        }
    }
    let by = by.map(|by| by.word().to_owned());
    let catalogue = api.catalogue().clone();
    let orders = api
        .work(move || {
            let message = reading::message_of(&catalogue, name.as_deref(), &content.headers, &content.bytes)?;
            let message = message.map_err(|unknown| Problem::finding(&unknown))?;
            orders(&catalogue, &message, &content.bytes)
        })
        .await??;
    Ok(Json(api.gateway().assess(&actor, AssessmentIn { orders, to, from, by, on }).await?))
}

/// The orders of a body.
fn orders(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> Result<Vec<Document<'static>>, Problem> {
    let lines = reading::Lines::of(bytes);
    let mut orders = Vec::new();
    let mut findings: Vec<FindingRecord> = Vec::new();
    receive(catalogue, message, bytes, &mut |received| {
        let serious = received.said();
        let serious = serious.iter().filter(|finding| finding.severity == Severity::Error);
        findings.extend(serious.map(|finding| lines.record(finding)));
        let got = received.got.map(|got| got.document.detach());
        orders.extend(got.filter(|document| OrderView::new(document).is_some()));
    });
    if orders.is_empty() {
        let detail = format!("`{}` is read, and there is no order in it", message.name());
        return Err(Problem::content(detail, findings));
    }
    Ok(orders)
}
