//! A gateway with an account at each office, all of them processes of their own.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Route;
use crate::gateway::{Answered, Serving, ask};
use crate::office::Office;
use crate::run::{Folder, root};

const CONFIG: &str = r#"
[[account]]
adapter = "gb-cds"
name = "uk"
profile = "gb-cds/demo/seller.toml"
client_id = "id"
client_secret_file = "secret"
push_token_file = "secret"
api_version = "1.0"
base_url = "http://UK"
token_url = "http://UK/oauth/token"
authorize_url = "http://UK/oauth/authorize"
limits = false

[[account]]
adapter = "cn-ceb"
name = "china"
profile = "cn-ceb/example/declarant.toml"
base_url = "http://CHINA"
host = "dxp.example.org"
dxp_id = "DXPENT0000000042"
import_receiver = "DXPEDCCEB0000002"
export_receiver = "DXPEDCCEB0000003"
user = "user"
password_file = "secret"
push_token_file = "secret"
signing_key_file = "sm2.key.pem"
signing_certificate_file = "sm2.pem"
limits = false

[[account]]
adapter = "asycuda"
name = "albania"
profile = "asycuda/example/seller.toml"
base_url = "http://ALBANIA"
host = "customs.example.org"
user = "user"
password_file = "secret"
push_token_file = "secret"
limits = false

[[account]]
adapter = "handoff"
name = "carrier"
profile = "handoff/example/seller.toml"
push_token_file = "secret"
"#;

/// Nothing here takes longer.
const LONG: Duration = Duration::from_mins(2);

/// The gateway's folder, the offices, and the gateway.
pub struct Stage {
    pub folder: Folder,
    offices: [(&'static str, Office); 3],
    serving: Serving,
    bearer: String,
}

impl Stage {
    /// Starts all of them in a folder.
    pub fn new(folder: Folder) -> Self {
        let office = |name, adapter| (name, Office::start(&folder, adapter, "limits = false\n"));
        let offices = [office("UK", "gb-cds"), office("CHINA", "cn-ceb"), office("ALBANIA", "asycuda")];
        let accounts = offices
            .iter()
            .fold(CONFIG.to_owned(), |config, (name, office)| config.replace(name, &office.address));
        folder.write("dragoman.toml", accounts + &super::ROUTES.iter().map(flow).collect::<String>());
        folder.write("secret", "secret\n");
        for file in ["sm2.key.pem", "sm2.pem"] {
            folder.write(file, std::fs::read(root().join("core/sign/tests/sign").join(file)).unwrap());
        }
        let key = folder.run(&["key", "create", "erp", "--scope", "read,write,administer,personal"]);
        assert_eq!(key.code, 0, "{}", key.stderr);
        let bearer = format!("Bearer {}", key.stdout.trim());
        let serving = Serving::start(folder.path(), &[]);
        let stage = Self { folder, offices, serving, bearer };
        let master = stage.folder.read("master.csv");
        assert_eq!(stage.ask("POST", "/v1/goods", &master).status, 200);
        stage.authorise();
        stage.be_told();
        stage
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Answered {
        let kind = if body.starts_with(['{', '[']) { "application/json" } else { "text/csv" };
        let headers = [("authorization", self.bearer.as_str()), ("content-type", kind)];
        ask(&self.serving.address, method, path, &headers, body.as_bytes()).unwrap()
    }

    /// A person authorises the gateway at the office that asks for it.
    fn authorise(&self) {
        let left = self.ask("POST", "/v1/accounts/uk/authorisation", "").json();
        let url = left["url"].as_str().unwrap();
        let state = url.split(['?', '&']).find_map(|one| one.strip_prefix("state=")).unwrap();
        assert_eq!(self.ask("GET", &format!("/v1/authorised/end?state={state}&code=code"), "").status, 303);
    }

    /// The offices push their answers, and time goes faster there.
    fn be_told(&self) {
        for (name, office) in &self.offices {
            let account = name.to_lowercase();
            let url = format!("http://{}/v1/notifications/{account}", self.serving.address);
            let callback = json!({ "url": url, "headers": [["Authorization", "secret"]] });
            office.told(&json!({ "faster": 1000, "callback": callback }));
        }
    }

    /// Declares an order by the flow of a route, and gives the declaration.
    pub fn declare(&self, route: &Route, order: &str) -> String {
        let taken = self.ask("POST", &format!("/v1/orders?flow={}", route.name), order);
        assert_eq!(taken.status, 201, "{}: {}", route.name, taken.body);
        let taken = taken.json();
        let declarations = taken["declarations"].as_array().unwrap();
        assert_eq!(declarations.len(), 1, "{}: {taken:#}", route.name);
        declarations[0]["id"].as_str().unwrap().to_owned()
    }

    /// The carrier reports what became of a parcel, as a table.
    pub fn report(&self, id: &str, status: &str) {
        let lrn = self.seen(id)["lrn"].as_str().unwrap().to_owned();
        let head = "parcel,mrn,status,at,duty,duty_currency,tax,tax_currency,fee,fee_currency,reason,note\n";
        let reason = if status == "rejected" { "article 2: there is no such code" } else { "" };
        let table = format!("{head}{lrn},,{status},2026-12-02T08:15:00Z,,,,,,,{reason},\n");
        let taken = self.ask("POST", "/v1/accounts/carrier/answers", &table);
        assert!(taken.status < 300, "{}", taken.body);
    }

    fn seen(&self, id: &str) -> Value {
        self.ask("GET", &format!("/v1/declarations/{id}"), "").json()
    }

    /// Waits until a declaration has a status.
    pub fn until(&self, id: &str, status: &str, place: &str) -> Value {
        let begin = Instant::now();
        loop {
            let seen = self.seen(id);
            if seen["status"] == status {
                return seen;
            }
            let is_refused = seen["status"] == "rejected" || begin.elapsed() > LONG;
            assert!(!is_refused, "{place} is {}: {:#}", seen["status"], seen["lines"]);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// All messages that customs sent about a declaration, byte for byte: that of what went beside it may come last.
    pub fn answers(&self, id: &str) -> Vec<String> {
        let path = format!("/v1/exchanges/{id}/documents");
        let documents = self.ask("GET", &path, "").json();
        let all = documents["data"].as_array().unwrap_or_else(|| panic!("{documents:#}"));
        let told = all.iter().filter(|one| one["what"] == "responded");
        told.map(|one| self.ask("GET", &format!("{path}/{}", one["seq"]), "").body).collect()
    }
}

/// How the gateway declares by a route.
fn flow(route: &Route) -> String {
    let message = route.to.split_once('/').map(|(_, message)| format!("message = \"{message}\"\n"));
    format!(
        "\n[[flow]]\nname = \"{}\"\nto = \"{}\"\nconsignment = \"{}\"\nrates = \"rates.csv\"\n{}",
        route.name,
        route.account,
        route.consignment,
        message.unwrap_or_default()
    )
}
