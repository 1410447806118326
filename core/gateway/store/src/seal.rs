//! Payloads at rest: sealed with the keys of the persons that they are about, so that what is known of a person goes when
//! that person's key goes, from every copy that lies about without it.
//!
//! Three keys stand one on the other. The master key is a file of the operator's, outside the store. Each tenant's key is
//! derived from it (HKDF-SHA256, RFC 5869). A person's key is random, and kept wrapped in the tenant's (AES-256-GCM, NIST
//! SP 800-38D). Each payload has a key of its own, derived from those of all persons that it is about and a salt: to
//! destroy one of them is enough. To disclose a payload's key discloses that payload and nothing else.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use aes_gcm::aead::{Aead, AeadInOut, Payload as Sealing};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::StoreError;
use crate::chain::{Hash, digest, hex, unhex};

/// A key of AES-256.
type Key = [u8; 32];

/// A payload as it is stored: salt, commitment to the key, hash of the content, sealed content.
const SALT: usize = 16;
const COMMITMENT: usize = SALT + 32;
const HEADER: usize = COMMITMENT + 32;
const NONCE: usize = 12;

/// What all others stand on. Without it nothing that is sealed can be read.
#[derive(Clone)]
pub struct MasterKey(Key);

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterKey(..)")
    }
}

impl MasterKey {
    /// A key that nobody has.
    pub fn random() -> Result<Self, StoreError> {
        random().map(Self)
    }

    /// The key of a file: 64 hexadecimal digits.
    pub fn read(file: &Path) -> Result<Self, StoreError> {
        let text = fs::read_to_string(file).map_err(|error| problem(file, &error.to_string()))?;
        unhex(text.trim()).map(Self).ok_or_else(|| problem(file, "a key is 64 hexadecimal digits"))
    }

    /// The key of a file; where there is none, a new key is put into one that only its owner reads.
    pub fn read_or_make(file: &Path) -> Result<Self, StoreError> {
        if file.exists() {
            return Self::read(file);
        }
        let key = Self::random()?;
        key.write(file).map_err(|error| problem(file, &error.to_string()))?;
        Ok(key)
    }

    fn write(&self, file: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(file)?;
        writeln!(file, "{}", hex(&self.0))?;
        file.sync_all()
    }

    /// What a key is known by, which says nothing of it.
    pub fn mark(&self) -> Vec<u8> {
        checked(self.derived("mark", "").to_vec())
    }

    /// The key of a tenant.
    pub fn tenant(&self, tenant: &str) -> TenantKey {
        TenantKey(self.derived("tenant", tenant))
    }

    fn derived(&self, what: &str, of: &str) -> Key {
        expanded(&Hkdf::new(None, &self.0), &[what.as_bytes(), b"\0", of.as_bytes()])
    }
}

/// What the keys of a tenant's persons are wrapped in.
pub struct TenantKey(Key);

impl TenantKey {
    /// What a person is known by here: who has the store alone cannot try names and addresses.
    pub fn subject(&self, person: &str) -> String {
        let digest = Hmac::<Sha256>::new_from_slice(&self.0).map(|mut mac| {
            mac.update(b"subject\0");
            mac.update(person.as_bytes());
            mac.finalize().into_bytes()
        });
        // HMAC takes keys of every length.
        digest.map(|digest| hex(digest.get(..16).unwrap_or_default())).unwrap_or_default()
    }

    /// What is sealed of a stream that is about no person whom we know.
    pub fn stream(&self, stream: &str) -> SubjectKey {
        SubjectKey(expanded(&Hkdf::new(None, &self.0), &[b"stream\0", stream.as_bytes()]))
    }

    /// A new key of a person, and as it is kept.
    pub fn new_subject(&self, subject: &str) -> Result<(SubjectKey, Vec<u8>), StoreError> {
        let (key, nonce): (Key, [u8; NONCE]) = (random()?, random()?);
        let sealing = Sealing { msg: &key[..], aad: subject.as_bytes() };
        let wrapped = cipher(&self.0)?.encrypt(&Nonce::from(nonce), sealing).map_err(|_| broken("a key"))?;
        Ok((SubjectKey(key), checked([&nonce[..], &wrapped].concat())))
    }

