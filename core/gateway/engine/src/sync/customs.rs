//! What customs made of an order, told back to its platform: each standing of each declaration once.

use dragoman_exchange::{Event, Purpose};
use dragoman_model::State;
use serde_json::json;

use super::ship::queue;
use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::About;
use crate::writing::Writing;

/// The operation that tells a platform where a declaration of an order stands.
const CUSTOMS: &str = "customs";

/// What platforms are told, each once: `order/declaration/state`.
const SPACE: &str = "customs";

impl Gateway {
    /// Queues the telling of platforms where an answer of customs brings a declaration further: from its acceptance on.
    /// What is rejected is mended here, and no platform's business.
    pub(crate) async fn tell_platforms(
        &self,
        writing: &mut Writing<'_>,
        declaration: &str,
        submission: Option<&str>,
        event: &Event,
    ) -> Answer<()> {
        let Told { exchange: before, .. } = self.told(&writing.tenant, declaration).await?;
        let mut after = before.clone();
        if after.apply(writing.at, &writing.actor, submission, event).is_err() {
            return Ok(());
        }
        let state = after.status.state();
        let (Some(mrn), true) = (&after.mrn, state > before.status.state() && state >= State::Accepted)
        else {
            return Ok(());
        };
        for (order, number) in &after.orders {
            let Ok(told) = self.told(&writing.tenant, order).await else { continue };
            let Some(account) = self.0.accounts.get(&told.exchange.account) else { continue };
            let channel = account.channel.as_ref();
            if channel.and_then(|channel| channel.operation(CUSTOMS)).is_none() {
                continue;
            }
            let once = format!("{order}/{declaration}/{}", state.word());
            let is_queued = writing.batch.marks.iter().any(|mark| mark.space == SPACE && mark.value == once);
            if is_queued || self.0.store.mark(&writing.tenant, SPACE, &once).await?.is_some() {
                continue;
            }
            let known = self.known_order(&writing.tenant, &format!("{}/{number}", account.name())).await?;
            let id = known.and_then(|(known, _)| known.platform_id).unwrap_or_else(|| number.clone());
            let about = About::new(account.name(), CUSTOMS, Purpose::Fulfilment)
                .with("order.id", Some(&id))
                .with("order.number", Some(number))
                .with("declaration.lrn", after.lrn.as_ref())
                .with("declaration.mrn", Some(mrn))
                .with("declaration.status", Some(&state.word().to_owned()));
            let said = json!({ "declaration": declaration, "mrn": mrn, "status": state.word() });
            let said = serde_json::to_vec(&said).map_err(EngineError::damaged)?;
            let submission = queue(writing, order, &about, &said)?;
            writing.mark(SPACE, once, order, Some(&submission));
        }
        Ok(())
    }
}
