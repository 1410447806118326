//! Asking counterparts what became of submissions whose outcome nobody knows, where they can be asked.

use dragoman_channel::Values;
use dragoman_exchange::{ErrorClass, Event, State, Submission};
use dragoman_store::JobChange;
use jiff::SignedDuration;

use super::send::Became;
use super::settle::ASKING;
use crate::draft::Told;
use crate::error::Answer;
use crate::gateway::Gateway;
use crate::intake::About;
use crate::people::Actor;
use crate::writing::Writing;

/// The operation that asks what became of a declaration.
const QUERY: &str = "query";

/// So many are asked for in one go.
const AT_ONCE: usize = 200;

impl Gateway {
    /// Asks for all submissions of a tenant whose outcome is unknown. Gives how many were settled.
    pub(crate) async fn ask_all(&self, tenant: &str) -> Answer<usize> {
        let mut settled = 0;
        for record in self.0.store.records(tenant, ASKING, "", AT_ONCE).await? {
            let told = self.told(tenant, &record.body).await?;
            let found = told.exchange.submissions.iter().find(|one| one.id == record.key).cloned();
            let mut writing = Writing::new(self, &Actor::gateway(tenant));
            // Of any other an answer proved it, or a person decided.
            if let Some(submission) = found.filter(|one| one.state == State::Unknown) {
                let Some(found) = self.asked(&told, &submission).await? else { continue };
                answered(&mut writing, &told, &submission, found);
            }
            writing.record(ASKING, record.key, record.revision, None);
            writing.commit().await?;
            settled += 1;
        }
        Ok(settled)
    }

    /// True where the counterpart has a submission, false where it certainly does not; none where that stays open.
    async fn asked(&self, told: &Told, submission: &Submission) -> Answer<Option<bool>> {
        let about = About::new(&submission.account, QUERY, submission.purpose);
        let Some((account, channel, operation)) = self.lane_of(&about) else { return Ok(None) };
        let mut values = self.values(account, &about);
        name(&mut values, told, submission);
        if channel.request(operation, &values, None).is_err() {
            return Ok(None);
        }
        if account.settings.limits && self.0.transport.admit(account.on(&channel), operation).is_some() {
            return Ok(None);
        }
        let became = self.ask(account, &channel, operation, &values, None).await;
        let attempted = told.last(|event| matches!(event, Event::Attempted { .. })).map(|one| one.event.at);
        let since = attempted.map(|at| self.0.clock.now().duration_since(at));
        let proves = operation.absent_after.zip(since).is_some_and(|(after, since)| since >= after.0);
        Ok(match became {
            Became::Done(..) => Some(true),
            Became::Failed(failure, _) if failure.class == ErrorClass::NotFound && proves => Some(false),
            _ => None,
        })
    }
}

/// Journals what the counterpart said when it was asked: it has it, or it is sent again.
fn answered(writing: &mut Writing<'_>, told: &Told, submission: &Submission, found: bool) {
    writing.event(&told.id, Some(&submission.id), Event::Asked { found: Some(found) });
    writing.batch.jobs.push(if found {
        JobChange::Done(submission.id.clone())
    } else {
        JobChange::Due(submission.id.clone(), writing.at, submission.attempts)
    });
}

/// What a question may name.
fn name(values: &mut Values, told: &Told, submission: &Submission) {
    let known = [
        ("declaration.lrn", submission.lrn.as_deref().or(told.exchange.lrn.as_deref())),
        ("declaration.mrn", told.exchange.mrn.as_deref()),
        ("declaration.version", told.exchange.version.as_deref()),
        ("conversation", told.exchange.conversations.last().map(String::as_str)),
    ];
    for (name, value) in known {
        if let Some(value) = value {
            values.set(name, value);
        }
    }
}

/// How often is asked.
pub(crate) const EVERY: SignedDuration = SignedDuration::from_secs(30);
