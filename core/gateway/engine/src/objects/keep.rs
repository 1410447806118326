//! Shipments: stored as they came, known by whom they came from and their number.

use dragoman_exchange::{Event, Kind};
use dragoman_model::{At, Document};
use dragoman_store::{StoreError, StoredEvent};
use dragoman_tree::FindingRecord;
use serde::{Deserialize, Serialize};

use super::KIND;
use crate::declaring::{ReadOrder, read_documents};
use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::hash::sha256;
use crate::intake::{BY_HAND, Keyed, News, Taken, TakenShipment, refused, was_used};
use crate::people::{Actor, Right};
use crate::writing::{Writing, id};

/// The space of the store's records by which shipments are known: `account/number`.
pub(crate) const HELD: &str = "held";

/// A shipment that comes in.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShipmentDocument<'s> {
    /// The message; `auto` to recognise it by its content.
    pub message: &'s str,
    /// Its bytes.
    pub bytes: &'s [u8],
    /// The account or the partner that it comes from; none where a program hands it in by itself.
    pub from: Option<&'s str>,
    /// The idempotency key.
    pub key: Option<&'s str>,
    /// True where one that is known already is refused: it is changed in another way.
    pub only_new: bool,
}

/// What is known of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    stream: String,
    hash: String,
}

/// A shipment as it was at some time.
pub(super) struct Version {
    /// What it says.
    pub document: Document<'static>,
    /// The how-manieth, from 1.
    pub revision: u32,
    /// How many there are.
    pub latest: u32,
    /// When it came.
    pub changed: jiff::Timestamp,
    /// The message that it came as.
    pub message: String,
}

impl Gateway {
    /// Takes a shipment in. What is answered is on disk; the same one again changes nothing.
    ///
    /// # Errors
    ///
    /// There is no shipment in it, or more than one that belong together; or the store fails.
    pub async fn receive_shipment(&self, by: &Actor, came: ShipmentDocument<'_>) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let from = match came.from {
            Some(name) => self.origin(&by.tenant, name)?,
            None => BY_HAND,
        };
        let parts = [KIND.as_bytes(), came.message.as_bytes(), from.as_bytes(), came.bytes];
        let keyed = Keyed::new(came.key, &parts);
        if let Some(answered) = self.answered(&by.tenant, keyed.as_ref()).await? {
            return Ok(answered);
        }
        let message = self.message(came.message, came.bytes)?;
        let read = read_documents(&self.0.catalogue, &message, KIND, came.bytes)
            .map_err(|findings| refused("no shipment of it can be taken in", &findings))?;
        let mut taken = Taken::default();
        for one in read {
            taken.shipments.push(self.hold(by, from, message.name(), one, came.only_new).await?);
        }
        let Some(keyed) = keyed else { return Ok(taken) };
        let mut writing = Writing::new(self, by);
        keyed.keep(&mut writing, &taken)?;
        match writing.commit().await {
            Ok(_) => Ok(taken),
            Err(error) if was_used(&error) => self.answer_of(&by.tenant, Some(&keyed)).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps one. Without a number of its own it is known by its stream.
    async fn hold(
        &self,
        by: &Actor,
        from: &str,
        message: &str,
        read: ReadOrder,
        only_new: bool,
    ) -> Answer<TakenShipment> {
        let (hash, fresh) = (sha256(&read.bytes), id());
        let own = At::root(&read.document).text("shipment_number").unwrap_or_default().trim().to_owned();
        let number = if own.is_empty() { fresh.clone() } else { own };
        let key = format!("{from}/{number}");
        let findings = read.findings.iter().map(|finding| FindingRecord::new(finding, None, |_| None));
        let findings: Vec<_> = findings.collect();
        loop {
            let record = self.0.store.record(&by.tenant, HELD, &key).await?;
            let known = record.as_ref().map(|record| serde_json::from_str::<Held>(&record.body));
            let known = known.transpose().map_err(EngineError::damaged)?;
            let stream = known.as_ref().map_or_else(|| fresh.clone(), |known| known.stream.clone());
            let news = match &known {
                None => News::New,
                Some(known) if known.hash == hash => News::Known,
                Some(_) => News::Changed,
            };
            let taken = TakenShipment {
                id: stream.clone(),
                number: number.clone(),
                news,
                findings: findings.clone(),
            };
            if only_new && news != News::New {
                return Err(EngineError::Conflict(format!("there is a shipment `{number}` already")));
            }
            if news == News::Known {
                return Ok(taken);
            }
            let mut writing = Writing::new(self, by);
            writing.concerns(&stream, &read.document);
            let (from, message) = (from.to_owned(), message.to_owned());
            let event = Event::ShipmentReceived { from, message, number: number.clone() };
            writing.message(&stream, None, event, "application/json", read.bytes.clone());
            let body = Held { stream, hash: hash.clone() };
            let body = serde_json::to_string(&body).map_err(EngineError::damaged)?;
            writing.record(HELD, key.clone(), record.map_or(0, |record| record.revision), Some(body));
            match writing.commit().await {
                Ok(_) => return Ok(taken),
                // Somebody else was quicker: look again.
                Err(StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// A shipment as it was at a moment, or as it is. None where it was not there yet, or its message was erased.
    pub(super) async fn version(
        &self,
        tenant: &str,
        told: &Told,
        at: Option<jiff::Timestamp>,
    ) -> Answer<Option<Version>> {
        if told.exchange.kind != Kind::Shipment {
            return Ok(None);
        }
        let is_one = |stored: &&StoredEvent| matches!(stored.event.event, Event::ShipmentReceived { .. });
        let all: Vec<_> = told.events.iter().filter(is_one).collect();
        let (latest, fits) = (all.len(), |stored: &&&StoredEvent| at.is_none_or(|at| stored.event.at <= at));
        let Some((index, stored)) = all.iter().enumerate().rfind(|(_, stored)| fits(stored)) else {
            return Ok(None);
        };
        let Event::ShipmentReceived { message, .. } = &stored.event.event else { return Ok(None) };
        let Some((_, bytes)) = self.bytes_of(tenant, stored.seq).await? else { return Ok(None) };
        let known = self.message(message, &bytes)?;
        let read = read_documents(&self.0.catalogue, &known, KIND, &bytes).ok().and_then(|mut all| all.pop());
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(read.map(|read| Version {
            document: read.document,
            revision: count(index + 1),
            latest: count(latest),
            changed: stored.event.at,
            message: message.clone(),
        }))
    }

    /// A shipment as it is, with the message that it came as.
    pub(crate) async fn held(
        &self,
        tenant: &str,
        told: &Told,
    ) -> Answer<Option<(String, Document<'static>)>> {
        let version = self.version(tenant, told, None).await?;
        Ok(version.map(|version| (version.message, version.document)))
    }
}
