//! How often somebody may fail to sign in.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// One failure is forgotten every so often.
const FORGOTTEN: SignedDuration = SignedDuration::from_secs(60);

/// So many failures count: nobody waits longer than these take to be forgotten.
const MOST: i32 = 40;

/// So many keys are remembered; beyond them those go that have nearly been forgotten.
const REMEMBERED: usize = 10_000;

/// Failures by what they have in common: an address, a user's name at an address.
#[derive(Debug, Default)]
pub struct Attempts {
    failures: HashMap<String, Failures>,
}

/// Failures as a level that sinks with time.
#[derive(Clone, Copy, Debug)]
struct Failures {
    /// When all of them are forgotten.
    until: Timestamp,
}

impl Attempts {
    /// How long somebody who may fail so often at once has to wait before the next attempt; none where it may be made
    /// now.
    pub fn wait(&self, key: &str, at_once: i32, now: Timestamp) -> Option<SignedDuration> {
        let failures = self.failures.get(key)?;
        let over = failures.until.duration_since(now) - FORGOTTEN * (at_once - 1);
        over.is_positive().then_some(over)
    }

    /// Counts a failure.
    pub fn failed(&mut self, key: &str, now: Timestamp) {
        let until = self.failures.get(key).map_or(now, |failures| failures.until.max(now));
        let most = now.saturating_add(FORGOTTEN * MOST).unwrap_or(now);
        let until = until.saturating_add(FORGOTTEN).unwrap_or(until).min(most);
        if self.failures.len() >= REMEMBERED && !self.failures.contains_key(key) {
            self.forget(now);
        }
        self.failures.insert(key.to_owned(), Failures { until });
    }

    /// Forgets the failures of somebody who succeeded.
    pub fn succeeded(&mut self, key: &str) {
        self.failures.remove(key);
    }

    /// Makes room: what is over goes, and where that is not enough, the half that is over first.
    fn forget(&mut self, now: Timestamp) {
        self.failures.retain(|_, failures| failures.until > now);
        if self.failures.len() < REMEMBERED {
            return;
        }
        let mut untils: Vec<_> = self.failures.values().map(|failures| failures.until).collect();
        let middle = untils.len() / 2;
        let middle = *untils.select_nth_unstable(middle).1;
        self.failures.retain(|_, failures| failures.until > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + seconds).unwrap()
    }

    #[test]
    fn after_five_failures_one_waits() {
        let mut attempts = Attempts::default();
        for _ in 0..5 {
            assert_eq!(attempts.wait("a", 5, at(0)), None);
            attempts.failed("a", at(0));
        }
        assert_eq!(attempts.wait("a", 5, at(0)), Some(SignedDuration::from_secs(60)));
        assert_eq!(attempts.wait("a", 5, at(59)), Some(SignedDuration::from_secs(1)));
        assert_eq!(attempts.wait("a", 5, at(60)), None);
        assert_eq!(attempts.wait("b", 5, at(0)), None);
        attempts.failed("a", at(60));
        assert!(attempts.wait("a", 5, at(60)).is_some());
        attempts.succeeded("a");
        assert_eq!(attempts.wait("a", 5, at(60)), None);
    }

    #[test]
    fn nobody_waits_for_ever() {
        let mut attempts = Attempts::default();
        for _ in 0..100_000 {
            attempts.failed("a", at(0));
        }
        assert!(attempts.wait("a", 5, at(0)).unwrap() <= FORGOTTEN * MOST);
    }

    #[test]
    fn memory_is_bounded() {
        let mut attempts = Attempts::default();
        for number in 0..50_000_i64 {
            attempts.failed(&number.to_string(), at(number / 1_000_000));
        }
        assert!(attempts.failures.len() <= REMEMBERED);
        assert!(attempts.failures.contains_key("49999"));
    }
}
