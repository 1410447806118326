//! Orders: stored as they came, known by their platform and number, and declared where a flow says so.

use dragoman_adapters::{Message, recognise};
use dragoman_exchange::Event;
use dragoman_model::{At, Document, OrderView};
use dragoman_store::{Record, StoreError};
use dragoman_tree::{Finding, FindingRecord};
use serde::{Deserialize, Serialize};

use super::answer::{Keyed, was_used};
use super::declare::{Consigned, Declaring, Goal};
use super::{News, Taken, TakenOrder};
use crate::declaring::{Flow, ReadOrder, read_orders};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::hash::sha256;
use crate::master::STATED;
use crate::people::{Actor, Right};
use crate::writing::{Writing, id};

/// An order that comes in, or several in one message.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderIn<'o> {
    /// The message: `amazon/order`, `canonical`; `auto` to recognise it by its content.
    pub message: &'o str,
    /// Its bytes.
    pub bytes: &'o [u8],
    /// The account or the partner that it comes from; none where a program hands it in by itself.
    pub from: Option<&'o str>,
    /// Where it is declared to. Without a goal, the flow of the account decides.
    pub goal: Option<&'o Goal>,
    /// The platform's own id of it, where that is not its number.
    pub platform_id: Option<&'o str>,
    /// True where the platform is not yet done with it: it is kept, and declared once it is.
    pub unsettled: bool,
    /// The idempotency key.
    pub key: Option<&'o str>,
}

/// What is known of an order, by its platform and number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    /// Its stream.
    pub stream: String,
    /// The hash of its bytes as they came last.
    pub hash: String,
    /// The declarations that it is in.
    #[serde(default)]
    pub declarations: Vec<String>,
    /// Articles that the customs master has to say more about.
    #[serde(default)]
    pub gaps: Vec<String>,
    /// Where it is declared to, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
    /// The platform's own id, where that is not its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_id: Option<String>,
}

/// The space of the store's records by which orders are known: `account/number`.
pub(crate) const ORDERS: &str = "order";

/// The space of the orders that wait for an article: `sku\u{1f}account/number`.
pub(crate) const GAPS: &str = "gap";

/// Where orders come from that a program hands in by itself.
pub(crate) const BY_HAND: &str = "api";

impl Gateway {
    /// Takes an order in, or several. What is answered is on disk; the same order again changes nothing.
    pub async fn receive_order(&self, by: &Actor, order: OrderIn<'_>) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let goal = order.goal.map(serde_json::to_vec).transpose().map_err(EngineError::damaged)?;
        let from = match order.from {
            Some(name) => self.origin(&by.tenant, name)?,
            None => BY_HAND,
        };
        let parts = [
            b"order",
            order.message.as_bytes(),
            from.as_bytes(),
            goal.as_deref().unwrap_or_default(),
            order.bytes,
        ];
        let keyed = Keyed::new(order.key, &parts);
        let flow = match order.goal {
            _ if order.unsettled => None,
            Some(goal) => Some(self.flow_to(&by.tenant, goal, order.from)?),
            None => self.flow_from(&by.tenant, from).cloned(),
        };
        let message = self.message(order.message, order.bytes)?;
        let orders = read_orders(&self.0.catalogue, &message, order.bytes)
            .map_err(|findings| refused("no order of it can be taken in", &findings))?;
        let (message, flow, goal) = (message.name(), flow.as_deref(), order.goal);
        let platform_id = order.platform_id;
        let taking = Taking { gateway: self, by, from, message, flow, goal, platform_id };
        let taken = taking.all(orders, keyed.as_ref()).await;
        match taken {
            Err(EngineError::Store(error)) if was_used(&error) => {
                self.answer_of(&by.tenant, keyed.as_ref()).await
            }
            taken => taken,
        }
    }

