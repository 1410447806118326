//! Pushing notifications to a callback, by the rules of the door: what is not taken is tried again, and no answer holds
//! up all others.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dragoman_sim::Pace;
use dragoman_sim::push::Push;
use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore};

use crate::clock::Clock;
use crate::mailbox::Notification;
use crate::serve::Callback;
use crate::simulator::later;
use crate::telling::Told;

/// How many pushes are on their way at once: who takes a thousand declarations a second is told three thousand things, and
/// each is answered once it is on a disk.
const AT_ONCE: usize = 256;

/// The queue of what is to be pushed.
#[derive(Debug)]
pub(crate) struct Pusher {
    client: reqwest::Client,
    rules: Push,
    queue: Mutex<Queue>,
    wake: Notify,
    pushed: AtomicU64,
    clock: Clock,
}

#[derive(Debug, Default)]
struct Queue {
    count: u64,
    waiting: BTreeMap<(Timestamp, u64), Waiting>,
    blocked_until: Option<Timestamp>,
    /// Those on their way.
    flying: usize,
}

#[derive(Clone, Debug)]
struct Waiting {
    notification: Notification,
    to: Callback,
    gives_up: Timestamp,
    pace: Pace,
}

impl Pusher {
    pub fn new(rules: Push, clock: Clock) -> Result<Self, reqwest::Error> {
        // One for the process; whoever was first is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        let (queue, wake, pushed) = (Mutex::default(), Notify::new(), AtomicU64::new(0));
        Ok(Self { client, rules, queue, wake, pushed, clock })
    }

    /// Puts a notification into the queue; it goes out at its moment.
    pub fn put(&self, notification: Notification, to: Callback, pace: Pace) {
        let holds = pace.of(self.rules.holds.0);
        let gives_up = notification.at.checked_add(holds).unwrap_or(notification.at);
        self.queue(notification.at, Waiting { notification, to, gives_up, pace });
    }

    /// How many wait or are on their way.
    pub fn waiting(&self) -> usize {
        let queue = self.lock();
        queue.waiting.len() + queue.flying
    }

    /// How many were taken.
    pub fn pushed(&self) -> u64 {
        self.pushed.load(Ordering::Relaxed)
    }

    /// True while no answer holds everything up.
    pub fn is_blocked(&self, now: Timestamp) -> bool {
        self.lock().blocked_until.is_some_and(|until| until > now)
    }

    /// Hands out what is due, in the place of pushing it.
    pub fn held(&self) -> Vec<Told> {
        let mut held = Vec::new();
        while let Ok(Waiting { notification, .. }) = self.next(self.now()) {
            self.lock().flying -= 1;
            held.push(Told { headers: notification.headers, body: notification.bytes });
        }
        held
    }

    /// Pushes until it is dropped.
    pub async fn run(self: Arc<Self>) {
        let flights = Arc::new(Semaphore::new(AT_ONCE));
        loop {
            let Ok(permit) = Arc::clone(&flights).acquire_owned().await else { return };
            match self.next(self.now()) {
                Ok(waiting) => {
                    let pusher = Arc::clone(&self);
                    tokio::spawn(async move {
                        pusher.push(waiting).await;
                        drop(permit);
                    });
                }
                Err(wait) => {
                    drop(permit);
                    let woken = self.wake.notified();
                    let _ = tokio::time::timeout(wait, woken).await;
                }
            }
        }
    }

    /// The next that is due, or the time until one is.
    fn next(&self, now: Timestamp) -> Result<Waiting, Duration> {
        let mut queue = self.lock();
        let first = queue.waiting.keys().next().map(|(at, _)| *at);
        let at = first.map(|at| queue.blocked_until.map_or(at, |until| at.max(until)));
        match at {
            None => Err(Duration::from_hours(1)),
            Some(at) if at > now => Err(at.duration_since(now).unsigned_abs()),
            Some(_) => {
                let waiting = queue.waiting.pop_first().map(|(_, waiting)| waiting);
                queue.flying += usize::from(waiting.is_some());
                waiting.ok_or(Duration::ZERO)
            }
        }
    }

    async fn push(&self, waiting: Waiting) {
        let Waiting { notification, to, pace, gives_up } = &waiting;
        let mut request = self.client.post(&to.url);
        for (name, value) in notification.headers.iter().chain(&to.headers) {
            request = request.header(name, value);
        }
        let status = match request.body(notification.bytes.clone()).send().await {
            Ok(answer) => Some(answer.status().as_u16()),
            Err(_) => None,
        };
        let now = self.now();
        let later = |by| later(now, pace.of(by));
        let again = match status {
            Some(200..=299) => {
                self.pushed.fetch_add(1, Ordering::Relaxed);
                None
            }
            None | Some(500..) if let Some(blocked) = self.rules.blocked => {
                let until = later(blocked.0);
                self.lock().blocked_until = Some(until);
                Some(until)
            }
            _ => Some(later(self.rules.refused.0)),
        };
        if let Some(again) = again.filter(|again| again < gives_up) {
            self.queue(again, waiting);
        }
        self.lock().flying -= 1;
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn queue(&self, at: Timestamp, waiting: Waiting) {
        let mut queue = self.lock();
        queue.count += 1;
        let key = (at, queue.count);
        queue.waiting.insert(key, waiting);
        let is_first = queue.waiting.keys().next() == Some(&key);
        drop(queue);
        if is_first {
            self.wake.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
