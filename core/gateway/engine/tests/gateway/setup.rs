//! A gateway with the demonstration's data, a shop and a customs account.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use dragoman_adapters::{Catalogue, Data};
use dragoman_engine::people::{Actor, Role};
use dragoman_engine::{Clock, Config, Gateway, OrderIn, TakenDeclaration, View};
use dragoman_simulators::{Options, Running, serve};
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
base_url = "SHOP"
token_url = "SHOP/token"
since = "2026-11-28T00:00:00Z"

[[account]]
adapter = "gb-cds"
name = "acme"
profile = "adapters/gb-cds/demo/seller.toml"
client_id = "id"
client_secret = "secret"
api_version = "1.0"
push_token = "Bearer pushed"
base_url = "OFFICE"
limits = false

[[flow]]
name = "uk"
from = "shop"
to = "acme"
consignment = "consignment.toml"
rates = "adapters/gb-cds/demo/rates.csv"
"#;

/// The folder of the workspace, for examples of adapters that are not packed into the program.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../..");

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// A gateway, its store's folder, and its clock.
pub struct Setup {
    pub gateway: Gateway,
    pub store: Arc<dyn Store>,
    pub office: Option<Running>,
    _folder: TempDir,
    now: Arc<AtomicI64>,
}

impl Setup {
    /// A gateway with an empty store, and nobody to talk with. `more` goes behind the configuration.
    pub async fn new(more: &str) -> Self {
        Self::between(NOWHERE, None, more).await
    }

    /// A gateway that declares to a simulated office.
    pub async fn declaring(options: Options) -> Self {
        Self::declared_to(options, "").await
    }

    /// A gateway that declares to a simulated office and keeps messages by these rules.
    pub async fn keeping(rules: &str) -> Self {
        Self::declared_to(Options::default(), rules).await
    }

    async fn declared_to(options: Options, more: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
        let options = Options { faster: 100, limits: false, ..options };
        let office = serve(catalogue, "gb-cds", options).await.unwrap();
        let setup = Self::between(NOWHERE, Some(office), more).await;
        setup.gateway.import_master(&clerk(), &Self::demo("master.csv")).await.unwrap();
        setup
    }

