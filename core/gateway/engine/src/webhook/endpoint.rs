//! The addresses that news go to.

use dragoman_store::StoreError;
use dragoman_transport::webhook::SigningKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};
use crate::writing::{Writing, id};

/// The space of the store's records that endpoints are in.
pub(crate) const SPACE: &str = "endpoint";

/// So many a tenant may have.
const MOST: usize = 100;

/// An address that news go to, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    /// The address.
    pub url: String,
    /// What it is for, in words.
    #[serde(default)]
    pub description: String,
    /// Which news: `order.received`, `declaration.status` …; all where it names none.
    #[serde(default)]
    pub events: Vec<String>,
    /// The keys that news are signed with: while one replaces another, both.
    pub keys: Vec<String>,
    /// Nothing is sent there.
    #[serde(default)]
    pub disabled: bool,
    /// When it was added.
    pub created: Timestamp,
}

/// An address that news go to, as people see it: without its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EndpointView {
    /// Its id.
    pub id: String,
    /// The address.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// Which news; all where it names none.
    pub events: Vec<String>,
    /// Nothing is sent there.
    pub disabled: bool,
    /// When it was added.
    pub created: Timestamp,
}

impl EndpointView {
    fn of(id: &str, endpoint: Endpoint) -> Self {
        let Endpoint { url, description, events, disabled, created, .. } = endpoint;
        Self { id: id.to_owned(), url, description, events, disabled, created }
    }
}

impl Gateway {
    /// Adds an address that news go to. The key is shown this once. An address that is not public is refused unless the
    /// configuration allows it.
    pub async fn add_endpoint(
        &self,
        by: &Actor,
        url: &str,
        description: &str,
        events: &[String],
    ) -> Answer<(EndpointView, String)> {
        allowed(by, Right::Administer)?;
        self.judge(url)?;
        if let Some(unknown) = events.iter().find(|event| !super::news::KINDS.contains(&event.as_str())) {
            let known = super::news::KINDS.join(", ");
            return Err(EngineError::refused(format!("there are no news `{unknown}`; there are {known}")));
        }
        if self.endpoints(by).await?.len() >= MOST {
            return Err(EngineError::Conflict(format!("there are {MOST} endpoints already")));
        }
        let key = new_key()?;
        let endpoint = Endpoint {
            url: url.to_owned(),
            description: description.to_owned(),
            events: events.to_vec(),
            keys: vec![key.clone()],
            disabled: false,
            created: self.0.clock.now(),
        };
        let id = id();
        let body = serde_json::to_string(&endpoint).map_err(EngineError::damaged)?;
        let mut writing = Writing::new(self, by);
        writing.record(SPACE, id.clone(), 0, Some(body));
        writing.commit().await?;
        self.0.listeners.forget();
        Ok((EndpointView::of(&id, endpoint), key))
    }

    /// The addresses that the tenant's news go to.
    pub async fn endpoints(&self, by: &Actor) -> Answer<Vec<EndpointView>> {
        allowed(by, Right::Read)?;
        let all = self.all_endpoints(&by.tenant).await?;
        Ok(all.into_iter().map(|(id, endpoint)| EndpointView::of(&id, endpoint)).collect())
    }

    /// Switches an address on or off.
    pub async fn switch_endpoint(&self, by: &Actor, id: &str, disabled: bool) -> Answer<EndpointView> {
        allowed(by, Right::Administer)?;
        let endpoint = self.change_endpoint(&by.tenant, id, |endpoint| endpoint.disabled = disabled).await?;
        Ok(EndpointView::of(id, endpoint))
    }

    /// Gives an address a new key, which is shown this once. News are signed with both until the old one is dropped by
    /// the next change of keys.
    pub async fn rotate_endpoint(&self, by: &Actor, id: &str) -> Answer<String> {
        allowed(by, Right::Administer)?;
        let key = new_key()?;
        let change = |endpoint: &mut Endpoint| {
            endpoint.keys.insert(0, key.clone());
            endpoint.keys.truncate(2);
        };
        self.change_endpoint(&by.tenant, id, change).await?;
        Ok(key)
    }

    /// Removes an address. What is queued for it is refused.
    pub async fn remove_endpoint(&self, by: &Actor, id: &str) -> Answer<()> {
        allowed(by, Right::Administer)?;
        let record = self.0.store.record(&by.tenant, SPACE, id).await?;
        let record = record.ok_or_else(|| EngineError::unknown("endpoint", id))?;
        let mut writing = Writing::new(self, by);
        writing.record(SPACE, id.to_owned(), record.revision, None);
        writing.commit().await?;
        self.0.listeners.forget();
        Ok(())
    }

    pub(crate) async fn all_endpoints(&self, tenant: &str) -> Answer<Vec<(String, Endpoint)>> {
        let records = self.0.store.records(tenant, SPACE, "", MOST).await?;
        let read = |record: dragoman_store::Record| {
            Ok((record.key, serde_json::from_str(&record.body).map_err(EngineError::damaged)?))
        };
        records.into_iter().map(read).collect()
    }

    async fn change_endpoint(
        &self,
        tenant: &str,
        id: &str,
        change: impl Fn(&mut Endpoint),
    ) -> Answer<Endpoint> {
        loop {
            let record = self.0.store.record(tenant, SPACE, id).await?;
            let record = record.ok_or_else(|| EngineError::unknown("endpoint", id))?;
            let mut endpoint: Endpoint = serde_json::from_str(&record.body).map_err(EngineError::damaged)?;
            change(&mut endpoint);
            let body = serde_json::to_string(&endpoint).map_err(EngineError::damaged)?;
            let mut writing = Writing::new(self, &Actor::gateway(tenant));
            writing.record(SPACE, id.to_owned(), record.revision, Some(body));
            match writing.commit().await {
                Ok(_) => {
                    self.0.listeners.forget();
                    return Ok(endpoint);
                }
                Err(StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Refuses an address that says already that it is not public.
    fn judge(&self, url: &str) -> Answer<()> {
        let parsed = url.parse().map_err(|_| EngineError::refused("this is no address"))?;
        self.0.guard.url(&parsed).map_err(|refused| EngineError::refused(refused.to_string()))
    }
}

fn new_key() -> Answer<String> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(EngineError::damaged)?;
    Ok(SigningKey::of(&random).written().expose().to_owned())
}
