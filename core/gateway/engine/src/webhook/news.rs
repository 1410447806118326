//! What is told: news are made of the journal behind it, each once for each address that wants it.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};

use dragoman_exchange::{Event, Purpose};
use dragoman_store::{Job, StoreError, StoredEvent};
use serde_json::json;

use super::endpoint::Endpoint;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::About;
use crate::people::Actor;
use crate::writing::{Writing, id};

/// All kinds of news.
pub(crate) const KINDS: [&str; 11] = [
    "order.received",
    "shipment.received",
    "declaration.drafted",
    "submission.accepted",
    "submission.delivered",
    "submission.refused",
    "submission.dead",
    "submission.unknown",
    "declaration.status",
    "inquiry.received",
    "inquiry.overdue",
];

/// Where the news stand in the journal: a record of nobody's tenant.
const NOBODY: &str = "@news";

/// The record's space and key.
const PLACE: (&str, &str) = ("place", "journal");

/// So many events are looked at in one go.
const AT_ONCE: usize = 256;

/// So far the news may fall behind the journal while nobody wants any.
const UNHEARD: u64 = 5000;

/// An address with its id.
type Listener = (String, Endpoint);

/// The addresses of each tenant, as they were looked up last, and where the news stood when nobody wanted any.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<HashMap<String, Arc<Vec<Listener>>>>, AtomicU64);

impl Listeners {
    /// Forgets what was looked up: somebody changed an address.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn get(&self, tenant: &str) -> Option<Arc<Vec<Listener>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(tenant).cloned()
    }

    fn put(&self, tenant: &str, listeners: &Arc<Vec<Listener>>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(tenant.to_owned(), Arc::clone(listeners));
    }
}