    /// A person's key, out of what is kept of it.
    pub fn subject_key(&self, subject: &str, kept: &[u8]) -> Result<SubjectKey, StoreError> {
        let (nonce, wrapped) = is_whole(kept)
            .and_then(|kept| kept.split_first_chunk::<NONCE>())
            .ok_or_else(|| broken("the key of a person"))?;
        let sealing = Sealing { msg: wrapped, aad: subject.as_bytes() };
        let key = cipher(&self.0)?.decrypt(&Nonce::from(*nonce), sealing).ok();
        let key = key.and_then(|key| Key::try_from(&key[..]).ok());
        key.map(SubjectKey).ok_or_else(|| broken("the key of a person"))
    }
}

/// Bytes with their hash behind them: who has no key sees whether they are whole.
fn checked(bytes: Vec<u8>) -> Vec<u8> {
    let hash = digest(&bytes);
    [bytes, hash.to_vec()].concat()
}

/// The bytes before their hash, where it is theirs.
pub fn is_whole(checked: &[u8]) -> Option<&[u8]> {
    let (bytes, hash) = checked.split_last_chunk::<32>()?;
    (digest(bytes) == *hash).then_some(bytes)
}

/// The key of a person, or of a stream that is about nobody.
pub struct SubjectKey(Key);

/// Seals a payload with the keys of all whom it is about.
pub fn seal(keys: &[SubjectKey], bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let salt: [u8; SALT] = random()?;
    sealed(&payload_key(keys, &salt), &salt, bytes)
}

/// The hash of the content of a payload that is sealed; none where it is too short to be one.
pub fn content_hash(stored: &[u8]) -> Option<Hash> {
    stored.get(COMMITMENT..HEADER)?.try_into().ok()
}

/// What was sealed, and what opens it.
pub fn open(keys: &[SubjectKey], stored: &[u8]) -> Result<(Vec<u8>, Seal), StoreError> {
    let (header, rest) = stored.split_at_checked(HEADER).ok_or_else(|| broken("a payload"))?;
    let (salt, stated) = header.split_at_checked(SALT).unwrap_or_default();
    let key = payload_key(keys, salt);
    if !stated.starts_with(&commitment(&key)) {
        return Err(broken("a payload: it is sealed with another key"));
    }
    let mut bytes = rest.to_vec();
    cipher(&key)?
        .decrypt_in_place(&Nonce::from([0; NONCE]), header, &mut bytes)
        .map_err(|_| broken("a payload"))?;
    Ok((bytes, Seal { key: hex(&key), salt: hex(salt) }))
}

/// What one payload was sealed with: enough for whoever has it to see that it is what was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Its key, in hexadecimal.
    pub key: String,
    /// What the key was derived with, in hexadecimal.
    pub salt: String,
}

impl Seal {
    /// The hash of a payload as it is stored, in hexadecimal; none where the seal is none.
    pub fn stored_hash(&self, bytes: &[u8]) -> Option<String> {
        // A salt is half as long as a key.
        let salt = unhex(&format!("{0}{0}", self.salt))?;
        let stored = sealed(&unhex(&self.key)?, salt.get(..SALT)?, bytes).ok()?;
        Some(hex(&digest(&stored)))
    }
}

fn sealed(key: &Key, salt: &[u8], bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let header = [salt, &commitment(key), &digest(bytes)].concat();
    let mut sealed = bytes.to_vec();
    // The key is used for these bytes alone: nothing has to tell two uses apart.
    cipher(key)?
        .encrypt_in_place(&Nonce::from([0; NONCE]), &header, &mut sealed)
        .map_err(|_| broken("a payload"))?;
    Ok([header, sealed].concat())
}

/// The key of one payload. That of several persons needs the keys of all.
fn payload_key(keys: &[SubjectKey], salt: &[u8]) -> Key {
    let all: Vec<u8> = keys.iter().flat_map(|key| key.0).collect();
    expanded(&Hkdf::new(Some(salt), &all), &[b"payload"])
}

/// What binds sealed bytes to their key: AES-GCM by itself lets two keys open the same bytes.
fn commitment(key: &Key) -> [u8; 32] {
    Sha256::new_with_prefix(b"commitment\0").chain_update(key).finalize().into()
}

