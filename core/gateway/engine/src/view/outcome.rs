//! What authorities, or who filed with them, said of the declarations of an order: number, status, duty.

use dragoman_declare::manifest::{Duty, duties};
use dragoman_exchange::Event;
use serde::Serialize;
use utoipa::ToSchema;

use crate::draft::Told;
use crate::error::Answer;
use crate::gateway::Gateway;

/// What became of a declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutcomeView {
    /// Its id.
    pub declaration: String,
    /// The authority's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrn: Option<String>,
    /// What the authority made of it.
    pub status: String,
    /// Facts beside the status: `control`, `duty_due` …
    pub flags: Vec<&'static str>,
    /// Duty, tax and fees of the whole declaration, each as it was said last.
    pub duties: Vec<DutyView>,
}

/// A duty, tax or fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DutyView {
    /// `duty`, `tax`, `fee`, or the authority's own word.
    #[serde(rename = "type")]
    pub kind: String,
    /// How much.
    pub amount: String,
    /// The currency.
    pub currency: String,
}

impl Gateway {
    /// What became of a declaration, by all answers to it.
    pub(super) async fn outcome(&self, tenant: &str, told: &Told) -> Answer<OutcomeView> {
        let exchange = &told.exchange;
        let mut found: Vec<DutyView> = Vec::new();
        for stored in &told.events {
            if !matches!(stored.event.event, Event::Responded { .. }) {
                continue;
            }
            let Some((_, bytes)) = self.bytes_of(tenant, stored.seq).await? else { continue };
            for notice in self.notices(tenant, &exchange.account, &bytes)? {
                let Some(view) = notice.view() else { continue };
                for Duty { kind, amount } in duties(&view) {
                    found.retain(|known| known.kind != kind);
                    found.push(DutyView { kind, amount: amount.amount, currency: amount.currency });
                }
            }
        }
        Ok(OutcomeView {
            declaration: told.id.clone(),
            mrn: exchange.mrn.clone(),
            status: exchange.status.state().to_string(),
            flags: exchange.status.flags().map(dragoman_model::Flag::word).collect(),
            duties: found,
        })
    }
}
