//! References of our own making.

use uuid::Uuid;

/// Digits of Crockford's base 32, which are not mistaken for each other.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many digits are made: 80 bits of an id in the order of time, so that with a prefix of four the whole fits into
/// the 22 characters that the union's data element 2/5 has.
const LENGTH: usize = 18;

/// A reference that begins with a prefix, and that no other declaration has: it is made of a new id (UUID, version 7),
/// and the store refuses one that is there already.
pub(crate) fn lrn(prefix: &str, id: Uuid) -> String {
    let (time, rest) = (id.as_u128() >> 80, id.as_u128() & ((1 << 42) - 1));
    let number = time << 42 | rest;
    let digit = |at: usize| {
        let index = (number >> (5 * (LENGTH - 1 - at))) & 31;
        DIGITS.get(index as usize).copied().map_or('0', char::from)
    };
    prefix.chars().chain((0..LENGTH).map(digit)).collect()
}

/// Where a message has its own id, which answers name: our reference for it, where the two are one.
pub(crate) const MESSAGE_ID: &str = "envelope.message_id";

/// True for a place of our reference, which belongs to what was sent under it.
pub(crate) fn is_reference(path: &str) -> bool {
    path == "lrn" || path == MESSAGE_ID
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn references_are_short_and_differ() {
        let all: BTreeSet<_> = (0..1000).map(|_| lrn("DG", Uuid::now_v7())).collect();
        assert_eq!(all.len(), 1000);
        assert!(
            all.iter().all(|one| one.len() == 20 && one.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        );
    }
}
