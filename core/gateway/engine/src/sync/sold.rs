//! An order as the platform knows that it was placed on.

use dragoman_exchange::{Kind, Purpose};

use crate::draft::OrderText;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::About;
use crate::people::Actor;

/// An order, and what its platform calls it.
pub(super) struct Sold {
    /// The account.
    pub account: String,
    /// The order.
    pub text: OrderText,
    /// The platform's own id of it.
    pub platform_id: String,
}

impl Gateway {
    /// An order whose platform has an operation.
    pub(super) async fn sold(&self, by: &Actor, order: &str, operation: &str) -> Answer<Sold> {
        let told = self.told(&by.tenant, order).await?;
        if told.exchange.kind != Kind::Order {
            return Err(EngineError::unknown("order", order));
        }
        let account = self.account(&by.tenant, &told.exchange.account)?;
        let channel = account.channel.as_ref();
        if channel.and_then(|channel| channel.operation(operation)).is_none() {
            return Err(EngineError::unknown("operation", operation));
        }
        let text = self.order_text(&by.tenant, order, None).await?;
        let text = text.ok_or_else(|| EngineError::unknown("order", order))?;
        let key = format!("{}/{}", account.name(), text.order.number);
        let known = self.known_order(&by.tenant, &key).await?.map(|(known, _)| known).unwrap_or_default();
        let platform_id = known.platform_id.unwrap_or_else(|| text.order.number.clone());
        Ok(Sold { account: account.name().to_owned(), text, platform_id })
    }
}

impl Sold {
    /// What whoever tells the platform of it has to know.
    pub fn about(&self, operation: &str) -> About {
        About::new(&self.account, operation, Purpose::Fulfilment)
            .with("order.id", Some(&self.platform_id))
            .with("order.number", Some(&self.text.order.number))
    }
}
