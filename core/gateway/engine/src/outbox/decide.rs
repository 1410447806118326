//! What people decide: approval, unknown outcomes, what was given up.

use dragoman_exchange::{Decision, Event, Purpose, State, Submission};
use dragoman_store::{Job, JobChange, StoreError};

use super::settle::ASKING;
use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::About;
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// The space of the records that tell two people apart who decide about one submission at once.
const DECIDED: &str = "decided";

impl Gateway {
    /// Approves what somebody else submitted: the submission of a stream that is held. Who gave it may not.
    pub async fn approve(&self, by: &Actor, id: &str) -> Answer<()> {
        allowed(by, Right::Approve)?;
        let told = self.told(&by.tenant, id).await?;
        let held = find(&told, |state| state == State::Held, "waits for approval")?;
        if held.by == by.name || corrected_by(&told, &held).any(|name| name == by.name) {
            return Err(EngineError::Conflict("somebody else has to approve what one submits".to_owned()));
        }
        let mut writing = Writing::new(self, by);
        writing.event(id, Some(&held.id), Event::Approved);
        writing.batch.jobs.push(JobChange::Due(held.id.clone(), writing.at, held.attempts));
        once(writing, format!("approve/{}", held.id)).await
    }

    /// Decides about a submission of a stream whose outcome nobody knows.
    pub async fn decide(&self, by: &Actor, id: &str, decision: Decision) -> Answer<()> {
        allowed(by, Right::Write)?;
        let told = self.told(&by.tenant, id).await?;
        let unknown = find(&told, |state| state == State::Unknown, "has an unknown outcome")?;
        let mut writing = Writing::new(self, by);
        writing.event(id, Some(&unknown.id), Event::Decided { decision });
        writing.batch.jobs.push(match decision {
            Decision::Resend => JobChange::Due(unknown.id.clone(), writing.at, unknown.attempts),
            Decision::Delivered | Decision::GiveUp => JobChange::Done(unknown.id.clone()),
        });
        if let Some(record) = self.0.store.record(&by.tenant, ASKING, &unknown.id).await? {
            writing.record(ASKING, record.key, record.revision, None);
        }
        once(writing, format!("{}/{}", unknown.attempts, unknown.id)).await
    }

    /// Gives up what has not gone out: a submission that is held, queued or deferred.
    pub async fn give_up(&self, by: &Actor, id: &str, why: &str) -> Answer<()> {
        allowed(by, Right::Write)?;
        // Nothing is taken from the outbox meanwhile: what is given up is not sent.
        let _taking = self.0.taking.lock().await;
        let told = self.told(&by.tenant, id).await?;
        let waits = |state| matches!(state, State::Held | State::Queued | State::Deferred { .. });
        let waiting = find(&told, waits, "waits to be sent")?;
        let mut writing = Writing::new(self, by);
        writing.event(id, Some(&waiting.id), Event::Dead { why: why.to_owned() });
        writing.batch.jobs.push(JobChange::Done(waiting.id.clone()));
        once(writing, format!("give_up/{}", waiting.id)).await
    }
}

impl Gateway {
    /// Sends a submission of a stream off again that was given up or refused, as a submission of its own with the same
    /// content: the last one of those.
    pub async fn replay(&self, by: &Actor, id: &str) -> Answer<String> {
        allowed(by, Right::Write)?;
        let told = self.told(&by.tenant, id).await?;
        let lost =
            find(&told, |state| matches!(state, State::Dead | State::Refused), "was given up or refused")?;
        let stored = told.events.iter().find(|stored| {
            matches!(stored.event.event, Event::Accepted { .. })
                && stored.event.submission.as_ref() == Some(&lost.id)
        });
        let Some(stored) = stored else { return Err(EngineError::unknown("submission", &lost.id)) };
        let Some((media, body)) = self.bytes_of(&by.tenant, stored.seq).await? else {
            return Err(EngineError::Conflict("its content is no longer there".to_owned()));
        };
        let Event::Accepted { purpose, account, operation, lrn, .. } = stored.event.event.clone() else {
            return Err(EngineError::unknown("submission", &lost.id));
        };
        let about = about_again(&told, &lost, &account, &operation);
        let again = crate::writing::id();
        let mut writing = Writing::new(self, by);
        writing.event(id, Some(&lost.id), Event::Replayed { submission: again.clone() });
        let accepted = Event::Accepted { purpose, account, operation, lrn, held: None };
        writing.message(id, Some(&again), accepted, &media, body.clone());
        let lane = match purpose {
            Purpose::Webhook => format!("webhook:{}", about.account),
            _ => format!("{}:{}", about.account, about.operation),
        };
        let job = Job {
            submission: again.clone(),
            tenant: writing.tenant.clone(),
            stream: id.to_owned(),
            lane,
            due: writing.at,
            attempts: 0,
            body,
            about: serde_json::to_string(&about).map_err(EngineError::damaged)?,
        };
        writing.job(job, false);
        once(writing, format!("replay/{}", lost.id)).await?;
        Ok(again)
    }
}

/// What whoever sends a lost submission again has to know.
fn about_again(told: &Told, lost: &Submission, account: &str, operation: &str) -> About {
    let exchange = &told.exchange;
    About::new(account, operation, lost.purpose)
        .with("declaration.lrn", lost.lrn.as_ref().or(exchange.lrn.as_ref()))
        .with("declaration.mrn", exchange.mrn.as_ref())
}

/// The last submission of a stream in a state.
fn find(told: &Told, fits: impl Fn(State) -> bool, what: &str) -> Answer<Submission> {
    let found = told.exchange.submissions.iter().rfind(|one| fits(one.state)).cloned();
    found.ok_or_else(|| EngineError::Conflict(format!("nothing of it {what}")))
}

/// Who corrected the declaration before it was submitted.
fn corrected_by<'t>(told: &'t Told, submission: &Submission) -> impl Iterator<Item = &'t str> {
    let at = submission.at;
    let corrections = told
        .events
        .iter()
        .filter(move |stored| matches!(stored.event.event, Event::Corrected { .. }) && stored.event.at <= at);
    corrections.map(|stored| stored.event.actor.as_str())
}

/// Does something that is done once.
async fn once(mut writing: Writing<'_>, key: String) -> Answer<()> {
    writing.record(DECIDED, key, 0, Some("{}".to_owned()));
    match writing.commit().await {
        Ok(_) => Ok(()),
        Err(StoreError::Stale { .. }) => {
            Err(EngineError::Conflict("somebody else decided it meanwhile".to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}