fn expanded(from: &Hkdf<Sha256>, info: &[&[u8]]) -> Key {
    let mut key = Key::default();
    // 32 bytes are one block of the hash: that is never too long.
    let _ = from.expand_multi_info(info, &mut key);
    key
}

fn cipher(key: &Key) -> Result<Aes256Gcm, StoreError> {
    Aes256Gcm::new_from_slice(key).map_err(|_| broken("a key"))
}

fn problem(file: &Path, what: &str) -> StoreError {
    StoreError::Key(format!("{}: {what}", file.display()))
}

fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Key(error.to_string()))?;
    Ok(bytes)
}

fn broken(what: &str) -> StoreError {
    StoreError::Damaged(format!("{what} cannot be opened"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn master() -> MasterKey {
        MasterKey([7; 32])
    }

    proptest! {
        #[test]
        fn what_is_sealed_comes_back_and_is_proven(bytes: Vec<u8>, persons in 1_usize..4) {
            let tenant = master().tenant("main");
            let keys: Vec<_> = (0..persons).map(|n| tenant.stream(&n.to_string())).collect();
            let stored = seal(&keys, &bytes).unwrap();
            let (opened, proof) = open(&keys, &stored).unwrap();
            prop_assert_eq!(&opened, &bytes);
            prop_assert_eq!(content_hash(&stored), Some(digest(&bytes)));
            prop_assert_eq!(proof.stored_hash(&bytes).unwrap(), hex(&digest(&stored)));
            prop_assert!(bytes.len() < 8 || !stored.windows(bytes.len()).any(|window| window == bytes));
        }

        #[test]
        fn a_changed_byte_is_seen(bytes: Vec<u8>, at: prop::sample::Index, bit in 0_u8..8) {
            let keys = [master().tenant("main").stream("1")];
            let mut stored = seal(&keys, &bytes).unwrap();
            let at = at.index(stored.len());
            stored[at] ^= 1 << bit;
            prop_assert!(open(&keys, &stored).is_err());
        }
    }

    #[test]
    fn each_of_several_keys_is_needed() {
        let tenant = master().tenant("main");
        let key = |name| tenant.stream(name);
        let stored = seal(&[key("a"), key("b")], b"both").unwrap();
        assert!(open(&[key("a"), key("b")], &stored).is_ok());
        for keys in [vec![key("a")], vec![key("b")], vec![key("b"), key("a")], vec![]] {
            assert!(open(&keys, &stored).is_err());
        }
    }

    #[test]
    fn keys_of_persons_come_back_to_their_tenant_alone() {
        let tenant = master().tenant("main");
        let (key, kept) = tenant.new_subject("anna").unwrap();
        assert_eq!(tenant.subject_key("anna", &kept).unwrap().0, key.0);
        assert!(tenant.subject_key("ben", &kept).is_err(), "it is bound to the person");
        assert!(master().tenant("other").subject_key("anna", &kept).is_err());
        assert!(tenant.subject_key("anna", &kept[..5]).is_err());
        assert_ne!(tenant.subject("anna"), master().tenant("other").subject("anna"));
        assert_eq!(tenant.subject("anna").len(), 32);
    }

    #[test]
    fn another_message_is_not_proven() {
        let keys = [master().tenant("main").stream("1")];
        let stored = seal(&keys, b"message").unwrap();
        let (_, proof) = open(&keys, &stored).unwrap();
        let hash = Some(hex(&digest(&stored)));
        assert_eq!(proof.stored_hash(b"message"), hash);
        assert_ne!(proof.stored_hash(b"massage"), hash);
        let other = Seal { key: "00".repeat(32), ..proof };
        assert_ne!(other.stored_hash(b"message"), hash);
        assert_eq!(Seal { salt: "no salt".to_owned(), ..other }.stored_hash(b"message"), None);
    }

    #[test]
    fn a_file_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        assert!(MasterKey::read(&file).is_err());
        let made = MasterKey::read_or_make(&file).unwrap();
        assert_eq!(MasterKey::read_or_make(&file).unwrap().mark(), made.mark());
        fs::write(&file, "too short").unwrap();
        let error = MasterKey::read_or_make(&file).unwrap_err().to_string();
        assert!(error.contains("64 hexadecimal digits"), "{error}");
    }
}
