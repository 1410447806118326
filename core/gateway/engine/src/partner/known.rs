//! What is known of a partner's files: their content for ever, and the control numbers of what was sent.

use dragoman_store::StoreError;
use serde::{Deserialize, Serialize};

use super::Partner;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::writing::Writing;

/// The space of the records of files, by `partner/hash`.
const FILES: &str = "file";

/// The space of the records of control numbers, by partner: the last one that was given.
const NUMBERS: &str = "control_number";

/// The space of the keys of what was sent, by `partner/control reference`.
const SENT: &str = "sent";

/// A file that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// Its name as it came.
    pub name: String,
    /// The control number of what is made of it.
    pub number: u32,
    /// True once everything is done with it.
    pub done: bool,
    #[serde(skip)]
    revision: u64,
}

impl Gateway {
    /// What is known of content. Content that is new gets a control number, which it keeps where it is begun again.
    pub(super) async fn begin_file(&self, partner: &Partner, hash: &str, name: &str) -> Answer<Known> {
        let (tenant, own) = (&partner.settings.tenant, &partner.settings.name);
        let key = format!("{own}/{hash}");
        loop {
            if let Some(record) = self.0.store.record(tenant, FILES, &key).await? {
                let known: Known = serde_json::from_str(&record.body).map_err(EngineError::damaged)?;
                return Ok(Known { revision: record.revision, ..known });
            }
            let counter = self.0.store.record(tenant, NUMBERS, own).await?;
            let last =
                counter.as_ref().and_then(|record| record.body.parse::<u32>().ok()).unwrap_or_default();
            // Nine digits at most, in X12.
            let number = if last >= 999_999_999 { 1 } else { last + 1 };
            let known = Known { name: name.to_owned(), number, done: false, revision: 1 };
            let body = serde_json::to_string(&known).map_err(EngineError::damaged)?;
            let mut writing = Writing::new(self, &partner.actor());
            let revision = counter.map_or(0, |record| record.revision);
            writing.record(NUMBERS, own.clone(), revision, Some(number.to_string()));
            writing.record(FILES, key.clone(), 0, Some(body));
            match writing.commit().await {
                Ok(_) => return Ok(known),
                Err(StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Everything is done with a file; `sent` are the control references of the interchanges that were made of it.
    pub(super) async fn end_file(
        &self,
        partner: &Partner,
        hash: &str,
        known: Known,
        sent: &[String],
    ) -> Answer<()> {
        let own = &partner.settings.name;
        let done = Known { done: true, ..known };
        let body = serde_json::to_string(&done).map_err(EngineError::damaged)?;
        let mut writing = Writing::new(self, &partner.actor());
        writing.record(FILES, format!("{own}/{hash}"), done.revision, Some(body));
        for reference in sent {
            // Numbers begin anew one day: the first that had one keeps it.
            writing.link(SENT, format!("{own}/{reference}"), &done.name, None);
        }
        writing.commit().await?;
        Ok(())
    }

    /// The file that an interchange was made of, by its control reference.
    pub(super) async fn sent_as(&self, partner: &Partner, reference: &str) -> Answer<Option<String>> {
        let key = format!("{}/{reference}", partner.settings.name);
        let mark = self.0.store.mark(&partner.settings.tenant, SENT, &key).await?;
        Ok(mark.map(|mark| mark.stream))
    }
}
