//! Signatures in XML messages: XML Signature Syntax and Processing (W3C, 10 June 2008), enveloped, over the whole message;
//! by RSA, and by SM2 with SM3 (GB/T 32918.2, GB/T 32905) as China's customs asks for.
//!
//! Which methods an authority takes, and the URIs by which it calls them, are data ([`Methods`]): they differ between
//! editions and between ports. Whatever signs is a [`Signer`]: a [`Key`] in a file, or a device that keeps its key to
//! itself. What is signed is checked against certificates that the reader trusts, never against the one that comes with the
//! message alone.

mod check;
mod device;
mod key;
mod methods;
mod seal;
mod signed_info;

pub use check::{Checked, Refused, check};
pub use device::{Failed, Signer};
pub use key::{Certificate, Key, KeyError};
pub use methods::{Digest, Method, Methods, Scheme};
pub use seal::{SealError, seal};

/// The namespace of signatures.
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The transform that takes the signature out of what is signed (section 6.6.4).
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
