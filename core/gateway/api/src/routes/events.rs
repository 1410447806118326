//! `/v1/events`: what happens, as it happens (server-sent events).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use dragoman_store::StoredEvent;
use http::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::access::Caller;
use crate::input::Query;
use crate::media;
use crate::problem::Problem;
use crate::tail::Tail;

/// The header by which a browser says what it saw last.
const LAST: &str = "last-event-id";

/// The media type of server-sent events.
const STREAM: &str = "text/event-stream";

/// The last place that a number of JSON names exactly.
const FARTHEST: u64 = 9_007_199_254_740_991;

/// A stream says that it is alive so often.
const ALIVE: Duration = Duration::from_secs(15);

/// A page of what happened is looked for in so many pages of the journal, until there are so many events on it.
const PAGES: usize = 20;
const FULL: usize = 200;

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Happening {
    /// Its place in the journal, the id of the event.
    seq: u64,
    /// When.
    at: Timestamp,
    /// Who did it.
    actor: String,
    /// The order, declaration or other stream that it happened to.
    stream: String,
    /// The submission that it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    submission: Option<String>,
    /// In one word, the name of the event: `accepted`, `delivered`, `responded` …
    what: String,
}

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Following {
    /// Begin behind this place of the journal, as `Last-Event-ID` does.
    #[param(maximum = 9_007_199_254_740_991_i64, nullable = false)]
    after: Option<u64>,
}

/// What happened behind a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct Happenings {
    /// The events, in their order.
    data: Vec<Happening>,
    /// What `after` is for what comes next.
    next: u64,
}

/// Follow what happens.
///
/// A stream of server-sent events for `Accept: text/event-stream`: without a place, of what happens from now on. A
/// client that comes back with `Last-Event-ID` misses nothing. For anybody else, a page of what happened behind the
/// place; without one, from the beginning.
#[utoipa::path(
    get, path = "/v1/events", tag = "Events",
    params(Following),
    responses((status = 200, description = "What happened, or a stream whose data are the same", content(
        (Happenings = "application/json"),
        (String = "text/event-stream"),
    ))),
)]
pub async fn follow(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(asked): Query<Following>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let last = headers.get(LAST).map(|value| value.to_str().ok().and_then(|text| text.parse().ok()));
    let last = last.map(|place| place.ok_or_else(|| Problem::malformed("`Last-Event-ID` is a number")));
    let after: Option<u64> = last.transpose()?.or(asked.after);
    if after.is_some_and(|place| place > FARTHEST) {
        return Err(Problem::malformed("no journal is as long as that"));
    }
    let grows = api.tail().grows().await;
    if !media::names(&headers, STREAM) {
        return page(api.tail(), &actor.tenant, after.unwrap_or(0)).await.map(IntoResponse::into_response);
    }
    let follower = Follower {
        tail: Arc::clone(api.tail()),
        tenant: actor.tenant,
        after: after.unwrap_or_else(|| *grows.borrow()),
        pending: Vec::new(),
        grows,
        closing: api.closing(),
    };
    let stream = futures_util::stream::unfold(follower, Follower::next);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE)).into_response())
}

/// What happened to a tenant behind a place. A page may be short, since others have a part in the journal.
async fn page(tail: &Tail, tenant: &str, after: u64) -> Result<Json<Happenings>, Problem> {
    let (mut data, mut next) = (Vec::new(), after);
    for _ in 0..PAGES {
        let events = tail.behind(next).await?;
        let Some(last) = events.last() else { break };
        next = last.seq;
        data.extend(events.iter().filter(|one| one.event.tenant == tenant).map(|one| Happening::of(one)));
        if data.len() >= FULL {
            break;
        }
    }
    Ok(Json(Happenings { data, next }))
}

/// Somebody who follows one tenant.
struct Follower {
    tail: Arc<Tail>,
    tenant: String,
    after: u64,
    /// What is to be told, the next last.
    pending: Vec<Arc<StoredEvent>>,
    grows: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
}

impl Follower {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(stored) = self.pending.pop() {
                return Some((Ok(told(&stored)), self));
            }
            if *self.closing.borrow() {
                return None;
            }
            let page = self.tail.behind(self.after).await.ok()?;
            if let Some(last) = page.last() {
                self.after = last.seq;
                self.pending = page.into_iter().filter(|one| one.event.tenant == self.tenant).rev().collect();
            } else {
                tokio::select! {
                    grown = self.grows.changed() => grown.ok()?,
                    closed = self.closing.changed() => closed.ok()?,
                }
            }
        }
    }
}

impl Happening {
    fn of(stored: &StoredEvent) -> Self {
        let one = &stored.event;
        Self {
            seq: stored.seq,
            at: one.at,
            actor: one.actor.clone(),
            stream: one.stream.clone(),
            submission: one.submission.clone(),
            what: one.event.word().to_owned(),
        }
    }
}

fn told(stored: &StoredEvent) -> Event {
    let data = serde_json::to_string(&Happening::of(stored)).unwrap_or_default();
    Event::default().id(stored.seq.to_string()).event(stored.event.event.word()).data(data)
}