    /// The message of a name, or what the content is.
    pub(crate) fn message(&self, name: &str, bytes: &[u8]) -> Answer<Message> {
        let catalogue = &self.0.catalogue;
        if name != "auto" {
            return catalogue.message(name).map_err(|error| EngineError::refused(error.to_string()));
        }
        let found = recognise(catalogue, bytes).map_err(EngineError::damaged)?;
        found.ok_or_else(|| {
            refused("no message is known for the content", &[dragoman_adapters::unknown(bytes)])
        })
    }

    /// What is known of an order.
    pub(crate) async fn known_order(&self, tenant: &str, key: &str) -> Answer<Option<(Known, u64)>> {
        let Some(Record { body, revision, .. }) = self.0.store.record(tenant, ORDERS, key).await? else {
            return Ok(None);
        };
        Ok(Some((serde_json::from_str(&body).map_err(EngineError::damaged)?, revision)))
    }
}

/// What was handed in cannot be used.
pub(crate) fn refused(message: &str, findings: &[Finding]) -> EngineError {
    let findings = findings.iter().map(|finding| FindingRecord::new(finding, None, |_| None)).collect();
    EngineError::Refused { message: message.to_owned(), findings }
}

/// What an order came as, beside what it says.
struct Own {
    bytes: Vec<u8>,
    findings: Vec<Finding>,
}

/// Orders that are being taken in.
struct Taking<'t> {
    gateway: &'t Gateway,
    by: &'t Actor,
    from: &'t str,
    message: &'t str,
    flow: Option<&'t Flow>,
    goal: Option<&'t Goal>,
    platform_id: Option<&'t str>,
}

