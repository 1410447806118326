//! Sending one attempt: the request of the account's channel, what is asked before it and what follows it.

use std::sync::Arc;

use dragoman_channel::{Answer as Answered, Before, Channel, Operation, Outcome, Repeat, Values};
use dragoman_exchange::{ErrorClass, Purpose};
use dragoman_transport::{Cause, Failure, Reply};
use jiff::Timestamp;
use uuid::Uuid;

use super::round::Attempt;
use crate::account::Account;
use crate::clock::day;
use crate::gateway::Gateway;
use crate::intake::About;

/// What became of an attempt.
#[derive(Debug)]
pub(crate) enum Became {
    /// It was done: what the answer gives, and the answer.
    Done(Values, Option<Answered>),
    /// It was not done.
    Failed(dragoman_channel::Failure, Option<Answered>),
    /// Nobody knows.
    Unknown(String),
    /// Somebody has to put the account's standing right first: it was not taken, and waits.
    Unauthorised(String),
}

impl Gateway {
    /// Sends an attempt.
    pub(crate) async fn send(&self, attempt: &Attempt) -> Became {
        let Attempt { job, about } = attempt;
        if about.purpose == Purpose::Webhook {
            return self.send_news(attempt).await;
        }
        let Some((account, channel, operation)) = self.lane_of(about) else {
            if self.0.accounts.get(&about.account).is_some_and(Account::is_by_hand) {
                return Became::Done(Values::new(), None);
            }
            return failed(
                ErrorClass::InvalidRequest,
                "the account or its operation is no longer configured",
            );
        };
        let operation = channel.fitting(operation, job.body.len());
        let mut values = self.values(account, about);
        if let Some(first) = &operation.first {
            let Some(asked) = channel.operation(&first.operation) else {
                return failed(ErrorClass::InvalidRequest, "the operation that comes first is not there");
            };
            match self.ask(account, &channel, asked, &values, None).await {
                Became::Done(more, Some(answer)) => {
                    values.extend(&more);
                    match first.read(&answer, &values) {
                        Before::Open(more) => {
                            values.extend(&more);
                        }
                        Before::AlreadyDone => return Became::Done(values, Some(answer)),
                        Before::Short { line, lacking } => {
                            let said = format!("{lacking} pieces of line {line} are not open there");
                            return failed(ErrorClass::InvalidRequest, &said);
                        }
                    }
                }
                // What only asks has changed nothing.
                Became::Unknown(why) => return failed(ErrorClass::Transient, &why),
                other => return other,
            }
        }
        let became = self.ask(account, &channel, operation, &values, Some(&job.body)).await;
        match (became, &operation.then) {
            (Became::Done(mut given, Some(answer)), Some(then)) => {
                let Some(next) = channel.operation(&then.operation) else {
                    return failed(ErrorClass::InvalidRequest, "the operation that follows is not there");
                };
                for more in operation.next(&answer) {
                    let mut all = values.clone();
                    all.extend(&more);
                    match self.ask(account, &channel, next, &all, Some(&job.body)).await {
                        Became::Done(..) => given.extend(&more),
                        // The first step is good for another try, and makes a new form: where that is as good as once.
                        Became::Unknown(why) if operation.repeat() == Repeat::Idempotent => {
                            return failed(ErrorClass::Transient, &why);
                        }
                        other => return other,
                    };
                }
                Became::Done(given, Some(answer))
            }
            (became, _) => became,
        }
    }

    /// The account, channel and operation of a job.
    pub(crate) fn lane_of(&self, about: &About) -> Option<(&Account, Arc<Channel>, &Operation)> {
        let account = self.0.accounts.get(&about.account)?;
        let channel = account.channel.as_ref()?;
        let operation = channel.operation(&about.operation)?;
        Some((account, Arc::clone(channel), operation))
    }

    /// What the templates of a job's requests may name.
    pub(crate) fn values(&self, account: &Account, about: &About) -> Values {
        let now = self.0.clock.now();
        let mut values = account.values_in(about.edition.as_deref(), day(now)).clone();
        values.set("now", format!("{}Z", unzoned(now))).set("now.utc", unzoned(now));
        let id = Uuid::now_v7().to_string();
        values.set("request.guid", id.to_uppercase()).set("request.id", id);
        values.set("now.milliseconds", now.as_millisecond().to_string());
        about.fill(&mut values);
        values
    }

    /// Sends one request, and says what became of it.
    pub(crate) async fn ask(
        &self,
        account: &Account,
        channel: &Channel,
        operation: &Operation,
        values: &Values,
        content: Option<&[u8]>,
    ) -> Became {
        let request = match channel.request(operation, values, content) {
            Ok(request) => request,
            Err(missing) => return failed(ErrorClass::InvalidRequest, &missing.to_string()),
        };
        let now = self.0.clock.now();
        let sent = self.0.transport.send(account.on(channel), operation, request, now).await;
        let name = account.name();
        match sent {
            Ok(Reply { answer, outcome }) => match outcome {
                Outcome::Done(given) => {
                    self.0.lanes.succeeded(name);
                    Became::Done(given, Some(answer))
                }
                // An access token that was given just now is not taken: that is the account's fault, not the message's.
                Outcome::Failed(failure) if is_standing(&answer, &failure) => {
                    let said = failure.message.or(failure.code).unwrap_or_else(|| failure.class.to_string());
                    Became::Unauthorised(format!("status {}: {said}", answer.status))
                }
                Outcome::Failed(failure) => {
                    if failure.class == ErrorClass::Transient {
                        self.0.lanes.failed(name, now);
                    } else {
                        self.0.lanes.succeeded(name);
                    }
                    Became::Failed(failure, Some(answer))
                }
                Outcome::Unknown(failure) => {
                    self.0.lanes.failed(name, now);
                    let said = failure.message.or(failure.code).unwrap_or_else(|| failure.class.to_string());
                    Became::Unknown(format!("status {}: {said}", answer.status))
                }
            },
            Err(Failure::NotSent(cause)) if is_ours(&cause) => Became::Unauthorised(cause.to_string()),
            Err(failure) => {
                self.0.lanes.failed(name, now);
                unsent(operation, &failure)
            }
        }
    }
}

/// A moment in UTC, without its zone.
pub(crate) fn unzoned(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Whether the account as it stands is at fault: nobody's message is refused for that.
fn is_ours(cause: &Cause) -> bool {
    match cause {
        Cause::Settings(_) | Cause::Secret(_) => true,
        Cause::Token(failure) => failure.class() == ErrorClass::AuthRevoked,
        _ => false,
    }
}

fn is_standing(answer: &Answered, failure: &dragoman_channel::Failure) -> bool {
    answer.status == 401 && failure.class == ErrorClass::AuthRevoked
}

/// No answer was received.
fn unsent(operation: &Operation, failure: &Failure) -> Became {
    let said = failure.to_string();
    match failure {
        Failure::NotSent(_) => failed(failure.class(), &said),
        Failure::Unknown { .. } if operation.repeat() == Repeat::Idempotent => {
            failed(ErrorClass::Transient, &said)
        }
        Failure::Unknown { .. } => Became::Unknown(said),
    }
}

/// It was not done, as far as we know ourselves.
pub(crate) fn failed(class: ErrorClass, said: &str) -> Became {
    let failure = dragoman_channel::Failure { class, code: None, message: Some(said.to_owned()), wait: None };
    Became::Failed(failure, None)
}
