//! Limits: buckets that fill with time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use dragoman_sim::Pace;
use dragoman_sim::door::Limit;
use jiff::{SignedDuration, Timestamp};

/// Buckets by name.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    /// When each bucket is full again (the generic cell rate algorithm).
    full_at: Mutex<HashMap<String, Timestamp>>,
}

impl Limits {
    /// Takes one; `Err` with the time until there is one again.
    pub fn take(&self, name: &str, limit: Limit, pace: Pace, now: Timestamp) -> Result<(), SignedDuration> {
        let interval = pace.of(limit.rate.interval);
        let burst = interval.saturating_mul(i32::try_from(limit.burst.max(1)).unwrap_or(i32::MAX));
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = buckets.get(name).copied().unwrap_or(now).max(now);
        let next = full_at.checked_add(interval).unwrap_or(full_at);
        let over = next.duration_since(now).saturating_sub(burst);
        if over > SignedDuration::ZERO {
            return Err(over);
        }
        buckets.insert(name.to_owned(), next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit() -> Limit {
        toml::from_str("rate = \"3/second\"\nburst = 3").unwrap()
    }

    #[test]
    fn a_burst_goes_and_then_one_at_a_time() {
        let limits = Limits::default();
        let now = Timestamp::UNIX_EPOCH;
        let take = |after: i64| {
            limits.take("a", limit(), Pace(1), now.checked_add(SignedDuration::from_millis(after)).unwrap())
        };
        assert_eq!([take(0), take(0), take(0)], [Ok(()); 3]);
        let wait = take(0).unwrap_err();
        assert!(wait > SignedDuration::from_millis(330) && wait < SignedDuration::from_millis(340), "{wait}");
        assert!(take(300).is_err());
        assert_eq!(take(340), Ok(()));
        assert!(take(350).is_err());
        assert_eq!(limits.take("b", limit(), Pace(1), now), Ok(()));
    }

    #[test]
    fn time_that_goes_faster_fills_faster() {
        let limits = Limits::default();
        let now = Timestamp::UNIX_EPOCH;
        for _ in 0..3 {
            limits.take("a", limit(), Pace(100), now).unwrap();
        }
        let wait = limits.take("a", limit(), Pace(100), now).unwrap_err();
        assert!(wait < SignedDuration::from_millis(4), "{wait}");
    }
}
