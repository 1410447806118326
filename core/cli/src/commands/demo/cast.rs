//! Who plays: the gateway, and a simulator of each of its counterparts.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dragoman_adapters::Party;
use dragoman_engine::people::{Actor, Role};
use dragoman_engine::{Clock, Gateway};
use dragoman_simulators::{Change, NewOrders, Options, Running, serve};
use dragoman_store::{Query, Sqlite};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;

use crate::Context;
use crate::commands::demo::stage::Stage;
use crate::consignment::Files;
use crate::failure::Failure;
use crate::gateway::Opened;
use crate::source::Source;

/// Platforms show an order some minutes after it is placed: so many seconds ago those are placed that it begins with, and
/// those that come later.
const PLACED_AGO: u32 = 600;
const CAME_AGO: u32 = 180;

/// Orders of so long ago are read.
const SINCE: SignedDuration = SignedDuration::from_mins(20);

/// Where and how fast it is played.
pub struct Setting {
    /// The folder of the store; one that is gone in the end, where there is none.
    pub data: Option<PathBuf>,
    /// How far its clock is ahead of the machine's.
    pub ahead: SignedDuration,
    /// How fast the simulators are.
    pub faster: u32,
    /// Where the gateway is reached.
    pub url: String,
}

/// Who plays.
pub struct Cast {
    /// The simulators, by their adapters.
    simulators: Vec<(String, Running)>,
    /// Those of them that orders come from.
    platforms: Vec<String>,
    /// Who looks, corrects and decides.
    pub you: Actor,
    /// The adapter of the customs service.
    customs: String,
    _folder: Option<TempDir>,
}

impl Cast {
    /// Starts all of them. The gateway is authorised at its counterparts, and its shops have no orders yet.
    pub async fn gather(
        context: &Context,
        stage: &Stage<'_>,
        setting: &Setting,
    ) -> Result<(Self, Opened), Failure> {
        let mut addresses = vec![("gateway".to_owned(), setting.url.clone())];
        let (mut simulators, mut platforms) = (Vec::new(), Vec::new());
        for account in stage.config(&[])?.account {
            let options = Options {
                faster: setting.faster,
                change: stage.script(&account.adapter, &addresses)?,
                clock: dragoman_simulators::Clock::ahead(setting.ahead),
                ..Options::default()
            };
            let running = serve(Arc::clone(&context.catalogue), &account.adapter, options).await;
            let running = running.map_err(|error| Failure::failed(&error))?;
            addresses.push((account.adapter.clone(), running.url()));
            let mut adapters = context.catalogue.adapters().iter();
            let adapter = adapters.find(|adapter| adapter.name == account.adapter);
            if adapter.is_some_and(|adapter| matches!(adapter.party, Party::Platform(_))) {
                platforms.push(account.adapter.clone());
            }
            simulators.push((account.adapter, running));
        }
        let now = Timestamp::now() + setting.ahead;
        let mut config = stage.config(&addresses)?;
        config.gateway.public_url = Some(setting.url.clone());
        for account in &mut config.account {
            account.since = Some(now - SINCE);
        }
        let folder = if setting.data.is_some() { None } else { Some(folder()?) };
        let path = setting.data.as_deref().or(folder.as_ref().map(TempDir::path)).unwrap_or(Path::new("."));
        let texts = stage.texts();
        let file = |name: &str| texts.get(name).cloned().ok_or_else(|| io::ErrorKind::NotFound.into());
        let ahead = setting.ahead;
        let clock = Clock::of(move || Timestamp::now() + ahead);
        let catalogue = Arc::clone(&context.catalogue);
        let opened = Opened::of(Arc::new(Sqlite::open(path)?), config, &file, catalogue, clock).await;
        let opened = opened.map_err(|error| Failure::failed(&error))?;
        let you = Actor::person("main", "you", Role::Admin);
        authorise(&opened.gateway, &you).await?;
        let customs = stage.customs.to_owned();
        Ok((Self { simulators, platforms, you, customs, _folder: folder }, opened))
    }

    /// What the customs service is called.
    pub fn office(&self) -> &str {
        self.simulator(&self.customs).map_or(&self.customs, |running| &running.title)
    }

    /// How many answers customs pushed; none while others are on their way.
    pub fn pushed(&self) -> Option<u64> {
        self.simulator(&self.customs)?.pushed()
    }

