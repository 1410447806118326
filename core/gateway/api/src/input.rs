//! What requests bring: queries, paths, JSON and contents of any kind; a mistake is a problem that says where.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, OptionalFromRequestParts, Request};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use serde::de::DeserializeOwned;

use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::Api;
use crate::media;
use crate::problem::{Kind, Problem};

/// A JSON command is no longer than this, in bytes.
const COMMAND: usize = 256 * 1024;

/// The query of a request.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::try_from_uri(&parts.uri);
        let refused = |error: axum::extract::rejection::QueryRejection| {
            let text = error.body_text();
            Problem::malformed(text.split(": ").skip(1).collect::<Vec<_>>().join(": "))
        };
        query.map(|axum::extract::Query(value)| Self(value)).map_err(refused)
    }
}

/// The parts of a path. One that cannot be is of nothing that there is.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = <axum::extract::Path<T> as FromRequestParts<S>>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Problem::new(Kind::NotFound))
    }
}

/// A command in JSON.
#[derive(Debug)]
pub struct Command<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Api> for Command<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Api) -> Result<Self, Problem> {
        if !media::is(request.headers(), media::JSON) {
            return Err(Problem::new(Kind::MediaType).detail("this takes `application/json`"));
        }
        let bytes = gathered(request, COMMAND).await?;
        // A list would be taken for the members in their order.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(Problem::malformed("this takes a JSON object"));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(Problem::malformed)
    }
}

/// A body of any kind, with the headers that say what it is.
#[derive(Debug)]
pub struct Content {
    /// The headers of the request.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Bytes,
}

impl FromRequest<Api> for Content {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        let bytes = gathered(request, api.options().largest).await?;
        if bytes.is_empty() {
            return Err(Problem::content("there is no body", Vec::new()));
        }
        Ok(Self { headers, bytes })
    }
}

/// The whole body, up to a length. One that says it is longer is refused before it is read.
async fn gathered(request: Request, most: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(Kind::TooLarge).detail(format!("a body has at most {most} bytes here"));
    let stated = request.headers().get(http::header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if stated.and_then(|text| text.parse::<u64>().ok()).is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let body = axum::body::to_bytes(request.into_body(), most.saturating_add(1)).await;
    match body {
        Ok(bytes) if bytes.len() <= most => Ok(bytes),
        Ok(_) => Err(too_large()),
        Err(error) if is_limit(&error) => Err(too_large()),
        Err(_) => Err(Problem::malformed("the body broke off")),
    }
}

fn is_limit(error: &axum::Error) -> bool {
    let mut next = Some(error as &dyn std::error::Error);
    while let Some(one) = next {
        if one.to_string().contains("length limit exceeded") {
            return true;
        }
        next = one.source();
    }
    false
}

/// The header by which a repeated request is known.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The `Idempotency-Key` of a request.
#[derive(Debug)]
pub struct IdempotencyKey(pub String);

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[!-~]{1,255}$"));
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .description(Some(
                "The same key with the same request gets the same answer, and nothing happens twice",
            ))
            .schema(Some(schema));
        vec![parameter.build()]
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else { return Ok(None) };
        let visible =
            |text: &&str| (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        let text = value.to_str().ok().filter(visible).filter(|_| values.next().is_none());
        let refused = "`Idempotency-Key` is one value of 1 to 255 visible ASCII characters";
        text.map(|text| Some(Self(text.to_owned()))).ok_or_else(|| Problem::malformed(refused))
    }
}

/// Where a request comes from; empty where that is not known.
#[derive(Debug)]
pub struct Address(pub String);

impl FromRequestParts<Api> for Address {
    type Rejection = Infallible;

    /// Only a proxy of ours is believed about others.
    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Infallible> {
        let forwarded = || {
            let last = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            Some(last.rsplit(',').next()?.trim().to_owned())
        };
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let direct = || peer.map(|ConnectInfo(peer)| peer.ip().to_string());
        let address = if api.options().behind_proxy { forwarded().or_else(direct) } else { direct() };
        Ok(Self(address.unwrap_or_default()))
    }
}
