//! Limits: how often a counterpart may be asked, for each account and operation. They become tighter where its answers
//! say so, and what is declared holds again when those of a quarter of an hour said nothing.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dragoman_channel::{Answer, Channel, Encoding, Limit, Operation, Rate, Values};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// How long what an answer taught is believed.
const BELIEVED: Duration = Duration::from_mins(15);

/// One limit of one account.
struct Lane {
    limiter: Arc<DefaultDirectRateLimiter>,
    /// The rate that was learned, and when.
    learned: Option<(Rate, Instant)>,
    /// Nothing before this moment.
    pause: Option<Instant>,
}

/// All limits in use.
#[derive(Default)]
pub(crate) struct Limits(Mutex<HashMap<String, Lane>>);

impl Limits {
    /// Nothing where a request may go out now, else how long it has to wait.
    pub fn admit(
        &self,
        channel: &Channel,
        operation: &Operation,
        account: &str,
        values: &Values,
    ) -> Option<Duration> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wait = None;
        for (index, limit) in channel.limits_of(operation).enumerate() {
            let lane = lanes.entry(key(limit, index, account, values)).or_insert_with(|| Lane::new(limit));
            if lane.learned.is_some_and(|(_, at)| at.elapsed() > BELIEVED) {
                *lane = Lane::new(limit);
            }
            wait = wait.max(lane.wait());
        }
        wait
    }

    /// Takes what an answer says about the limits.
    pub fn learn(
        &self,
        channel: &Channel,
        operation: &Operation,
        account: &str,
        values: &Values,
        answer: &Answer,
    ) {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, limit) in channel.limits_of(operation).enumerate() {
            let Some(lane) = lanes.get_mut(&key(limit, index, account, values)) else { continue };
            let learned = limit.learned(answer);
            if let Some(pause) = learned.pause.and_then(|pause| Duration::try_from(pause).ok()) {
                lane.pause = lane.pause.max(Some(Instant::now() + pause));
            }
            let now = lane.learned.map_or(limit.rate, |(rate, _)| rate);
            if let Some(rate) = learned.rate
                && rate.interval > now.interval
            {
                lane.limiter = limiter(rate, 1);
                lane.learned = Some((rate, Instant::now()));
            }
        }
    }
}

impl Lane {
    fn new(limit: &Limit) -> Self {
        Self { limiter: limiter(limit.rate, limit.burst), learned: None, pause: None }
    }

    fn wait(&self) -> Option<Duration> {
        let pause = self.pause.map(|until| until.saturating_duration_since(Instant::now()));
        if let Some(pause) = pause.filter(|pause| !pause.is_zero()) {
            return Some(pause);
        }
        let not_until = self.limiter.check().err()?;
        Some(not_until.wait_time_from(DefaultClock::default().now()).max(Duration::from_millis(1)))
    }
}

fn limiter(rate: Rate, burst: u32) -> Arc<DefaultDirectRateLimiter> {
    let interval = Duration::try_from(rate.interval).ok().filter(|interval| !interval.is_zero());
    let quota = Quota::with_period(interval.unwrap_or(Duration::from_millis(1)));
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    let quota = quota.unwrap_or(Quota::per_second(NonZeroU32::MIN)).allow_burst(burst);
    Arc::new(RateLimiter::direct(quota))
}

/// Whose limit it is: what it says, else the account.
fn key(limit: &Limit, index: usize, account: &str, values: &Values) -> String {
    let of = limit.of.as_ref().and_then(|of| of.fill(values, Encoding::Plain).ok());
    format!("{index}:{}", of.as_deref().unwrap_or(account))
}
