//! Lists, figures and accounts.

use std::collections::BTreeMap;

use dragoman_adapters::Party;
use dragoman_exchange::Exchange;
use dragoman_store::{Figure, Ledger, Query, Row};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::authorisation::Authorisation;
use crate::clock::day;
use crate::error::Answer;
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// What is on it, newest change first.
    pub data: Vec<Row>,
    /// Where the next page begins: [`Query::after`]; none behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<(Timestamp, String)>,
}

/// The first page that people see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Today {
    /// The day, in UTC.
    pub day: String,
    /// Orders that came in, declarations that went out, those that were cleared and those that were rejected: today,
    /// and on the day before.
    pub counts: BTreeMap<&'static str, (u64, u64)>,
    /// How much needs a person.
    pub needing: u64,
    /// Counts and values of the last 30 days.
    pub figures: Vec<Figure>,
    /// What needs a person, the first of each need: the nearest deadline first, then the longest waiting.
    pub needs: Vec<Row>,
}

/// An account, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountView {
    /// Its name.
    pub name: String,
    /// Its adapter.
    pub adapter: String,
    /// What the adapter is called.
    pub title: String,
    /// `customs`, `platform`, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<&'static str>,
    /// Which of the counterpart's environments.
    pub environment: String,
    /// The counterpart's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What it can do: the operations of its channel.
    pub operations: Vec<String>,
    /// The flows from or to it.
    pub flows: Vec<String>,
    /// True where a person has to authorise the application at the counterpart.
    pub needs_person: bool,
    /// The authorisation that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<Authorisation>,
    /// True where nothing goes out at the moment, because the counterpart is down.
    pub is_down: bool,
}

/// So many rows of a need are shown on the first page.
const SHOWN: usize = 50;

impl Gateway {
    /// A page of a list. The tenant of the query is the asker's.
    pub async fn list(&self, by: &Actor, query: Query) -> Answer<Listed> {
        allowed(by, Right::Read)?;
        let limit = query.limit.clamp(1, 500);
        let query = Query { tenant: by.tenant.clone(), limit: limit + 1, ..query };
        let mut data = self.0.store.list(query).await?;
        let has_more = data.len() > limit;
        data.truncate(limit);
        let next = data.last().filter(|_| has_more).map(|row| (row.changed, row.id.clone()));
        Ok(Listed { data, next })
    }

    /// Counts, trends, and what needs a person.
    pub async fn today(&self, by: &Actor) -> Answer<Today> {
        allowed(by, Right::Read)?;
        let now = self.0.clock.now();
        let before = |days: i64| {
            let at = now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
            day(at).to_string()
        };
        let (today, yesterday) = (before(0), before(1));
        let figures = self.0.store.figures(&by.tenant, &before(29)).await?;
        let count = |what: &str, day: &str| -> u64 {
            figures.iter().filter(|one| one.what == what && one.day == day).map(|one| one.count).sum()
        };
        let counted = |what| (what, (count(what, &today), count(what, &yesterday)));
        let counts = ["orders", "declared", "cleared", "rejected"].map(counted).into();
        let all = self.0.store.counts(&by.tenant).await?;
        let needing = all.iter().filter(|one| one.needs.is_some()).map(|one| one.count).sum();
        let mut needs = Vec::new();
        for need in Exchange::NEEDS {
            needs.extend(self.0.store.waiting(&by.tenant, Some(need), SHOWN).await?);
        }
        needs.sort_by_key(|row| (row.deadline.unwrap_or(Timestamp::MAX), row.began));
        Ok(Today { day: today, counts, needing, figures, needs })
    }

    /// What became of all submissions of the tenant.
    pub async fn ledger(&self, by: &Actor) -> Answer<Ledger> {
        allowed(by, Right::Read)?;
        Ok(self.0.store.ledger(Some(&by.tenant)).await?)
    }

    /// The accounts of the tenant, by name.
    pub async fn accounts(&self, by: &Actor) -> Answer<Vec<AccountView>> {
        allowed(by, Right::Read)?;
        let mut views = Vec::new();
        for account in self.0.accounts.values().filter(|account| account.settings.tenant == by.tenant) {
            let authorisation = self.authorisation(account).await?;
            views.push(AccountView { authorisation, ..self.account_view(account) });
        }
        views.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(views)
    }

    fn account_view(&self, account: &crate::account::Account) -> AccountView {
        let settings = &account.settings;
        let adapter = self.0.catalogue.adapters().iter().find(|adapter| adapter.name == settings.adapter);
        let channel = account.channel.as_ref();
        let operations = channel.iter().flat_map(|channel| &channel.operations);
        let joins = |flow: &&std::sync::Arc<crate::declaring::Flow>| {
            flow.settings.to == settings.name || flow.settings.from.as_ref() == Some(&settings.name)
        };
        AccountView {
            name: settings.name.clone(),
            adapter: settings.adapter.clone(),
            title: adapter.map(|adapter| adapter.title.clone()).unwrap_or_default(),
            party: match account.party {
                Party::Customs(_) => Some("customs"),
                Party::Platform(_) => Some("platform"),
                Party::Any => None,
            },
            environment: settings.environment.clone(),
            address: channel.and_then(|channel| channel.base(&account.values).ok()),
            operations: operations.map(|operation| operation.name.to_string()).collect(),
            flows: self.0.flows.iter().filter(joins).map(|flow| flow.settings.name.clone()).collect(),
            needs_person: channel.is_some_and(|channel| channel.settings.auth.needs_a_person()),
            authorisation: None,
            is_down: self.0.lanes.open_until(&settings.name, self.0.clock.now()).is_some(),
        }
    }
}
