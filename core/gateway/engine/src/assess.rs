//! What rules say of orders before anybody declares them.

use dragoman_declare::assess::{Assessment, Parcels, assess};
use dragoman_declare::{Master, Order, Rates};
use dragoman_model::Document;
use jiff::civil::Date;

use crate::clock::day;
use crate::error::Answer;
use crate::gateway::{Gateway, allowed};
use crate::master::skus;
use crate::people::{Actor, Right};

/// Orders to assess.
#[derive(Debug, Default)]
pub struct AssessmentIn {
    /// The orders; each is a parcel.
    pub orders: Vec<Document<'static>>,
    /// The country that they go to, where it is another than the order's recipient is in.
    pub to: Option<String>,
    /// The country that they come from.
    pub from: Option<String>,
    /// `post`, `express` or `cargo`.
    pub by: Option<String>,
    /// The day whose rules count; today where none is given.
    pub on: Option<Date>,
}

impl Gateway {
    /// Which regimes are open to orders, who collects what, and what is missing: by the tenant's customs master, and by
    /// the rates of its first flow that has any. Nothing is kept.
    pub async fn assess(&self, by: &Actor, asked: AssessmentIn) -> Answer<Vec<Assessment>> {
        allowed(by, Right::Read)?;
        let documents: Vec<_> = asked.orders.iter().collect();
        let master = self.master_of(&by.tenant, skus(&documents)).await?;
        let orders: Vec<_> = documents.iter().map(|document| Order { document, offset: 0 }).collect();
        let nothing = Rates::default();
        let mut flows = self.0.flows.iter().filter(|flow| flow.tenant == by.tenant);
        let rates = flows.find(|flow| !flow.rates.text.is_empty()).map_or(&nothing, |flow| &flow.rates.read);
        Ok(assess(&Parcels {
            orders: &orders,
            master: &Master::read(&master),
            rates,
            packs: &self.0.packs,
            to: asked.to.as_deref(),
            from: asked.from.as_deref(),
            channel: asked.by.as_deref(),
            on: asked.on.unwrap_or_else(|| day(self.0.clock.now())),
        }))
    }
}
