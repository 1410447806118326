//! A stream of the journal, told from its beginning.

use dragoman_exchange::{Event, Exchange};
use dragoman_store::{Place, StoredEvent};

use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;

/// A stream: its events, and what they come to.
#[derive(Debug)]
pub(crate) struct Told {
    /// Its id.
    pub id: String,
    /// Its events, in their order.
    pub events: Vec<StoredEvent>,
    /// What they come to.
    pub exchange: Exchange,
}

/// What some events come to. One that cannot have happened is not told; it stays in the journal.
pub(crate) fn told(id: &str, events: Vec<StoredEvent>) -> Told {
    let mut exchange = Exchange::default();
    for stored in &events {
        let _ = stored.event.tell(&mut exchange);
    }
    Told { id: id.to_owned(), events, exchange }
}

impl Told {
    /// Where it stood when it was read.
    pub fn place(&self, tenant: &str) -> Place {
        let seq = self.events.last().map_or(0, |stored| stored.seq);
        Place { tenant: tenant.to_owned(), stream: self.id.clone(), seq }
    }

    /// The last event of those that fit.
    pub fn last(&self, fits: impl Fn(&Event) -> bool) -> Option<&StoredEvent> {
        self.events.iter().rfind(|stored| fits(&stored.event.event))
    }
}

impl Gateway {
    /// A stream of a tenant.
    pub(crate) async fn told(&self, tenant: &str, id: &str) -> Answer<Told> {
        let events = self.events(tenant, id).await?;
        if events.is_empty() {
            return Err(EngineError::unknown("exchange", id));
        }
        Ok(told(id, events))
    }

    /// The events of a stream, with what is kept apart of them.
    pub(crate) async fn events(&self, tenant: &str, id: &str) -> Answer<Vec<StoredEvent>> {
        let mut events = self.0.store.stream(tenant, id).await?;
        for stored in &mut events {
            let Event::Corrected { changes } = &mut stored.event.event else { continue };
            if !changes.iter().any(|change| change.withheld) {
                continue;
            }
            match self.bytes_of(tenant, stored.seq).await? {
                Some((_, bytes)) => {
                    *changes = serde_json::from_slice(&bytes).map_err(EngineError::damaged)?;
                }
                // They went with the messages that they changed.
                None => changes.retain(|change| !change.withheld),
            }
        }
        Ok(events)
    }

    /// The bytes that belong to an event.
    pub(crate) async fn bytes_of(&self, tenant: &str, seq: u64) -> Answer<Option<(String, Vec<u8>)>> {
        let payload = self.0.store.payload(tenant, seq).await?;
        Ok(payload.map(|payload| (payload.media, payload.bytes)))
    }
}
