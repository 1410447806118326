//! The document of an exchange, as it stands.

use dragoman_exchange::Kind;
use dragoman_mapping::canonical;
use dragoman_model::Document;
use dragoman_store::Payload;
use dragoman_syntax::json::Style;

use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};
use crate::persons::masked;

/// A document, and the message that the exchange has it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentText {
    /// The message: `gb-cds/declaration`, `amazon/order`.
    pub message: String,
    /// The canonical document as JSON.
    pub canonical: String,
}

impl Gateway {
    /// The order or declaration of an exchange, with all that was corrected, or the answer to the question of a counterpart;
    /// none where there is none, or its messages were erased. Without the right to see persons, they are withheld; of an answer
    /// that is all.
    pub async fn document(&self, by: &Actor, id: &str) -> Answer<Option<DocumentText>> {
        allowed(by, Right::Read)?;
        let events = self.events(&by.tenant, id).await?;
        if events.is_empty() {
            return Ok(None);
        }
        let told = crate::draft::told(id, events);
        let sees = self.sees(by, id).await?;
        let text = |message: &str, document: &Document<'_>| DocumentText {
            message: message.to_owned(),
            canonical: if sees { canonical::write(document, Style::Pretty) } else { masked(document) },
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
            Kind::Inquiry if !sees => return Err(EngineError::Forbidden(Right::Personal)),
            Kind::Inquiry => {
                self.disclosed(&by.tenant, &told).await?.map(|(message, document)| text(&message, &document))
            }
            Kind::Shipment => {
                let held = self.held(&by.tenant, &told).await?;
                held.map(|(message, document)| text(&message, &document))
            }
            Kind::Parked | Kind::Webhook => None,
        })
    }

    /// A message of an exchange, byte for byte; none where there is none. It takes the right to see persons: what is in it
    /// cannot be told apart.
    pub async fn message_bytes(&self, by: &Actor, id: &str, seq: u64) -> Answer<Option<Payload>> {
        allowed(by, Right::Read)?;
        if !self.sees(by, id).await? {
            return Err(EngineError::Forbidden(Right::Personal));
        }
        let told = self.told(&by.tenant, id).await?;
        if told.events.iter().all(|stored| stored.seq != seq) {
            return Ok(None);
        }
        Ok(self.0.store.payload(&by.tenant, seq).await?)
    }
}
