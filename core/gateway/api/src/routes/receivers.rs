//! What counterparts send by themselves. Nobody signs in here: the adapter says how the counterpart proves who it is.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use dragoman_engine::EngineError;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::Api;
use crate::input::{Content, Path, Query};
use crate::problem::{Body, MEDIA_TYPE, Problem};
use crate::schema;

/// Which webhook of a platform.
#[derive(Debug, Deserialize)]
pub struct Hook {
    account: String,
    name: String,
}

/// Take a notification of customs.
///
/// It is stored when this answers, and read after it. Where only a word about it is pushed, it was fetched.
#[utoipa::path(
    post, path = "/v1/notifications/{account}", tag = "Receivers",
    params(("account" = String, Path, description = "The account that it is for")),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = "2XX", description = "It is stored; the status is the one that the counterpart waits for"),
        (status = 401, description = "It does not come from the counterpart", body = Body, content_type = MEDIA_TYPE),
        (status = 404, description = "The account takes no notifications", body = Body, content_type = MEDIA_TYPE),
        (status = 503, description = "It tells of a message that could not be fetched", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn notification(
    State(api): State<Api>,
    Path(account): Path<String>,
    content: Content,
) -> Result<StatusCode, Problem> {
    let status = api.gateway().notify(&account, &pairs(&content.headers), &content.bytes).await?;
    StatusCode::from_u16(status).map_err(Problem::internal)
}

/// Say that notifications are taken here.
///
/// Some authorities ask this of an address before they push to it: with a parameter, whose value is given back.
#[utoipa::path(
    get, path = "/v1/notifications/{account}", tag = "Receivers",
    params(("account" = String, Path, description = "The account that notifications are for")),
    responses(
        (status = 200, description = "They are taken: what was asked with, as a member of that name", body = BTreeMap<String, String>),
        (status = 400, description = "Nothing is asked that the account's counterpart asks", body = Body, content_type = MEDIA_TYPE),
        (status = 404, description = "The account takes no notifications", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn challenge(
    State(api): State<Api>,
    Path(account): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Json<BTreeMap<String, String>>, Problem> {
    let answer = api.gateway().challenged(&account, |name| asked.get(name).cloned())?;
    let answer = answer
        .ok_or_else(|| Problem::malformed("nothing is asked that the counterpart of this account asks"))?;
    Ok(Json(BTreeMap::from([answer])))
}

/// Where a counterpart asks.
#[derive(Debug, Deserialize)]
pub struct Asking {
    account: String,
    key: String,
    name: String,
}

/// Take a question of a counterpart.
///
/// It is stored when this answers, which is what the counterpart waits for, and says nothing of what is known. What is asked
/// for goes to the counterpart's own address.
#[utoipa::path(
    post, path = "/v1/inquiries/{account}/{key}/{name}", tag = "Receivers",
    params(
        ("account" = String, Path, description = "The account that is asked"),
        ("key" = String, Path, description = "The secret part of the address, which the account and the counterpart know"),
        ("name" = String, Path, description = "Which of the questions of the adapter it is"),
    ),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 200, description = "The receipt, in the counterpart's own form", body = schema::Content, content_type = crate::media::JSON),
        (status = 401, description = "It does not come from the counterpart", body = Body, content_type = MEDIA_TYPE),
        (status = 404, description = "The account is not asked such things", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn inquiry(
    State(api): State<Api>,
    Path(Asking { account, key, name }): Path<Asking>,
    content: Content,
) -> Result<impl IntoResponse, Problem> {
    let receipt = api.gateway().inquire(&account, &name, &key, &content.bytes).await?;
    Ok(([(CONTENT_TYPE, crate::media::JSON)], receipt))
}

/// Take a webhook of a platform.
///
/// It is stored when this answers, and what it is about is fetched after it.
#[utoipa::path(
    post, path = "/v1/hooks/{account}/{name}", tag = "Receivers",
    params(
        ("account" = String, Path, description = "The account that it is for"),
        ("name" = String, Path, description = "Which of the adapter's webhooks it is"),
    ),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 200, description = "It is stored"),
        (status = 401, description = "It does not come from the platform", body = Body, content_type = MEDIA_TYPE),
        (status = 404, description = "The account takes no such webhook", body = Body, content_type = MEDIA_TYPE),
        (status = 412, description = "It does not come from the platform, where that wants this status", body = Body, content_type = MEDIA_TYPE),
        (status = 503, description = "The key that it is signed with could not be fetched", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn webhook(
    State(api): State<Api>,
    Path(Hook { account, name }): Path<Hook>,
    content: Content,
) -> Result<StatusCode, Problem> {
    match api.gateway().webhook_in(&account, &name, &pairs(&content.headers), &content.bytes).await {
        // Some platforms want to hear it in a word of their own.
        Err(error @ EngineError::NotBelieved(_)) => {
            let status = api.gateway().webhook_refusal(&account, &name);
            let problem = Problem::from(error);
            Err(match status.and_then(|status| StatusCode::from_u16(status).ok()) {
                Some(status) => problem.status(status),
                None => problem,
            })
        }
        taken => taken.map(|()| StatusCode::OK).map_err(Problem::from),
    }
}

/// Say that an address of a webhook is ours.
///
/// Some platforms ask this before they send anything there: with a parameter, whose hash with the account's token and the
/// address is given back.
#[utoipa::path(
    get, path = "/v1/hooks/{account}/{name}", tag = "Receivers",
    params(
        ("account" = String, Path, description = "The account that it is for"),
        ("name" = String, Path, description = "Which of the adapter's webhooks it is"),
    ),
    responses(
        (status = 200, description = "It is ours: the hash, as the member that the platform looks for", body = BTreeMap<String, String>),
        (status = 400, description = "Nothing is asked that the account's platform asks", body = Body, content_type = MEDIA_TYPE),
        (status = 404, description = "The account takes no such webhook", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "The account does not say the token", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn webhook_challenge(
    State(api): State<Api>,
    Path(Hook { account, name }): Path<Hook>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Json<BTreeMap<String, String>>, Problem> {
    let answer =
        api.gateway().webhook_challenged(&account, &name, |parameter| asked.get(parameter).cloned())?;
    let answer = answer
        .ok_or_else(|| Problem::malformed("nothing is asked that the platform of this account asks"))?;
    Ok(Json(BTreeMap::from([answer])))
}

/// Headers as the channel reads them. A value that is no text proves nothing.
fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(text).collect()
}
