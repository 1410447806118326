//! The end of retention: messages go, what happened stays.

use dragoman_exchange::{Event, Retention};
use dragoman_store::{Place, Row, StoreError};
use jiff::Timestamp;

use crate::error::Answer;
use crate::gateway::Gateway;
use crate::people::Actor;
use crate::writing::Writing;

/// So many streams are looked at at once.
const PAGE: usize = 200;

impl Gateway {
    /// Erases the messages whose time is over by the rules that are configured, and gives of how many streams. Their
    /// events and hashes stay, and the chain verifies.
    pub async fn expire(&self) -> Answer<usize> {
        let (rules, now) = (&self.0.config.retention, self.0.clock.now());
        let (mut erased, mut after) = (0, None);
        loop {
            let page = self.0.store.settled(after, PAGE).await?;
            for (tenant, row) in &page {
                let until = Retention::until(rules, row.corridor.as_deref(), row.changed);
                if until.is_some_and(|until| until <= now) && self.erase(tenant, row).await? {
                    erased += 1;
                }
            }
            // The longest unchanged come first: behind one that no rule has done with, none is.
            let Some((_, last)) = page.last() else { break };
            if !rules.iter().filter_map(|rule| rule.end(last.changed)).any(|end| end <= now) {
                break;
            }
            after = Some((last.changed, last.id.clone()));
        }
        self.forget_later().await?;
        Ok(erased)
    }

    /// Erases the messages of a stream, unless something happened in it that its row does not know of yet.
    async fn erase(&self, tenant: &str, row: &Row) -> Answer<bool> {
        let told = self.told(tenant, &row.id).await?;
        let changed = told.exchange.changed.map(Timestamp::as_microsecond);
        let Some(last) = told.events.last().filter(|_| changed == Some(row.changed.as_microsecond())) else {
            return Ok(false);
        };
        let mut writing = Writing::new(self, &Actor::gateway(tenant));
        let place = Place { tenant: tenant.to_owned(), stream: row.id.clone(), seq: last.seq };
        writing.batch.places.push(place);
        writing.event(&row.id, None, Event::Erased { why: "the end of retention".to_owned() });
        match writing.commit().await {
            Ok(_) => Ok(true),
            Err(StoreError::Moved { .. } | StoreError::Unsent { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
