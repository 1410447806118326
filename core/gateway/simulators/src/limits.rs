//! Limits: buckets that fill with time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use dragoman_sim::Pace;
use dragoman_sim::door::{Limit, Points};
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

    /// Takes points; what is left then, or what there is where it is too little.
    pub fn pay(&self, points: Points, cost: u32, pace: Pace, now: Timestamp) -> Result<u32, u32> {
        // In thousandths of a second: what a point takes to come back.
        let per_point = 1000 / i64::from(points.restore.max(1)).min(1000);
        let of = |points: u32| pace.of(SignedDuration::from_millis(per_point * i64::from(points)));
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = buckets.get("points").copied().unwrap_or(now).max(now);
        let one = of(1000).as_nanos().max(1);
        let missing = full_at.duration_since(now).as_nanos() * 1000 / one;
        let left = points.most.saturating_sub(u32::try_from(missing).unwrap_or(u32::MAX));
        let Some(rest) = left.checked_sub(cost) else { return Err(left) };
        buckets.insert("points".to_owned(), full_at.checked_add(of(cost)).unwrap_or(full_at));
        Ok(rest)
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
