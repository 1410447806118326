//! What is known of the payment of an order, for whoever asks: handed in for the order, in any form that is read.

use dragoman_exchange::Event;
use dragoman_model::{At, Document, single};
use dragoman_tree::{FindingRecord, Severity};

use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::{Keyed, News, Taken, TakenOrder, refused};
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// The space of the payments that were handed in to be declared: `order number/stream`.
pub(super) const PAYMENTS: &str = "payment";

/// A payment that is handed in for an order.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaymentIn<'p> {
    /// The message: `canonical`, or any of an adapter that is a payment; `auto` to recognise it by its content.
    pub message: &'p str,
    /// Its bytes.
    pub bytes: &'p [u8],
    /// The idempotency key.
    pub key: Option<&'p str>,
}

impl Gateway {
    /// Keeps what is known of the payment of an order: also the raw request to the payment firm and its raw answer, where a
    /// counterpart asks for those. What was handed in last counts first. Nothing is sent.
    pub async fn receive_payment(&self, by: &Actor, order: &str, payment: PaymentIn<'_>) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let PaymentIn { message, bytes, key } = payment;
        let keyed = Keyed::new(key, &[b"payment", order.as_bytes(), message.as_bytes(), bytes]);
        let told = self.told(&by.tenant, order).await?;
        if told.exchange.kind != dragoman_exchange::Kind::Order {
            return Err(EngineError::unknown("order", order));
        }
        let message = self.message(message, bytes)?;
        let read = self.read_handed(&message, bytes, false);
        if let Some(card) = read.card {
            return Err(refused("no number of a card is kept", &[card]));
        }
        let mut documents = read.documents.into_iter();
        let document = documents.next().map(|document| single(&document).unwrap_or(document));
        let document = document.filter(|one| one.kind() == "payment" && documents.next().is_none());
        let document = document.ok_or_else(|| refused("this is no payment", &read.findings))?;
        let number = &told.exchange.title;
        if At::root(&document).text("order_ref").is_some_and(|own| own != number) {
            return Err(EngineError::refused("the payment is of another order"));
        }
        let mut writing = Writing::new(self, by);
        writing.concerns(order, &document);
        let event = Event::PaymentReceived { message: message.name().to_owned() };
        writing.message(order, None, event, "application/octet-stream", bytes.to_vec());
        let findings = read.findings.iter().filter(|finding| finding.severity != Severity::Error);
        let taken = TakenOrder {
            id: order.to_owned(),
            number: number.clone(),
            news: News::Changed,
            gaps: Vec::new(),
            findings: findings.map(|finding| FindingRecord::new(finding, None, |_| None)).collect(),
        };
        let taken = Taken { orders: vec![taken], ..Taken::default() };
        let conflict = |_| EngineError::Conflict("it was handed in before".to_owned());
        self.commit_once(writing, keyed.as_ref(), taken, conflict).await
    }
}

/// Keeps where a payment is found that was handed in to be declared: by the order's number.
pub(crate) fn note_payment(writing: &mut Writing<'_>, stream: &str, document: &Document<'_>) {
    let number = At::root(document).text("order_ref").filter(|_| document.kind() == "payment");
    if let Some(number) = number {
        writing.record(PAYMENTS, format!("{number}/{stream}"), 0, Some(stream.to_owned()));
    }
}
