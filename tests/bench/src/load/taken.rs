//! How long answers took: counts by length, each length within a hundredth, so that ten minutes need no more room than one.

use std::time::Duration;

/// So many steps lie between a length and twice that length.
const STEPS: u64 = 64;

/// How often answers took how long.
#[derive(Debug)]
pub struct Taken(Vec<u32>);

impl Default for Taken {
    fn default() -> Self {
        // Microseconds up to 2^32: an hour.
        Self(vec![0; (STEPS * 32) as usize])
    }
}

impl Taken {
    /// Counts one.
    pub fn add(&mut self, took: Duration) {
        let step = step(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        let last = self.0.len() - 1;
        if let Some(count) = self.0.get_mut(step.min(last)) {
            *count += 1;
        }
    }

    /// Counts those of others.
    pub fn join(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(count, more)| *count += more);
    }

    /// The time that so many of a hundred stay under.
    pub fn percentile(&self, of_hundred: u64) -> Duration {
        let all: u64 = self.0.iter().map(|count| u64::from(*count)).sum();
        let mut left = all * of_hundred / 100;
        for (step, count) in (0..).zip(&self.0) {
            match left.checked_sub(u64::from(*count)) {
                Some(rest) => left = rest,
                None => return Duration::from_micros(end(step)),
            }
        }
        Duration::ZERO
    }
}

/// The step that some microseconds are in.
fn step(micros: u64) -> usize {
    let doublings = micros.checked_ilog2().unwrap_or(0).saturating_sub(STEPS.ilog2());
    (u64::from(doublings) * STEPS + (micros >> doublings)) as usize
}

/// The microseconds where a step ends.
fn end(step: u64) -> u64 {
    let doublings = (step / STEPS).saturating_sub(1);
    (step - doublings * STEPS + 1) << doublings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_within_a_hundredth() {
        for micros in [0, 1, 63, 64, 127, 128, 1_000, 49_999, 250_000, 3_000_000] {
            let told = end(step(micros) as u64);
            assert!(told > micros && told <= micros + 1 + micros / 60, "{micros}: {told}");
        }
    }

    #[test]
    fn of_a_hundred_that_many_are_faster() {
        let mut taken = Taken::default();
        (1..=100).for_each(|number| taken.add(Duration::from_millis(number)));
        let half = taken.percentile(50).as_secs_f64();
        assert!((0.05..0.053).contains(&half), "{half}");
        assert!(taken.percentile(99) > Duration::from_millis(99));
    }
}
