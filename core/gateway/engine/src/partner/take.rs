//! What becomes of a message of a partner: an order is received and declared where a flow says so, a declaration
//! submitted, an answer of customs brought to its declaration, an acknowledgement to what it acknowledges. Everything
//! else is kept as it was said.

use dragoman_adapters::Direction;

use super::Partner;
use super::read::Item;
use super::report::{Became, MessageReport};
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::{DeclarationIn, OrderIn};
use crate::notify::Arrived;

impl Gateway {
    /// Takes a message in. `key` is the same where the same file is read again. `Err` where the gateway itself fails.
    pub(super) async fn take_message(
        &self,
        partner: &Partner,
        key: &str,
        item: Item,
    ) -> Answer<MessageReport> {
        let became = match self.become_of(partner, key, &item).await {
            Err(EngineError::Store(error)) => return Err(error.into()),
            Err(error) => Became::Refused { why: error.to_string() },
            Ok(became) => became,
        };
        let Item { message, document, findings, .. } = item;
        let document = document.map(|said| said.kind);
        Ok(MessageReport { message, document, became, findings })
    }

    async fn become_of(&self, partner: &Partner, key: &str, item: &Item) -> Answer<Became> {
        if let Some(answered) = &item.answer {
            let (reference, verdict) = (answered.reference.clone(), answered.verdict);
            let of = self.sent_as(partner, &reference).await?;
            return Ok(Became::Acknowledgement { reference, of, verdict });
        }
        let (Some(said), Some(message)) = (&item.document, &item.message) else { return Ok(Became::Unread) };
        let Some(bytes) = &said.bytes else { return Ok(Became::Read) };
        let account = partner.settings.account.as_deref();
        match (&*said.kind, account) {
            // A response to an order and an invoice say what an order says; they are for whoever sent the order.
            ("order", _) if self.0.catalogue.direction(message) != Some(Direction::Out) => {
                self.order_of(partner, key, message, bytes).await
            }
            ("declaration", Some(account)) => {
                let handed = DeclarationIn { account, message, bytes, draft: false, key: Some(key) };
                let taken = self.submit(&partner.actor(), handed).await?;
                let declaration = taken.declarations.into_iter().next();
                let taken = declaration.map(|it| Became::Declaration { id: it.id, state: it.state });
                Ok(taken.unwrap_or_default())
            }
            ("customs_response", Some(account)) => self.response_of(partner, account, bytes).await,
            _ => Ok(Became::Read),
        }
    }

    async fn order_of(&self, partner: &Partner, key: &str, message: &str, bytes: &[u8]) -> Answer<Became> {
        let from = Some(&*partner.settings.name);
        let order = OrderIn { message, bytes, from, key: Some(key), ..OrderIn::default() };
        let taken = self.receive_order(&partner.actor(), order).await?;
        let declarations = taken.declarations.into_iter().map(|declaration| declaration.id).collect();
        let order = taken.orders.into_iter().next();
        Ok(order.map(|it| Became::Order { id: it.id, number: it.number, declarations }).unwrap_or_default())
    }

    async fn response_of(&self, partner: &Partner, account: &str, bytes: &[u8]) -> Answer<Became> {
        let account = self.account(&partner.settings.tenant, account)?;
        self.arrived(Arrived { account, conversation: None, message: None, bytes }).await?;
        Ok(Became::Response)
    }
}
