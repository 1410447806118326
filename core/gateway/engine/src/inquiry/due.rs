//! The time that questions have: what could not be answered is looked at again, and what was not answered in time is said.

use std::time::Duration;

use dragoman_exchange::{Event, State};
use dragoman_store::StoreError;

use super::{AT_ONCE, DUE, OPEN, due_key};
use crate::error::Answer;
use crate::gateway::Gateway;
use crate::people::Actor;
use crate::writing::Writing;

/// How often that is looked at.
pub(crate) const EVERY: Duration = Duration::from_secs(5);

impl Gateway {
    /// Answers the questions of counterparts that can be answered now, and says which were not in time. Gives how many
    /// that were.
    pub async fn keep_times(&self) -> Answer<usize> {
        let mut kept = 0;
        for tenant in self.tenants() {
            kept += self.looked_at_again(&tenant).await?;
            kept += self.over(&tenant).await?;
        }
        Ok(kept)
    }

    /// Answers what could not be answered before. One that cannot be looked at keeps no other from its answer.
    async fn looked_at_again(&self, tenant: &str) -> Answer<usize> {
        let (mut answered, mut after) = (0, String::new());
        loop {
            let page = self.0.store.records(tenant, OPEN, &after, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(answered) };
            after.clone_from(&last.key);
            for record in &page {
                match Box::pin(self.answer_open(&Actor::gateway(tenant), &record.body)).await {
                    Ok(is_answered) => answered += usize::from(is_answered),
                    Err(error) => {
                        tracing::error!(%error, stream = record.body, "a question cannot be answered");
                    }
                }
            }
        }
    }

    /// Says which questions were not answered when their time was over.
    async fn over(&self, tenant: &str) -> Answer<usize> {
        let now = due_key(self.0.clock.now(), "");
        let mut over = 0;
        for record in self.0.store.records(tenant, DUE, "", AT_ONCE).await? {
            if record.key >= now {
                break;
            }
            let told = self.told(tenant, &record.body).await?;
            let mut writing = Writing::new(self, &Actor::gateway(tenant));
            let is_there = told.exchange.submissions.iter().any(|one| one.state == State::Delivered);
            if !is_there {
                writing.event(&told.id, None, Event::Overdue);
                writing.batch.places.push(told.place(tenant));
            }
            writing.record(DUE, record.key, record.revision, None);
            if let Some(open) = self.0.store.record(tenant, OPEN, &record.body).await? {
                writing.record(OPEN, open.key, open.revision, None);
            }
            match writing.commit().await {
                Ok(_) => over += usize::from(!is_there),
                // Something happened in between: it is looked at again.
                Err(StoreError::Moved { .. } | StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(over)
    }
}
