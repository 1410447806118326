//! What happens to every request and answer: an id, a line in the log, a count, problems written, headers that keep
//! browsers careful.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::header::{self, HeaderName, HeaderValue};
use tracing::Instrument;
use uuid::Uuid;

use crate::Api;
use crate::problem::{InOwnWords, Kind, MEDIA_TYPE, Problem};

/// The header that carries a request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An answer has to begin within this time.
const SLOWEST: Duration = Duration::from_mins(1);

/// Wraps all routes.
pub async fn around(State(api): State<Api>, request: Request, next: Next) -> Response {
    let id = Uuid::now_v7();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", %id, %method, path);
    let began = Instant::now();
    let mut response = within_reason(next.run(request)).instrument(span.clone()).await;
    let status = response.status();
    let labels = [("method", method.to_string()), ("path", path), ("status", status.as_u16().to_string())];
    metrics::counter!("dragoman_http_requests_total", &labels).increment(1);
    metrics::histogram!("dragoman_http_request_seconds", &labels[..2]).record(began.elapsed());
    span.in_scope(|| tracing::debug!(status = status.as_u16(), "answered"));
    if let Some(problem) = problem_of(&response) {
        if let Some(cause) = problem.cause() {
            span.in_scope(|| tracing::error!(status = status.as_u16(), "{cause}"));
        }
        if response.extensions().get::<InOwnWords>().is_none() {
            response = written(problem, id, &response);
        }
    }
    harden(&mut response, api.options().secure);
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Runs a handler; one that panics or takes too long is a problem, not a broken connection.
async fn within_reason(handler: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(SLOWEST, AssertUnwindSafe(handler).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Problem::internal("the handler panicked").into_response(),
        Err(_) => Problem::new(Kind::Unavailable).detail("this took too long").into_response(),
    }
}

/// The problem that an answer carries, or the one that its status stands for where something below made it.
fn problem_of(response: &Response) -> Option<Problem> {
    let said = response.extensions().get::<InOwnWords>().map(|said| said.0.clone());
    let carried = said.or_else(|| response.extensions().get::<Problem>().cloned());
    carried.or_else(|| Kind::of(response.status()).map(Problem::new))
}

/// The answer with its problem as a body; other headers, such as `Allow`, stay.
fn written(problem: Problem, id: Uuid, response: &Response) -> Response {
    let status = problem.kind().parts().0;
    let waits = problem.waits();
    let mut written = (status, Json(problem.body(&id.to_string()))).into_response();
    let headers = written.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    for (name, value) in response.headers() {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            headers.append(name, value.clone());
        }
    }
    if status == http::StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"dragoman\""));
    }
    if let Some(seconds) = waits {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    written
}

/// Headers that every answer has unless its handler set others.
fn harden(response: &mut Response, secure: bool) {
    const HEADERS: [(HeaderName, &str); 6] = [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if secure {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(value);
    }
}
