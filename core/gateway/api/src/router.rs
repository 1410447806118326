//! All routes.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use dragoman_engine::people::Right;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::access::guarded;
use crate::problem::{Kind, Problem};
use crate::routes::{
    accounts, adapters, answers, assessments, authorisations, causes, corrections, decisions, declarations,
    document, erasures, events, exchanges, goods, health, keys, ledger, objects, oidc, orders, parcels,
    receivers, requests, session, shipments, sync, translate, users, validate, webhooks,
};
use crate::{docs, layers, media, metrics, openapi};

/// The routes of the interface, to be merged with those of the pages.
pub fn router(api: &Api) -> Router {
    metrics::collect();
    let (routes, mut description) = described(api).split_for_parts();
    openapi::complete(&mut description, api.catalogue());
    let value = serde_json::to_value(&description).unwrap_or_default();
    let page: Arc<str> = docs::page(&value).into();
    let text: Arc<str> = value.to_string().into();
    routes
        .route("/openapi.json", get(async move || fixed(media::JSON, &text)))
        .route("/docs", get(async move || fixed("text/html; charset=utf-8", &page)))
        .route("/docs.css", get(async || fixed("text/css; charset=utf-8", docs::STYLE)))
        .route("/v1/{*rest}", any(async || Problem::new(Kind::NotFound)))
        .layer(from_fn_with_state(api.clone(), layers::around))
        .with_state(api.clone())
}

/// What never changes while the program runs.
fn fixed(media_type: &'static str, text: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
    ];
    (headers, text.to_owned()).into_response()
}

/// The routes that the description holds.
fn described(api: &Api) -> OpenApiRouter<Api> {
    let all = OpenApiRouter::with_openapi(openapi::beginning(api.options().secure));
    all.merge(open())
        .merge(guarded(api, Right::Read, reading()))
        .merge(guarded(api, Right::Personal, personal()))
        .merge(guarded(api, Right::Write, writing()))
        .merge(guarded(api, Right::Approve, approving()))
        .merge(guarded(api, Right::Administer, administering()))
        .merge(linked_objects(api))
}

/// Linked objects, of which what cannot be done is said as an adapter says it.
fn linked_objects(api: &Api) -> OpenApiRouter<Api> {
    let reading = OpenApiRouter::default()
        .routes(routes!(objects::information))
        .route("/v1/objects/{account}/", get(objects::information))
        .routes(routes!(objects::subscription))
        .routes(routes!(objects::show));
    let writing = OpenApiRouter::default().routes(routes!(objects::take));
    guarded(api, Right::Read, reading)
        .merge(guarded(api, Right::Write, writing))
        .layer(from_fn_with_state(api.clone(), objects::in_their_words))
}

/// Those that nobody has to sign in for.
fn open() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
        .routes(routes!(session::sign_in, session::sign_out))
        .routes(routes!(oidc::leave))
        .routes(routes!(oidc::come_back))
        .routes(routes!(receivers::notification, receivers::challenge))
        .routes(routes!(authorisations::back))
        .routes(routes!(receivers::webhook, receivers::webhook_challenge))
        .routes(routes!(receivers::inquiry))
}

/// Those that change nothing.
fn reading() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(translate::translate))
        .routes(routes!(validate::validate))
        .routes(routes!(assessments::assess))
        .routes(routes!(adapters::list))
        .routes(routes!(adapters::show))
        .routes(routes!(session::show))
        .routes(routes!(orders::list))
        .routes(routes!(orders::show))
        .routes(routes!(declarations::list))
        .routes(routes!(declarations::show))
        .routes(routes!(accounts::list))
        .routes(routes!(accounts::show))
        .routes(routes!(ledger::show))
        .routes(routes!(ledger::today))
        .routes(routes!(events::follow))
        .routes(routes!(exchanges::list))
        .routes(routes!(exchanges::show))
        .routes(routes!(exchanges::timeline))
        .routes(routes!(exchanges::findings))
        .routes(routes!(document::show))
        .routes(routes!(exchanges::documents))
        .routes(routes!(causes::sharing))
        .routes(routes!(decisions::dead_letters))
        .routes(routes!(goods::list))
        .routes(routes!(goods::show))
        .routes(routes!(goods::gaps))
        .routes(routes!(parcels::list))
        .routes(routes!(shipments::list))
        .routes(routes!(shipments::show))
        .routes(routes!(sync::list))
        .routes(routes!(webhooks::list))
        .routes(routes!(webhooks::deliveries))
}

/// Those that show what is known of persons, whoever asks.
fn personal() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(exchanges::document))
        .routes(routes!(exchanges::evidence))
        .routes(routes!(corrections::difference))
}

/// Those that take something in, or change it.
fn writing() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(orders::receive))
        .routes(routes!(orders::pay))
        .routes(routes!(answers::take))
        .routes(routes!(declarations::submit))
        .routes(routes!(declarations::declare))
        .routes(routes!(corrections::correct))
        .routes(routes!(goods::import))
        .routes(routes!(goods::take_stated))
        .routes(routes!(goods::set))
        .routes(routes!(causes::refile))
        .routes(routes!(requests::amend))
        .routes(routes!(requests::cancel))
        .routes(routes!(requests::arrive))
        .routes(routes!(requests::follow))
        .routes(routes!(requests::upload))
        .routes(routes!(requests::resubmit))
        .routes(routes!(requests::duplicate))
        .routes(routes!(decisions::decide))
        .routes(routes!(decisions::give_up))
        .routes(routes!(decisions::replay))
        .routes(routes!(decisions::answer))
        .routes(routes!(decisions::belongs))
        .routes(routes!(parcels::ship))
        .routes(routes!(parcels::tell_parts))
        .routes(routes!(shipments::receive))
        .routes(routes!(shipments::fetch))
        .routes(routes!(sync::read))
}

/// Those that release what another filed.
fn approving() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(decisions::approve))
}

/// Those that keep people, programs and addresses.
fn administering() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(users::list, users::add))
        .routes(routes!(users::change))
        .routes(routes!(keys::list, keys::make))
        .routes(routes!(keys::revoke))
        .routes(routes!(erasures::list, erasures::forget))
        .routes(routes!(authorisations::begin))
        .routes(routes!(authorisations::end))
        .routes(routes!(webhooks::add))
        .routes(routes!(webhooks::change, webhooks::remove))
        .routes(routes!(webhooks::rotate))
}
