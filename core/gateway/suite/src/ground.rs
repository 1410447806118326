//! The ground that behaviours are tried on: a simulator, a gateway that reads of it and ships to it, and a clock that is
//! turned by hand.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use dragoman_engine::people::Actor;
use dragoman_engine::{Answer, Clock, Config, Gateway, config};
use dragoman_simulators::{Act, Change, Does, Hook, NewOrders, Options, Play, Running, SimulatorError};
use dragoman_store::{Batch, RecordChange, Sqlite, Store};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::mortal::{Dies, Mortal};
use crate::subject::Subject;
use crate::trouble::Trouble;

/// The account.
pub const ACCOUNT: &str = "shop";

/// Whose it is.
const TENANT: &str = "main";

/// When everything begins.
const BEGIN: i64 = 1_795_900_000;

/// A simulator and a gateway.
pub struct Ground {
    pub subject: Arc<Subject>,
    pub simulator: Running,
    pub gateway: Gateway,
    /// What was handed in to be shipped.
    pub handed: Vec<Handed>,
    process: Arc<Mortal>,
    disk: Arc<dyn Store>,
    config: Config,
    now: Arc<AtomicI64>,
    _folder: TempDir,
}

/// A parcel that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The order's stream.
    pub stream: String,
    /// Its number within the order.
    pub number: usize,
    /// Its tracking number.
    pub tracking: String,
}

impl Ground {
    /// A platform without orders, and a gateway that has read nothing. The platform's clock is `ahead` by so many
    /// seconds.
    pub async fn new(subject: &Arc<Subject>, seed: u64, ahead: i64) -> Result<Self, Trouble> {
        // A second one in a process changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let now = Arc::new(AtomicI64::new(BEGIN));
        let theirs = Arc::clone(&now);
        let clock = dragoman_simulators::Clock::of(move || at(theirs.load(Ordering::SeqCst) + ahead));
        let options = Options { seed, limits: false, clock, held: true, ..Options::default() };
        let simulator = dragoman_simulators::serve(Arc::clone(&subject.catalogue), &subject.name, options);
        let simulator = simulator.await.map_err(|error| Trouble::of(&error))?;
        let folder = tempfile::tempdir().map_err(|error| Trouble::of(&error))?;
        let disk: Arc<dyn Store> =
            Arc::new(Sqlite::open(folder.path()).map_err(|error| Trouble::of(&error))?);
        let config = configured(subject, &simulator);
        authorise(&disk, "first").await?;
        let process = Arc::new(Mortal::living(Arc::clone(&disk)));
        let gateway = open(subject, &config, &process, &now).await?;
        let ground = Self {
            subject: Arc::clone(subject),
            simulator,
            gateway,
            handed: Vec::new(),
            process,
            disk,
            config,
            now,
            _folder: folder,
        };
        ground.listen()?;
        Ok(ground)
    }

    /// Who does everything here.
    pub fn by() -> Actor {
        Actor::gateway(TENANT)
    }

    /// The moment, by the gateway's clock.
    pub fn now(&self) -> Timestamp {
        at(self.now.load(Ordering::SeqCst))
    }

    /// Turns the clock.
    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    /// The platform tells of its orders, to be handed over by hand.
    fn listen(&self) -> Result<(), Trouble> {
        let secret = self.simulator.webhook_secret().and_then(|name| self.simulator.account().remove(name));
        if self.subject.webhook().is_none() {
            return Ok(());
        }
        // Where the key is the platform's own there is none.
        let secret = secret.unwrap_or_default();
        let hook = Hook { url: "http://127.0.0.1:9/".to_owned(), secret };
        self.tell(Change { webhook: Some(hook), ..Change::default() })
    }

    /// Tells the simulator something.
    pub fn tell(&self, change: Change) -> Result<(), Trouble> {
        self.simulator.change(change).map_err(|error| Trouble::of(&error))
    }

    /// Orders are placed.
    pub fn place(&self, make: u32, pending: bool) -> Result<(), Trouble> {
        let orders = NewOrders { make, pending, ..NewOrders::default() };
        self.tell(Change { orders: Some(orders), ..Change::default() })
    }

    /// The platform plays something the next few times.
    pub fn play(&self, behaviour: &str, times: u32) -> Result<(), Trouble> {
        self.tell(Change { plays: vec![Play::times(behaviour, times)], ..Change::default() })
    }

    /// Nothing goes wrong any more.
    pub fn calm(&self) -> Result<(), Trouble> {
        self.tell(Change { clear: true, ..Change::default() })
    }

    /// Somebody does something to an order; false where that cannot be done.
    pub fn act(&self, order: &str, does: Does, text: &str, quiet: bool) -> Result<bool, Trouble> {
        let act = Act { order: order.to_owned(), does, text: text.to_owned(), quiet };
        match self.simulator.change(Change { acts: vec![act], ..Change::default() }) {
            Ok(()) => Ok(true),
            Err(SimulatorError::Act(_)) => Ok(false),
            Err(error) => Err(Trouble::of(&error)),
        }
    }

