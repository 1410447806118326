//! Queues of platforms: asked again and again, each message written down before it is deleted. What stands in them is
//! believed no further than webhooks are.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dragoman_channel::{Answer as Answered, Ask, Failure, Message, Queue, answered_at};
use dragoman_exchange::ErrorClass;
use dragoman_store::StoreError;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::hint::ASKS;
use super::status::Trouble;
use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::people::Actor;
use crate::writing::Writing;

/// The space of messages that nothing can be done with, by `account/queue/id`.
const ASIDE: &str = "aside";

/// As many as SQS gives at once.
const AT_ONCE: u8 = 10;

/// How long a queue rests after a failure that may pass.
const PAUSE: Duration = Duration::from_secs(5);

/// How long it rests where somebody has to do something first.
const LONG: Duration = Duration::from_mins(5);

/// Clocks that are less apart are as good as the same.
const APART: SignedDuration = SignedDuration::from_secs(30);

/// What is known of queues, by `account/queue`.
#[derive(Default)]
pub(crate) struct Polls(Mutex<HashMap<String, Poll>>);

#[derive(Clone, Copy, Debug, Default)]
struct Poll {
    /// By how much the queue's clock is ahead.
    ahead: SignedDuration,
    /// When a message was given last.
    given: Option<Timestamp>,
    /// When that happened which it told of.
    happened: Option<Timestamp>,
}

/// What came of asking a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueRound {
    /// Messages that were taken.
    pub taken: usize,
    /// How long it rests.
    pub rest: Duration,
}

/// How a queue stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueueView {
    /// The queue.
    pub queue: String,
    /// When it gave a message last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<Timestamp>,
    /// When that happened which it told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub happened: Option<Timestamp>,
    /// True where it is not asked for a while, because it fails.
    pub is_down: bool,
    /// What went wrong last, and when; none since something went right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

impl Polls {
    fn of(&self, lane: &str) -> Poll {
        self.lock().get(lane).copied().unwrap_or_default()
    }

