//! Counts and values by day.

use std::collections::HashMap;

use dragoman_exchange::{Event, Exchange, Kind, Purpose};
use dragoman_model::State;
use jiff::tz::TimeZone;
use rusqlite::{OptionalExtension, Transaction, params};
use rust_decimal::Decimal;

use crate::{NewEvent, StoreError};

/// What a figure is of: tenant, day, what, corridor and currency.
type Of = (String, String, &'static str, String, String);

/// Figures that grow.
#[derive(Default)]
pub struct Figures(HashMap<Of, (u64, Decimal)>);

impl Figures {
    /// Counts what is worth a figure, on the day it happened (UTC).
    pub fn count(&mut self, now: &NewEvent, exchange: &Exchange, before: State) {
        let state = exchange.status.state();
        let what = match &now.event {
            Event::OrderReceived { .. } if exchange.kind == Kind::Order && exchange.revision == 1 => "orders",
            Event::Accepted { purpose: Purpose::Declaration, .. } => "declared",
            Event::Responded { .. } if state != before && state == State::Cleared => "cleared",
            Event::Responded { .. } if state != before && state == State::Rejected => "rejected",
            _ => return,
        };
        let day = now.at.to_zoned(TimeZone::UTC).date().to_string();
        let (amount, currency) =
            exchange.value.as_deref().and_then(|value| value.split_once(' ')).unwrap_or(("0", ""));
        let amount: Decimal = amount.parse().unwrap_or_default();
        let corridor = exchange.corridor.clone().unwrap_or_default();
        let of = (now.tenant.clone(), day, what, corridor, currency.to_owned());
        let (count, sum) = self.0.entry(of).or_default();
        (*count, *sum) = (*count + 1, sum.checked_add(amount).unwrap_or(*sum));
    }

    /// Adds them to those that are stored.
    pub fn write(&self, db: &Transaction<'_>) -> Result<(), StoreError> {
        for ((tenant, day, what, corridor, currency), (count, amount)) in &self.0 {
            let found: Option<(u64, String)> = db
                .prepare_cached(
                    "SELECT count, amount FROM figure
                     WHERE tenant = ?1 AND day = ?2 AND what = ?3 AND corridor = ?4 AND currency = ?5",
                )?
                .query_row(params![tenant, day, what, corridor, currency], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let (counted, sum) = found.unwrap_or_default();
            let sum: Decimal = sum.parse().unwrap_or_default();
            let sum = sum.checked_add(*amount).unwrap_or(sum).to_string();
            db.prepare_cached("INSERT OR REPLACE INTO figure VALUES (?1,?2,?3,?4,?5,?6,?7)")?
                .execute(params![tenant, day, what, corridor, currency, counted + count, sum])?;
        }
        Ok(())
    }
}
