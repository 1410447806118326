//! Limits: how often a counterpart may be asked, for each account and operation. What is declared holds always; the
//! counterpart's headers and refusals make it tighter, and time makes it what was declared again.

mod lane;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dragoman_channel::{Answer, Encoding, Failure, Limit, Operation};
use dragoman_exchange::ErrorClass;

use crate::account::Account;
use lane::Lane;

/// How long nothing is asked once a day's budget is used up, where the counterpart does not say it.
const EXHAUSTED: Duration = Duration::from_hours(1);

/// All limits in use.
#[derive(Default)]
pub(crate) struct Limits(Mutex<HashMap<String, Lane>>);

impl Limits {
    /// Nothing where a request may go out now, which uses up one of each of its limits; else how long it has to wait.
    pub fn admit(&self, account: Account<'_>, operation: &Operation) -> Option<Duration> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept(account, operation)
            .into_iter()
            .find_map(|(key, limit)| lanes.entry(key).or_insert_with(|| Lane::new(limit)).admit())
    }

    /// Takes what an answer says about the limits.
    pub fn learn(
        &self,
        account: Account<'_>,
        operation: &Operation,
        answer: &Answer,
        failed: Option<&Failure>,
    ) {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let class = failed.map(|failure| failure.class);
        let wait = failed.and_then(|failure| Duration::try_from(failure.wait?).ok());
        for (key, limit) in kept(account, operation) {
            let lane = lanes.entry(key).or_insert_with(|| Lane::new(limit));
            let learned = limit.map(|limit| limit.learned(answer)).unwrap_or_default();
            if let Some(rate) = learned.rate {
                lane.stated(rate);
            } else if class == Some(ErrorClass::RateLimited) {
                lane.refused();
            }
            if let Some(pause) = learned.pause.and_then(|pause| Duration::try_from(pause).ok()) {
                lane.pause(pause);
            }
            match class {
                Some(ErrorClass::RateLimited) => lane.pause(wait.unwrap_or(Duration::from_secs(1))),
                Some(ErrorClass::QuotaDayExhausted) => lane.pause(wait.unwrap_or(EXHAUSTED)),
                // Trouble of one operation is not that of those which share its limit.
                Some(ErrorClass::Transient) if limit.is_none() => lane.pause(wait.unwrap_or_default()),
                _ => {}
            }
        }
    }
}

/// The limits that an operation has to keep, by the name of who has them: those that fill fastest first, since one that
/// was used for nothing, as a later one refused, is soon there again. The last is the operation's own, which has no
/// rate but can be paused.
fn kept<'a>(account: Account<'a>, operation: &'a Operation) -> Vec<(String, Option<&'a Limit>)> {
    let base = account.channel.base(account.values).unwrap_or_default();
    let all = &account.channel.settings.limits;
    let mut limits: Vec<_> = account
        .channel
        .limits_of(operation)
        .filter_map(|limit| Some((all.iter().position(|one| std::ptr::eq(one, limit))?, limit)))
        .collect();
    limits.sort_by_key(|(_, limit)| limit.rate.interval);
    let mut kept: Vec<_> = limits
        .into_iter()
        .map(|(place, limit)| {
            let of = limit.of.as_ref().and_then(|of| of.fill(account.values, Encoding::Plain).ok());
            (format!("{base} {place} {}", of.as_deref().unwrap_or(account.name)), Some(limit))
        })
        .collect();
    kept.push((format!("{}:{}", account.name, &*operation.name), None));
    kept
}
