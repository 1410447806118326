//! What is known of a sale that is asked about: its order, and what was handed in of its payment.

use dragoman_adapters::{NO_ORDER, NO_PAYMENT};
use dragoman_exchange::{Event, Lack};
use dragoman_model::{At, Document, single};

use super::payment::PAYMENTS;
use super::{AT_ONCE, Asked};
use crate::draft::{OrderText, Told};
use crate::error::Answer;
use crate::gateway::Gateway;
use crate::intake::{BY_HAND, handed_message};

/// A sale.
#[derive(Debug, Default)]
pub(super) struct Sale {
    /// Its order, where it is known.
    pub order: Option<OrderText>,
    /// What is known of its payment: what was said for this purpose first, the newest before the others.
    pub payments: Vec<Document<'static>>,
}

impl Gateway {
    /// The sale that is asked about; why there is none otherwise.
    pub(super) async fn sale(&self, tenant: &str, asked: &Asked) -> Answer<Result<Sale, Lack>> {
        let mut streams = self.orders_of(tenant, &asked.number).await?;
        if streams.len() > 1 {
            // Of several platforms: the one whose order went to whoever asks.
            let mut declared = Vec::new();
            for (stream, declarations) in &streams {
                if self.is_any_of(tenant, declarations, &asked.account).await? {
                    declared.push((stream.clone(), Vec::new()));
                }
            }
            streams = if declared.is_empty() { streams } else { declared };
        }
        let mut sale = Sale::default();
        match streams.as_slice() {
            [] => {}
            [(stream, _)] => {
                sale.order = self.order_text(tenant, stream, None).await?;
                let told = self.told(tenant, stream).await?;
                sale.payments = self.payments_of(tenant, &told).await?;
            }
            several => {
                let text = format!("{} platforms have an order {}", several.len(), asked.number);
                return Ok(Err(lack(&NO_ORDER, text)));
            }
        }
        sale.payments.extend(self.handed_payments(tenant, &asked.number).await?);
        let states = |order: &OrderText| At::root(&order.order.document).entries("payments").next().is_some();
        let number = &asked.number;
        Ok(match (&sale.order, sale.payments.is_empty()) {
            (None, true) => Err(lack(&NO_ORDER, format!("no order {number} is known"))),
            (Some(order), true) if !states(order) => {
                Err(lack(&NO_PAYMENT, format!("no payment of order {number} is known")))
            }
            _ => Ok(sale),
        })
    }

    /// The orders of a number, of all platforms: their streams, and the declarations that they are in.
    async fn orders_of(&self, tenant: &str, number: &str) -> Answer<Vec<(String, Vec<String>)>> {
        let accounts = self.0.accounts.values().filter(|account| account.settings.tenant == tenant);
        let partners = self.0.partners.values().filter(|partner| partner.settings.tenant == tenant);
        let names = accounts.map(crate::account::Account::name);
        let names = names.chain(partners.map(|partner| &*partner.settings.name)).chain([BY_HAND]);
        let mut found = Vec::new();
        for from in names {
            if let Some((known, _)) = self.known_order(tenant, &format!("{from}/{number}")).await? {
                found.push((known.stream, known.declarations));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// True where one of the declarations is for an account.
    async fn is_any_of(&self, tenant: &str, declarations: &[String], account: &str) -> Answer<bool> {
        for id in declarations {
            if self.told(tenant, id).await?.exchange.account == account {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What was handed in of the payment of an order.
    async fn payments_of(&self, tenant: &str, order: &Told) -> Answer<Vec<Document<'static>>> {
        let mut found = Vec::new();
        for stored in order.events.iter().rev() {
            let Event::PaymentReceived { message } = &stored.event.event else { continue };
            let Some((_, bytes)) = self.bytes_of(tenant, stored.seq).await? else { continue };
            found.extend(self.payments_in(message, &bytes)?);
        }
        Ok(found)
    }

    /// The payments of an order that were handed in to be declared.
    async fn handed_payments(&self, tenant: &str, number: &str) -> Answer<Vec<Document<'static>>> {
        let prefix = format!("{number}/");
        let records = self.0.store.records(tenant, PAYMENTS, &prefix, AT_ONCE).await?;
        let is_own = |key: &str| key.strip_prefix(&prefix).is_some_and(|stream| !stream.contains('/'));
        let mut found = Vec::new();
        for record in records.iter().rev().filter(|record| is_own(&record.key)) {
            let Ok(told) = self.told(tenant, &record.body).await else { continue };
            let Some(stored) = told.last(|event| matches!(event, Event::Drafted { .. })) else { continue };
            let Some((media, bytes)) = self.bytes_of(tenant, stored.seq).await? else { continue };
            let Some(message) = handed_message(&media) else { continue };
            let own = self.payments_in(message, &bytes)?;
            found.extend(own.into_iter().filter(|one| At::root(one).text("order_ref") == Some(number)));
        }
        Ok(found)
    }

    /// The payments that a message states.
    fn payments_in(&self, message: &str, bytes: &[u8]) -> Answer<Vec<Document<'static>>> {
        let message = self.message(message, bytes)?;
        let read = self.read_handed(&message, bytes, false).documents.into_iter();
        let read = read.map(|document| single(&document).unwrap_or(document));
        Ok(read.filter(|document| document.kind() == "payment").collect())
    }
}

/// Why there is no answer.
pub(super) fn lack(code: &dragoman_tree::Code, text: String) -> Lack {
    Lack { code: code.id.to_owned(), text }
}
