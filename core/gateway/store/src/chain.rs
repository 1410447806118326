//! The hash chain: each event's hash covers the one before it, so that nothing can be changed, taken out or put in
//! unseen. A payload counts with its hash, so that it can be erased.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A link of the chain.
pub type Hash = [u8; 32];

/// What stands before the first event.
pub const START: Hash = [0; 32];

/// What stands for the key of a payload that is stored as it came: older programs did that.
pub const NO_KEY: &str = "none";
/// What stands for the key of a payload that is about no person whom we know.
pub const STREAM_KEY: &str = "stream";

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Events that were looked at.
    pub events: u64,
    /// Payloads that were looked at.
    pub payloads: u64,
    /// Payloads that have been erased.
    pub erased: u64,
    /// The chain's head, in hexadecimal.
    pub head: String,
    /// Places where the chain breaks or a payload is not what it was, with what is wrong there.
    pub broken: Vec<(u64, String)>,
}

/// The parts of an event that its hash covers, each with its length before it: no two events have the same bytes.
pub fn link<'p>(before: &Hash, seq: u64, parts: impl IntoIterator<Item = Option<&'p [u8]>>) -> Hash {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(seq.to_be_bytes());
    for part in parts {
        // A part that is not there differs from an empty one.
        hash.update(part.map_or(u64::MAX, |part| part.len() as u64).to_be_bytes());
        hash.update(part.unwrap_or_default());
    }
    hash.finalize().into()
}

/// The hash of a payload.
pub fn digest(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// A hash of its bytes.
pub fn hash_of(bytes: Option<&[u8]>) -> Option<Hash> {
    bytes?.try_into().ok()
}

/// Hexadecimal, in lower case.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}

/// A link or hash that was written in hexadecimal.
pub fn unhex(text: &str) -> Option<Hash> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let bytes: Vec<u8> =
        digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_part_ends_counts() {
        let one = link(&START, 1, [Some(&b"ab"[..]), Some(b"c")]);
        assert_ne!(one, link(&START, 1, [Some(&b"a"[..]), Some(b"bc")]));
        assert_ne!(one, link(&START, 2, [Some(&b"ab"[..]), Some(b"c")]));
        assert_ne!(link(&START, 1, [Some(&b""[..])]), link(&START, 1, [None]));
    }
}
