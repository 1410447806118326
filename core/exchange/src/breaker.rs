//! The circuit breaker of an endpoint: where everything fails, one message tries and the others wait.

use jiff::{SignedDuration, Timestamp};

/// Failures in a row that open it.
const OPENS_AFTER: u32 = 5;
/// The longest that it stays open before one tries.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);

/// What is known of an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    failures: u32,
    open_until: Option<Timestamp>,
}

impl Breaker {
    /// The moment before which nothing should be sent; none where it may be. The caller that is let through while it
    /// was open keeps the others waiting until its own outcome is known.
    pub fn admit(&mut self, now: Timestamp) -> Option<Timestamp> {
        let until = self.open_until?;
        if now < until {
            return Some(until);
        }
        self.open_until = now.checked_add(pause(self.failures)).ok();
        None
    }

    /// Until when nothing is let through; none where the next one is.
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.open_until.filter(|until| now < *until)
    }

    /// The counterpart answered, whatever it said.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// The counterpart could not be reached, or has trouble of its own.
    pub fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= OPENS_AFTER {
            self.open_until = now.checked_add(pause(self.failures)).ok();
        }
    }
}

/// Five seconds, doubled with each failure beyond those that opened it.
fn pause(failures: u32) -> SignedDuration {
    let doubled = 1_i64 << failures.saturating_sub(OPENS_AFTER).min(10);
    SignedDuration::from_secs(5 * doubled).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However callers come and go: from an endpoint that fails no more than one a pause is let through, and one that
        /// answered is open to all at once.
        #[test]
        fn an_endpoint_that_fails_is_left_alone(steps in prop::collection::vec(0_i64..9000, 50..200)) {
            let (mut breaker, mut now, mut let_through) = (Breaker::default(), Timestamp::UNIX_EPOCH, Vec::new());
            for step in steps {
                now += SignedDuration::from_millis(step);
                if breaker.admit(now).is_none() {
                    let_through.push(now);
                    breaker.failed(now);
                }
            }
            for pair in let_through.windows(2).skip(OPENS_AFTER as usize - 1) {
                prop_assert!(pair[1].duration_since(pair[0]) >= SignedDuration::from_secs(5), "{pair:?}");
            }
            breaker.succeeded();
            prop_assert!(breaker.admit(now).is_none() && breaker.admit(now).is_none());
        }
    }

    #[test]
    fn one_tries_and_the_others_wait() {
        let mut breaker = Breaker::default();
        let now = Timestamp::UNIX_EPOCH;
        for _ in 0..OPENS_AFTER {
            assert_eq!(breaker.admit(now), None);
            breaker.failed(now);
        }
        let until = breaker.admit(now).unwrap();
        assert!(until > now && breaker.open_until(now) == Some(until));
        assert_eq!(breaker.admit(until), None, "one is let through");
        assert!(breaker.admit(until).is_some(), "the next is not");
        breaker.failed(until);
        let later = breaker.admit(until).unwrap();
        assert!(later.duration_since(until) > until.duration_since(now), "it waits longer each time");
        breaker.succeeded();
        assert_eq!(breaker.admit(now), None);
    }
}
