//! A declaration made anew, by the customs master and the settings as they are now.

use std::sync::Arc;

use dragoman_adapters::{Customs, Declaration, Layout, write};
use dragoman_exchange::Event;
use dragoman_tree::Severity;

use super::Correction;
use crate::declaring::{Basis, Flow, Making, is_reference};
use crate::draft::{Draft, Told, corrected_by};
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::{BASIS, Facts};
use crate::master::skus;
use crate::writing::Writing;

/// A declaration that was made anew.
pub(crate) struct Redrafted {
    /// The customs service, as it is spoken with now.
    pub customs: Arc<Customs>,
    /// What it was made from.
    pub basis: Basis,
    /// The declaration, with the corrections that people made before as far as they still fit.
    pub declaration: Declaration,
    /// Those corrections.
    pub corrections: Vec<Correction>,
    /// How many errors keep it from being sent.
    pub errors: usize,
}

impl Gateway {
    /// Makes a declaration anew; none where it was handed in, or its flow is gone.
    pub(crate) async fn redraft(
        &self,
        tenant: &str,
        told: &Told,
        draft: &Draft,
    ) -> Answer<Option<Redrafted>> {
        let Some(before) = &draft.basis else { return Ok(None) };
        let Ok(flow) = self.flow(tenant, &before.flow) else { return Ok(None) };
        let documents: Vec<_> = draft.orders.iter().map(|text| &text.order.document).collect();
        let master = self.master_of(tenant, skus(&documents)).await?;
        let on = self.0.clock.today();
        let customs = self.customs_of(flow, on)?;
        let making = Making {
            customs: &customs,
            orders: &documents,
            master: &master,
            profile: &flow.profile.read,
            consignment: &flow.consignment.read,
            rates: &flow.rates.read,
            lrns: &before.lrns,
            on,
            moment: before.stamped(),
        };
        let Some(mut made) = making.make() else { return Ok(None) };
        if before.index >= made.pieces.len() {
            return Ok(None);
        }
        let declaration = made.pieces.swap_remove(before.index).declaration;
        let message = customs.declaration.name().to_owned();
        let basis = Basis { message, ..anew(before, flow, master, on, &self.0.data) };
        let errors = made.findings.iter().filter(|one| one.finding.severity == Severity::Error).count();
        let mut redrafted = Redrafted { customs, basis, declaration, corrections: Vec::new(), errors };
        for correction in kept(told) {
            // What was corrected by hand and is right now in the master does not fit any more: the master counts.
            let document = &redrafted.declaration.document;
            let Ok(document) = corrected_by(document, std::slice::from_ref(&correction)) else { continue };
            let written = write(document, &redrafted.customs.declaration, Layout::Line);
            redrafted.declaration =
                written.ok_or_else(|| EngineError::damaged("the message cannot be written"))?;
            redrafted.corrections.push(correction);
        }
        Ok(Some(redrafted))
    }

    /// Adds a declaration that was made anew to a batch.
    pub(crate) fn add_redrafted(
        &self,
        writing: &mut Writing<'_>,
        told: &Told,
        redrafted: &Redrafted,
    ) -> Answer<()> {
        let exchange = &told.exchange;
        let country = self.account(&writing.tenant, &exchange.account)?.country();
        let facts = Facts::of(&redrafted.declaration.document, country, "lrn");
        let event = Event::Drafted {
            account: exchange.account.clone(),
            lrn: facts.lrn,
            orders: exchange.orders.clone(),
            data_set: facts.data_set,
            corridor: facts.corridor.or_else(|| exchange.corridor.clone()),
            value: facts.value.or_else(|| exchange.value.clone()),
            errors: redrafted.errors,
        };
        let basis = serde_json::to_vec(&redrafted.basis).map_err(EngineError::damaged)?;
        writing.message(&told.id, None, event, BASIS, basis);
        if !redrafted.corrections.is_empty() {
            let changes: Vec<_> = redrafted.corrections.iter().map(Correction::recorded).collect();
            writing.corrected(&told.id, None, &changes)?;
        }
        Ok(())
    }
}

fn anew(before: &Basis, flow: &Flow, master: String, on: jiff::civil::Date, data: &str) -> Basis {
    Basis {
        master,
        on,
        profile: flow.profile.hash.clone(),
        // A consignment of its own stays.
        rates: flow.rates.hash.clone(),
        data: data.to_owned(),
        ..before.clone()
    }
}

/// What people corrected, but for the reference, which stays with what was sent under it.
fn kept(told: &Told) -> Vec<Correction> {
    let mut kept = Vec::new();
    for stored in &told.events {
        match &stored.event.event {
            Event::Drafted { .. } => kept.clear(),
            Event::Corrected { changes } if stored.event.submission.is_none() => {
                let others = changes.iter().filter(|change| !is_reference(&change.path));
                kept.extend(others.map(Correction::from));
            }
            _ => {}
        }
    }
    kept
}
