//! What signs.

use crate::methods::Scheme;

/// Something that has a key: a file, a card, a server in a safe. It is given the bytes that are to be signed, not their
/// digest: a device makes the digest itself.
pub trait Signer: Send + Sync {
    /// The schemes that it can sign by.
    fn schemes(&self) -> &[Scheme];

    /// Signs. The signature is in the form of the scheme: of RSA as PKCS #1 has it (RFC 8017, section 8.2), of SM2 as the
    /// 64 bytes of `r` and `s`.
    fn sign(&self, scheme: Scheme, message: &[u8]) -> Result<Vec<u8>, Failed>;
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The key is of another kind.
    #[error("the key cannot sign by {0}")]
    Scheme(Scheme),
    /// What the library or the device says.
    #[error("the key does not sign: {0}")]
    Device(String),
}