    /// Reads what there is to be read.
    pub async fn read(&mut self) -> Result<(), Trouble> {
        let read = self.gateway.sync(ACCOUNT).await;
        self.survived(read).await
    }

    /// Asks the platform's queue, and takes what it gives.
    pub async fn ask_queue(&mut self) -> Result<(), Trouble> {
        let taken = self.gateway.listen(ACCOUNT).await;
        self.survived(taken).await
    }

    /// Sends what is due.
    pub async fn send(&mut self) -> Result<(), Trouble> {
        let sent = self.gateway.work().await;
        self.survived(sent).await
    }

    /// The process will die at one of its next commits.
    pub async fn die(&mut self, commit: u32, dies: Dies) -> Result<(), Trouble> {
        self.begin(Mortal::dying(Arc::clone(&self.disk), commit, dies)).await
    }

    /// The process ends, if it has not, and another one begins on the same disk.
    pub async fn restart(&mut self) -> Result<(), Trouble> {
        self.begin(Mortal::living(Arc::clone(&self.disk))).await
    }

    /// A process that is about to die is another one from now on.
    pub async fn revive(&mut self) -> Result<(), Trouble> {
        if self.process.is_doomed() { self.restart().await } else { Ok(()) }
    }

    /// A person authorises the application anew, where that is wanted: a refresh token that is good once is lost where the
    /// process dies between its use and the keeping of the next one.
    pub async fn authorise(&self) -> Result<(), Trouble> {
        let auth = &self.subject.channel.settings.auth;
        if auth.needs_a_person() { authorise(&self.disk, "second").await } else { Ok(()) }
    }

    async fn begin(&mut self, process: Mortal) -> Result<(), Trouble> {
        self.process = Arc::new(process);
        self.gateway = open(&self.subject, &self.config, &self.process, &self.now).await?;
        Ok(())
    }

    /// Goes on after something was done: with another process, where this one died over it.
    pub async fn survived<T>(&mut self, done: Answer<T>) -> Result<(), Trouble> {
        match done {
            _ if self.process.is_dead() => self.restart().await,
            Ok(_) => Ok(()),
            Err(error) => Err(Trouble::of(&error)),
        }
    }

    /// Waits until lists have caught up with what was written.
    pub async fn settle(&self) -> Result<(), Trouble> {
        let written = *self.disk.written().borrow();
        let mut derived = self.disk.derived();
        let caught_up = derived.wait_for(|derived| *derived >= written).await;
        caught_up.map(|_| ()).map_err(|error| Trouble::of(&error))
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn configured(subject: &Subject, simulator: &Running) -> Config {
    let account = config::Account {
        adapter: subject.name.clone(),
        name: ACCOUNT.to_owned(),
        tenant: TENANT.to_owned(),
        environment: "sandbox".to_owned(),
        profile: None,
        since: Some(at(BEGIN - 3600)),
        limits: false,
        from: std::collections::BTreeMap::new(),
        values: simulator.account(),
    };
    Config { account: vec![account], ..Config::default() }
}

async fn open(
    subject: &Subject,
    config: &Config,
    process: &Arc<Mortal>,
    now: &Arc<AtomicI64>,
) -> Result<Gateway, Trouble> {
    let now = Arc::clone(now);
    let clock = Clock::of(move || at(now.load(Ordering::SeqCst)));
    let none = |_: &str| Err(io::ErrorKind::NotFound.into());
    let (catalogue, store) = (Arc::clone(&subject.catalogue), Arc::clone(process) as Arc<dyn Store>);
    let opened = Gateway::open(config.clone(), &none, catalogue, store, clock).await;
    opened.map_err(|error| Trouble::of(&error))
}

/// A person authorised the application, where that is wanted: there is a refresh token.
async fn authorise(disk: &Arc<dyn Store>, refresh: &str) -> Result<(), Trouble> {
    let past = "2026-01-01T00:00:00Z";
    let body =
        format!(r#"{{"access":"old","refresh":"{refresh}","expires_at":"{past}","refresh_at":"{past}"}}"#);
    let (tenant, space, key) = (TENANT.to_owned(), "token".to_owned(), ACCOUNT.to_owned());
    let known = disk.record(&tenant, &space, &key).await.map_err(|error| Trouble::of(&error))?;
    let expected = known.map_or(0, |record| record.revision);
    let change = RecordChange { tenant, space, key, expected, body: Some(body) };
    let kept = disk.commit(Batch { records: vec![change], ..Batch::default() }).await;
    kept.map(|_| ()).map_err(|error| Trouble::of(&error))
}
