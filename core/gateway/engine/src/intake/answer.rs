//! Idempotency as Stripe has it: the same key and the same request give the answer of the first; the same key and
//! another request are refused.

use dragoman_store::{Mark, StoreError};

use super::Taken;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::hash::sha256;
use crate::writing::Writing;

/// Keys that were used, and what was answered under them.
const SPACE: &str = "idempotency";

/// A request with its key.
#[derive(Clone, Debug)]
pub(crate) struct Keyed {
    key: String,
    digest: String,
}

impl Keyed {
    /// A request under a key; none where it has none. `parts` are everything that the request says.
    pub fn new(key: Option<&str>, parts: &[&[u8]]) -> Option<Self> {
        let mut all = Vec::new();
        for part in parts {
            all.extend((part.len() as u64).to_be_bytes());
            all.extend_from_slice(part);
        }
        key.map(|key| Self { key: key.to_owned(), digest: sha256(&all) })
    }

    /// Keeps the answer in the batch that it is the answer to.
    pub fn keep(&self, writing: &mut Writing<'_>, taken: &Taken) -> Answer<()> {
        let body = serde_json::to_string(taken).map_err(EngineError::damaged)?;
        let stream = taken.orders.first().map(|order| &order.id);
        let stream = stream.or(taken.declarations.first().map(|declaration| &declaration.id));
        let stream = stream.or(taken.shipments.first().map(|shipment| &shipment.id));
        let (tenant, stream) = (writing.tenant.clone(), stream.cloned().unwrap_or_default());
        let (space, value, digest) = (SPACE.to_owned(), self.key.clone(), Some(self.digest.clone()));
        // First: what comes again under its key meets its own references too.
        writing.batch.marks.insert(0, Mark { tenant, space, value, stream, submission: None, digest });
        writing.record(SPACE, self.key.clone(), 0, Some(body));
        Ok(())
    }
}

impl Gateway {
    /// Writes what a request becomes, and its answer under its key. Where the key was used meanwhile, the answer is the one
    /// of then; any other conflict is explained by `conflict`.
    pub(crate) async fn commit_once(
        &self,
        mut writing: Writing<'_>,
        keyed: Option<&Keyed>,
        taken: Taken,
        conflict: impl FnOnce(Box<Mark>) -> EngineError + Send,
    ) -> Answer<Taken> {
        if let Some(keyed) = keyed {
            keyed.keep(&mut writing, &taken)?;
        }
        let tenant = writing.tenant.clone();
        match writing.commit().await {
            Ok(_) => Ok(taken),
            Err(error) if was_used(&error) => self.answer_of(&tenant, keyed).await,
            Err(StoreError::Conflict(mark)) => Err(conflict(mark)),
            Err(error) => Err(error.into()),
        }
    }

    /// The answer that a request was given whose key was used meanwhile.
    pub(crate) async fn answer_of(&self, tenant: &str, keyed: Option<&Keyed>) -> Answer<Taken> {
        let answered = self.answered(tenant, keyed).await?;
        answered.ok_or_else(|| EngineError::damaged("an answer is gone"))
    }

    /// The answer that a request was given before, where its key was used.
    pub(crate) async fn answered(&self, tenant: &str, keyed: Option<&Keyed>) -> Answer<Option<Taken>> {
        let Some(keyed) = keyed else { return Ok(None) };
        let Some(mark) = self.0.store.mark(tenant, SPACE, &keyed.key).await? else { return Ok(None) };
        if mark.digest.as_ref() != Some(&keyed.digest) {
            return Err(EngineError::KeyReused);
        }
        let record = self.0.store.record(tenant, SPACE, &keyed.key).await?;
        let Some(record) = record else { return Err(EngineError::damaged("an answer is gone")) };
        let taken: Taken = serde_json::from_str(&record.body).map_err(EngineError::damaged)?;
        Ok(Some(Taken { repeated: true, ..taken }))
    }
}

/// True where a batch failed because its key was used meanwhile.
pub(crate) fn was_used(error: &StoreError) -> bool {
    matches!(error, StoreError::Conflict(mark) if mark.space == SPACE)
}
