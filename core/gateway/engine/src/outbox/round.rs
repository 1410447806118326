//! One round: what is due is taken, journalled as attempted, and sent.

use dragoman_exchange::{Event, State};
use dragoman_store::{Claimed, Job, JobChange};
use jiff::{SignedDuration, Timestamp};

use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::About;
use crate::people::Actor;
use crate::writing::Writing;

/// How long a job is leased: longer than any exchange lasts.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// A job that is about to be sent; its attempt is in the journal.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// The job, with this attempt counted.
    pub job: Job,
    /// What it is about.
    pub about: About,
}

impl Gateway {
    /// Takes up to so many jobs that are due. Those that may go out are in the journal as attempted when this answers.
    pub(crate) async fn take(&self, limit: usize) -> Answer<Vec<Attempt>> {
        let _taking = self.0.taking.lock().await;
        let now = self.0.clock.now();
        let lease = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
        let closed = self.0.lanes.closed(now);
        let claimed = self.0.store.claim(now, lease, limit, &closed).await?;
        if claimed.is_empty() {
            return Ok(Vec::new());
        }
        let mut writing = Writing::new(self, &Actor::gateway(""));
        let mut attempts = Vec::new();
        for claimed in claimed {
            writing.batch.leases.push(claimed.lease());
            let Claimed { job, abandoned, .. } = claimed;
            if abandoned && !self.is_free(&mut writing, &job).await? {
                continue;
            }
            let about: About = serde_json::from_str(&job.about).map_err(EngineError::damaged)?;
            if about.until.is_some_and(|until| until <= now) {
                writing.tenant.clone_from(&job.tenant);
                let why = "the time for it is over".to_owned();
                writing.event(&job.stream, Some(&job.submission), Event::Dead { why });
                writing.batch.jobs.push(JobChange::Done(job.submission));
                continue;
            }
            if let Some(until) = self.wait(&job.lane, &about, now) {
                self.0.lanes.close(&job.lane, until);
                writing.batch.jobs.push(JobChange::Due(job.submission, until, job.attempts));
                continue;
            }
            let job = Job { attempts: job.attempts + 1, ..job };
            writing.tenant.clone_from(&job.tenant);
            writing.event(&job.stream, Some(&job.submission), Event::Attempted { attempt: job.attempts });
            attempts.push(Attempt { job, about });
        }
        // What is no longer held came to its end meanwhile: somebody answered to it, and it is not sent.
        for lost in writing.commit_held().await? {
            attempts.retain(|attempt| attempt.job.submission != lost);
        }
        Ok(attempts)
    }

    /// What becomes of a job whose lease ran out: one that was not attempted is free, of one that was nobody knows
    /// whether it arrived.
    async fn is_free(&self, writing: &mut Writing<'_>, job: &Job) -> Answer<bool> {
        let told = self.told(&job.tenant, &job.stream).await?;
        let found = told.exchange.submissions.iter().find(|one| one.id == job.submission);
        let Some(submission) = found else { return Ok(false) };
        match submission.state {
            State::Queued | State::Deferred { .. } => return Ok(true),
            State::Attempting => {
                let about: About = serde_json::from_str(&job.about).map_err(EngineError::damaged)?;
                let why = "the gateway stopped while it was being sent".to_owned();
                self.unknown(writing, job, &about, why);
            }
            State::Held | State::Unknown => {
                writing.batch.jobs.push(JobChange::Hold(job.submission.clone()));
            }
            State::Delivered | State::Refused | State::Dead => {
                writing.batch.jobs.push(JobChange::Done(job.submission.clone()));
            }
        }
        Ok(false)
    }

    /// Until when a job has to wait for its lane; none where it may go out.
    fn wait(&self, lane: &str, about: &About, now: Timestamp) -> Option<Timestamp> {
        let account = self.0.accounts.get(&about.account)?;
        let channel = account.channel.as_ref()?;
        if let Some(until) = self.0.lanes.open_until(&about.account, now) {
            tracing::debug!(lane, %until, "the breaker is open");
            return Some(until);
        }
        let operation = channel.operation(&about.operation)?;
        if account.settings.limits
            && let Some(wait) = self.0.transport.admit(account.on(channel), operation)
        {
            let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_secs(1));
            return Some(now.checked_add(wait).unwrap_or(Timestamp::MAX));
        }
        // Last: the one that an open breaker lets through has to go out.
        self.0.lanes.admit(&about.account, now)
    }
}
