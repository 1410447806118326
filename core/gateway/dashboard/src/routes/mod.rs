//! The routes: what is asked for is read from the gateway, rendered, and answered.

mod adapters;
mod declarations;
mod evidence;
mod goods;
mod lists;
mod rules;
mod sign_in;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue, Uri};
use serde::Deserialize;

use crate::access::Visitor;
use crate::assets::{self, POLICY};
use crate::pages;
use crate::respond::{Answer, Failed, page};
use crate::site::Site;

/// The pages, to be merged with the HTTP interface.
pub fn router(site: &Site) -> Router {
    let routes = Router::new()
        .route("/", get(today))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/exchanges/{id}/messages/{seq}", get(declarations::message))
        .route("/declarations/{id}", get(declarations::show))
        .route("/declarations/{id}/correct", post(declarations::correct))
        .route("/declarations/{id}/corrected", post(declarations::corrected))
        .route("/declarations/{id}/{action}", post(declarations::act))
        .route("/declarations/{id}/evidence.zip", get(declarations::evidence))
        .route("/orders/{id}", get(declarations::other))
        .route("/orders/{id}/ship", post(declarations::ship))
        .route("/messages/{id}", get(declarations::other))
        .route("/messages/{id}/match", post(declarations::matched))
        .route("/messages/{id}/answer", post(declarations::answered))
        .route("/causes/{cause}", get(goods::shared))
        .route("/causes/{cause}/refile", post(goods::refile))
        .route("/goods", get(goods::list).post(goods::import))
        .route("/goods/stated", post(goods::take_stated))
        .route("/goods.csv", get(goods::export))
        .route("/goods/article", get(goods::show).post(goods::save))
        .route("/rules", get(rules::show))
        .route("/adapters", get(adapters::list))
        .route("/adapters/{account}/sync", post(adapters::sync))
        .route("/adapters/{account}/authorise", post(adapters::authorise))
        .route("/evidence", get(evidence::show))
        .route("/evidence/verify", post(evidence::verify))
        .route("/evidence/ledger.json", get(evidence::ledger))
        .route("/assets/{hash}/{name}", get(asset));
    let routes = pages::lists::KINDS.iter().fold(routes, |routes, kind| {
        let show = async move |site, visitor, query| lists::show(kind, site, visitor, query).await;
        let export = async move |site, visitor, query| lists::export(kind, site, visitor, query);
        routes.route(kind.path, get(show)).route(&format!("{}.csv", kind.path), get(export))
    });
    routes.fallback(async || Failed::not_found()).layer(from_fn(careful)).with_state(site.clone())
}

/// What the page says was done before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

async fn today(State(site): State<Site>, visitor: Visitor, query: axum::extract::Query<Done>) -> Answer {
    let today = site.gateway().today(&visitor.actor).await?;
    let accounts = site.gateway().accounts(&visitor.actor).await?;
    page(pages::today::today(&visitor.frame(&query.done), &today, &accounts))
}

async fn asset(uri: Uri) -> Response {
    assets::served(uri.path()).unwrap_or_else(|| Failed::not_found().into_response())
}

/// Headers that keep browsers careful. What is shown is not kept anywhere.
async fn careful(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 6] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
