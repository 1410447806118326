//! What becomes of a submission after an attempt.

use dragoman_channel::{Answer as Answered, Repeat};
use dragoman_exchange::{ErrorClass, Event, Purpose, Retry};
use dragoman_store::{Job, JobChange};
use jiff::{SignedDuration, Timestamp};

use super::round::Attempt;
use super::send::Became;
use crate::error::Answer;
use crate::gateway::Gateway;
use crate::intake::About;
use crate::people::Actor;
use crate::webhook::RETRY;
use crate::writing::Writing;

/// How long a message waits for somebody who has to authorise, before it looks again.
const UNAUTHORISED: SignedDuration = SignedDuration::from_mins(5);

/// The space of what counterparts call the messages that we sent: what is told of one is about that submission.
pub(crate) const MESSAGE: &str = "message";

/// The space of the submissions whose outcome is asked for, by submission.
pub(crate) const ASKING: &str = "asking";

impl Gateway {
    /// Journals what became of an attempt, and what is done about it.
    pub(crate) async fn settle(&self, attempt: &Attempt, became: Became) -> Answer<()> {
        let Attempt { job, about } = attempt;
        let mut writing = Writing::new(self, &Actor::gateway(&job.tenant));
        let mut conversation = None;
        match became {
            Became::Done(given, answer) => {
                conversation = given.get("conversation").map(str::to_owned);
                let event = Event::Delivered { conversation: conversation.clone() };
                happened(&mut writing, job, event, answer.as_ref());
                delivered(&mut writing, job, about, conversation.as_deref());
                if let Some(message) = given.get("message") {
                    let value = format!("{}/{message}", about.account);
                    writing.link(MESSAGE, value, &job.stream, Some(&job.submission));
                }
            }
            Became::Failed(failure, answer) if failure.class == ErrorClass::AlreadyDone => {
                happened(&mut writing, job, Event::Delivered { conversation: None }, answer.as_ref());
                delivered(&mut writing, job, about, None);
            }
            Became::Failed(failure, answer) => self.failed(&mut writing, attempt, &failure, answer.as_ref()),
            Became::Unknown(why) => self.unknown(&mut writing, job, about, why),
            Became::Unauthorised(said) => {
                let until = writing.at.checked_add(UNAUTHORISED).unwrap_or(Timestamp::MAX);
                self.0.lanes.close(&job.lane, until);
                let event = Event::Deferred { class: ErrorClass::AuthExpired, said, until };
                happened(&mut writing, job, event, None);
                // It was not sent: this was no attempt.
                writing.batch.jobs.push(JobChange::Due(job.submission.clone(), until, job.attempts - 1));
            }
        }
        writing.commit().await?;
        if let Some(conversation) = conversation {
            self.unpark(&job.tenant, &about.account, "conversation", &conversation).await?;
        }
        Ok(())
    }

    fn failed(
        &self,
        writing: &mut Writing<'_>,
        attempt: &Attempt,
        failure: &dragoman_channel::Failure,
        answer: Option<&Answered>,
    ) {
        let Attempt { job, about } = attempt;
        let said = [failure.code.as_deref(), failure.message.as_deref()];
        let said = said.into_iter().flatten().collect::<Vec<_>>().join(": ");
        let class = failure.class;
        let next = self.retry(about).next(class, job.attempts, failure.wait, random(), writing.at);
        match next {
            Some(until) if about.until.is_some_and(|end| until >= end) => {
                let why = format!("the time for it is over; the last attempt: {said}");
                happened(writing, job, Event::Dead { why }, answer);
                writing.batch.jobs.push(JobChange::Done(job.submission.clone()));
            }
            Some(until) => {
                if class == ErrorClass::RateLimited {
                    self.0.lanes.close(&job.lane, until);
                }
                happened(writing, job, Event::Deferred { class, said, until }, answer);
                writing.batch.jobs.push(JobChange::Due(job.submission.clone(), until, job.attempts));
            }
            None if class.may_pass() => {
                let why = format!("{} attempts, the last one: {said}", job.attempts);
                happened(writing, job, Event::Dead { why }, answer);
                writing.batch.jobs.push(JobChange::Done(job.submission.clone()));
            }
            None => {
                happened(writing, job, Event::Refused { class, said }, answer);
                writing.batch.jobs.push(JobChange::Done(job.submission.clone()));
            }
        }
    }

    /// How often and how long the counterpart of a job is tried.
    fn retry(&self, about: &About) -> Retry {
        if about.purpose == Purpose::Webhook {
            return RETRY;
        }
        let declared = self.lane_of(about).and_then(|(_, channel, _)| channel.settings.retry);
        declared.map_or_else(Retry::default, |retry| Retry {
            first: retry.first.0,
            longest: retry.longest.0,
            attempts: retry.attempts,
        })
    }

    /// Nobody knows whether it arrived. What may be sent twice is; anything else waits: for an answer, for what the
    /// counterpart says when it is asked, or for a person.
    pub(crate) fn unknown(&self, writing: &mut Writing<'_>, job: &Job, about: &About, why: String) {
        writing.tenant.clone_from(&job.tenant);
        let lane = self.lane_of(about);
        // Of news the id tells a repetition.
        let repeats = about.purpose == Purpose::Webhook
            || lane.is_some_and(|(_, _, operation)| operation.repeat() == Repeat::Idempotent);
        if repeats {
            let (class, until) = (ErrorClass::Transient, writing.at);
            happened(writing, job, Event::Deferred { class, said: why, until }, None);
            writing.batch.jobs.push(JobChange::Due(job.submission.clone(), until, job.attempts));
            return;
        }
        happened(writing, job, Event::OutcomeUnknown { why }, None);
        writing.batch.jobs.push(JobChange::Hold(job.submission.clone()));
        writing.record(ASKING, job.submission.clone(), 0, Some(job.stream.clone()));
    }
}

/// The counterpart has it.
fn delivered(writing: &mut Writing<'_>, job: &Job, about: &About, conversation: Option<&str>) {
    if let Some(conversation) = conversation {
        let value = format!("{}/{conversation}", about.account);
        writing.link("conversation", value, &job.stream, Some(&job.submission));
    }
    writing.batch.jobs.push(JobChange::Done(job.submission.clone()));
}

fn happened(writing: &mut Writing<'_>, job: &Job, event: Event, answer: Option<&Answered>) {
    let (stream, submission) = (&job.stream, Some(job.submission.as_str()));
    match answer.filter(|answer| !answer.body.is_empty()) {
        Some(answer) => {
            let media = answer.header("Content-Type").unwrap_or("application/octet-stream").to_owned();
            writing.message(stream, submission, event, &media, answer.body.clone());
        }
        None => {
            writing.event(stream, submission, event);
        }
    }
}

/// Any number: callers that failed together do not come back together.
fn random() -> u64 {
    let mut bytes = [0; 8];
    // Without randomness they do, which is no reason not to come back.
    let _ = getrandom::fill(&mut bytes);
    u64::from_ne_bytes(bytes)
}