    fn simulator(&self, adapter: &str) -> Option<&Running> {
        self.simulators.iter().find(|(name, _)| name == adapter).map(|(_, running)| running)
    }

    /// True where the gateway has had no orders yet.
    pub async fn is_new(&self, gateway: &Gateway) -> Result<bool, Failure> {
        let first = Query { kind: Some("order".to_owned()), limit: 1, ..Query::default() };
        let listed = gateway.list(&self.you, first).await.map_err(|error| Failure::failed(&error))?;
        Ok(listed.data.is_empty())
    }

    /// Lets the shops have the orders of the demonstration: those that they make up first.
    pub fn make(&self, files: &Files) -> Result<(), Failure> {
        for platform in &self.platforms {
            let own = |message: &str| message.split_once('/').is_some_and(|(adapter, _)| adapter == platform);
            let make = files.order_sources().filter(|(message, _)| own(message)).count();
            let make = u32::try_from(make).unwrap_or_default();
            self.tell(platform, NewOrders { make, seconds_ago: PLACED_AGO, ..NewOrders::default() })?;
        }
        Ok(())
    }

    /// Places the orders of files at the shops whose they are.
    pub fn place(&self, files: &Files) -> Result<(), Failure> {
        for (message, source) in files.order_sources() {
            let adapter = message.split_once('/').map(|(adapter, _)| adapter);
            let own = self.platforms.iter().find(|platform| Some(platform.as_str()) == adapter);
            let taken = |platform: &&String| self.place_at(platform, source).is_ok();
            let taken = match own {
                Some(platform) => taken(&platform),
                None => self.platforms.iter().any(|platform| taken(&platform)),
            };
            if !taken {
                let shops = self.platforms.join(", ");
                return Err(Failure::new(
                    format!("{} is no order that a shop of the demonstration can have", source.name),
                    format!("its shops are {shops}"),
                ));
            }
        }
        Ok(())
    }

    fn place_at(&self, platform: &str, source: &Source) -> Result<(), Failure> {
        let values: Result<Vec<Value>, _> =
            serde_json::Deserializer::from_slice(source.bytes()).into_iter().collect();
        let place = values.map_err(|error| Failure::failed(&error))?;
        self.tell(platform, NewOrders { place, seconds_ago: PLACED_AGO, ..NewOrders::default() })
    }

    /// Lets a shop have another order, the how-manieth of them.
    pub fn another(&self, number: usize) -> Result<(), Failure> {
        let at = number.checked_rem(self.platforms.len()).unwrap_or_default();
        let Some(platform) = self.platforms.get(at) else { return Ok(()) };
        self.tell(platform, NewOrders { make: 1, seconds_ago: CAME_AGO, ..NewOrders::default() })
    }

    fn tell(&self, adapter: &str, orders: NewOrders) -> Result<(), Failure> {
        let Some(running) = self.simulator(adapter) else { return Ok(()) };
        let change = Change { orders: Some(orders), ..Change::default() };
        running.change(change).map_err(|error| Failure::failed(&error))
    }
}

fn folder() -> Result<TempDir, Failure> {
    tempfile::tempdir().map_err(|error| Failure::failed(&error))
}

/// Signs in at every counterpart that asks for it, as a person does in a browser.
async fn authorise(gateway: &Gateway, you: &Actor) -> Result<(), Failure> {
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build();
    let browser = browser.map_err(|error| Failure::failed(&error))?;
    let accounts = gateway.accounts(you).await.map_err(|error| Failure::failed(&error))?;
    for account in accounts.iter().filter(|account| account.needs_person && account.authorisation.is_none()) {
        let url = gateway.begin_authorisation(you, &account.name).await;
        let url = url.map_err(|error| Failure::failed(&error))?;
        let answer = browser.get(url).send().await.map_err(|error| Failure::failed(&error))?;
        let back = answer.headers().get("location").and_then(|value| value.to_str().ok());
        let back = back.and_then(|back| reqwest::Url::parse(back).ok());
        let value = |name: &str| {
            let mut pairs = back.as_ref()?.query_pairs();
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let (Some(state), Some(code)) = (value("state"), value("code")) else {
            return Err(Failure::failed(&format!("{} does not authorise anybody", account.title)));
        };
        let ended = gateway.end_authorisation(you, &state, &code).await;
        ended.map_err(|error| Failure::failed(&error))?;
    }
    Ok(())
}
