//! Answers that nobody waited for, once somebody does.

use dragoman_exchange::{Event, Kind};
use dragoman_store::Record;

use super::receive::{Arrived, PARKED};
use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// So many are looked at in one go.
const AT_ONCE: usize = 100;

impl Gateway {
    /// Gives the answers that are parked under a number to what the number belongs to now.
    pub(crate) async fn unpark(&self, tenant: &str, account: &str, by: &str, value: &str) -> Answer<()> {
        let prefix = format!("{account}/{by}/{value}/");
        let records = self.0.store.records(tenant, PARKED, &prefix, AT_ONCE).await?;
        let own = records.into_iter().take_while(|record| record.key.starts_with(&prefix));
        let mut own = own.peekable();
        if own.peek().is_none() {
            return Ok(());
        }
        let space = by;
        let Some(mark) = self.0.store.mark(tenant, space, &format!("{account}/{value}")).await? else {
            return Ok(());
        };
        for Record { body: parked, .. } in own {
            let told = self.told(tenant, &parked).await?;
            if !told.exchange.orders.is_empty() {
                continue;
            }
            self.matched(&Actor::gateway(tenant), &told, &mark.stream, mark.submission.as_deref()).await?;
        }
        Ok(())
    }

    /// A person says which declaration a parked answer belongs to.
    pub async fn match_parked(&self, by: &Actor, parked: &str, declaration: &str) -> Answer<()> {
        allowed(by, Right::Write)?;
        let told = self.told(&by.tenant, parked).await?;
        if told.exchange.kind != Kind::Parked || !told.exchange.orders.is_empty() {
            return Err(EngineError::Conflict("this is no answer that waits for a declaration".to_owned()));
        }
        self.declaration(&by.tenant, declaration).await?;
        self.matched(by, &told, declaration, None).await
    }

    async fn matched(&self, by: &Actor, parked: &Told, stream: &str, submission: Option<&str>) -> Answer<()> {
        let Some(stored) = parked.last(|event| matches!(event, Event::Parked { .. })) else { return Ok(()) };
        let Event::Parked { account, said } = &stored.event.event else { return Ok(()) };
        let Some((_, bytes)) = self.bytes_of(&by.tenant, stored.seq).await? else { return Ok(()) };
        let account = self.account(&by.tenant, account)?;
        let arrived =
            Arrived { account, conversation: said.conversation.as_deref(), message: None, bytes: &bytes };
        let mut writing = Writing::new(self, by);
        self.respond(&mut writing, arrived, stream, submission).await?;
        writing.event(&parked.id, None, Event::Matched { stream: stream.to_owned() });
        let numbers = [("conversation", &said.conversation), ("lrn", &said.lrn), ("mrn", &said.mrn)];
        for (by, value) in numbers {
            let Some(value) = value else { continue };
            let key = format!("{}/{by}/{value}/{}", account.name(), parked.id);
            if let Some(record) = self.0.store.record(&writing.tenant, PARKED, &key).await? {
                writing.record(PARKED, key, record.revision, None);
            }
        }
        match writing.commit().await {
            // Somebody else was quicker: it is matched.
            Ok(_) | Err(dragoman_store::StoreError::Stale { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
