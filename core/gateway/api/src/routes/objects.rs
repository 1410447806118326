//! `/v1/objects/{account}`: shipments as linked objects (JSON-LD), shown and taken as the adapter of an account says. What
//! the steps of the addresses are called, and what is said of us and of what cannot be done, is the adapter's as well.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dragoman_engine::people::Actor;
use dragoman_engine::{Asked, ShipmentDocument};
use http::header::{ACCEPT, CONTENT_TYPE, LAST_MODIFIED, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::access::Caller;
use crate::input::{Content, Path, Query};
use crate::media::{self, Stated};
use crate::problem::{Body, InOwnWords, Kind, MEDIA_TYPE, Problem};
use crate::schema;

/// The type of an object, in full.
const TYPE: HeaderName = HeaderName::from_static("type");

/// Which version of an object it is.
const REVISION: HeaderName = HeaderName::from_static("revision");

/// How many there are.
const LATEST: HeaderName = HeaderName::from_static("latest-revision");

/// How an object is shown.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Showing {
    /// As it was at that moment.
    at: Option<String>,
    /// With the objects that it names, not with their addresses alone.
    embedded: Option<bool>,
}

/// What is done at a step of the address.
enum Door {
    Objects,
    Notifications,
    Subscriptions,
}

fn door(api: &Api, actor: &Actor, account: &str, step: &str) -> Result<Door, Problem> {
    let [objects, notifications, subscriptions] = api.gateway().object_doors(actor, account)?;
    match Some(step) {
        step if step == objects.as_deref() => Ok(Door::Objects),
        step if step == notifications.as_deref() => Ok(Door::Notifications),
        step if step == subscriptions.as_deref() => Ok(Door::Subscriptions),
        _ => Err(Problem::not_found(format!("there is nothing at `{step}`"))),
    }
}

/// Show what is said of us as a server of linked objects.
#[utoipa::path(
    get, path = "/v1/objects/{account}", tag = "Objects",
    params(("account" = String, Path, description = "The account whose adapter says how objects are shown")),
    responses((status = 200, description = "What we are", content_type = "application/ld+json", body = serde_json::Value)),
)]
pub async fn information(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(account): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    acceptable(&headers)?;
    let (body, media) = api.gateway().objects_information(&actor, &account)?;
    let mut response = linked(body, &media)?;
    set(&mut response, LAST_MODIFIED, &http_date(api.began()))?;
    Ok(response)
}

