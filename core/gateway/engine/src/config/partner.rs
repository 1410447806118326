//! `[[partner]]`: somebody who exchanges messages with us as files.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// `[[partner]]`: whose files are taken from a folder, and what goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// Its name, which no account has.
    pub name: String,
    /// Whose partner it is.
    #[serde(default = "super::main")]
    pub tenant: String,
    /// The folder with `in`, `out` and the others; relative to the configuration.
    pub folder: String,
    /// The account that its declarations are submitted by and that answers among its messages belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What answers its interchanges.
    #[serde(default)]
    pub acknowledge: Acknowledge,
    /// How many seconds a file has to stay as it is before it is taken.
    #[serde(default = "quiet")]
    pub quiet: u32,
    /// How many seconds a file that seems to lack its end is waited for.
    #[serde(default = "patience")]
    pub patience: u32,
    /// How many seconds lie between two looks.
    #[serde(default = "every")]
    pub every: u32,
    /// The message that each type of document goes out as: `order = "edifact/order"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub send: BTreeMap<String, String>,
    /// What interchanges to it say about the two sides.
    #[serde(default)]
    pub envelope: Envelope,
    /// The server that its files are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sftp: Option<Server>,
}

/// What answers the interchanges of a partner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Acknowledge {
    /// CONTRL for EDIFACT, 997 for X12.
    #[default]
    Auto,
    /// Nothing.
    None,
    /// CONTRL for EDIFACT, nothing for X12.
    Contrl,
    /// APERAK for EDIFACT, nothing for X12.
    Aperak,
    /// 997 for X12, nothing for EDIFACT.
    #[serde(rename = "997")]
    Functional,
    /// 999 for X12, nothing for EDIFACT.
    #[serde(rename = "999")]
    Implementation,
}

/// What UNB or ISA say in interchanges to a partner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Envelope {
    /// Our identification.
    pub ours: String,
    /// The list that it is from: 0007 or ISA05.
    pub ours_qualifier: String,
    /// The partner's identification.
    pub theirs: String,
    /// The list that it is from: 0007 or ISA07.
    pub theirs_qualifier: String,
    /// The character set of EDIFACT (0001): `UNOC`.
    pub syntax: String,
    /// The syntax version of EDIFACT (0002), or the version of X12 (ISA12): `3`, `00401`.
    pub version: String,
    /// True for interchanges that are tests.
    pub test: bool,
}

/// `[partner.sftp]`: a server with the files of a partner.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its name or address.
    pub host: String,
    /// Its port.
    #[serde(default = "ssh")]
    pub port: u16,
    /// Who we are there.
    pub user: String,
    /// The fingerprint of its key, as `ssh-keygen -l` shows it: `SHA256:…`. Another server is not talked to.
    pub host_key: String,
    /// Our private key, as OpenSSH writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,
    /// What our private key is encrypted with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<String>,
    /// Our password, where no key is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The folder there that files for us are in.
    #[serde(default = "incoming", rename = "in")]
    pub incoming: String,
    /// The folder there that files from us are put into.
    #[serde(default = "outgoing", rename = "out")]
    pub outgoing: String,
    /// The folder there that files go into once they are here.
    #[serde(default = "fetched")]
    pub done: String,
}

const fn quiet() -> u32 {
    2
}

const fn patience() -> u32 {
    60
}

const fn every() -> u32 {
    2
}

const fn ssh() -> u16 {
    22
}

fn incoming() -> String {
    "in".into()
}

fn outgoing() -> String {
    "out".into()
}

fn fetched() -> String {
    "done".into()
}

// Secrets are not shown.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
