//! The gateway under load, with the simulated customs service that it declares to, in the process of the load generator.

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dragoman_adapters::{Catalogue, Data};
use dragoman_api::Api;
use dragoman_engine::people::{Actor, NewKey, People, Right, Role};
use dragoman_engine::{Clock, Config, Gateway, Workers};
use dragoman_simulators::{Callback, Change, Options, Running};
use dragoman_store::{Batch, RecordChange, Sqlite, Store};
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::client::Shape;

/// The demonstration's seller and flow, without limits on either side.
const CONFIG: &str = r#"
[[account]]
adapter = "gb-cds"
name = "acme"
profile = "seller.toml"
client_id = "id"
client_secret = "secret"
push_token = "Bearer pushed"
api_version = "1.0"
base_url = "OFFICE"
token_url = "OFFICE/oauth/token"
limits = false

[[flow]]
name = "uk"
to = "acme"
consignment = "consignment.toml"
rates = "rates.csv"
master = "master.csv"
"#;

/// A gateway that listens.
pub struct Serving {
    /// The gateway.
    pub gateway: Gateway,
    /// Its store.
    pub store: Arc<dyn Store>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Whom it declares to.
    pub office: Running,
    key: String,
}

impl Serving {
    /// Opens one in a folder, with nothing in it.
    pub async fn open(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let catalogue = Arc::new(Catalogue::new(Data::embedded())?);
        let options = Options { limits: false, ..Options::default() };
        let office = dragoman_simulators::serve(Arc::clone(&catalogue), "gb-cds", options).await?;
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder)?);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let headers = vec![("Authorization".to_owned(), "Bearer pushed".to_owned())];
        let callback =
            Callback { url: format!("http://{address}/v1/notifications/acme"), headers, secret: None };
        office.change(Change { callback: Some(callback), ..Change::default() })?;
        authorise(&*store).await?;
        let config: Config = toml::from_str(&CONFIG.replace("OFFICE", &office.url()))?;
        let gateway = Gateway::open(config, &file, catalogue, Arc::clone(&store), Clock::system()).await?;
        let people = Arc::new(People::new(Arc::clone(&store)));
        let by = Actor::person("main", "bench", Role::Admin);
        let new = NewKey { name: "bench".into(), scopes: [Right::Write].into(), expires: None };
        let (_, key) = people.add_key(&by, new, Timestamp::now()).await?;
        let api = Api::new(gateway.clone(), people, dragoman_api::Options::default());
        let routes = dragoman_api::router(&api).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { gateway, store, address, office, key: key.text().to_owned() })
    }

    /// Sends what is queued, until it is stopped.
    pub fn send(&self) -> Workers {
        self.gateway.start()
    }

    /// Waits until lists show what is stored.
    pub async fn derived(&self) -> Result<(), Box<dyn Error>> {
        let written = *self.store.written().borrow();
        self.store.derived().wait_for(|derived| *derived >= written).await?;
        Ok(())
    }

    /// How many declarations customs has not acknowledged.
    pub async fn sending(&self) -> Result<u64, Box<dyn Error>> {
        self.derived().await?;
        Ok(self.store.ledger(None).await?.open)
    }

    /// Waits until customs has acknowledged all and has told all it has to say; false where that takes too long, or something
    /// became of one of them.
    pub async fn settled(&self, longest: Duration) -> Result<bool, Box<dyn Error>> {
        let begin = Instant::now();
        while self.sending().await? > 0 || self.office.pushing() > 0 {
            if begin.elapsed() > longest {
                return Ok(false);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let ledger = self.store.ledger(None).await?;
        Ok(ledger.balances() && ledger.delivered == ledger.accepted)
    }

    /// How an order is handed in that is to be declared.
    pub fn order(&self, shape: Shape) -> Shape {
        let headers = format!("{}authorization: Bearer {}\r\n", shape.headers, self.key);
        Shape { path: "/v1/orders?as=amazon/order&declare_to=acme".into(), headers, ..shape }
    }
}

/// The files of the configuration: those of the demonstration, with a consignment for orders of any number.
fn file(name: &str) -> std::io::Result<String> {
    let text = Data::embedded().get(&format!("adapters/gb-cds/demo/{name}")).map(str::to_owned);
    let text = text.ok_or(std::io::ErrorKind::NotFound)?;
    Ok(text.lines().filter(|line| !line.starts_with("orders = ")).map(|line| format!("{line}\n")).collect())
}

/// A person authorised the gateway: there is a refresh token.
async fn authorise(store: &dyn Store) -> Result<(), Box<dyn Error>> {
    let past = "2026-01-01T00:00:00Z";
    let body = format!(r#"{{"access":"old","refresh":"first","expires_at":"{past}","refresh_at":"{past}"}}"#);
    let (tenant, space, key) = ("main".to_owned(), "token".to_owned(), "acme".to_owned());
    let change = RecordChange { tenant, space, key, expected: 0, body: Some(body) };
    store.commit(Batch { records: vec![change], ..Batch::default() }).await?;
    Ok(())
}