impl Taking<'_> {
    /// Takes them in one by one: a message that was cut off in the middle goes on where it stopped.
    async fn all(&self, mut orders: Vec<ReadOrder>, keyed: Option<&Keyed>) -> Answer<Taken> {
        let mut taken = Taken::default();
        if let (1, Some(order)) = (orders.len(), orders.pop()) {
            self.one(order, keyed, &mut taken).await?;
            return Ok(taken);
        }
        for order in orders {
            self.one(order, None, &mut taken).await?;
        }
        if let Some(keyed) = keyed {
            let mut writing = Writing::new(self.gateway, self.by);
            keyed.keep(&mut writing, &taken)?;
            writing.commit().await?;
        }
        Ok(taken)
    }

    /// Takes one in. What is known of it is looked up where the store says that there is something.
    async fn one(&self, order: ReadOrder, keyed: Option<&Keyed>, taken: &mut Taken) -> Answer<()> {
        let number = At::root(&order.document).text("order_number").unwrap_or_default().trim().to_owned();
        if number.is_empty() {
            return Err(refused("the order has no number", &order.findings));
        }
        let hash = sha256(&order.bytes);
        let consigned = Consigned {
            stream: id(),
            number,
            message: self.message.to_owned(),
            hash,
            document: order.document,
        };
        let read = Own { bytes: order.bytes, findings: order.findings };
        let (mut known, mut orders) = (None, [consigned]);
        loop {
            let mut writing = Writing::new(self.gateway, self.by);
            let step = self.step(&read, &orders, known.as_ref(), &mut writing).await?;
            if let Some(keyed) = keyed {
                keyed.keep(&mut writing, &step)?;
            }
            match writing.commit().await {
                Ok(_) => {
                    taken.orders.extend(step.orders);
                    taken.declarations.extend(step.declarations);
                    return Ok(());
                }
                Err(StoreError::Stale { space, key }) if space == ORDERS => {
                    known = self.gateway.known_order(&self.by.tenant, &key).await?;
                    if let (Some((known, _)), [order]) = (&known, &mut orders) {
                        order.stream.clone_from(&known.stream);
                    }
                }
                // Another order said something of the same article: it is looked at again.
                Err(StoreError::Stale { space, .. }) if space == STATED => {}
                // A reference of ours that is there already: another one is made.
                Err(StoreError::Conflict(mark)) if mark.space == "lrn" => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// What is to happen with an order, as far as is known of it.
    async fn step(
        &self,
        read: &Own,
        orders: &[Consigned; 1],
        known: Option<&(Known, u64)>,
        writing: &mut Writing<'_>,
    ) -> Answer<Taken> {
        let [order] = orders;
        let key = format!("{}/{}", self.from, order.number);
        let news = match known {
            None => News::New,
            Some((known, _)) if known.hash == order.hash => News::Known,
            Some(_) => News::Changed,
        };
        let own = read.findings.iter().map(|finding| FindingRecord::new(finding, None, |_| None));
        let mut answer = TakenOrder {
            id: order.stream.clone(),
            number: order.number.clone(),
            news,
            gaps: Vec::new(),
            findings: own.collect(),
        };
        if let (News::Known, Some((known, _))) = (news, known) {
            answer.gaps.clone_from(&known.gaps);
            return Ok(Taken { orders: vec![answer], ..Taken::default() });
        }
        let is_declared = known.is_some_and(|(known, _)| !known.declarations.is_empty());
        let declaring = match self.flow.filter(|_| !is_declared) {
            Some(flow) => Some(self.gateway.make(flow, orders).await?),
            None => None,
        };
        let gaps = declaring.as_ref().map(|declaring| declaring.gaps(0)).unwrap_or_default();
        let event = received(self.from, order, &gaps);
        writing.concerns(&order.stream, &order.document);
        self.gateway.note_stated(writing, self.from, &order.document).await?;
        writing.message(&order.stream, None, event, "application/json", read.bytes.clone());
        let mut kept = known.map(|(known, _)| known.clone()).unwrap_or_default();
        let mut declarations = Vec::new();
        if let Some(declaring) = &declaring {
            answer.findings.extend(declaring.findings(0));
            if gaps.is_empty() {
                self.gateway.keep_consignment(writing, declaring.flow).await?;
                declarations = self.declared(declaring, writing)?;
                kept.declarations.extend(declarations.iter().map(|one| one.id.clone()));
            }
        }
        answer.gaps.clone_from(&gaps);
        let before = std::mem::replace(&mut kept.gaps, gaps);
        (kept.stream, kept.hash) = (order.stream.clone(), order.hash.clone());
        kept.goal = self.goal.cloned().or(kept.goal);
        kept.platform_id = self.platform_id.map(str::to_owned).or(kept.platform_id);
        let body = serde_json::to_string(&kept).map_err(EngineError::damaged)?;
        // The order comes first: it is what tells that another was quicker.
        writing.record(ORDERS, key.clone(), known.map_or(0, |(_, revision)| *revision), Some(body));
        waits(writing, &key, &before, &kept.gaps, &order.stream);
        Ok(Taken { orders: vec![answer], declarations, ..Taken::default() })
    }

    fn declared(
        &self,
        declaring: &Declaring<'_>,
        writing: &mut Writing<'_>,
    ) -> Answer<Vec<super::TakenDeclaration>> {
        let pieces = declaring.made.pieces.iter().enumerate();
        pieces.map(|piece| declaring.add(self.gateway, writing, piece)).collect()
    }
}

/// What the journal says of an order that came in.
pub(crate) fn received(from: &str, order: &Consigned, gaps: &[String]) -> Event {
    Event::OrderReceived {
        from: from.to_owned(),
        message: order.message.clone(),
        number: order.number.clone(),
        value: value(&order.document),
        gaps: gaps.to_vec(),
    }
}

/// What an order waits for: articles that it no longer waits for go, new ones come.
pub(crate) fn waits(writing: &mut Writing<'_>, order: &str, before: &[String], now: &[String], stream: &str) {
    for sku in before.iter().filter(|sku| !now.contains(sku)) {
        writing.record(GAPS, format!("{sku}\u{1f}{order}"), 1, None);
    }
    for sku in now.iter().filter(|sku| !before.contains(sku)) {
        writing.record(GAPS, format!("{sku}\u{1f}{order}"), 0, Some(stream.to_owned()));
    }
}

/// What an order is worth.
fn value(document: &Document<'_>) -> Option<String> {
    let view = OrderView::new(document)?;
    let total = ["grand", "goods"].into_iter().find_map(|name| view.total(name))?;
    Some(format!("{} {}", total.amount, total.currency?))
}
