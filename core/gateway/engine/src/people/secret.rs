//! Secrets that we hand out: 256 random bits, of which we keep the SHA-256 only.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::hash::sha256;

/// The system has no random numbers to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

/// A secret as its holder shows it. It is not printed by accident, and nothing stores it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new one; its kind stands before it, so that scanners and people know what they found.
    pub fn new(kind: &str) -> Result<Self, NoRandomness> {
        let mut bits = [0_u8; 32];
        getrandom::fill(&mut bits).map_err(|_| NoRandomness)?;
        Ok(Self(format!("{kind}_{}", URL_SAFE_NO_PAD.encode(bits))))
    }

    /// One that somebody showed; `None` where it has not the form of one of that kind.
    pub fn shown(kind: &str, text: &str) -> Option<Self> {
        let bits = text.strip_prefix(kind)?.strip_prefix('_')?;
        let decoded = URL_SAFE_NO_PAD.decode(bits).ok()?;
        (decoded.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The text, to be shown to its holder once.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What is kept of it: SHA-256 in hexadecimal.
    pub fn digest(&self) -> String {
        sha256(self.0.as_bytes())
    }

    /// Another secret that follows from this one and from nothing that is stored.
    pub fn derived(&self, purpose: &str) -> String {
        // A key of any length is taken, so there is always a code.
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).map(|mac| mac.chain_update(purpose));
        mac.map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default()
    }
}

/// Compares in a time that does not depend on where texts differ.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_again_and_never_printed() {
        let (one, other) = (Secret::new("dgk").unwrap(), Secret::new("dgk").unwrap());
        assert_ne!(one, other);
        assert_eq!(Secret::shown("dgk", one.text()), Some(one.clone()));
        assert_eq!(one.digest().len(), 64);
        assert_ne!(one.digest(), other.digest());
        assert!(!format!("{one:?}").contains(one.text()));
    }

    #[test]
    fn what_has_another_form_is_no_secret() {
        let text = Secret::new("dgk").unwrap().text().to_owned();
        for other in [
            "",
            "dgk_",
            "dgk",
            &text[1..],
            &text[..text.len() - 1],
            &format!("{text}A"),
            &text.replace("dgk", "dgs"),
        ] {
            assert_eq!(Secret::shown("dgk", other), None, "{other}");
        }
    }

    #[test]
    fn what_is_derived_depends_on_secret_and_purpose() {
        let (one, other) = (Secret::new("dgs").unwrap(), Secret::new("dgs").unwrap());
        assert!(same(&one.derived("forms"), &one.derived("forms")));
        assert!(!same(&one.derived("forms"), &one.derived("links")));
        assert!(!same(&one.derived("forms"), &other.derived("forms")));
        assert!(!same(&one.derived("forms"), ""));
    }
}
