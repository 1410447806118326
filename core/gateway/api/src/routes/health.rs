//! `/healthz`, `/readyz`, `/metrics`: for whoever runs the gateway.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

use crate::Api;
use crate::problem::{Body, MEDIA_TYPE, Problem};

/// Whether the process runs.
#[utoipa::path(
    get, path = "/healthz", tag = "Operation",
    responses((status = 200, description = "It runs", body = String, content_type = "text/plain")),
)]
pub async fn healthz() -> Response {
    plain("ok\n")
}

/// Whether requests are served: the store answers, and nothing shuts down.
#[utoipa::path(
    get, path = "/readyz", tag = "Operation",
    responses(
        (status = 200, description = "They are", body = String, content_type = "text/plain"),
        (status = 503, description = "They are not", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn readyz(State(api): State<Api>) -> Result<Response, Problem> {
    api.ready().await.map(|()| plain("ready\n"))
}

/// Counts and times in the form that Prometheus reads.
#[utoipa::path(
    get, path = "/metrics", tag = "Operation",
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain")),
)]
pub async fn metrics(State(api): State<Api>) -> Response {
    api.gateway().measure();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], crate::metrics::rendered()).into_response()
}

fn plain(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
