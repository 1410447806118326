//! Lists, search, figures and the ledger, derived from the journal behind it. Where it stands is written together with
//! what it made: after a crash it goes on exactly there.

use std::collections::HashMap;

use dragoman_exchange::{Event, Exchange, Kind, Purpose};
use dragoman_model::State as Standing;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use rust_decimal::Decimal;

use crate::sqlite::read;
use crate::{NewEvent, Row, StoreError, StoredEvent};

/// So many streams are remembered between two events.
const REMEMBERED: usize = 8192;

/// How far it has come, and the streams that it saw last.
pub struct Derivation {
    seq: u64,
    streams: HashMap<(String, String), Exchange>,
}

impl Derivation {
    /// Where the store stands.
    pub fn new(db: &Connection) -> Result<Self, StoreError> {
        Ok(Self {
            seq: db.query_row("SELECT seq FROM derived", [], |row| row.get(0))?,
            streams: HashMap::new(),
        })
    }

    /// The last event that was derived from.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Derives from the next events, and says where it stands.
    pub fn advance(&mut self, db: &mut Connection, limit: usize) -> Result<u64, StoreError> {
        let events = read::journal(db, self.seq, limit)?;
        let Some(last) = events.last().map(|event| event.seq) else { return Ok(self.seq) };
        let transaction = db.transaction()?;
        let derived = events.iter().try_for_each(|event| self.take(&transaction, event));
        let derived = derived.and_then(|()| {
            transaction.execute("UPDATE derived SET seq = ?1", [last])?;
            Ok(transaction.commit()?)
        });
        if let Err(error) = derived {
            // What is remembered is ahead of what is stored.
            self.streams.clear();
            return Err(error);
        }
        self.seq = last;
        Ok(last)
    }

    fn take(&mut self, db: &Transaction<'_>, stored: &StoredEvent) -> Result<(), StoreError> {
        let NewEvent { tenant, stream, .. } = &stored.event;
        let key = (tenant.clone(), stream.clone());
        let mut exchange = match self.streams.remove(&key) {
            Some(exchange) => exchange,
            None => told(db, stored)?,
        };
        let before = exchange.status.state();
        let now = &stored.event;
        if now.tell(&mut exchange).is_ok() {
            line(db, now, &exchange)?;
            submission(db, tenant, &exchange, now.submission.as_deref())?;
            figures(db, now, &exchange, before)?;
        }
        if self.streams.len() >= REMEMBERED {
            self.streams.clear();
        }
        self.streams.insert(key, exchange);
        Ok(())
    }
}

/// A stream as it stood before an event.
fn told(db: &Connection, before: &StoredEvent) -> Result<Exchange, StoreError> {
    let mut exchange = Exchange::default();
    for stored in read::stream(db, &before.event.tenant, &before.event.stream)? {
        if stored.seq >= before.seq {
            break;
        }
        // What cannot have happened is not told; it stays in the journal.
        let _ = stored.event.tell(&mut exchange);
    }
    Ok(exchange)
}

fn line(db: &Transaction<'_>, now: &NewEvent, exchange: &Exchange) -> Result<(), StoreError> {
    let row = Row::of(&now.stream, exchange, now.at);
    let text = serde_json::to_string(&row).map_err(|error| StoreError::Damaged(error.to_string()))?;
    db.prepare_cached("INSERT OR REPLACE INTO line VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")?.execute(params![
        row.id,
        now.tenant,
        row.kind,
        row.state,
        row.status,
        row.needs,
        row.changed.as_microsecond(),
        text
    ])?;
    let mut word = db.prepare_cached("INSERT OR IGNORE INTO word VALUES (?1, ?2, ?3)")?;
    let orders = exchange.orders.iter().map(|(_, number)| number.as_str());
    let names = orders.chain(exchange.mrn.as_deref()).chain([row.title.as_str()]).map(str::to_lowercase);
    let causes = exchange.causes.iter().map(|cause| format!("cause:{cause}"));
    for name in names.chain(causes).filter(|name| !name.is_empty()) {
        word.execute(params![now.tenant, name, row.id])?;
    }
    Ok(())
}

/// The state of the submission that something happened to.
fn submission(
    db: &Transaction<'_>,
    tenant: &str,
    exchange: &Exchange,
    id: Option<&str>,
) -> Result<(), StoreError> {
    if let Some(one) = exchange.submissions.iter().find(|one| Some(one.id.as_str()) == id) {
        db.prepare_cached("INSERT OR REPLACE INTO submission VALUES (?1, ?2, ?3)")?.execute(params![
            one.id,
            tenant,
            one.state.word()
        ])?;
    }
    Ok(())
}

/// Counts what is worth a figure, on the day it happened (UTC).
fn figures(
    db: &Transaction<'_>,
    now: &NewEvent,
    exchange: &Exchange,
    before: Standing,
) -> Result<(), StoreError> {
    let state = exchange.status.state();
    let what = match &now.event {
        Event::OrderReceived { .. } if exchange.kind == Kind::Order && exchange.revision == 1 => "orders",
        Event::Accepted { purpose: Purpose::Declaration, .. } => "declared",
        Event::Responded { .. } if state != before && state == Standing::Cleared => "cleared",
        Event::Responded { .. } if state != before && state == Standing::Rejected => "rejected",
        _ => return Ok(()),
    };
    let day = now.at.to_zoned(TimeZone::UTC).date().to_string();
    let (amount, currency) =
        exchange.value.as_deref().and_then(|value| value.split_once(' ')).unwrap_or(("0", ""));
    let amount: Decimal = amount.parse().unwrap_or_default();
    let corridor = exchange.corridor.as_deref().unwrap_or_default();
    let key = params![now.tenant, day, what, corridor, currency];
    let found: Option<(u64, String)> = db
        .prepare_cached(
            "SELECT count, amount FROM figure
             WHERE tenant = ?1 AND day = ?2 AND what = ?3 AND corridor = ?4 AND currency = ?5",
        )?
        .query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (count, sum) = found.unwrap_or_default();
    let sum: Decimal = sum.parse().unwrap_or_default();
    let sum = sum.checked_add(amount).unwrap_or(sum).to_string();
    db.prepare_cached("INSERT OR REPLACE INTO figure VALUES (?1,?2,?3,?4,?5,?6,?7)")?.execute(params![
        now.tenant,
        day,
        what,
        corridor,
        currency,
        count + 1,
        sum
    ])?;
    Ok(())
}
