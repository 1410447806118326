//! What people decide: approval, unknown outcomes, what was given up.

use dragoman_exchange::{Decision, Event, Kind, Purpose, State, Submission};
use dragoman_store::{Job, JobChange, StoreError, StoredEvent};

use super::settle::ASKING;
use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::About;
use crate::people::{Actor, Right};
use crate::writing::Writing;

impl Gateway {
    /// Approves what somebody else submitted: the submission of a stream that is held. Who gave it may not.
    pub async fn approve(&self, by: &Actor, id: &str) -> Answer<()> {
        allowed(by, Right::Approve)?;
        loop {
            let told = self.told(&by.tenant, id).await?;
            let held = find(&told, |state| state == State::Held, "waits for approval")?;
            if held.by == by.name || corrected_by(&told, &held).any(|name| name == by.name) {
                return Err(EngineError::Conflict(
                    "somebody else has to approve what one submits".to_owned(),
                ));
            }
            let mut writing = Writing::new(self, by);
            writing.event(id, Some(&held.id), Event::Approved);
            writing.batch.jobs.push(JobChange::Due(held.id.clone(), writing.at, held.attempts));
            if stood(writing, &told).await? {
                return Ok(());
            }
        }
    }

    /// Decides about a submission of a stream whose outcome nobody knows.
    pub async fn decide(&self, by: &Actor, id: &str, decision: Decision) -> Answer<()> {
        allowed(by, Right::Write)?;
        loop {
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
            if stood(writing, &told).await? {
                return Ok(());
            }
        }
    }

    /// Gives up what has not gone out: a submission that is held, queued or deferred; or the question of a counterpart, where
    /// nothing is on its way.
    pub async fn give_up(&self, by: &Actor, id: &str, why: &str) -> Answer<()> {
        allowed(by, Right::Write)?;
        loop {
            let told = self.told(&by.tenant, id).await?;
            let waits = |state| matches!(state, State::Held | State::Queued | State::Deferred { .. });
            let is_open = told.exchange.submissions.iter().any(|one| waits(one.state));
            if told.exchange.kind == Kind::Inquiry && !is_open && !told.exchange.closed {
                let mut writing = Writing::new(self, by);
                writing.event(id, None, Event::Closed { why: why.to_owned() });
                if stood(writing, &told).await? {
                    return Ok(());
                }
                continue;
            }
            let waiting = find(&told, waits, "waits to be sent")?;
            let mut writing = Writing::new(self, by);
            writing.event(id, Some(&waiting.id), Event::Dead { why: why.to_owned() });
            // Whoever took it from the outbox meanwhile finds that it lost the job, and does not send it.
            writing.batch.jobs.push(JobChange::Done(waiting.id.clone()));
            if stood(writing, &told).await? {
                return Ok(());
            }
        }
    }
}

impl Gateway {
    /// Sends a submission of a stream off again that was given up or refused, as a submission of its own with the same
    /// content: the last one of those.
    pub async fn replay(&self, by: &Actor, id: &str) -> Answer<String> {
        allowed(by, Right::Write)?;
        loop {
            let told = self.told(&by.tenant, id).await?;
            let mut writing = Writing::new(self, by);
            let again = self.again(&mut writing, &told).await?;
            if stood(writing, &told).await? {
                return Ok(again);
            }
        }
    }

    /// Adds the last submission of those that were given up or refused once more.
    async fn again(&self, writing: &mut Writing<'_>, told: &Told) -> Answer<String> {
        let lost =
            find(told, |state| matches!(state, State::Dead | State::Refused), "was given up or refused")?;
        let of_lost = |stored: &&StoredEvent| stored.event.submission.as_ref() == Some(&lost.id);
        let mut own = told.events.iter().filter(of_lost);
        if own.clone().any(|stored| matches!(stored.event.event, Event::Replayed { .. })) {
            return Err(EngineError::Conflict("it was sent off again already".to_owned()));
        }
        let stored = own.find(|stored| matches!(stored.event.event, Event::Accepted { .. }));
        let Some(stored) = stored else { return Err(EngineError::unknown("submission", &lost.id)) };
        let Some((media, body)) = self.bytes_of(&writing.tenant, stored.seq).await? else {
            return Err(EngineError::Conflict("its content is no longer there".to_owned()));
        };
        let Event::Accepted { purpose, account, operation, lrn, .. } = stored.event.event.clone() else {
            return Err(EngineError::unknown("submission", &lost.id));
        };
        let draft = self.draft(&writing.tenant, told, None).await?;
        let edition = draft.and_then(|draft| draft.customs.declaration.edition().map(str::to_owned));
        let about = About { edition, ..about_again(told, &lost, &account, &operation) };
        let again = crate::writing::id();
        writing.event(&told.id, Some(&lost.id), Event::Replayed { submission: again.clone() });
        let accepted = Event::Accepted { purpose, account, operation, lrn, held: None };
        writing.message(&told.id, Some(&again), accepted, &media, body.clone());
        let lane = match purpose {
            Purpose::Webhook => format!("webhook:{}", about.account),
            _ => format!("{}:{}", about.account, about.operation),
        };
        let job = Job {
            submission: again.clone(),
            tenant: writing.tenant.clone(),
            stream: told.id.clone(),
            lane,
            due: writing.at,
            attempts: 0,
            body,
            about: serde_json::to_string(&about).map_err(EngineError::damaged)?,
        };
        writing.job(job, false);
        Ok(again)
    }
}

/// What whoever sends a lost submission again has to know.
fn about_again(told: &Told, lost: &Submission, account: &str, operation: &str) -> About {
    let exchange = &told.exchange;
    About::new(account, operation, lost.purpose)
        .with("declaration.lrn", lost.lrn.as_ref().or(exchange.lrn.as_ref()))
        .with("declaration.mrn", exchange.mrn.as_ref())
        .with("conversation", exchange.conversations.last())
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

/// Does what was decided on a stream as it was read; false where something happened in it since.
async fn stood(mut writing: Writing<'_>, told: &Told) -> Answer<bool> {
    let place = told.place(&writing.tenant);
    writing.batch.places.push(place);
    match writing.commit().await {
        Ok(_) => Ok(true),
        Err(StoreError::Moved { .. } | StoreError::Stale { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
