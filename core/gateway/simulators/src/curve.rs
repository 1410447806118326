//! Webhooks that are signed by ECDSA over P-256, with a key of the simulator's own. Source: eBay, Notification API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dragoman_sim::Spoken;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use serde_json::json;
use sha1::{Digest, Sha1};

use crate::request::Answer;
use crate::simulator::{Simulator, Visit};

/// A key that is nobody's.
const SECRET: [u8; 32] = [7; 32];

/// What shows that a body is signed: Base64 of JSON with the id of the key, the signature and the hash that it is of.
pub(crate) fn signed(kid: &str, body: &[u8]) -> Option<String> {
    // A hash is a number of 256 bits here; a shorter one has zeros before it.
    let hash = [&[0; 12], Sha1::digest(body).as_slice()].concat();
    let signature: DerSignature = SigningKey::from_slice(&SECRET).ok()?.sign_prehash(&hash).ok()?;
    let signature = STANDARD.encode(signature.as_bytes());
    let shown = json!({ "alg": "ecdsa", "kid": kid, "signature": signature, "digest": "SHA1" });
    Some(STANDARD.encode(shown.to_string()))
}

impl Simulator {
    /// Gives the public key.
    pub fn public_key(&self, visit: &Visit<'_>) -> Answer {
        let webhook = self.platform().and_then(|platform| platform.shop().webhook.as_ref());
        let kid = webhook.and_then(|webhook| webhook.kid.as_deref());
        if kid.is_none_or(|kid| kid != visit.step("kid")) {
            return self.refuse("not_found", Spoken::default());
        }
        let key = SigningKey::from_slice(&SECRET).ok();
        let der = key.and_then(|key| key.verifying_key().to_public_key_der().ok());
        let text = der.map(|der| STANDARD.encode(der.as_bytes())).unwrap_or_default();
        let pem = format!("-----BEGIN PUBLIC KEY-----{text}-----END PUBLIC KEY-----");
        self.say(visit.route, Spoken::default().text("key", pem))
    }
}
