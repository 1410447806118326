//! The document of an exchange, as it stands.

use dragoman_exchange::Kind;
use dragoman_mapping::canonical;
use dragoman_syntax::json::Style;

use crate::error::Answer;
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};

/// A document, and the message that the exchange has it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentText {
    /// The message: `gb-cds/declaration`, `amazon/order`.
    pub message: String,
    /// The canonical document as JSON.
    pub canonical: String,
}

impl Gateway {
    /// The order or declaration of an exchange, with all that was corrected; none where there is none, or its messages
    /// were erased.
    pub async fn document(&self, by: &Actor, id: &str) -> Answer<Option<DocumentText>> {
        allowed(by, Right::Read)?;
        let events = self.0.store.stream(&by.tenant, id).await?;
        if events.is_empty() {
            return Ok(None);
        }
        let told = crate::draft::told(id, events);
        let text = |message: &str, document: &_| DocumentText {
            message: message.to_owned(),
            canonical: canonical::write(document, Style::Pretty),
        };
        Ok(match told.exchange.kind {
            Kind::Declaration => self
                .draft(&by.tenant, &told, None)
                .await?
                .map(|draft| text(draft.customs.declaration.name(), &draft.declaration.document)),
            Kind::Order => self
                .order_text(&by.tenant, &told.id, None)
                .await?
                .map(|one| text(&one.order.message, &one.order.document)),
            Kind::Parked | Kind::Webhook => None,
        })
    }
}
