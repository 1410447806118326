//! Making a declaration again.

use std::sync::Arc;

use dragoman_adapters::{Catalogue, Customs, Declaration, Layout, write, write_over};
use dragoman_declare::{Consignment, Located, Order, Profile};
use dragoman_exchange::{Event, State, Submission};
use dragoman_model::{Document, apply};
use dragoman_store::StoredEvent;

use super::Told;
use crate::clock::day;
use crate::correct::Correction;
use crate::declaring::rates_of;
use crate::declaring::{Basis, Made, Making, read_orders};
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::{Consigned, handed_message};

/// A declaration as it stands.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The customs service that it is declared to.
    pub customs: Arc<Customs>,
    /// The declaration with its message.
    pub declaration: Declaration,
    /// The message that it was handed in as, where it was the account's own.
    pub original: Option<Vec<u8>>,
    /// The orders of its consignment; none of one that was handed in.
    pub orders: Vec<OrderText>,
    /// What was said when it was made.
    pub findings: Vec<Located>,
    /// What it was made from; none of one that was handed in.
    pub basis: Option<Basis>,
}

/// An order with its bytes.
#[derive(Debug)]
pub(crate) struct OrderText {
    /// The order.
    pub order: Consigned,
    /// Its bytes, as they came.
    pub bytes: Vec<u8>,
}

impl Draft {
    /// The orders, as they were declared.
    pub fn declared(&self) -> Vec<Order<'_>> {
        self.orders.iter().map(|one| Order { document: &one.order.document, offset: 0 }).collect()
    }

    /// The declaration with another document: over the message that it was handed in as, so that what no mapping speaks
    /// of stays.
    pub fn rewritten(&self, catalogue: &Catalogue, document: Document<'static>) -> Answer<Declaration> {
        let to = &self.customs.declaration;
        let written = match &self.original {
            Some(original) => write_over(catalogue, document, to, original, Layout::Line),
            None => write(document, to, Layout::Line),
        };
        written.ok_or_else(|| EngineError::damaged("the message cannot be written"))
    }
}

impl Gateway {
    /// The declaration of a stream as it stands; as it stood before an event, where one is given. None where there is
    /// nothing to make it from any more.
    pub(crate) async fn draft(
        &self,
        tenant: &str,
        told: &Told,
        before: Option<u64>,
    ) -> Answer<Option<Draft>> {
        let events = told.events.iter().take_while(|stored| before.is_none_or(|before| stored.seq < before));
        let events: Vec<_> = events.collect();
        let is_drafted = |stored: &&&StoredEvent| matches!(stored.event.event, Event::Drafted { .. });
        let Some(drafted) = events.iter().rfind(is_drafted) else { return Ok(None) };
        let Event::Drafted { account, .. } = &drafted.event.event else { return Ok(None) };
        let Some((media, bytes)) = self.bytes_of(tenant, drafted.seq).await? else { return Ok(None) };
        let made = match handed_message(&media) {
            Some(message) => {
                let customs = self.customs(tenant, account, message, day(drafted.event.at))?;
                self.kept(&customs, message, bytes)?
            }
            None => self.remade(tenant, account, &bytes).await?,
        };
        let Some(mut draft) = made else { return Ok(None) };
        let corrected = events.iter().filter(|stored| stored.seq > drafted.seq);
        let mut changes: Vec<Correction> = Vec::new();
        for stored in corrected {
            let Event::Corrected { changes: more } = &stored.event.event else { continue };
            if stored.event.submission.as_deref().is_some_and(|id| came_to_nothing(told, &events, id)) {
                continue;
            }
            changes.extend(more.iter().map(Correction::from));
        }
        if !changes.is_empty() {
            let document = corrected_by(&draft.declaration.document, &changes)?;
            draft.declaration = draft.rewritten(&self.0.catalogue, document)?;
        }
        Ok(Some(draft))
    }

    /// A declaration that was handed in, and is kept as it came.
    fn kept(&self, customs: &Arc<Customs>, message: &str, bytes: Vec<u8>) -> Answer<Option<Draft>> {
        let message = self.message(message, &bytes)?;
        let Ok(handed) = self.handed(customs, &message, &bytes) else { return Ok(None) };
        let is_own = handed.is_own;
        let declaration = self.write_handed(customs, &message, handed, &bytes)?;
        Ok(Some(Draft {
            customs: Arc::clone(customs),
            declaration,
            original: is_own.then_some(bytes),
            orders: Vec::new(),
            findings: Vec::new(),
            basis: None,
        }))
    }