impl Gateway {
    /// Makes news of what happened since the last time, and queues them. Gives how many events were looked at.
    pub async fn tell(&self) -> Answer<usize> {
        let written = *self.0.store.written().borrow();
        let is_listened_to = self.is_listened_to().await?;
        // Where nobody listens, most of what happens need not even be looked at.
        if !is_listened_to && written.saturating_sub(self.0.listeners.1.load(Relaxed)) <= UNHEARD {
            return Ok(0);
        }
        let record = self.0.store.record(NOBODY, PLACE.0, PLACE.1).await?;
        let (place, revision) = match &record {
            Some(record) => (record.body.parse().map_err(EngineError::damaged)?, record.revision),
            None => (0, 0),
        };
        if !is_listened_to {
            let is_far = written.saturating_sub(place) > UNHEARD;
            if is_far {
                self.stand(written, revision).await?;
            }
            self.0.listeners.1.store(if is_far { written } else { place }, Relaxed);
            return Ok(0);
        }
        let events = self.0.store.journal(place, AT_ONCE).await?;
        let Some(last) = events.last() else { return Ok(0) };
        let mut writing = Writing::new(self, &Actor::gateway(""));
        for stored in &events {
            let Some(kind) = kind(&stored.event.event) else { continue };
            for (endpoint, _) in self.listening(stored, kind).await? {
                queue(&mut writing, stored, kind, &endpoint)?;
            }
        }
        NOBODY.clone_into(&mut writing.tenant);
        writing.record(PLACE.0, PLACE.1.to_owned(), revision, Some(last.seq.to_string()));
        match writing.commit().await {
            Ok(_) => Ok(events.len()),
            // Somebody else told it.
            Err(StoreError::Stale { .. }) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// True where somebody wants news at all.
    async fn is_listened_to(&self) -> Answer<bool> {
        for tenant in self.tenants() {
            if !self.listeners(&tenant).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Remembers where the news stand.
    async fn stand(&self, place: u64, revision: u64) -> Answer<()> {
        let mut writing = Writing::new(self, &Actor::gateway(NOBODY));
        writing.record(PLACE.0, PLACE.1.to_owned(), revision, Some(place.to_string()));
        match writing.commit().await {
            Ok(_) | Err(StoreError::Stale { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn listeners(&self, tenant: &str) -> Answer<Arc<Vec<Listener>>> {
        if let Some(all) = self.0.listeners.get(tenant) {
            return Ok(all);
        }
        let all = Arc::new(self.all_endpoints(tenant).await?);
        self.0.listeners.put(tenant, &all);
        Ok(all)
    }

    /// Who wants to be told of something: of what happened since the address was added.
    async fn listening(&self, stored: &StoredEvent, kind: &str) -> Answer<Vec<Listener>> {
        let all = self.listeners(&stored.event.tenant).await?;
        let wants = |(_, endpoint): &&Listener| {
            !endpoint.disabled
                && endpoint.created <= stored.event.at
                && (endpoint.events.is_empty() || endpoint.events.iter().any(|one| one == kind))
        };
        Ok(all.iter().filter(wants).cloned().collect())
    }
}

/// Queues the telling of something to an address.
fn queue(writing: &mut Writing<'_>, stored: &StoredEvent, kind: &str, endpoint: &str) -> Answer<()> {
    writing.tenant.clone_from(&stored.event.tenant);
    let body = serde_json::to_vec(&told(stored, kind)).map_err(EngineError::damaged)?;
    let (stream, submission) = (id(), id());
    let accepted = Event::Accepted {
        purpose: Purpose::Webhook,
        account: endpoint.to_owned(),
        operation: kind.to_owned(),
        lrn: None,
        held: None,
    };
    writing.message(&stream, Some(&submission), accepted, "application/json", body.clone());
    let about = About::new(endpoint, kind, Purpose::Webhook);
    let job = Job {
        submission,
        tenant: writing.tenant.clone(),
        stream,
        lane: format!("webhook:{endpoint}"),
        due: writing.at,
        attempts: 0,
        body,
        about: serde_json::to_string(&about).map_err(EngineError::damaged)?,
    };
    writing.job(job, false);
    Ok(())
}

/// Which news an event is; none where it is none.
fn kind(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::OrderReceived { .. } => "order.received",
        Event::ShipmentReceived { .. } => "shipment.received",
        Event::Drafted { .. } => "declaration.drafted",
        Event::Accepted { purpose: Purpose::Webhook, .. } => return None,
        Event::Accepted { .. } => "submission.accepted",
        Event::Delivered { .. } => "submission.delivered",
        Event::Refused { .. } => "submission.refused",
        Event::Dead { .. } => "submission.dead",
        Event::OutcomeUnknown { .. } => "submission.unknown",
        Event::Responded { .. } => "declaration.status",
        Event::Inquired { .. } => "inquiry.received",
        Event::Overdue => "inquiry.overdue",
        _ => return None,
    })
}

/// The body of a webhook: what happened, and where to ask for more. News about news are not told.
fn told(stored: &StoredEvent, kind: &str) -> serde_json::Value {
    let one = &stored.event;
    let mut data = json!({ "exchange": one.stream });
    let mut add = |name: &str, value: serde_json::Value| {
        if let Some(members) = data.as_object_mut().filter(|_| !value.is_null()) {
            members.insert(name.to_owned(), value);
        }
    };
    add("submission", json!(one.submission));
    match &one.event {
        Event::OrderReceived { number, from, gaps, .. } => {
            add("order", json!(number));
            add("from", json!(from));
            add("gaps", json!(gaps));
        }
        Event::ShipmentReceived { number, from, .. } => {
            add("shipment", json!(number));
            add("from", json!(from));
        }
        Event::Drafted { lrn, orders, errors, .. } => {
            let numbers: Vec<_> = orders.iter().map(|(_, number)| number).collect();
            add("lrn", json!(lrn));
            add("orders", json!(numbers));
            add("errors", json!(errors));
        }
        Event::Inquired { account, inquiry, number, until, .. } => {
            add("account", json!(account));
            add("inquiry", json!(inquiry));
            add("order", json!(number));
            add("until", json!(until));
        }
        Event::Accepted { purpose, lrn, held, .. } => {
            add("purpose", json!(purpose.word()));
            add("lrn", json!(lrn));
            add("held", json!(held));
        }
        Event::Refused { class, said } => {
            add("class", json!(class));
            add("said", json!(said));
        }
        Event::Dead { why } | Event::OutcomeUnknown { why } => add("why", json!(why)),
        Event::Responded { said } => {
            add("native", json!(said.native));
            add("events", json!(said.events));
            add("lrn", json!(said.lrn));
            add("mrn", json!(said.mrn));
            add("errors", json!(said.errors));
        }
        _ => {}
    }
    json!({ "type": kind, "timestamp": one.at, "data": data })
}
