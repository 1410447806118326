//! What orders, declarations and the other streams have in common: lists, views, and answers to what was taken in.

use axum::Json;
use axum::response::{IntoResponse, Response};
use dragoman_engine::people::Actor;
use dragoman_engine::{Taken, View};
use dragoman_store::{Query, Row};
use http::header::LOCATION;
use http::{HeaderName, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::page::{Page, Paging, cursor};
use crate::problem::Problem;

/// The header of an answer that was given before, for the same idempotency key.
const REPEATED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Which streams are listed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Listing {
    /// Of which kind, where all are listed: `order`, `declaration`, `parked`, `webhook`, `inquiry`, `shipment`.
    kind: Option<String>,
    /// In which state the last submission is: `queued`, `held`, `delivered`, `refused`, `dead` …
    state: Option<String>,
    /// What the authority made of it: `accepted`, `cleared`, `rejected` …
    status: Option<String>,
    /// What a person has to do: `correct`, `approve`, `decide`, `master`, `match`, `answer`, `replay`.
    needs: Option<String>,
    /// With this cause of a rejection, as the view of a declaration names it.
    cause: Option<String>,
    /// The beginning of a word in title, number or reference.
    q: Option<String>,
    /// Where the page begins: `next` of the page before.
    after: Option<String>,
    /// How many entries at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<u16>,
}

/// What all streams of a collection have in common.
#[derive(Clone, Copy, Debug, Default)]
pub struct Collection {
    /// Their kind.
    pub kind: Option<&'static str>,
    /// The state of their last submission.
    pub state: Option<&'static str>,
}

impl Collection {
    /// All streams of a kind.
    pub const fn of(kind: &'static str) -> Self {
        Self { kind: Some(kind), state: None }
    }

    /// True where none of its streams can be meant.
    fn excludes(self, listing: &Listing) -> bool {
        let differ =
            |own: Option<&str>, asked: Option<&str>| own.zip(asked).is_some_and(|(own, asked)| own != asked);
        differ(self.kind, listing.kind.as_deref()) || differ(self.state, listing.state.as_deref())
    }
}

/// A page of the streams of a collection.
pub async fn list(
    api: &Api,
    actor: &Actor,
    collection: Collection,
    listing: &Listing,
) -> Result<Page<Row>, Problem> {
    let Listing { kind, state, status, needs, cause, q, after, limit } = listing.clone();
    let paging = Paging { after, limit };
    let query = Query {
        kind: collection.kind.map(str::to_owned).or(kind),
        state: collection.state.map(str::to_owned).or(state),
        status,
        needs,
        cause,
        text: q,
        after: paging.after::<(Timestamp, String)>()?,
        limit: paging.limit()?,
        ..Query::default()
    };
    if collection.excludes(listing) {
        return Ok(Page { data: Vec::new(), next: None });
    }
    let listed = api.gateway().list(actor, query).await?;
    Ok(Page { data: listed.data, next: listed.next.as_ref().map(cursor) })
}

/// A stream of a kind with everything around it. One of another tenant is not there.
pub async fn view(api: &Api, actor: &Actor, kind: Option<&str>, id: &str) -> Result<View, Problem> {
    let view = api.gateway().exchange(actor, id).await?;
    let is_it = |view: &View| kind.is_none_or(|kind| view.row.kind == kind);
    let missing = || Problem::not_found(format!("there is no {} `{id}`", kind.unwrap_or("exchange")));
    view.filter(is_it).ok_or_else(missing)
}

/// The answer to something that was taken in.
pub fn taken(collection: &str, taken: Taken) -> Response {
    let ids =
        || taken.orders.iter().map(|order| &order.id).chain(taken.declarations.iter().map(|one| &one.id));
    let shipments = taken.shipments.iter().map(|one| &one.id);
    let only = ids().chain(shipments).next().map(|id| format!("{collection}/{id}"));
    let is_repeated = taken.repeated;
    let mut response = (StatusCode::CREATED, Json(taken)).into_response();
    let headers = response.headers_mut();
    if let Some(Ok(location)) = only.map(|location| location.parse()) {
        headers.insert(LOCATION, location);
    }
    if is_repeated {
        headers.insert(REPEATED, http::HeaderValue::from_static("true"));
    }
    response
}
