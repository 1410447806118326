//! What is done on the ground in more than one behaviour.

use dragoman_engine::{EngineError, ShipmentIn, ShipmentLine};
use dragoman_exchange::Decision;
use dragoman_simulators::{Sold, Told};
use serde_json::Value;

use crate::check::Kept;
use crate::ground::{ACCOUNT, Ground, Handed};
use crate::trouble::Trouble;

/// A day and an hour: every sweep is due then.
const DAY: i64 = 25 * 3600;

impl Ground {
    /// Nothing goes wrong, days pass, and everything is read and sent that there is.
    pub async fn rest(&mut self) -> Result<(), Trouble> {
        self.calm()?;
        self.authorise().await?;
        self.restart().await?;
        for _ in 0..3 {
            self.pass(DAY);
            self.ask_queue().await?;
            self.read().await?;
            self.send().await?;
            self.decide().await?;
            self.pass(3600);
            self.send().await?;
        }
        self.read().await
    }

    /// Everything is as it has to be once everything was read and sent.
    pub async fn ends_well(&mut self) -> Result<(), Trouble> {
        self.rest().await?;
        self.check().await
    }

    /// A person decides about what nobody knows: it is sent again where that is harmless, and else given up.
    async fn decide(&mut self) -> Result<(), Trouble> {
        let is_safe = self.subject.ships_safely();
        let decision = if is_safe { Decision::Resend } else { Decision::GiveUp };
        let mut streams: Vec<_> = self.handed.iter().map(|handed| handed.stream.clone()).collect();
        streams.dedup();
        for stream in streams {
            while self.view(&stream).await?.submissions.iter().any(|one| one.state == "unknown") {
                let decided = self.gateway.decide(&Self::by(), &stream, decision).await;
                decided.map_err(|error| Trouble::of(&error))?;
            }
        }
        self.send().await
    }

    /// The orders of the platform that it is done with.
    pub fn settled(&self) -> Vec<Sold> {
        self.simulator.orders().into_iter().filter(|sold| !sold.pending).collect()
    }

    /// Hands in a parcel with a piece of an order's first line that has one left; false where there is none.
    pub async fn ship(&mut self, kept: &Kept) -> Result<bool, Trouble> {
        let Some(line) = open_line(&kept.document) else { return Ok(false) };
        let before = self.handed.iter().filter(|handed| handed.stream == kept.stream).count();
        let tracking = format!("TRACK{:04}", self.handed.len() + 1);
        let handed = Handed { stream: kept.stream.clone(), number: before + 1, tracking };
        self.handed.push(handed.clone());
        let shipment = shipment(&handed, line, &self.now().to_string());
        match self.gateway.ship(&Self::by(), &kept.stream, &shipment).await {
            Err(EngineError::Store(_)) => {
                // The process died: whoever handed it in does so again.
                self.restart().await?;
                let again = self.gateway.ship(&Self::by(), &kept.stream, &shipment).await;
                again.map_err(|error| Trouble::of(&error))?;
            }
            done => drop(done.map_err(|error| Trouble::of(&error))?),
        }
        Ok(true)
    }

    /// Hands the last parcel in once more, as it was.
    pub async fn ship_again(&self, kept: &Kept, at: &str) -> Result<bool, Trouble> {
        let (Some(line), Some(handed)) = (open_line(&kept.document), self.handed.last()) else {
            return Ok(false);
        };
        let shipment = shipment(handed, line, at);
        let taken = self.gateway.ship(&Self::by(), &kept.stream, &shipment).await;
        taken.map(|taken| taken.repeated).map_err(|error| Trouble::of(&error))
    }

    /// Hands a webhook to the gateway: whether it is believed.
    pub async fn hear(&mut self, told: &Told) -> Result<bool, Trouble> {
        let Some(webhook) = self.subject.webhook() else { return Ok(false) };
        let name = webhook.name.to_string();
        match self.gateway.webhook_in(ACCOUNT, &name, &told.headers, &told.body).await {
            Err(EngineError::NotBelieved(_)) => Ok(false),
            done => {
                self.survived(done).await?;
                Ok(true)
            }
        }
    }
}

/// The id of the first line that has a piece left to be sent.
fn open_line(document: &Value) -> Option<String> {
    let lines = document.get("lines")?.as_array()?;
    let count = |line: &Value, name: &str| line.get(name)?.get("value")?.as_str()?.parse::<u64>().ok();
    let is_open = |line: &&Value| {
        let open = count(line, "quantity_open").or_else(|| {
            let sent = count(line, "quantity_fulfilled").unwrap_or_default();
            let cancelled = count(line, "quantity_cancelled").unwrap_or_default();
            count(line, "quantity")?.checked_sub(sent + cancelled)
        });
        open.is_some_and(|open| open > 0)
    };
    Some(lines.iter().find(is_open)?.get("line")?.as_str()?.to_owned())
}

fn shipment(handed: &Handed, line: String, at: &str) -> ShipmentIn {
    ShipmentIn {
        number: handed.number.to_string(),
        carrier: Some("OTHER".into()),
        carrier_name: Some("A Carrier".into()),
        service: Some("Standard".into()),
        tracking_number: Some(handed.tracking.clone()),
        tracking_url: Some(format!("https://carrier.example/{}", handed.tracking)),
        shipped_at: Some(at.to_owned()),
        lines: vec![ShipmentLine { id: line, quantity: "1".into() }],
    }
}
