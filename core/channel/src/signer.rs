//! How a request is signed: which of its parts, in which order, with what, and where the code goes.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use md5::Md5;
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::auth::Auth;
use crate::channel::Channel;
use crate::http::{Request, Standing};
use crate::operation::{one_line, pair};
use crate::stream::Format;
use crate::template::{Encoding, Missing, Template};
use crate::values::Values;

/// How requests are signed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// What makes the code.
    pub algorithm: Algorithm,
    /// The key of an HMAC.
    pub key: Option<Template>,
    /// What is signed, in this order, with nothing in between. `request.…` and `query.NAME` are of the request itself.
    pub parts: Vec<Template>,
    /// Values that may be missing: a part that names one is left out then.
    #[serde(default)]
    pub optional: Vec<String>,
    /// Parameters that are not signed. Where the code goes is never signed.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// In which order parameters are signed.
    #[serde(default)]
    pub sort: Sort,
    /// What stands between a parameter's name and its value.
    #[serde(default)]
    pub assign: String,
    /// What stands between parameters.
    #[serde(default)]
    pub join: String,
    /// True where the fields of a form are parameters too.
    #[serde(default)]
    pub form: bool,
    /// How the code is written.
    pub encode: CodeOut,
    /// Where the code goes.
    pub place: Put,
    /// The moment of the request, where it is part of it.
    pub timestamp: Option<Stamp>,
    /// What `request.path` leaves out at the begin of a path; of several, the first that it begins with.
    #[serde(default)]
    pub below: Below,
}

/// Beginnings of paths.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Below {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Default for Below {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Below {
    /// What of a path is behind them.
    fn behind<'p>(&self, path: &'p str) -> &'p str {
        let beginnings = match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        };
        beginnings.iter().find_map(|beginning| path.strip_prefix(&**beginning)).unwrap_or(path)
    }
}

/// What makes the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// HMAC with SHA-256 (RFC 2104).
    HmacSha256,
    /// HMAC with SHA-1.
    HmacSha1,
    /// HMAC with MD5.
    HmacMd5,
    /// SHA-256 alone: the secret is one of the parts.
    Sha256,
    /// MD5 alone: the secret is one of the parts.
    Md5,
}

/// In which order parameters are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// By the bytes of their names.
    #[default]
    Bytes,
    /// As they stand in the request.
    None,
}

/// How a code is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeOut {
    /// Hexadecimal digits with small letters.
    HexLower,
    /// Hexadecimal digits with capital letters.
    HexUpper,
    /// RFC 4648, 4.
    Base64,
}

/// Where something goes in a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Put {
    /// Into a parameter.
    Query(String),
    /// Into a header.
    Header(String),
}

/// The moment of a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// Where it goes.
    pub place: Put,
    /// How it is written.
    #[serde(default)]
    pub format: Format,
}

/// What was signed, and the code.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// The text that the code is of. The secret may be part of it.
    pub base: String,
    /// The code, as it went into the request.
    pub code: String,
}

impl Channel {
    /// Signs a request that is ready but for this, its access token included, in the way of OAuth 1.0 or of
    /// `[channel.signer]`. `now` is the moment as the counterpart's clock has it, `nonce` a text that no other request has.
    /// Nothing where requests are not signed.
    pub fn sign(
        &self,
        request: &mut Request,
        values: &Values,
        now: Timestamp,
        nonce: &str,
    ) -> Result<Option<Signed>, Missing> {
        let is_shown = request.standing != Standing::None;
        if let Auth::Oauth1(oauth1) = self.settings.auth.of(&request.url, values)
            && is_shown
        {
            return oauth1.sign(request, values, now, nonce).map(Some);
        }
        match self.settings.signer.as_ref().filter(|_| request.signed) {
            Some(signer) => signer.sign(request, values, now).map(Some),
            None => Ok(None),
        }
    }
}

