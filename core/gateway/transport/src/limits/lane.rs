//! One limit at work.

use std::num::NonZeroU32;
use std::time::Duration;

use dragoman_channel::{Limit, Rate};
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

/// How long a rate is believed that a header stated.
const STATED: Duration = Duration::from_mins(15);
/// The slowest that refusals alone make a limit, as a multiple of the declared interval.
const SLOWEST: u32 = 64;

type Limiter = RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<std::time::Instant>>;

/// The runtime's clock, so that tests can wind it.
#[derive(Clone, Copy, Debug)]
struct Ticks;

impl Clock for Ticks {
    type Instant = std::time::Instant;

    fn now(&self) -> std::time::Instant {
        Instant::now().into_std()
    }
}

/// A limit, or an operation without one. What is declared holds always; what was learned comes on top of it.
pub(crate) struct Lane {
    declared: Option<(Duration, Limiter)>,
    slow: Option<Slow>,
    /// Nothing before this moment.
    pause: Option<Instant>,
}

/// A slower rate that was learned.
struct Slow {
    interval: Duration,
    limiter: Limiter,
    /// Until when it is believed; then it becomes twice as fast.
    until: Instant,
}

impl Lane {
    /// What is declared, and nothing learned.
    pub fn new(limit: Option<&Limit>) -> Self {
        let declared = limit.map(|limit| {
            let interval = span(limit.rate);
            (interval, limiter(interval, limit.burst))
        });
        Self { declared, slow: None, pause: None }
    }

    /// Nothing where one may go now, which uses it up; else how long it has to wait.
    pub fn admit(&mut self) -> Option<Duration> {
        let now = Instant::now();
        if let Some(until) = self.pause.filter(|until| *until > now) {
            return Some(until - now);
        }
        self.pause = None;
        self.recover(now);
        let limiters = self.slow.iter().map(|slow| &slow.limiter);
        let mut limiters = limiters.chain(self.declared.iter().map(|(_, limiter)| limiter));
        let until = limiters.find_map(|limiter| limiter.check().err())?;
        // Clocks have grains: who comes again a moment early would be refused again.
        Some(until.wait_time_from(Ticks.now()).max(Duration::from_millis(1)))
    }

    /// The counterpart asked for a pause.
    pub fn pause(&mut self, pause: Duration) {
        self.pause = self.pause.max(Instant::now().checked_add(pause));
    }

    /// A header stated the rate that holds now. One that is faster than what is declared teaches nothing.
    pub fn stated(&mut self, rate: Rate) {
        let interval = span(rate);
        if self.declared.as_ref().is_some_and(|(declared, _)| interval <= *declared) {
            self.slow = None;
            return;
        }
        self.slow_down(interval, STATED);
    }

    /// The counterpart refused for there being too many: half as many from now on. Each time that this goes well, twice
    /// as many again.
    pub fn refused(&mut self) {
        let Some((declared, _)) = self.declared else { return };
        let interval = self.slow.as_ref().map_or(declared, |slow| slow.interval);
        let interval = (interval * 2).min(declared * SLOWEST);
        self.slow_down(interval, calm(interval));
    }

    fn recover(&mut self, now: Instant) {
        let Some(slow) = self.slow.take_if(|slow| slow.until <= now) else { return };
        let faster = slow.interval / 2;
        if self.declared.as_ref().is_some_and(|(declared, _)| faster > *declared) {
            self.slow_down(faster, calm(faster));
        }
    }

    /// The limiter stays where the interval does: a new one would let one go at once.
    fn slow_down(&mut self, interval: Duration, believed: Duration) {
        let until = Instant::now() + believed;
        match &mut self.slow {
            Some(slow) if slow.interval == interval => slow.until = until,
            _ => self.slow = Some(Slow { interval, limiter: limiter(interval, 1), until }),
        }
    }
}

/// How long there has to be no refusal at a rate.
fn calm(interval: Duration) -> Duration {
    (interval * 20).max(Duration::from_secs(10))
}

fn span(rate: Rate) -> Duration {
    Duration::try_from(rate.interval).unwrap_or_default().max(Duration::from_nanos(1))
}

fn limiter(interval: Duration, burst: u32) -> Limiter {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(interval).unwrap_or(Quota::per_second(NonZeroU32::MIN));
    RateLimiter::direct_with_clock(quota.allow_burst(burst), Ticks)
}
