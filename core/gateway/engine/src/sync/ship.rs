//! What was shipped, told back to the platform: each parcel once.

use std::collections::BTreeMap;

use dragoman_exchange::Event;
use dragoman_model::{At, Decimal};
use dragoman_store::{Job, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::hash::sha256;
use crate::intake::{About, Held, Taken, TakenDeclaration};
use crate::people::{Actor, Right};
use crate::writing::{Writing, id};

/// A parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShipmentIn {
    /// Its number within the order: 1, 2, …; it never changes.
    pub number: String,
    /// The carrier's code at the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The carrier's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier_name: Option<String>,
    /// The carrier's service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The tracking number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    /// Where the parcel can be followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_url: Option<String>,
    /// When it was handed over (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipped_at: Option<String>,
    /// What is in it.
    pub lines: Vec<ShipmentLine>,
}

/// How much of an order line is in a parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShipmentLine {
    /// The platform's id of the line.
    pub id: String,
    /// How many pieces.
    pub quantity: String,
}

/// The operation that tells a platform of a parcel.
const SHIP: &str = "ship";

/// The parcels that platforms are told of, each once.
const SPACE: &str = "shipment";

impl Gateway {
    /// Tells the platform of an order about a parcel. The same parcel again changes nothing.
    pub async fn ship(&self, by: &Actor, order: &str, shipment: &ShipmentIn) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let sold = self.sold(by, order, SHIP).await?;
        let root = At::root(&sold.text.order.document);
        let body = serde_json::to_vec(shipment).map_err(EngineError::damaged)?;
        let about = about(shipment, sold.about(SHIP));
        let about =
            about.with("order.marketplace", root.text("platform.marketplace").map(str::to_owned).as_ref());
        let about = about.with("shipment.extent", Some(&extent(root, shipment).to_owned()));
        let mut writing = Writing::new(self, by);
        let submission = queue(&mut writing, order, &about, &body)?;
        writing.mark(SPACE, format!("{order}/{}", shipment.number), order, Some(&submission));
        if let Some(mark) = writing.batch.marks.last_mut() {
            mark.digest = Some(sha256(&body));
        }
        match writing.commit().await {
            Ok(_) => Ok(queued(order, Some(submission), false)),
            Err(StoreError::Conflict(mark)) if mark.digest == Some(sha256(&body)) => {
                Ok(queued(order, mark.submission.clone(), true))
            }
            Err(StoreError::Conflict(_)) => {
                let number = &shipment.number;
                Err(EngineError::Conflict(format!(
                    "parcel {number} of this order was told of with other content"
                )))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What is answered to whoever has something told.
pub(super) fn queued(order: &str, submission: Option<String>, repeated: bool) -> Taken {
    let (id, state) = (order.to_owned(), "queued".to_owned());
    let one = TakenDeclaration { id, lrn: None, state, submission, findings: Vec::new() };
    Taken { declarations: vec![one], repeated, ..Taken::default() }
}

/// Queues the telling of something to the platform of an order. Gives the submission.
pub(super) fn queue(writing: &mut Writing<'_>, order: &str, about: &About, body: &[u8]) -> Answer<String> {
    let submission = id();
    let accepted = Event::Accepted {
        purpose: about.purpose,
        account: about.account.clone(),
        operation: about.operation.clone(),
        lrn: None,
        held: None,
    };
    writing.message(order, Some(&submission), accepted, "application/json", body.to_vec());
    let job = Job {
        submission: submission.clone(),
        tenant: writing.tenant.clone(),
        stream: order.to_owned(),
        lane: format!("{}:{}", about.account, about.operation),
        due: writing.at,
        attempts: 0,
        body: body.to_vec(),
        about: serde_json::to_string(about).map_err(EngineError::damaged)?,
    };
    writing.job(job, false);
    Ok(submission)
}

/// `all` where a parcel holds everything that was ordered and not cancelled; `part` where it does not.
fn extent(order: At<'_>, shipment: &ShipmentIn) -> &'static str {
    let sent = |line: &str| -> Decimal {
        let lines = shipment.lines.iter().filter(|one| one.id == line);
        lines.filter_map(|one| one.quantity.parse::<Decimal>().ok()).sum()
    };
    let is_in = |line: At<'_>| {
        let ordered = line.decimal("quantity.value").unwrap_or_default();
        let open = ordered - line.decimal("quantity_cancelled.value").unwrap_or_default();
        sent(line.text("line").unwrap_or_default()) >= open
    };
    if order.entries("lines").all(is_in) { "all" } else { "part" }
}

fn about(shipment: &ShipmentIn, order: About) -> About {
    let line = |line: &ShipmentLine| {
        let texts = [("id", &line.id), ("quantity", &line.quantity)];
        texts.into_iter().map(|(name, text)| (name.to_owned(), Held::Text(text.clone()))).collect()
    };
    let lines = shipment.lines.iter().map(line).collect();
    let about = order
        .with("shipment.number", Some(&shipment.number))
        .with("shipment.carrier", shipment.carrier.as_ref())
        .with("shipment.carrier_name", shipment.carrier_name.as_ref())
        .with("shipment.service", shipment.service.as_ref())
        .with("shipment.tracking_number", shipment.tracking_number.as_ref())
        .with("shipment.tracking_url", shipment.tracking_url.as_ref())
        .with("shipment.shipped_at", shipment.shipped_at.as_ref());
    About { lists: BTreeMap::from([("shipment.lines".to_owned(), lines)]), ..about }
}

#[cfg(test)]
mod tests {
    use dragoman_mapping::canonical;
    use dragoman_syntax::Limits;

    use super::*;

    #[test]
    fn a_parcel_has_all_that_is_left_of_an_order_or_a_part() {
        let order = r#"{"type": "order", "lines": [
            {"line": "1", "quantity": {"value": "3"}, "quantity_cancelled": {"value": "1"}},
            {"line": "2", "quantity": {"value": "1"}}]}"#;
        let read = canonical::read(order.as_bytes(), None, &Limits::default());
        let document = read.document.unwrap();
        let of = |lines: &[(&str, &str)]| {
            let line = |(id, quantity): &(&str, &str)| ShipmentLine {
                id: (*id).into(),
                quantity: (*quantity).into(),
            };
            let shipment = ShipmentIn { lines: lines.iter().map(line).collect(), ..ShipmentIn::default() };
            extent(At::root(&document), &shipment)
        };
        assert_eq!(of(&[("1", "2"), ("2", "1")]), "all");
        assert_eq!(of(&[("1", "1"), ("1", "1"), ("2", "1")]), "all");
        assert_eq!(of(&[("1", "1"), ("2", "1")]), "part");
        assert_eq!(of(&[("2", "1")]), "part");
        assert_eq!(of(&[]), "part");
    }
}
