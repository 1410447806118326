//! When a message that was certainly not taken is sent again.

use jiff::{SignedDuration, Timestamp};

use crate::error_class::ErrorClass;

/// How patient a lane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The longest first pause.
    pub first: SignedDuration,
    /// The longest pause at all.
    pub longest: SignedDuration,
    /// After so many attempts it is given up.
    pub attempts: u32,
}

impl Default for Retry {
    /// Some hours in all: an outage of a counterpart is longer than a blip, and shorter than a night.
    fn default() -> Self {
        Self { first: SignedDuration::from_secs(2), longest: SignedDuration::from_mins(15), attempts: 40 }
    }
}

impl Retry {
    /// The moment of the next attempt after that many; none where it is given up.
    ///
    /// Pauses double, and are drawn evenly from the upper half of what they may be (`random` is any number), so that
    /// callers that failed together do not come back together. What the counterpart asked for (`wait`) is never cut
    /// short, and does not count as an attempt of ours where it is a limit that holds for everybody.
    pub fn next(
        &self,
        class: ErrorClass,
        attempt: u32,
        wait: Option<SignedDuration>,
        random: u64,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let is_limit = matches!(class, ErrorClass::RateLimited | ErrorClass::QuotaDayExhausted);
        if !class.may_pass() || (attempt >= self.attempts && !is_limit) {
            return None;
        }
        let doubled = 1_i64.checked_shl(attempt.saturating_sub(1).min(32)).unwrap_or(i64::MAX);
        let most = self.first.as_millis().saturating_mul(i128::from(doubled)).min(self.longest.as_millis());
        let most = u64::try_from(most).unwrap_or(0).max(2);
        let pause = most / 2 + random % (most / 2);
        let pause = SignedDuration::from_millis(i64::try_from(pause).unwrap_or(i64::MAX));
        now.checked_add(pause.max(wait.unwrap_or(SignedDuration::ZERO))).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pauses_grow_to_a_bound_and_never_undercut_what_was_asked(
            attempt in 1_u32..39, random: u64, asked in prop::option::of(0_i64..4000),
        ) {
            let (retry, now) = (Retry::default(), Timestamp::UNIX_EPOCH);
            let wait = asked.map(SignedDuration::from_secs);
            let pause = retry.next(ErrorClass::Transient, attempt, wait, random, now).unwrap() - now;
            let pause = SignedDuration::try_from(pause).unwrap();
            prop_assert!(pause >= wait.unwrap_or(SignedDuration::ZERO));
            prop_assert!(pause <= retry.longest.max(wait.unwrap_or(SignedDuration::ZERO)));
            prop_assert!(pause >= SignedDuration::from_secs(1), "{}", pause);
        }
    }

    #[test]
    fn what_will_not_pass_is_not_repeated() {
        let (retry, now) = (Retry::default(), Timestamp::UNIX_EPOCH);
        assert_eq!(retry.next(ErrorClass::InvalidRequest, 1, None, 0, now), None);
        assert_eq!(retry.next(ErrorClass::Transient, retry.attempts, None, 0, now), None);
        assert!(retry.next(ErrorClass::RateLimited, retry.attempts, None, 0, now).is_some());
    }
}
