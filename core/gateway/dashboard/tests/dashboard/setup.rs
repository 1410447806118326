//! A gateway with the demonstration's data, and its pages.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use dragoman_adapters::{Catalogue, Data};
use dragoman_dashboard::{Options, Site, router};
use dragoman_engine::people::{Actor, People, Role};
use dragoman_engine::{Clock, Config, Gateway, OrderIn, Taken};
use dragoman_store::{Sqlite, Store};
use jiff::Timestamp;
use tempfile::TempDir;

const CONFIG: &str = r#"
[[account]]
adapter = "amazon"
name = "shop"
region = "eu"
marketplaces = "A1F83G8C2ARO7P"
client_id = "id"
client_secret = "secret"
refresh_token = "refresh"

[[account]]
adapter = "gb-cds"
name = "acme"
profile = "adapters/gb-cds/demo/seller.toml"
client_id = "id"
client_secret = "secret"
api_version = "1.0"
push_token = "Bearer pushed"

[[flow]]
name = "uk"
from = "shop"
to = "acme"
consignment = "adapters/gb-cds/demo/consignment.toml"
rates = "adapters/gb-cds/demo/rates.csv"
"#;

/// The moment at which everything begins.
const BEGIN: i64 = 1_795_900_000;

/// A gateway, its store's folder, and its clock.
pub struct Setup {
    pub gateway: Gateway,
    pub people: Arc<People>,
    pub store: Arc<dyn Store>,
    now: Arc<AtomicI64>,
    _folder: TempDir,
}

impl Setup {
    /// A gateway with the customs master of the demonstration. `more` goes behind the configuration.
    pub async fn new(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path()).unwrap());
        let now = Arc::new(AtomicI64::new(BEGIN));
        let gateway = open(more, Arc::clone(&store), &now).await;
        let people = Arc::new(People::new(Arc::clone(&store)));
        let setup = Self { gateway, people, store, now, _folder: folder };
        setup.gateway.import_master(&clerk(), &demo("master.csv")).await.unwrap();
        setup
    }

    /// The pages, open to `open`; with sign-in where that is nobody.
    pub fn site(&self, open: Option<Actor>) -> Router {
        let options = Options { open, ..Options::default() };
        router(&Site::new(self.gateway.clone(), Arc::clone(&self.people), options))
    }

    /// So many seconds pass.
    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    /// An order of the demonstration under a number of its own.
    pub async fn order(&self, number: &str, change: impl Fn(String) -> String) -> Taken {
        let text = change(demo("orders/amazon.json").replace("026-1000001-1000001", number));
        let order = OrderIn {
            message: "amazon/order",
            bytes: text.as_bytes(),
            from: Some("shop"),
            ..OrderIn::default()
        };
        self.gateway.receive_order(&clerk(), order).await.unwrap()
    }

    /// Waits until lists and ledger have caught up.
    pub async fn settle(&self) {
        let written = *self.store.written().borrow();
        let mut derived = self.store.derived();
        derived.wait_for(|derived| *derived >= written).await.unwrap();
    }
}

/// A file of the demonstration.
pub fn demo(name: &str) -> String {
    Data::embedded().get(&format!("adapters/gb-cds/demo/{name}")).unwrap().to_owned()
}

async fn open(more: &str, store: Arc<dyn Store>, now: &Arc<AtomicI64>) -> Gateway {
    let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
    let config: Config = toml::from_str(&format!("{CONFIG}{more}")).unwrap();
    let files = |path: &str| {
        let text = Data::embedded().get(path).map(str::to_owned);
        text.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    let now = Arc::clone(now);
    let clock = Clock::of(move || Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap());
    Gateway::open(config, &files, catalogue, store, clock).await.unwrap()
}

/// A clerk of the tenant `main`.
pub fn clerk() -> Actor {
    Actor::person("main", "anna", Role::Clerk)
}

/// Who keeps the tenant `main`.
pub fn admin() -> Actor {
    Actor::person("main", "ada", Role::Admin)
}