    /// A gateway of another configuration, with an office of its own at `OFFICE`.
    pub async fn asking(adapter: &str, config: &str, options: Options) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
        let office = serve(catalogue, adapter, options).await.unwrap();
        Self::of(&config.replace("OFFICE", &office.url()), Some(office), "customs").await
    }

    /// A gateway between a shop and an office.
    pub async fn between(shop: &str, office: Option<Running>, more: &str) -> Self {
        let url = office.as_ref().map_or_else(|| NOWHERE.to_owned(), Running::url);
        let config = CONFIG.replace("SHOP", shop).replace("OFFICE", &url);
        Self::of(&format!("{config}{more}"), office, "acme").await
    }

    /// A gateway that declares to an office, by other data.
    pub async fn with(catalogue: Arc<Catalogue>, office: Running, limits: bool) -> Self {
        let config = CONFIG.replace("SHOP", NOWHERE).replace("OFFICE", &office.url());
        let config = if limits { config.replace("limits = false\n", "") } else { config };
        Self::by(catalogue, &config, Some(office), "acme").await
    }

    async fn of(config: &str, office: Option<Running>, customs: &str) -> Self {
        Self::by(Arc::new(Catalogue::new(Data::embedded()).unwrap()), config, office, customs).await
    }

    async fn by(catalogue: Arc<Catalogue>, config: &str, office: Option<Running>, customs: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path()).unwrap());
        let now = Arc::new(AtomicI64::new(1_795_900_000));
        let gateway = open(catalogue, config, Arc::clone(&store), &now).await;
        authorise(&store, customs).await;
        Self { gateway, store, office, _folder: folder, now }
    }

    /// Nobody has authorised the application any more.
    pub async fn unauthorise(&self, account: &str) {
        let record = self.store.record("main", "token", account).await.unwrap().unwrap();
        let (tenant, space, key) = ("main".to_owned(), "token".to_owned(), account.to_owned());
        let gone = RecordChange { tenant, space, key, expected: record.revision, body: None };
        self.store.commit(Batch { records: vec![gone], ..Batch::default() }).await.unwrap();
    }

    /// Turns the clock.
    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Waits until lists and ledger have caught up.
    pub async fn settle(&self) {
        let written = *self.store.written().borrow();
        let mut derived = self.store.derived();
        derived.wait_for(|derived| *derived >= written).await.unwrap();
    }

    /// A file of the demonstration.
    pub fn demo(name: &str) -> String {
        Data::embedded().get(&format!("adapters/gb-cds/demo/{name}")).unwrap().to_owned()
    }

    /// A case or an example of an adapter.
    pub fn case(path: &str) -> String {
        std::fs::read_to_string(std::path::Path::new(ROOT).join("adapters").join(path)).unwrap()
    }

    /// Fetches answers to an account until an exchange looks so.
    pub async fn until(&self, account: &str, id: &str, looks: impl Fn(&View) -> bool) -> View {
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        loop {
            self.gateway.pull(account, false).await.unwrap();
            let view = self.view(id).await;
            if looks(&view) {
                return view;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{}: {:?} {:?}",
                view.row.status,
                view.submissions,
                view.lines
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The message of a submission, as it waits to be sent.
    pub async fn body(&self, submission: &str) -> String {
        String::from_utf8(self.store.job("main", submission).await.unwrap().unwrap().body).unwrap()
    }

    /// Declares an order of the demonstration.
    pub async fn declared(&self, order: &str) -> TakenDeclaration {
        let bytes = Self::demo(&format!("orders/{order}.json"));
        let message = format!("{order}/order");
        let order =
            OrderIn { message: &message, bytes: bytes.as_bytes(), from: Some("shop"), ..OrderIn::default() };
        let taken = self.gateway.receive_order(&clerk(), order).await.unwrap();
        taken.declarations.into_iter().next().unwrap()
    }

    /// An exchange as it stands.
    pub async fn view(&self, id: &str) -> View {
        self.gateway.exchange(&clerk(), id).await.unwrap().unwrap()
    }

    /// Fetches answers until an exchange has a status.
    pub async fn heard(&self, id: &str, status: &str) -> View {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        loop {
            self.gateway.pull("acme", false).await.unwrap();
            let view = self.view(id).await;
            if view.row.status == status {
                return view;
            }
            assert!(tokio::time::Instant::now() < deadline, "{} instead of {status}", view.row.status);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// References that the office was given, in their order.
    pub fn lrns(&self) -> Vec<String> {
        self.office.as_ref().unwrap().received().into_iter().map(|one| one.lrn).collect()
    }
}

/// The consignment of the demonstration, for orders of any number.
fn consignment() -> String {
    let text = Setup::demo("consignment.toml");
    text.lines().filter(|line| !line.starts_with("orders = ")).map(|line| format!("{line}\n")).collect()
}

async fn open(
    catalogue: Arc<Catalogue>,
    config: &str,
    store: Arc<dyn Store>,
    now: &Arc<AtomicI64>,
) -> Gateway {
    let config: Config = toml::from_str(config).unwrap();
    let files = |path: &str| match path {
        "consignment.toml" => Ok(consignment()),
        path => match Data::embedded().get(path) {
            Some(text) => Ok(text.to_owned()),
            None => std::fs::read_to_string(std::path::Path::new(ROOT).join(path)),
        },
    };
    let now = Arc::clone(now);
    let clock = Clock::of(move || Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap());
    Gateway::open(config, &files, catalogue, store, clock).await.unwrap()
}

/// A person authorised the application: there is a refresh token.
async fn authorise(store: &Arc<dyn Store>, account: &str) {
    let past = "2026-01-01T00:00:00Z";
    let body = format!(r#"{{"access":"old","refresh":"first","expires_at":"{past}","refresh_at":"{past}"}}"#);
    let (tenant, space, key) = ("main".to_owned(), "token".to_owned(), account.to_owned());
    let change = RecordChange { tenant, space, key, expected: 0, body: Some(body) };
    store.commit(Batch { records: vec![change], ..Batch::default() }).await.unwrap();
}

/// A clerk of the tenant `main`.
pub fn clerk() -> Actor {
    Actor::person("main", "anna", Role::Clerk)
}

/// Another person of the tenant, who approves.
pub fn approver() -> Actor {
    Actor::person("main", "bert", Role::Approver)
}
