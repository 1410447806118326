//! Paired timing: what is measured and its rival take turns in one run, and only their ratio is a result.

use std::hint::black_box;
use std::time::Instant;

/// The outcome of a pair.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// Megabytes a second of ours, the median.
    pub ours: f64,
    /// Megabytes a second of the rival, the median.
    pub rival: f64,
    /// Ours against the rival, the median over the rounds.
    pub ratio: f64,
}

/// Runs both in turn, `rounds` times after one warm-up. `bytes` is what one call works through; each gives a number
/// that depends on its work, so that nothing is left out.
pub fn pair(
    bytes: usize,
    rounds: usize,
    mut ours: impl FnMut() -> usize,
    mut rival: impl FnMut() -> usize,
) -> Pair {
    let (mut own, mut other, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=rounds {
        let (a, b) = (seconds(&mut ours), seconds(&mut rival));
        if round > 0 {
            own.push(a);
            other.push(b);
            ratios.push(b / a);
        }
    }
    let rate = |times: Vec<f64>| bytes as f64 / median(times) / 1e6;
    Pair { ours: rate(own), rival: rate(other), ratio: median(ratios) }
}

fn seconds(run: &mut impl FnMut() -> usize) -> f64 {
    let start = Instant::now();
    black_box(run());
    start.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
