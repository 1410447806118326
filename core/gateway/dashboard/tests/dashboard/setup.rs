//! A gateway with the demonstration's data, and its pages.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use dragoman_adapters::{Catalogue, Data};
use dragoman_dashboard::{Options, Site, router};
use dragoman_engine::people::{Actor, People, Role};
use dragoman_engine::{Article, Clock, Config, Gateway, OrderIn, Taken, View};
use dragoman_simulators::{Running, serve};
use dragoman_store::{Batch, RecordChange, Sqlite, Store};
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
base_url = "OFFICE"

[[flow]]
name = "uk"
from = "shop"
to = "acme"
consignment = "adapters/gb-cds/demo/consignment.toml"
rates = "adapters/gb-cds/demo/rates.csv"
"#;

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The moment at which everything begins.
const BEGIN: i64 = 1_795_900_000;

/// A gateway, its store's folder, and its clock.
pub struct Setup {
    pub gateway: Gateway,
    pub people: Arc<People>,
    pub store: Arc<dyn Store>,
    office: Option<Running>,
    now: Arc<AtomicI64>,
    _folder: TempDir,
}

impl Setup {
    /// A gateway with the customs master of the demonstration, and nobody to talk with. `more` goes behind the
    /// configuration.
    pub async fn new(more: &str) -> Self {
        Self::of(more, None).await
    }

    /// A gateway that declares to a simulated office.
    pub async fn declaring(more: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
        let options = dragoman_simulators::Options { faster: 100, limits: false, ..Default::default() };
        Self::of(more, Some(serve(catalogue, "gb-cds", options).await.unwrap())).await
    }

    async fn of(more: &str, office: Option<Running>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path()).unwrap());
        let now = Arc::new(AtomicI64::new(BEGIN));
        let url = office.as_ref().map_or_else(|| NOWHERE.to_owned(), Running::url);
        let config = format!("{}{more}", CONFIG.replace("OFFICE", &url));
        let gateway = open(&config, Arc::clone(&store), &now).await;
        authorise(&store).await;
        let people = Arc::new(People::new(Arc::clone(&store)));
        let setup = Self { gateway, people, store, office, now, _folder: folder };
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

    /// Sends what is queued, and fetches answers until an exchange has a status.
    pub async fn heard(&self, id: &str, status: &str) -> View {
        self.gateway.work().await.unwrap();
        for _ in 0..500 {
            self.gateway.pull("acme", false).await.unwrap();
            let view = self.gateway.exchange(&clerk(), id).await.unwrap().unwrap();
            if view.row.status == status {
                self.settle().await;
                return view;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("never {status}: {:?}", self.gateway.exchange(&clerk(), id).await);
    }

    /// The customs master says that the bag is from somewhere.
    pub async fn bag_from(&self, origin: &str) {
        let rows = self.gateway.article_rows(&clerk(), "BAG-22").await.unwrap();
        let rows: Vec<_> = rows.into_iter().map(|row| Article { origin: origin.into(), ..row }).collect();
        self.gateway.set_master(&clerk(), "BAG-22", &rows).await.unwrap();
    }

    /// References that the office was given.
    pub fn lrns(&self) -> Vec<String> {
        self.office.as_ref().unwrap().received().into_iter().map(|one| one.lrn).collect()
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

async fn open(config: &str, store: Arc<dyn Store>, now: &Arc<AtomicI64>) -> Gateway {
    let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
    let config: Config = toml::from_str(config).unwrap();
    let files = |path: &str| {
        let text = Data::embedded().get(path).map(str::to_owned);
        text.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    let now = Arc::clone(now);
    let clock = Clock::of(move || Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap());
    Gateway::open(config, &files, catalogue, store, clock).await.unwrap()
}

/// A person authorised the application: there is a refresh token.
async fn authorise(store: &Arc<dyn Store>) {
    let past = "2026-01-01T00:00:00Z";
    let body = format!(r#"{{"access":"old","refresh":"first","expires_at":"{past}","refresh_at":"{past}"}}"#);
    let (tenant, space, key) = ("main".to_owned(), "token".to_owned(), "acme".to_owned());
    let change = RecordChange { tenant, space, key, expected: 0, body: Some(body) };
    store.commit(Batch { records: vec![change], ..Batch::default() }).await.unwrap();
}

/// A clerk of the tenant `main`.
pub fn clerk() -> Actor {
    Actor::person("main", "anna", Role::Clerk)
}

/// Who keeps the tenant `main`.
pub fn admin() -> Actor {
    Actor::person("main", "ada", Role::Admin)
}