impl Signer {
    fn sign(&self, request: &mut Request, values: &Values, now: Timestamp) -> Result<Signed, Missing> {
        let mut values = values.clone();
        if let Some(Stamp { place, format }) = &self.timestamp {
            let written = format.write(now);
            place.put(request, &written);
            values.set("request.timestamp", written);
        }
        for (name, value) in parameters(&request.url) {
            values.set(format!("query.{name}"), value);
        }
        let (path, _) = path_and_query(&request.url);
        values.set("request.method", request.method.word());
        values.set("request.path", self.below.behind(path));
        values.set("request.url", request.url.split('?').next().unwrap_or_default());
        values.set("request.parameters", self.parameters(request));
        values.set("request.body", String::from_utf8_lossy(request.bytes()));
        let mut base = String::new();
        for part in &self.parts {
            match part.fill(&values, Encoding::Plain) {
                Ok(text) => base.push_str(&text),
                Err(missing) if self.optional.contains(&missing.0) => {}
                Err(missing) => return Err(missing),
            }
        }
        let key = self.key.as_ref().map(|key| key.fill(&values, Encoding::Plain)).transpose()?;
        let code = self.algorithm.code(key.unwrap_or_default().as_bytes(), base.as_bytes());
        let code = self.encode.write(&code.ok_or_else(|| Missing("a key".into()))?);
        self.place.put(request, &code);
        Ok(Signed { base, code })
    }

    /// The parameters that are signed, as one text.
    fn parameters(&self, request: &Request) -> String {
        let mut all = parameters(&request.url);
        if self.form {
            all.extend(pairs(&String::from_utf8_lossy(request.bytes())));
        }
        all.retain(|(name, _)| !self.exclude.contains(name) && self.place != Put::Query(name.clone()));
        if self.sort == Sort::Bytes {
            all.sort();
        }
        let written: Vec<_> =
            all.iter().map(|(name, value)| format!("{name}{}{value}", self.assign)).collect();
        written.join(&self.join)
    }

    /// The templates in it.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        self.parts.iter().chain(&self.key)
    }

    /// True for a value that only a request has that is being signed.
    pub(crate) fn gives(name: &str) -> bool {
        ["method", "path", "url", "parameters", "body", "timestamp"]
            .iter()
            .any(|known| name.strip_prefix("request.") == Some(known))
            || name.strip_prefix("query.").is_some_and(|name| !name.is_empty())
    }
}

impl Put {
    /// Puts a value there, in the place of one that is there.
    pub(crate) fn put(&self, request: &mut Request, value: &str) {
        match self {
            Self::Header(name) => request.set_header(name, one_line(value)),
            Self::Query(name) => {
                let (before, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
                let is_other = |text: &&str| {
                    !text.is_empty() && text.split('=').next().map(decoded) != Some(name.into())
                };
                let mut kept: Vec<_> = query.split('&').filter(is_other).map(str::to_owned).collect();
                kept.push(pair(name, value));
                request.url = format!("{before}?{}", kept.join("&"));
            }
        }
    }
}

impl Algorithm {
    /// True where it takes a key.
    pub(crate) const fn is_keyed(self) -> bool {
        matches!(self, Self::HmacSha256 | Self::HmacSha1 | Self::HmacMd5)
    }

    fn code(self, key: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Self::HmacSha256 => {
                Hmac::<Sha256>::new_from_slice(key).ok()?.chain_update(text).finalize().into_bytes().to_vec()
            }
            Self::HmacSha1 => {
                Hmac::<Sha1>::new_from_slice(key).ok()?.chain_update(text).finalize().into_bytes().to_vec()
            }
            Self::HmacMd5 => {
                Hmac::<Md5>::new_from_slice(key).ok()?.chain_update(text).finalize().into_bytes().to_vec()
            }
            Self::Sha256 => Sha256::digest(text).to_vec(),
            Self::Md5 => Md5::digest(text).to_vec(),
        })
    }
}

impl CodeOut {
    pub(crate) fn write(self, code: &[u8]) -> String {
        match self {
            Self::HexLower => hexadecimal(code),
            Self::HexUpper => code.iter().map(|byte| format!("{byte:02X}")).collect(),
            Self::Base64 => STANDARD.encode(code),
        }
    }
}

/// Bytes as hexadecimal digits with small letters.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The path of an address, and its parameters as they stand.
pub(crate) fn path_and_query(url: &str) -> (&str, &str) {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    let rest = behind.find('/').and_then(|at| behind.get(at..)).unwrap_or("/");
    rest.split_once('?').unwrap_or((rest, ""))
}

fn parameters(url: &str) -> Vec<(String, String)> {
    pairs(path_and_query(url).1)
}

/// Names and values of a query or a form, decoded.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let parts = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    parts.map(|(name, value)| (decoded(name).into_owned(), decoded(value).into_owned())).collect()
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

// What is signed may hold the secret: it is shown where somebody asks for it, and in no log.
impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signed({} bytes)", self.base.len())
    }
}
