//! Messages that are signed by ECDSA over P-256, and name the public key: what they show is Base64 of
//! `{"alg": …, "kid": …, "signature": …, "digest": …}`. The key is asked for by its id.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The value that holds the public key which a message names, as PEM, when it is checked.
pub(crate) const KEY: &str = "signature.key";

/// The longest id of a key that is asked for: a message that is not believed yet may name anything.
const LONGEST: usize = 128;

/// What a message shows of its signature.
pub(crate) struct Shown {
    /// The id of the key.
    pub kid: String,
    signature: Vec<u8>,
    digest: Hashed,
}

#[derive(Clone, Copy)]
enum Hashed {
    Sha1,
    Sha256,
}

#[derive(Deserialize)]
struct Words {
    kid: String,
    signature: String,
    digest: String,
}

impl Shown {
    /// Reads what stands in the header; none where it is nothing that can be checked.
    pub fn read(text: &str) -> Option<Self> {
        let Words { kid, signature, digest } = serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()?;
        let digest = match &*digest.replace('-', "").to_ascii_uppercase() {
            "SHA1" => Hashed::Sha1,
            "SHA256" => Hashed::Sha256,
            _ => return None,
        };
        let is_id = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let is_good = !kid.is_empty() && kid.len() <= LONGEST && kid.chars().all(is_id);
        is_good.then_some(Self { kid, signature: STANDARD.decode(signature).ok()?, digest })
    }

    /// True where it is the signature of some bytes by a key. The key is PEM, with or without lines.
    pub fn is_of(&self, body: &[u8], key: &str) -> bool {
        let key = key.trim().trim_start_matches("-----BEGIN PUBLIC KEY-----");
        let key = key.trim_end_matches("-----END PUBLIC KEY-----");
        let key: String = key.split_whitespace().collect();
        let key = STANDARD.decode(key).ok().and_then(|der| VerifyingKey::from_public_key_der(&der).ok());
        let signature = DerSignature::from_bytes(&self.signature).ok();
        let hash = match self.digest {
            Hashed::Sha1 => padded(&Sha1::digest(body)),
            Hashed::Sha256 => padded(&Sha256::digest(body)),
        };
        key.zip(signature).is_some_and(|(key, signature)| key.verify_prehash(&hash, &signature).is_ok())
    }
}

/// A hash as the number that is signed: FIPS 186-5, 6.4.1. A shorter one is a smaller number.
fn padded(hash: &[u8]) -> [u8; 32] {
    let mut number = [0; 32];
    for (to, from) in number.iter_mut().rev().zip(hash.iter().rev()) {
        *to = *from;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `openssl dgst -sha1 -sign`.
    const BODY: &[u8] =
        br#"{"metadata":{"topic":"ORDER_CONFIRMATION"},"notification":{"notificationId":"n-1"}}"#;
    const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEX7ps47gHdrQVBxYVDNMS4hE8K5RO\n\
                       LDRF089kEXU3baD4k37bbhaGzGljpHFArkresowSt4mIQNvUHUCwWcLDSQ==\n-----END PUBLIC KEY-----\n";
    const SIGNATURE: &str =
        "MEUCIQDhiL6sH5dN91xNf7QySRb6bjRo96yLtXzJzcF3a3s0FgIgHKEycL16JH+6ZR/4nqPTDEno9oTk3SSMnSRuxtO8G2Q=";

    fn shown(digest: &str, kid: &str) -> Option<Shown> {
        let words =
            serde_json::json!({ "alg": "ecdsa", "kid": kid, "signature": SIGNATURE, "digest": digest });
        Shown::read(&STANDARD.encode(words.to_string()))
    }

    #[test]
    fn a_signature_of_another_program_is_good_and_no_other() {
        let good = shown("SHA1", "k-1").unwrap();
        assert!(good.is_of(BODY, PEM));
        assert!(good.is_of(BODY, &PEM.replace('\n', "")), "a key may come without lines");
        assert!(!good.is_of(&[BODY, b" "].concat(), PEM));
        assert!(!good.is_of(BODY, &PEM.replace("EX7ps", "EX7pt")));
        assert!(!shown("SHA256", "k-1").unwrap().is_of(BODY, PEM));
        assert!(shown("MD5", "k-1").is_none() && shown("SHA1", "../k").is_none());
        assert!(shown("SHA1", &"k".repeat(200)).is_none() && Shown::read("not Base64").is_none());
    }
}
