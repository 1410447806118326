//! What is derived from the journal: lists, counts, figures, the ledger.

use dragoman_exchange::Exchange;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A stream as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Row {
    /// The stream.
    pub id: String,
    /// `order`, `declaration`, `parked`, `webhook`, `inquiry`.
    pub kind: String,
    /// What people call it.
    pub title: String,
    /// Where it came from, or goes to.
    pub account: String,
    /// Where its last submission stands.
    pub state: String,
    /// What the authority made of it.
    pub status: String,
    /// The authority's number.
    pub mrn: Option<String>,
    /// From where to where.
    pub corridor: Option<String>,
    /// What it is worth, as `amount currency`.
    pub value: Option<String>,
    /// What a person has to do: one of [`Exchange::NEEDS`].
    pub needs: Option<String>,
    /// Until when.
    pub deadline: Option<Timestamp>,
    /// What is at fault.
    pub causes: Vec<String>,
    /// When it began.
    pub began: Timestamp,
    /// When something last happened.
    pub changed: Timestamp,
}

impl Row {
    /// A stream as it stands; `now` where it does not say when something happened.
    pub fn of(id: &str, exchange: &Exchange, now: Timestamp) -> Self {
        let needs = exchange.needs();
        Self {
            id: id.to_owned(),
            kind: exchange.kind.word().into(),
            title: exchange.title.clone(),
            account: exchange.account.clone(),
            state: exchange.state().into(),
            status: exchange.status.state().word().into(),
            mrn: exchange.mrn.clone(),
            corridor: exchange.corridor.clone(),
            value: exchange.value.clone(),
            needs: needs.map(str::to_owned),
            deadline: needs.and(exchange.limit),
            causes: exchange.causes.clone(),
            began: exchange.began.unwrap_or(now),
            changed: exchange.changed.unwrap_or(now),
        }
    }
}

/// Which streams are listed, newest change first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Whose.
    pub tenant: String,
    /// Of which kind.
    pub kind: Option<String>,
    /// In which state.
    pub state: Option<String>,
    /// With which status.
    pub status: Option<String>,
    /// Only what needs that of somebody.
    pub needs: Option<String>,
    /// With this cause.
    pub cause: Option<String>,
    /// How a reference, a number or an order's number begins. One that thousands begin with finds some of them.
    pub text: Option<String>,
    /// Behind the last of the page before: its `changed` and `id`.
    pub after: Option<(Timestamp, String)>,
    /// So many at most.
    pub limit: usize,
}

/// How many streams are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Count {
    /// `order`, `declaration`, `parked`, `webhook`, `inquiry`.
    pub kind: String,
    /// Where the last submission stands.
    pub state: String,
    /// What the authority made of it.
    pub status: String,
    /// What a person has to do.
    pub needs: Option<String>,
    /// So many.
    pub count: u64,
}

/// What the ledger says: every submission that was accepted is open or at exactly one end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ledger {
    /// Submissions that were accepted, counted in the journal.
    pub accepted: u64,
    /// Those without an end.
    pub open: u64,
    /// Those that the counterpart has.
    pub delivered: u64,
    /// Those that it did not want.
    pub refused: u64,
    /// Those that were given up.
    pub dead: u64,
}

impl Ledger {
    /// True where the figures add up.
    pub const fn balances(&self) -> bool {
        self.accepted == self.open + self.delivered + self.refused + self.dead
    }
}

/// Counts and values of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    /// The day (UTC), `YYYY-MM-DD`.
    pub day: String,
    /// `orders`, `declared`, `cleared`, `rejected`.
    pub what: String,
    /// From where to where; empty where nobody said.
    pub corridor: String,
    /// The currency of the amount; empty where there is none.
    pub currency: String,
    /// How many.
    pub count: u64,
    /// What they are worth, a decimal.
    pub amount: String,
}
