//! Asking counterparts what became of submissions whose outcome nobody knows, where they can be asked.

use std::collections::HashSet;

use dragoman_channel::{SUBMIT, Values};
use dragoman_exchange::{ErrorClass, Event, Purpose, State, Submission};
use dragoman_store::{JobChange, Record, StoreError};
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

/// So many records are read in one go.
const PAGE: usize = 200;

/// What came of asking.
enum Said {
    /// The counterpart has it.
    There,
    /// It certainly does not.
    Absent,
    /// That stays open.
    Open,
    /// The account's limits let no more questions through.
    Full,
}

impl Gateway {
    /// Asks for all submissions of a tenant whose outcome is unknown. Gives how many were settled. Where limits stop it,
    /// the next round begins with the first that was not asked for: each has its turn.
    pub async fn ask_all(&self, tenant: &str) -> Answer<usize> {
        let (mut settled, mut full, mut next) = (0, HashSet::new(), None);
        let begin = self.0.lanes.asked(tenant);
        for record in self.asked_for(tenant, &begin).await? {
            let told = self.told(tenant, &record.body).await?;
            let found = told.exchange.submissions.iter().find(|one| one.id == record.key).cloned();
            let mut writing = Writing::new(self, &Actor::gateway(tenant));
            // Of any other an answer proved it, or a person decided.
            if let Some(submission) = found.filter(|one| one.state == State::Unknown) {
                let is_full = full.contains(&submission.account);
                let found = match if is_full { Said::Full } else { self.asked(&told, &submission).await? } {
                    Said::There => true,
                    Said::Absent => false,
                    Said::Open => continue,
                    Said::Full => {
                        next.get_or_insert(record.key);
                        full.insert(submission.account);
                        continue;
                    }
                };
                answered(&mut writing, &told, &submission, found);
            }
            writing.record(ASKING, record.key, record.revision, None);
            writing.batch.places.push(told.place(tenant));
            match writing.commit().await {
                Ok(_) => settled += 1,
                // An answer or a person was quicker.
                Err(StoreError::Moved { .. } | StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.0.lanes.ask_next(tenant, next.unwrap_or_default());
        Ok(settled)
    }

    /// The records of what is open, from a key on and then those before it.
    async fn asked_for(&self, tenant: &str, begin: &str) -> Answer<Vec<Record>> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.0.store.records(tenant, ASKING, &after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.key);
            all.extend(page);
        }
        let at = all.partition_point(|record| record.key.as_str() < begin);
        all.rotate_left(at);
        Ok(all)
    }

    /// Asks whether the counterpart has a submission.
    async fn asked(&self, told: &Told, submission: &Submission) -> Answer<Said> {
        // That a declaration is there says nothing of what was asked about it, or of what is no declaration.
        if submission.purpose != Purpose::Declaration || submission.operation != SUBMIT {
            return Ok(Said::Open);
        }
        let about = About::new(&submission.account, QUERY, submission.purpose);
        let Some((account, channel, operation)) = self.lane_of(&about) else { return Ok(Said::Open) };
        let mut values = self.values(account, &about);
        name(&mut values, told, submission);
        if channel.request(operation, &values, None).is_err() {
            return Ok(Said::Open);
        }
        if account.settings.limits && self.0.transport.admit(account.on(&channel), operation).is_some() {
            return Ok(Said::Full);
        }
        let became = self.ask(account, &channel, operation, &values, None).await;
        let attempted = told.last(|event| matches!(event, Event::Attempted { .. })).map(|one| one.event.at);
        let since = attempted.map(|at| self.0.clock.now().duration_since(at));
        let proves = operation.absent_after.zip(since).is_some_and(|(after, since)| since >= after.0);
        Ok(match became {
            Became::Done(..) => Said::There,
            Became::Failed(failure, _) if failure.class == ErrorClass::NotFound && proves => Said::Absent,
            _ => Said::Open,
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
