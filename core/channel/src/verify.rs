//! Whether a message from outside comes from whom it says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use schemars::JsonSchema;
use serde::Deserialize;
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::ecdsa::{KEY, Shown};
use crate::http::header;
use crate::span::Name;
use crate::template::{Encoding, Template};
use crate::values::Values;

/// How a message from outside shows where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Verify {
    /// By an HMAC over the bytes of its body.
    Hmac {
        /// Its hash; SHA-256, where nothing is said.
        #[serde(default)]
        hash: Hash,
        /// The header with the code.
        header: String,
        /// What is signed before the body: the address that it was sent to, or the application's id.
        before: Option<Template>,
        /// How the code is written.
        encoding: CodeIn,
        /// The secrets, any of which is good: while one replaces another, both are.
        secrets: Vec<Template>,
    },
    /// By ECDSA over P-256, with a public key that it names.
    Ecdsa {
        /// The header with the id of the key and the signature.
        header: String,
        /// The operation that gives the key, as `signature.key`, by its id, `signature.kid`.
        key: Name,
    },
    /// By a secret in a header.
    Secret {
        /// The header.
        header: String,
        /// Its value.
        value: Template,
    },
}

/// The hash of an HMAC (RFC 2104).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Hash {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-1, which some counterparts have.
    Sha1,
}

/// How a code of bytes is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CodeIn {
    /// RFC 4648, 4.
    Base64,
    /// Hexadecimal digits, in either case.
    Hex,
}

/// Why a message from outside is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The account has no secret to compare with: nothing is believed then.
    #[error("the account has no secret for this")]
    NoSecret,
    /// The key that it names is not to be had.
    #[error("the key that it names is not known")]
    NoKey,
    /// It shows nothing.
    #[error("the header that shows where it comes from is missing")]
    Unsigned,
    /// It shows something else.
    #[error("it was not signed with the account's secret")]
    Forged,
}

impl Verify {
    /// Compares in a time that does not tell how near the guess was.
    pub fn check(&self, headers: &[(String, String)], body: &[u8], values: &Values) -> Result<(), Rejected> {
        match self {
            Self::Hmac { header: name, hash, before, encoding, secrets } => {
                let secrets: Vec<_> =
                    secrets.iter().filter_map(|one| one.fill(values, Encoding::Plain).ok()).collect();
                if secrets.is_empty() {
                    return Err(Rejected::NoSecret);
                }
                let stated = header(headers, name).ok_or(Rejected::Unsigned)?;
                let stated = encoding.decode(stated).ok_or(Rejected::Forged)?;
                let before = before.as_ref().map(|before| before.fill(values, Encoding::Plain)).transpose();
                let before = before.map_err(|_| Rejected::NoSecret)?.unwrap_or_default();
                let is_good =
                    |secret: &&String| hash.is_of(&[before.as_bytes(), body], secret.as_bytes(), &stated);
                secrets.iter().find(is_good).map(|_| ()).ok_or(Rejected::Forged)
            }
            Self::Ecdsa { header: name, .. } => {
                let shown = Shown::read(header(headers, name).ok_or(Rejected::Unsigned)?);
                let (shown, key) = (shown.ok_or(Rejected::Forged)?, values.get(KEY).ok_or(Rejected::NoKey)?);
                shown.is_of(body, key).then_some(()).ok_or(Rejected::Forged)
            }
            Self::Secret { header: name, value } => {
                let wanted = value.fill(values, Encoding::Plain).map_err(|_| Rejected::NoSecret)?;
                let stated = header(headers, name).ok_or(Rejected::Unsigned)?;
                let is_same = bool::from(stated.as_bytes().ct_eq(wanted.as_bytes()));
                is_same.then_some(()).ok_or(Rejected::Forged)
            }
        }
    }

    /// The operation that gives the public key, and the id of the key that a message names; none where it is checked in
    /// another way.
    pub fn named<'v>(&'v self, headers: &[(String, String)]) -> Option<Result<(&'v Name, String), Rejected>> {
        let Self::Ecdsa { header: name, key } = self else { return None };
        let kid = header(headers, name)
            .ok_or(Rejected::Unsigned)
            .and_then(|text| Shown::read(text).map(|shown| (key, shown.kid)).ok_or(Rejected::Forged));
        Some(kid)
    }

    /// The operations that it names.
    pub(crate) fn operations(&self) -> Option<&Name> {
        match self {
            Self::Ecdsa { key, .. } => Some(key),
            Self::Hmac { .. } | Self::Secret { .. } => None,
        }
    }

    /// The templates in it.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        let (texts, before) = match self {
            Self::Hmac { secrets, before, .. } => (secrets.as_slice(), before.as_ref()),
            Self::Secret { value, .. } => (std::slice::from_ref(value), None),
            Self::Ecdsa { .. } => (&[][..], None),
        };
        texts.iter().chain(before)
    }
}

impl Hash {
    /// True where a code is that of some bytes under a key.
    fn is_of(self, bytes: &[&[u8]], key: &[u8], code: &[u8]) -> bool {
        match self {
            Self::Sha256 => is_code::<Hmac<Sha256>>(bytes, key, code),
            Self::Sha1 => is_code::<Hmac<Sha1>>(bytes, key, code),
        }
    }
}

fn is_code<M: Mac + KeyInit>(bytes: &[&[u8]], key: &[u8], code: &[u8]) -> bool {
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return false };
    for part in bytes {
        mac.update(part);
    }
    mac.verify_slice(code).is_ok()
}

impl CodeIn {
    fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base64 => STANDARD.decode(text).ok(),
            Self::Hex => {
                let digits: Option<Vec<u8>> =
                    text.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect();
                let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
                Some(
                    digits
                        .chunks(2)
                        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
                        .collect(),
                )
            }
        }
    }
}
