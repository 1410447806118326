//! The methods by which an authority takes signatures, and what it calls them.

use std::fmt;

use bergshamra_c14n::C14nMode;
use schemars::JsonSchema;
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use sm3::Sm3;

/// How signatures are made for an authority, as its adapter says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Signature")]
pub struct Methods {
    /// The URI of the canonical form in which the `SignedInfo` is signed.
    pub canonicalization: String,
    /// Other canonical forms that are read.
    #[serde(default)]
    pub also_canonicalization: Vec<String>,
    /// The methods, the preferred one first.
    #[serde(rename = "method")]
    pub methods: Vec<Method>,
}

/// A method.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SignatureMethod")]
pub struct Method {
    /// What signs.
    pub scheme: Scheme,
    /// What the authority calls it: `SignatureMethod/@Algorithm`.
    pub uri: String,
    /// What makes the digest of the message.
    pub digest: Digest,
    /// What the authority calls that: `DigestMethod/@Algorithm`.
    pub digest_uri: String,
    /// True where it is read, but no longer signed by.
    #[serde(default)]
    pub only_read: bool,
}

/// A way of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// RSA with PKCS #1 v1.5 padding over SHA-1 (RFC 8017, section 8.2).
    RsaSha1,
    /// The same over SHA-256.
    RsaSha256,
    /// SM2 over SM3, with the identity that GM/T 0009 lays down where none is agreed.
    Sm2Sm3,
}

/// A digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Digest {
    /// SHA-1 (FIPS 180-4).
    Sha1,
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl Digest {
    /// The digest of bytes.
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sm3 => Sm3::digest(bytes).to_vec(),
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RsaSha1 => "RSA with SHA-1",
            Self::RsaSha256 => "RSA with SHA-256",
            Self::Sm2Sm3 => "SM2 with SM3",
        })
    }
}

impl Methods {
    /// The preferred method that one of these schemes can do.
    pub fn preferred(&self, schemes: &[Scheme]) -> Option<&Method> {
        self.methods.iter().find(|method| !method.only_read && schemes.contains(&method.scheme))
    }

    /// The method that is called so.
    pub(crate) fn called(&self, uri: &str, digest_uri: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.uri == uri && method.digest_uri == digest_uri)
    }

    /// The canonical form that is called so, where the authority takes it.
    pub(crate) fn canonical(&self, uri: &str) -> Option<C14nMode> {
        let is_taken =
            self.canonicalization == uri || self.also_canonicalization.iter().any(|other| other == uri);
        is_taken.then(|| C14nMode::from_uri(uri)).flatten()
    }
}
