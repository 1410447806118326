//! Signatures of webhooks, after the Standard Webhooks specification 1.0: HMAC-SHA256 over `id.timestamp.body`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use thiserror::Error;

use crate::failure::Failure;
use crate::http::Http;
use crate::secret::Secret;

/// Seconds that a signature's timestamp may lie from now, both ways.
pub const WINDOW: i64 = 300;

/// What keys begin with when they are written down.
const PREFIX: &str = "whsec_";

/// A key that webhooks are signed with, 24 to 64 bytes long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// The bytes in base64.
    text: Secret,
}

/// The three headers that a webhook carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// `webhook-id`: the same at every attempt, so that the receiver can tell a repetition.
    pub id: String,
    /// `webhook-timestamp`: seconds since 1970, of this attempt.
    pub timestamp: String,
    /// `webhook-signature`: one signature a key, separated by spaces.
    pub signature: String,
}

/// Why a webhook is not believed, or not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unsigned {
    /// The key is not `whsec_` and 24 to 64 bytes in base64.
    #[error("a signing key is `whsec_` and 24 to 64 bytes in base64")]
    Key,
    /// The id is empty, or holds a dot, which is what separates it from what follows.
    #[error("the id of a webhook is not empty and holds no dot")]
    Id,
    /// The timestamp is no number of seconds.
    #[error("the timestamp of the webhook is not a number of seconds")]
    Timestamp,
    /// The timestamp lies too far from now: the webhook is late, or played again.
    #[error("the timestamp of the webhook is more than {WINDOW} seconds from now")]
    Expired,
    /// No signature is one of a key's.
    #[error("no signature of the webhook matches")]
    Signature,
}

impl SigningKey {
    /// A key of 32 random bytes, which the caller draws.
    pub fn of(random: &[u8; 32]) -> Self {
        Self { text: Secret::new(STANDARD.encode(random)) }
    }

    /// Reads a key, with or without `whsec_`.
    pub fn read(text: &str) -> Result<Self, Unsigned> {
        let text = text.strip_prefix(PREFIX).unwrap_or(text);
        let bytes = STANDARD.decode(text).map_err(|_| Unsigned::Key)?;
        if !(24..=64).contains(&bytes.len()) {
            return Err(Unsigned::Key);
        }
        Ok(Self { text: Secret::new(text) })
    }

    /// The key as it is shown once, to who has to verify with it.
    pub fn written(&self) -> Secret {
        Secret::new(format!("{PREFIX}{}", self.text.expose()))
    }

    /// The signature of one key: `v1,` and the MAC in base64.
    fn signature(&self, id: &str, timestamp: &str, body: &[u8]) -> Result<String, Unsigned> {
        let bytes = STANDARD.decode(self.text.expose()).map_err(|_| Unsigned::Key)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&bytes).map_err(|_| Unsigned::Key)?;
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

/// Signs a webhook with every key that is in force: the old one and the new one, while a key is exchanged.
pub fn sign(keys: &[SigningKey], id: &str, at: Timestamp, body: &[u8]) -> Result<Signed, Unsigned> {
    checked(id)?;
    let timestamp = at.as_second().to_string();
    let signatures: Result<Vec<_>, _> = keys.iter().map(|key| key.signature(id, &timestamp, body)).collect();
    Ok(Signed { id: id.to_owned(), timestamp, signature: signatures?.join(" ") })
}

/// Delivers a webhook of JSON once, and gives the status of the answer. Only 2xx says that it was taken: a redirect is
/// not followed, since it would lead past what the receiver registered.
pub async fn post(
    http: &Http,
    url: &str,
    keys: &[SigningKey],
    id: &str,
    at: Timestamp,
    body: Bytes,
) -> Result<u16, Failure> {
    let signed = sign(keys, id, at, &body).map_err(|error| Failure::request(&error))?;
    let request = http::Request::post(url)
        .header("content-type", "application/json")
        .header("webhook-id", signed.id)
        .header("webhook-timestamp", signed.timestamp)
        .header("webhook-signature", signed.signature)
        .body(body)
        .map_err(|error| Failure::request(&error))?;
    http.send(request).await.map(|answer| answer.status().as_u16())
}

/// Verifies a webhook as its receiver does. One signature of one key is enough; signatures of other kinds are passed
/// over.
pub fn verify(keys: &[SigningKey], signed: &Signed, body: &[u8], now: Timestamp) -> Result<(), Unsigned> {
    checked(&signed.id)?;
    let second = seconds(&signed.timestamp).ok_or(Unsigned::Timestamp)?;
    if now.as_second().abs_diff(second) > WINDOW.unsigned_abs() {
        return Err(Unsigned::Expired);
    }
    let mut matches = subtle::Choice::from(0);
    for key in keys {
        let expected = key.signature(&signed.id, &signed.timestamp, body)?;
        for given in signed.signature.split(' ') {
            matches |= expected.as_bytes().ct_eq(given.as_bytes());
        }
    }
    if matches.into() { Ok(()) } else { Err(Unsigned::Signature) }
}

/// Digits alone: `+1` and ` 1` are other bytes than those that were meant.
fn seconds(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// With a dot in its id, one webhook's bytes could be read as another's.
fn checked(id: &str) -> Result<(), Unsigned> {
    if id.is_empty() || id.contains('.') { Err(Unsigned::Id) } else { Ok(()) }
}
