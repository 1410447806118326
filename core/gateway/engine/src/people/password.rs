//! Passwords, kept as argon2id hashes.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use super::secret::NoRandomness;

/// The shortest password, in characters (NIST SP 800-63B asks for 8 and advises 15 where nothing else is asked for).
pub const SHORTEST: usize = 12;

/// The longest, in characters: hashing work stays bounded.
pub const LONGEST: usize = 256;

/// 19 MiB, two passes, one lane: the least that OWASP advises for argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// A password that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Too short to resist guessing.
    #[error("a password has at least {SHORTEST} characters")]
    Short,
    /// Too long to hash.
    #[error("a password has at most {LONGEST} characters")]
    Long,
    /// No salt could be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

/// The hash of a new password, as a PHC string. It takes tens of milliseconds: not for a thread that serves others.
pub fn hash(password: &str) -> Result<String, Unusable> {
    match password.chars().count() {
        0..SHORTEST => return Err(Unusable::Short),
        SHORTEST..=LONGEST => {}
        _ => return Err(Unusable::Long),
    }
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|_| NoRandomness)?;
    let hashed: Result<PasswordHash, _> = hasher().hash_password_with_salt(password.as_bytes(), &salt);
    hashed.map(|hash| hash.to_string()).map_err(|_| Unusable::Long)
}

/// True where a password has that hash. Without a hash the same work is done for nothing, so that the time does not
/// tell whether there is such a user.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    if password.chars().count() > LONGEST {
        return false;
    }
    let parsed = hash.and_then(|hash| PasswordHash::new(hash).ok());
    let Some(parsed) = parsed else {
        let spent: Result<PasswordHash, _> = hasher().hash_password_with_salt(password.as_bytes(), &[0; 16]);
        drop(spent);
        return false;
    };
    hasher().verify_password(password.as_bytes(), &parsed).is_ok()
}

fn hasher() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash() {
        let hashed = hash("correct horse battery").unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify("correct horse battery", Some(&hashed)));
        assert!(!verify("correct horse batterz", Some(&hashed)));
        assert!(!verify("", Some(&hashed)));
        assert_ne!(hash("correct horse battery").unwrap(), hashed, "salted");
    }

    #[test]
    fn nothing_passes_without_a_hash() {
        for hash in
            [None, Some(""), Some("$argon2id$"), Some("plain"), Some("$argon2id$v=19$m=19456,t=2,p=1$AAAA")]
        {
            assert!(!verify("correct horse battery", hash), "{hash:?}");
        }
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert_eq!(hash("eleven char"), Err(Unusable::Short));
        assert_eq!(hash(&"x".repeat(LONGEST + 1)), Err(Unusable::Long));
        assert!(hash("zwölf zéichn").is_ok());
    }
}
