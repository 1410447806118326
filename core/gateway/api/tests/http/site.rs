//! An interface in memory, and requests to it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use dragoman_adapters::{Catalogue, Data};
use dragoman_api::{Api, Options, router};
use dragoman_engine::people::{Actor, NewKey, People, Right, Role};
use dragoman_engine::{Clock, Config, Gateway};
use dragoman_store::{Sqlite, Store};
use http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery";

/// Who shows objects, and fetches them.
const OBJECTS: &str = r#"
[[account]]
adapter = "iata-one-record"
name = "air"
host = "1r.example.com"
token_url = "https://1r.example.com/token"
client_id = "declarant"
client_secret = "secret"
holder = "https://1r.example.com/logistics-objects/us"
"#;

/// What the gateway is configured with: a shop and customs for two tenants, with the demonstration's data. Customs is at
/// an address of its own, where one is named.
fn config(customs_at: Option<&str>) -> Config {
    let base = customs_at.map(|at| format!("base_url = \"{at}\"")).unwrap_or_default();
    let tenant = |tenant: &str, shop: &str, customs: &str| {
        format!(
            r#"
[[account]]
adapter = "amazon"
name = "{shop}"
tenant = "{tenant}"
region = "eu"
marketplaces = "A1F83G8C2ARO7P"
client_id = "id"
client_secret = "secret"
refresh_token = "refresh"

[[account]]
adapter = "gb-cds"
name = "{customs}"
tenant = "{tenant}"
profile = "adapters/gb-cds/demo/seller.toml"
client_id = "id"
client_secret = "secret"
api_version = "1.0"
push_token = "Bearer pushed"
{base}

[[flow]]
name = "{tenant}-uk"
from = "{shop}"
to = "{customs}"
consignment = "adapters/gb-cds/demo/consignment.toml"
rates = "adapters/gb-cds/demo/rates.csv"
"#
        )
    };
    toml::from_str(&(tenant("main", "shop", "acme") + &tenant("other", "bazaar", "broker") + OBJECTS))
        .unwrap()
}

/// A file of the demonstration; its consignment holds orders of any number.
pub fn demo(path: &str) -> std::io::Result<String> {
    let any = |line: &&str| !line.starts_with("orders = ");
    let text = Data::embedded()
        .get(path)
        .map(|text| text.lines().filter(any).map(|line| format!("{line}\n")).collect());
    text.ok_or_else(|| std::io::ErrorKind::NotFound.into())
}

/// An interface with people in it.
pub struct Site {
    pub people: Arc<People>,
    pub api: Api,
    pub router: Router,
    _folder: TempDir,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The kind of the problem, checked to be one.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        assert_eq!(body["instance"], format!("urn:uuid:{}", self.header("x-request-id")));
        body["type"].as_str().unwrap().rsplit_once("#problem-").unwrap().1.to_owned()
    }
}

impl Site {
    pub async fn new(options: Options) -> Self {
        Self::of(options, config(None)).await
    }

    /// One whose customs service is played at an address.
    pub async fn beside(customs_at: &str) -> Self {
        Self::of(Options::default(), config(Some(customs_at))).await
    }

    /// One with an account more, of China customs, whose questions come with a key.
    pub async fn asked() -> Self {
        let more = r#"
[[account]]
adapter = "cn-ceb"
name = "china"
host = "dxp.example.org"
dxp_id = "DXPENT0000000042"
import_receiver = "DXPEDCCEB0000002"
export_receiver = "DXPEDCCEB0000003"
user = "user"
password = "secret"
inquiry_key = "a-long-secret-word"
"#;
        let more: Config = toml::from_str(more).unwrap();
        let mut config = config(None);
        config.account.extend(more.account);
        Self::of(Options::default(), config).await
    }

    async fn of(options: Options, config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path()).unwrap());
        let people = Arc::new(People::new(store.clone()));
        let gateway = Gateway::open(config, &demo, catalogue, store, Clock::system()).await.unwrap();
        let api = Api::new(gateway, people.clone(), options);
        let router = router(&api);
        let site = Self { people, api, router, _folder: folder };
        for (name, role) in [("anna", Role::Admin), ("vera", Role::Viewer)] {
            let admin = Actor::person("main", "setup", Role::Admin);
            site.people.add_user(&admin, name, role, Some(PASSWORD.into()), Timestamp::now()).await.unwrap();
        }
        site
    }

    /// A key with all rights but those of people, or with some.
    pub async fn key(&self, tenant: &str, name: &str, scopes: &[Right]) -> String {
        let by = Actor::person(tenant, "setup", Role::Admin);
        let new = NewKey { name: name.into(), scopes: scopes.iter().copied().collect(), expires: None };
        self.people.add_key(&by, new, Timestamp::now()).await.unwrap().1.text().to_owned()
    }

    /// Waits until lists and figures have caught up.
    pub async fn settle(&self) {
        let store = self.api.gateway().store();
        let written = *store.written().borrow();
        store.derived().wait_for(|derived| *derived >= written).await.unwrap();
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub async fn get(&self, path: &str, key: &str) -> Answer {
        self.send(request("GET", path, key).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, key: &str, media_type: &str, body: impl Into<Body>) -> Answer {
        let request = request("POST", path, key).header("content-type", media_type);
        self.send(request.body(body.into()).unwrap()).await
    }
}

/// A request with a key; without one where it is empty.
pub fn request(method: &str, path: &str, key: &str) -> http::request::Builder {
    let request = Request::builder().method(method).uri(path);
    if key.is_empty() { request } else { request.header("authorization", format!("Bearer {key}")) }
}