    fn change(&self, lane: &str, change: impl FnOnce(&mut Poll)) {
        change(self.lock().entry(lane.to_owned()).or_default());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Poll>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lane(account: &Account, queue: &Queue) -> String {
    format!("{}/{}", account.name(), &*queue.name)
}

impl Gateway {
    /// Asks all queues that an account names, once and without waiting, and takes what they give. For who does not run the
    /// workers.
    pub async fn listen(&self, account: &str) -> Answer<QueueRound> {
        let known = self.0.accounts.get(account).ok_or_else(|| EngineError::unknown("account", account))?;
        let mut all = QueueRound::default();
        for queue in known.channel.iter().flat_map(|channel| &channel.queues) {
            if queue.is_named(&known.values) {
                let given = self.ask_queue(account, &queue.name, false).await?;
                let round = self.take_from_queue(account, &queue.name, given).await?;
                all = QueueRound { taken: all.taken + round.taken, rest: all.rest.max(round.rest) };
            }
        }
        Ok(all)
    }

    /// Asks a queue for its next messages; `Err` of the inner one says how long it rests.
    pub(crate) async fn ask_queue(
        &self,
        account: &str,
        queue: &str,
        waits: bool,
    ) -> Answer<Result<Vec<Message>, Duration>> {
        let (account, queue) = self.queue_of(account, queue)?;
        let (lane, now) = (lane(account, queue), self.0.clock.now());
        if let Some(until) = self.0.lanes.admit(&lane, now) {
            return Ok(Err(Duration::try_from(until.duration_since(now)).unwrap_or(PAUSE)));
        }
        let wait = if waits { queue.wait.0 } else { SignedDuration::ZERO };
        let ask = Ask::Receive(AT_ONCE, wait, queue.hidden.0);
        let given = self.ask_of_queue(account, queue, ask).await;
        Ok(match given.and_then(|answer| Queue::messages(&answer)) {
            Ok(messages) => {
                self.0.lanes.succeeded(&lane);
                self.0.troubles.end(&lane);
                Ok(messages)
            }
            Err(failure) => Err(self.queue_failed(&lane, &failure)),
        })
    }

    /// Takes messages that a queue gave: each is written down, and then deleted. One that nothing can be done with is put
    /// aside, so that it does not come again and again.
    pub(crate) async fn take_from_queue(
        &self,
        account: &str,
        queue: &str,
        given: Result<Vec<Message>, Duration>,
    ) -> Answer<QueueRound> {
        let (account, queue) = self.queue_of(account, queue)?;
        let lane = lane(account, queue);
        let messages = match given {
            Ok(messages) => messages,
            Err(rest) => return Ok(QueueRound { taken: 0, rest }),
        };
        let mut round = QueueRound::default();
        for message in messages {
            match queue.read(&message) {
                Ok(event) => {
                    self.note_hint(account, &event.hint, message.body.as_bytes()).await?;
                    let now = self.0.clock.now();
                    self.0.polls.change(&lane, |poll| {
                        poll.given = Some(now);
                        poll.happened = event.at.max(poll.happened);
                    });
                }
                Err(why) => self.put_aside(account, queue, &message, &why).await?,
            }
            round.taken += 1;
            let deleted = self.ask_of_queue(account, queue, Ask::Delete(&message.receipt)).await;
            if let Err(failure) = deleted.and_then(|answer| Queue::done(&answer)) {
                // It comes again, and is known then.
                round.rest = round.rest.max(self.queue_failed(&lane, &failure));
            }
        }
        Ok(round)
    }

    /// How the queues stand that an account names.
    pub(crate) fn queue_views(&self, account: &Account) -> Vec<QueueView> {
        let queues = account.channel.iter().flat_map(|channel| &channel.queues);
        let named = queues.filter(|queue| queue.is_named(&account.values));
        let view = |queue: &Queue| {
            let lane = lane(account, queue);
            let poll = self.0.polls.of(&lane);
            QueueView {
                queue: queue.name.to_string(),
                given: poll.given,
                happened: poll.happened,
                is_down: self.0.lanes.open_until(&lane, self.0.clock.now()).is_some(),
                trouble: self.0.troubles.of(&lane),
            }
        };
        named.map(view).collect()
    }

    fn queue_of(&self, account: &str, queue: &str) -> Answer<(&Account, &Queue)> {
        let known = self.0.accounts.get(account);
        let account = known.ok_or_else(|| EngineError::unknown("account", account))?;
        let queue = account.channel.as_deref().and_then(|channel| channel.queue(queue));
        Ok((account, queue.ok_or_else(|| EngineError::unknown("queue of account", account.name()))?))
    }

    /// Asks a queue something. Where it does not believe the moment, it is asked once more by its own clock.
    pub(crate) async fn ask_of_queue(
        &self,
        account: &Account,
        queue: &Queue,
        ask: Ask<'_>,
    ) -> Result<Answered, Failure> {
        let lane = lane(account, queue);
        let known = self.0.polls.of(&lane).ahead;
        let answer = self.asked_once(account, queue, ask, known).await?;
        let is_about_time =
            matches!(Queue::done(&answer), Err(failure) if failure.class == ErrorClass::AuthExpired);
        let theirs = answered_at(&answer).filter(|_| is_about_time);
        let ahead = theirs.map(|theirs| theirs.duration_since(self.0.clock.now()));
        let Some(ahead) = ahead.filter(|ahead| (*ahead - known).abs() > APART) else { return Ok(answer) };
        tracing::warn!(queue = lane, seconds = ahead.as_secs(), "the queue's clock is ahead by so much");
        self.0.polls.change(&lane, |poll| poll.ahead = ahead);
        self.asked_once(account, queue, ask, ahead).await
    }

    async fn asked_once(
        &self,
        account: &Account,
        queue: &Queue,
        ask: Ask<'_>,
        ahead: SignedDuration,
    ) -> Result<Answered, Failure> {
        let failed = |class, said: String| Failure { class, code: None, message: Some(said), wait: None };
        let channel = account.channel.as_deref();
        let channel =
            channel.ok_or_else(|| failed(ErrorClass::InvalidRequest, "there is no channel".into()))?;
        let now = self.0.clock.now();
        let now = now.checked_add(ahead).unwrap_or(now);
        let request = queue.request(ask, &account.values).and_then(|mut request| {
            queue.sign(&mut request, &account.values, now)?;
            Ok(request)
        });
        let request = request.map_err(|missing| failed(ErrorClass::InvalidRequest, missing.to_string()))?;
        let answer = self.0.transport.carry(account.on(channel), &request).await;
        answer.map_err(|failure| failed(failure.class(), failure.cause().to_string()))
    }

    /// Notes that a queue did not do what it was asked. Gives how long it rests.
    fn queue_failed(&self, lane: &str, failure: &Failure) -> Duration {
        let Failure { class, code, message, .. } = failure;
        let said: Vec<_> = code.iter().chain(message).map(String::as_str).collect();
        let now = self.0.clock.now();
        self.0.troubles.begin(lane, &said.join(": "), now);
        if class.may_pass() {
            self.0.lanes.failed(lane, now);
            PAUSE
        } else {
            LONG
        }
    }

    /// Keeps a message that nothing can be done with, and tells people of it.
    async fn put_aside(&self, account: &Account, queue: &Queue, message: &Message, why: &str) -> Answer<()> {
        let key = format!("{}/{}", lane(account, queue), message.id);
        let mut writing = Writing::new(self, &Actor::gateway(&account.settings.tenant));
        let said = format!("message {} of the queue `{}` is put aside: {why}", message.id, &*queue.name);
        writing.record(ASKS, key.clone(), 0, Some(said));
        writing.record(ASIDE, key, 0, Some(message.body.clone()));
        match writing.commit().await {
            // It was put aside before, and not deleted.
            Ok(_) | Err(StoreError::Stale { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