    /// A declaration that was made from orders.
    async fn remade(&self, tenant: &str, account: &str, basis: &[u8]) -> Answer<Option<Draft>> {
        let basis: Basis = serde_json::from_slice(basis).map_err(EngineError::damaged)?;
        let customs = self.customs(tenant, account, &basis.message, basis.on)?;
        let mut orders = Vec::new();
        for order in &basis.orders {
            let Some(text) = self.order_text(tenant, &order.stream, Some(&order.hash)).await? else {
                return Ok(None);
            };
            orders.push(text);
        }
        let (profile, consignment, rates) = self.settings_of(tenant, &basis).await?;
        let documents: Vec<_> = orders.iter().map(|text| &text.order.document).collect();
        let making = Making {
            customs: &customs,
            orders: &documents,
            master: &basis.master,
            profile: &profile,
            consignment: &consignment,
            rates: &rates,
            lrns: &basis.lrns,
            on: basis.on,
            moment: basis.stamped(),
        };
        let Some(Made { mut pieces, findings, .. }) = making.make() else { return Ok(None) };
        if basis.index >= pieces.len() {
            return Ok(None);
        }
        let declaration = pieces.swap_remove(basis.index).declaration;
        Ok(Some(Draft { customs, declaration, original: None, orders, findings, basis: Some(basis) }))
    }

    async fn settings_of(
        &self,
        tenant: &str,
        basis: &Basis,
    ) -> Answer<(Profile, Consignment, dragoman_declare::Rates)> {
        let broken = |_| EngineError::damaged("a text that was declared from");
        let gone = || EngineError::damaged("a text that was declared from is gone");
        let profile = self.text(tenant, &basis.profile).await?.ok_or_else(gone)?;
        let consignment = self.text(tenant, &basis.consignment).await?.ok_or_else(gone)?;
        let rates = self.text(tenant, &basis.rates).await?.ok_or_else(gone)?;
        let profile = Profile::read(&profile).map_err(broken)?;
        Ok((profile, Consignment::read(&consignment).map_err(broken)?, rates_of(&rates)))
    }

    /// An order as it came: as it came last, or the one of that content.
    pub(crate) async fn order_text(
        &self,
        tenant: &str,
        stream: &str,
        hash: Option<&str>,
    ) -> Answer<Option<OrderText>> {
        let events = self.events(tenant, stream).await?;
        let fits = |stored: &&StoredEvent| {
            matches!(stored.event.event, Event::OrderReceived { .. })
                && stored.content_hash.as_deref().is_some_and(|own| hash.is_none_or(|hash| hash == own))
        };
        let Some(stored) = events.iter().rfind(fits) else { return Ok(None) };
        let Event::OrderReceived { message, number, .. } = &stored.event.event else { return Ok(None) };
        let Some((_, bytes)) = self.bytes_of(tenant, stored.seq).await? else { return Ok(None) };
        let kind = self.message(message, &bytes)?;
        let read = read_orders(&self.0.catalogue, &kind, &bytes).ok().and_then(|mut all| all.pop());
        let order = read.map(|read| Consigned {
            stream: stream.to_owned(),
            number: number.clone(),
            message: message.clone(),
            hash: stored.content_hash.clone().unwrap_or_default(),
            document: read.document,
        });
        Ok(order.map(|order| OrderText { order, bytes }))
    }
}

/// True of an amendment that did not go out, or that customs refused.
fn came_to_nothing(told: &Told, events: &[&StoredEvent], id: &str) -> bool {
    let is_lost = |one: &Submission| one.id == id && matches!(one.state, State::Refused | State::Dead);
    let is_refused = |stored: &&&StoredEvent| match &stored.event.event {
        Event::Responded { said } => {
            let is_own = stored.event.submission.as_deref() == Some(id);
            is_own && said.events.split_whitespace().any(|word| word == "rejected")
        }
        _ => false,
    };
    told.exchange.submissions.iter().any(is_lost) || events.iter().any(|stored| is_refused(&stored))
}

/// A document with what people corrected.
pub(crate) fn corrected_by(
    document: &Document<'static>,
    changes: &[Correction],
) -> Answer<Document<'static>> {
    let mut document = document.clone();
    for change in changes {
        let change = change.of(&document);
        document = apply(&document, &[change]).map_err(|findings| {
            crate::intake::refused("the correction does not fit the declaration", &findings)
        })?;
    }
    Ok(document)
}
