//! The configuration of a gateway, as `dragoman.toml` holds it. Reading files, the environment and secrets is the
//! caller's.

mod partner;

use std::collections::BTreeMap;
use std::fmt;

use dragoman_exchange::Retention;
use serde::{Deserialize, Serialize};

use crate::approval::Approval;

pub use partner::{Acknowledge, Envelope, Partner, Server};

/// Everything that is configured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The gateway itself.
    pub gateway: Settings,
    /// Our standings at counterparts.
    pub account: Vec<Account>,
    /// Which orders are declared where.
    pub flow: Vec<Flow>,
    /// Who exchanges files with us.
    pub partner: Vec<Partner>,
    /// What somebody else has to approve.
    pub approval: Vec<Approval>,
    /// How long messages are kept; where no rule speaks of a corridor, for ever.
    pub retention: Vec<Retention>,
    /// Where people may sign in besides here.
    pub oidc: Option<Oidc>,
    /// What is logged.
    pub log: Log,
}

/// `[gateway]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The folder of the store.
    pub data: String,
    /// The file of the master key, which what is stored is sealed with: 64 hexadecimal digits. Where nothing is said,
    /// `master.key` in the folder of the store; better is a place that no copy of that folder takes along.
    pub master_key: Option<String>,
    /// Where the HTTP interface and the dashboard are served.
    pub listen: String,
    /// The address that people and counterparts reach it by; `http://` and `listen` where nothing is said.
    pub public_url: Option<String>,
    /// A proxy stands before it, whose `X-Forwarded-For` says where requests come from.
    pub behind_proxy: bool,
    /// Networks that webhooks out and counterparts may be in although they are private, as `10.0.0.0/8`.
    pub allow_private: Vec<String>,
    /// Webhooks out may go to `http:` addresses: for demonstrations.
    pub plain_webhooks: bool,
    /// How many messages are sent at once.
    pub sending: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: "data".into(),
            master_key: None,
            listen: "127.0.0.1:8080".into(),
            public_url: None,
            behind_proxy: false,
            allow_private: Vec::new(),
            plain_webhooks: false,
            sending: 64,
        }
    }
}

impl Settings {
    /// The address that people and counterparts reach it by, without a `/` at its end.
    pub fn address(&self) -> String {
        let address = self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen));
        address.trim_end_matches('/').to_owned()
    }
}

/// `[oidc]`: an `OpenID` provider that vouches for people who are known here.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// Its issuer identifier: an address.
    pub issuer: String,
    /// What it knows us by.
    pub client_id: String,
    /// What proves that it is us.
    pub client_secret: String,
    /// The claim that holds the name of our user.
    #[serde(default = "email")]
    pub claim: String,
}

/// `[log]`: what is said on the standard error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// How; text on a terminal and JSON elsewhere, where nothing is said.
    pub format: Option<LogFormat>,
    /// `error`, `warn`, `info`, `debug`, or one of them for a part of the program (`info,dragoman_transport=debug`).
    pub level: String,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// A line an event, for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: None, level: "info".into() }
    }
}

/// `[[account]]`: our standing at one adapter's counterpart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The adapter.
    pub adapter: String,
    /// Its name: one for each account of the gateway, whatever the tenant.
    pub name: String,
    /// Whose it is.
    #[serde(default = "main")]
    pub tenant: String,
    /// Which of the counterpart's environments.
    #[serde(default = "sandbox")]
    pub environment: String,
    /// The profile of who declares with it, a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Orders of before this moment are not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<jiff::Timestamp>,
    /// False lifts the limits that the adapter's channel declares: for simulators alone.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub limits: bool,
    /// Settings that count from a day on, in UTC: `from.2027-03-01.api_version = "3.0"`. Those alone by which the adapter's
    /// editions go.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub from: BTreeMap<jiff::civil::Date, BTreeMap<String, String>>,
    /// What the adapter's channel wants to know, secrets among it: `client_id`, `client_secret`, `region` …
    #[serde(flatten)]
    pub values: BTreeMap<String, String>,
}

/// `[[flow]]`: which orders are declared, to whom, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Its name.
    pub name: String,
    /// The account or the partner that its orders come from. Without one, it is for orders that are declared to it by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The account that they are declared to.
    pub to: String,
    /// The message that they are declared as, where the account's counterpart takes several, without the adapter's name; the one
    /// that its channel submits, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Who declares, a file; the profile of the account, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// What no order knows, a file.
    pub consignment: String,
    /// Rates of exchange, a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rates: Option<String>,
    /// A customs master, a file that is taken into the tenant's when the gateway starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub master: Option<String>,
    /// What references of its declarations begin with.
    #[serde(default = "prefix")]
    pub lrn: String,
    /// False where a person sends each declaration off.
    #[serde(default = "yes")]
    pub automatic: bool,
}

fn email() -> String {
    "email".into()
}

fn main() -> String {
    "main".into()
}

fn sandbox() -> String {
    "sandbox".into()
}

fn prefix() -> String {
    "DG".into()
}

const fn yes() -> bool {
    true
}

// The secret is not shown.
impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("claim", &self.claim)
            .finish_non_exhaustive()
    }
}

// Secrets are among the values: their names alone are shown.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("adapter", &self.adapter)
            .field("name", &self.name)
            .field("tenant", &self.tenant)
            .field("environment", &self.environment)
            .field("from", &self.from.keys())
            .field("values", &self.values.keys())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
[gateway]
data = "data"

[[account]]
adapter = "gb-cds"
name = "acme"
client_id = "id"
client_secret = "s3cret"
profile = "acme.toml"
from.2027-03-01.api_version = "2.0"

[[flow]]
name = "shop-uk"
from = "shop"
to = "acme"
consignment = "c.toml"

[oidc]
issuer = "https://id.example"
client_id = "dragoman"
client_secret = "s3cret"
"#;

    #[test]
    fn a_file_is_read_and_comes_back() {
        let config: Config = toml::from_str(TEXT).unwrap();
        let account = &config.account[0];
        assert_eq!((account.tenant.as_str(), account.environment.as_str()), ("main", "sandbox"));
        assert_eq!(account.values["client_secret"], "s3cret");
        assert_eq!(account.from[&jiff::civil::date(2027, 3, 1)]["api_version"], "2.0");
        assert!(config.flow[0].automatic && config.flow[0].lrn == "DG");
        assert_eq!(config.oidc.as_ref().unwrap().claim, "email");
        assert!(!format!("{config:?}").contains("s3cret"));
        let table = toml::Table::try_from(&config).unwrap();
        assert_eq!(Config::deserialize(table).unwrap(), config);
    }
}
