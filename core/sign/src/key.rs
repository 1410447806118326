//! Keys and certificates in files.

use jiff::Timestamp;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::signature::{SignatureEncoding, Signer as _, Verifier as _};
use rsa::{RsaPrivateKey, RsaPublicKey, pkcs1v15};
use sha1::Sha1;
use sha2::Sha256;
use sm2::dsa;
use sm2::pkcs8::spki::SubjectPublicKeyInfoRef;
use x509_cert::der::referenced::OwnedToRef;
use x509_cert::der::{DecodePem, Encode};

use crate::device::{Failed, Signer};
use crate::methods::Scheme;

/// The identity of a signer where none is agreed (GM/T 0009-2012, section 10).
const IDENTITY: &str = "1234567812345678";

/// Why a key or a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file holds no key.
    #[error("this is no private key of RSA or SM2 in PEM: {0}")]
    Key(String),
    /// The file holds no certificate.
    #[error("this is no certificate: {0}")]
    Certificate(String),
    /// The certificate is for a key of another kind.
    #[error("the certificate is for a key of neither RSA nor SM2")]
    Kind,
}

/// A private key that lay in a file.
pub struct Key(Private);

enum Private {
    Rsa(Box<RsaPrivateKey>),
    Sm2(Box<dsa::SigningKey>),
}

/// A certificate and the public key in it.
#[derive(Clone, Debug)]
pub struct Certificate {
    der: Vec<u8>,
    public: Public,
    serial: String,
    valid: (Timestamp, Timestamp),
}

#[derive(Clone, Debug)]
enum Public {
    Rsa(RsaPublicKey),
    Sm2(dsa::VerifyingKey),
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.0 {
            Private::Rsa(_) => "RSA",
            Private::Sm2(_) => "SM2",
        };
        f.debug_tuple("Key").field(&kind).finish()
    }
}

impl Key {
    /// Reads a key: PKCS #8 (RFC 5958), or PKCS #1 of RSA (RFC 8017, appendix A.1.2), in PEM.
    pub fn of_pem(pem: &str) -> Result<Self, KeyError> {
        let unread = |error: sm2::pkcs8::Error| KeyError::Key(error.to_string());
        if let Ok(key) = RsaPrivateKey::from_pkcs1_pem(pem).or_else(|_| RsaPrivateKey::from_pkcs8_pem(pem)) {
            return Ok(Self(Private::Rsa(Box::new(key))));
        }
        let secret = sm2::SecretKey::from_pkcs8_pem(pem).map_err(unread)?;
        let key =
            dsa::SigningKey::new(IDENTITY, &secret).map_err(|error| KeyError::Key(error.to_string()))?;
        Ok(Self(Private::Sm2(Box::new(key))))
    }

    /// True where the certificate is for this key.
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        match (&self.0, &certificate.public) {
            (Private::Rsa(key), Public::Rsa(public)) => key.to_public_key() == *public,
            (Private::Sm2(key), Public::Sm2(public)) => key.verifying_key().as_affine() == public.as_affine(),
            _ => false,
        }
    }
}

impl Signer for Key {
    fn schemes(&self) -> &[Scheme] {
        match self.0 {
            Private::Rsa(_) => &[Scheme::RsaSha256, Scheme::RsaSha1],
            Private::Sm2(_) => &[Scheme::Sm2Sm3],
        }
    }

    fn sign(&self, scheme: Scheme, message: &[u8]) -> Result<Vec<u8>, Failed> {
        let failed = |error: rsa::signature::Error| Failed::Device(error.to_string());
        Ok(match (&self.0, scheme) {
            (Private::Rsa(key), Scheme::RsaSha1) => {
                pkcs1v15::SigningKey::<Sha1>::new((**key).clone()).try_sign(message).map_err(failed)?.to_vec()
            }
            (Private::Rsa(key), Scheme::RsaSha256) => pkcs1v15::SigningKey::<Sha256>::new((**key).clone())
                .try_sign(message)
                .map_err(failed)?
                .to_vec(),
            (Private::Sm2(key), Scheme::Sm2Sm3) => {
                let signature: dsa::Signature = key.try_sign(message).map_err(failed)?;
                signature.to_bytes().to_vec()
            }
            _ => return Err(Failed::Scheme(scheme)),
        })
    }
}

impl Certificate {
    /// Reads a certificate (X.509, RFC 5280), in PEM.
    pub fn of_pem(pem: &str) -> Result<Self, KeyError> {
        let read = x509_cert::Certificate::from_pem(pem);
        Self::of(&read.map_err(|error| KeyError::Certificate(error.to_string()))?)
    }

    fn of(certificate: &x509_cert::Certificate) -> Result<Self, KeyError> {
        let damaged = |error: x509_cert::der::Error| KeyError::Certificate(error.to_string());
        let part = certificate.tbs_certificate();
        let valid = part.validity();
        let moment = |time: x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
            Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
        };
        Ok(Self {
            der: certificate.to_der().map_err(damaged)?,
            public: public(part.subject_public_key_info().owned_to_ref())?,
            serial: part.serial_number().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect(),
            valid: (moment(valid.not_before), moment(valid.not_after)),
        })
    }

    /// Its bytes, in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its number, in hexadecimal digits.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// True where it holds at that moment.
    pub fn holds(&self, at: Timestamp) -> bool {
        (self.valid.0..=self.valid.1).contains(&at)
    }

    /// True where the bytes were signed by the key that it is for. A signature of SM2 may also be in DER.
    pub fn verifies(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        let rsa = || pkcs1v15::Signature::try_from(signature);
        match (&self.public, scheme) {
            (Public::Rsa(key), Scheme::RsaSha1) => rsa().is_ok_and(|signature| {
                pkcs1v15::VerifyingKey::<Sha1>::new(key.clone()).verify(message, &signature).is_ok()
            }),
            (Public::Rsa(key), Scheme::RsaSha256) => rsa().is_ok_and(|signature| {
                pkcs1v15::VerifyingKey::<Sha256>::new(key.clone()).verify(message, &signature).is_ok()
            }),
            (Public::Sm2(key), Scheme::Sm2Sm3) => {
                let read =
                    dsa::Signature::from_slice(signature).or_else(|_| dsa::Signature::from_der(signature));
                read.is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
            _ => false,
        }
    }
}

fn public(info: SubjectPublicKeyInfoRef<'_>) -> Result<Public, KeyError> {
    if let Ok(key) = RsaPublicKey::try_from(info.clone()) {
        return Ok(Public::Rsa(key));
    }
    let key = sm2::PublicKey::try_from(info).map_err(|_| KeyError::Kind)?;
    let key = dsa::VerifyingKey::new(IDENTITY, key).map_err(|_| KeyError::Kind)?;
    Ok(Public::Sm2(key))
}
