//! Declaring orders that are in the journal, together as one consignment.

use dragoman_store::StoreError;

use super::answer::{Keyed, was_used};
use super::declare::{Consigned, Goal};
use super::order::{Known, ORDERS, received, waits};
use super::{News, Taken, TakenOrder};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// An order that is to be declared, with what is known of it.
struct Chosen {
    order: Consigned,
    key: String,
    known: Known,
    revision: u64,
}

impl Gateway {
    /// Declares orders of the journal as one consignment.
    pub async fn declare(
        &self,
        by: &Actor,
        orders: &[String],
        goal: &Goal,
        key: Option<&str>,
    ) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let text = serde_json::to_vec(&(orders, goal)).map_err(EngineError::damaged)?;
        let keyed = Keyed::new(key, &[b"declare", &text]);
        if let Some(answered) = self.answered(&by.tenant, keyed.as_ref()).await? {
            return Ok(answered);
        }
        if orders.is_empty() {
            return Err(EngineError::refused("say which orders"));
        }
        loop {
            let chosen = self.chosen(&by.tenant, orders).await?;
            let mut writing = Writing::new(self, by);
            let taken = self.consign(&mut writing, &chosen, goal).await?;
            if let Some(keyed) = &keyed {
                keyed.keep(&mut writing, &taken)?;
            }
            match writing.commit().await {
                Ok(_) => return Ok(taken),
                Err(error) if was_used(&error) => {
                    return self.answer_of(&by.tenant, keyed.as_ref()).await;
                }
                // Somebody else declared one of them, or it came anew: look again.
                Err(StoreError::Stale { .. }) => {}
                Err(StoreError::Conflict(mark)) if mark.space == "lrn" => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn chosen(&self, tenant: &str, orders: &[String]) -> Answer<Vec<Chosen>> {
        let mut chosen = Vec::new();
        for stream in orders {
            let told = self.told(tenant, stream).await?;
            let text = self.order_text(tenant, stream, None).await?;
            let order = text.ok_or_else(|| EngineError::unknown("order", stream))?.order;
            let key = format!("{}/{}", told.exchange.account, order.number);
            let known = self.known_order(tenant, &key).await?;
            let (known, revision) = known.ok_or_else(|| EngineError::unknown("order", stream))?;
            if let Some(declaration) = known.declarations.last() {
                let number = &order.number;
                return Err(EngineError::Conflict(format!(
                    "order {number} is declared already, in {declaration}"
                )));
            }
            chosen.push(Chosen { order, key, known, revision });
        }
        Ok(chosen)
    }

    async fn consign(&self, writing: &mut Writing<'_>, chosen: &[Chosen], goal: &Goal) -> Answer<Taken> {
        let orders: Vec<_> = chosen.iter().map(|one| one.order.clone()).collect();
        let from = chosen.first().and_then(|one| one.key.split_once('/')).map(|(from, _)| from);
        let flow = self.flow_to(&writing.tenant, goal, from)?;
        let declaring = self.make(&flow, &orders).await?;
        let gaps: Vec<_> = (0..orders.len()).map(|order| declaring.gaps(order)).collect();
        let mut taken = Taken::default();
        let is_complete = gaps.iter().all(Vec::is_empty);
        if is_complete {
            self.keep_consignment(writing, &flow).await?;
            for piece in declaring.made.pieces.iter().enumerate() {
                taken.declarations.push(declaring.add(self, writing, piece)?);
            }
        }
        for (index, (one, gaps)) in chosen.iter().zip(gaps).enumerate() {
            waits(writing, &one.key, &one.known.gaps, &gaps, &one.order.stream);
            let mut known = one.known.clone();
            known.gaps.clone_from(&gaps);
            if is_complete {
                known.declarations.extend(declaring.covering(index, &taken.declarations));
            }
            let body = serde_json::to_string(&known).map_err(EngineError::damaged)?;
            writing.record(ORDERS, one.key.clone(), one.revision, Some(body));
            if gaps != one.known.gaps {
                // The order is as it was: what is new is what it waits for.
                let event = received(from.unwrap_or_default(), &one.order, &gaps);
                writing.event(&one.order.stream, None, event);
            }
            taken.orders.push(TakenOrder {
                id: one.order.stream.clone(),
                number: one.order.number.clone(),
                news: News::Known,
                gaps,
                findings: declaring.findings(index),
            });
        }
        Ok(taken)
    }
}