/// Ask what we want to be told of.
#[utoipa::path(
    get, path = "/v1/objects/{account}/{step}", tag = "Objects",
    params(
        ("account" = String, Path, description = "The account"),
        ("step" = String, Path, description = "What the adapter calls subscriptions"),
    ),
    responses((status = 200, description = "Our subscription", content_type = "application/ld+json", body = serde_json::Value)),
)]
pub async fn subscription(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path((account, step)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    acceptable(&headers)?;
    let Door::Subscriptions = door(&api, &actor, &account, &step)? else {
        return Err(Problem::new(Kind::Method));
    };
    let found = api.gateway().subscription(&actor, &account, &|name| asked.get(name).cloned())?;
    let (body, media) = found.ok_or_else(|| Problem::not_found("we do not want to be told of that"))?;
    linked(body, &media)
}

/// Take a linked object, or a notification about one.
///
/// An object is taken in as the shipment that it is. A notification is believed no further than that something happened: the
/// object is fetched from the counterpart of the account. What cannot be done is said in the adapter's words where it has some.
#[utoipa::path(
    post, path = "/v1/objects/{account}/{step}", tag = "Objects",
    params(
        ("account" = String, Path, description = "The account"),
        ("step" = String, Path, description = "What the adapter calls objects, or notifications"),
    ),
    request_body(content = schema::Content, content_type = "application/ld+json"),
    responses(
        (status = 201, description = "The object has the address that `Location` says"),
        (status = 204, description = "The notification is stored"),
        (status = 409, description = "There is an object of that id already", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn take(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path((account, step)): Path<(String, String)>,
    content: Content,
) -> Result<Response, Problem> {
    let door = door(&api, &actor, &account, &step)?;
    if media::stated(&content.headers) != Stated::Syntax(dragoman_syntax::grammar::Syntax::Json) {
        return Err(Problem::new(Kind::MediaType).detail("this takes `application/ld+json`"));
    }
    match door {
        Door::Objects => {}
        Door::Notifications => {
            api.gateway().notified(&actor, &account, &content.bytes).await?;
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        Door::Subscriptions => return Err(Problem::new(Kind::Method)),
    }
    let message = api.gateway().objects_message(&actor, &account)?;
    let came = ShipmentDocument {
        message: &message,
        bytes: &content.bytes,
        from: Some(&account),
        key: None,
        only_new: true,
    };
    let taken = api.gateway().receive_shipment(&actor, came).await?;
    let id = taken.shipments.first().map(|shipment| shipment.id.clone()).unwrap_or_default();
    let (address, kind) = api.gateway().object_place(&actor, &account, &id)?;
    let mut response = StatusCode::CREATED.into_response();
    set(&mut response, LOCATION, &address)?;
    set(&mut response, TYPE, &kind)?;
    Ok(response)
}

/// Show a linked object.
#[utoipa::path(
    get, path = "/v1/objects/{account}/{step}/{id}", tag = "Objects",
    params(
        ("account" = String, Path, description = "The account"),
        ("step" = String, Path, description = "What the adapter calls objects"),
        ("id" = String, Path, description = "The object"),
        Showing,
    ),
    responses((
        status = 200, description = "The object", content_type = "application/ld+json", body = serde_json::Value,
        headers(
            ("type" = String, description = "Its type"),
            ("revision" = u32, description = "Which version it is"),
            ("latest-revision" = u32, description = "How many there are"),
            ("last-modified" = String, description = "When it was changed"),
            ("location" = String, description = "Its address"),
        ),
    )),
)]
pub async fn show(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path((account, step, id)): Path<(String, String, String)>,
    Query(showing): Query<Showing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    acceptable(&headers)?;
    let missing = || Problem::not_found(format!("there is no object `{id}`"));
    let Door::Objects = door(&api, &actor, &account, &step)? else { return Err(missing()) };
    let at = showing
        .at
        .map(|at| at.parse::<Timestamp>().map_err(|_| Problem::malformed("`at` is no date and time")));
    let embedded = showing.embedded.unwrap_or_default();
    let asked = Asked { account: &account, id: &id, at: at.transpose()?, embedded };
    let shown = api.gateway().object(&actor, asked).await?.ok_or_else(missing)?;
    let mut response = linked(shown.body, &shown.content_type)?;
    set(&mut response, TYPE, &shown.kind)?;
    set(&mut response, LOCATION, &shown.address)?;
    set(&mut response, REVISION, &shown.revision.to_string())?;
    set(&mut response, LATEST, &shown.latest_revision.to_string())?;
    set(&mut response, LAST_MODIFIED, &http_date(shown.changed))?;
    Ok(response)
}

/// Says what could not be done in the words of the adapter.
pub async fn in_their_words(State(api): State<Api>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let problem = response.extensions().get::<Problem>().cloned();
    let problem = problem.or_else(|| Kind::of(response.status()).map(Problem::new));
    let account = path.split('/').nth(3).unwrap_or_default();
    let Some(problem) = problem else { return response };
    let (status, _, title) = problem.kind().parts();
    // What is wrong with a content is a bad request here.
    let status = if status == StatusCode::UNPROCESSABLE_ENTITY { StatusCode::BAD_REQUEST } else { status };
    let text = problem.in_words().unwrap_or_else(|| title.to_owned());
    let Some((body, media)) = api.gateway().objects_error(account, (status.as_u16(), title, &text), &path)
    else {
        return response;
    };
    let Ok(mut written) = linked(body, &media) else { return response };
    *written.status_mut() = status;
    if status == StatusCode::UNAUTHORIZED {
        written.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"dragoman\""));
    }
    written.extensions_mut().insert(InOwnWords(problem));
    written
}

fn linked(body: String, media: &str) -> Result<Response, Problem> {
    let mut response = body.into_response();
    set(&mut response, CONTENT_TYPE, media)?;
    Ok(response)
}

fn set(response: &mut Response, name: HeaderName, value: &str) -> Result<(), Problem> {
    let value = HeaderValue::from_str(value).map_err(Problem::internal)?;
    response.headers_mut().insert(name, value);
    Ok(())
}

/// Refuses who wants none of the forms that there are.
fn acceptable(headers: &HeaderMap) -> Result<(), Problem> {
    let is_any = !headers.contains_key(ACCEPT);
    let known = ["application/ld+json", media::JSON, "application/*", "*/*"];
    if is_any || known.into_iter().any(|one| media::names(headers, one)) {
        return Ok(());
    }
    Err(Problem::new(Kind::MediaType).detail("objects are `application/ld+json`"))
}

/// A moment as HTTP writes it (RFC 9110, 5.6.7).
fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
