//! Sending a declaration off: a draft for the first time, one that was rejected or given up anew.

use dragoman_channel::{Operation, SUBMIT};
use dragoman_exchange::{Purpose, State};
use dragoman_model::{At, Document, State as Standing};
use dragoman_store::StoreError;
use dragoman_tree::Severity;
use uuid::Uuid;

use super::Correction;
use super::record::moved;
use crate::declaring::{MESSAGE_ID, lrn};
use crate::draft::{Draft, Told, corrected_by};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::{Facts, MEDIA, NewSubmission, Taken, TakenDeclaration, refused};
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// What references begin with where no flow says it.
const PREFIX: &str = "DG";

impl Gateway {
    /// Sends a declaration off as somebody saw it, in that revision: under its own reference, or under a new one where
    /// its own was sent before.
    pub async fn resubmit(&self, by: &Actor, id: &str, revision: u32) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let told = self.declaration(&by.tenant, id).await?;
        if told.exchange.revision != revision {
            return Err(moved(told.exchange.revision));
        }
        may_go(&told)?;
        let draft = self.drafted(&by.tenant, &told).await?;
        let mut writing = Writing::new(self, by);
        let taken = self.send_off(&mut writing, &told, draft)?;
        match writing.commit().await {
            Ok(_) => Ok(Taken { declarations: vec![taken], ..Taken::default() }),
            Err(StoreError::Conflict(mark)) if mark.space == "lrn" || mark.space == ONCE => {
                Err(EngineError::Conflict("somebody else sent it off meanwhile".to_owned()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Adds the submission of a declaration as it stands to a batch.
    pub(crate) fn send_off(
        &self,
        writing: &mut Writing<'_>,
        told: &Told,
        mut draft: Draft,
    ) -> Answer<TakenDeclaration> {
        let account = self.account(&writing.tenant, &told.exchange.account)?;
        let flow = draft.basis.as_ref().map(|basis| basis.flow.as_str());
        let operation = account.begins(&draft.customs.declaration);
        let reference = operation.map_or("lrn", Operation::reference);
        let renewed = self.renewed(told, flow, reference, &draft.declaration.document);
        if !renewed.is_empty() {
            let document = corrected_by(&draft.declaration.document, &renewed)?;
            draft.declaration = draft.rewritten(&self.0.catalogue, document)?;
            let changes: Vec<_> = renewed.iter().map(Correction::recorded).collect();
            writing.corrected(&told.id, None, &changes)?;
        }
        let Draft { customs, declaration, .. } = draft;
        let errors: Vec<_> =
            declaration.findings.iter().filter(|one| one.severity == Severity::Error).cloned().collect();
        if !errors.is_empty() {
            return Err(refused("the declaration cannot be written as it should be", &errors));
        }
        let facts = Facts::of(&declaration.document, account.country(), reference);
        let facts = Facts { value: facts.value.or_else(|| told.exchange.value.clone()), ..facts };
        let submitting = NewSubmission {
            account: account.name(),
            operation: operation.map_or(SUBMIT, |operation| &operation.name),
            message: &customs.declaration,
            purpose: Purpose::Declaration,
            facts: &facts,
            document: Some(&declaration.document),
            media: MEDIA,
            bytes: declaration.bytes.clone(),
        };
        let (submission, held) = submitting.add(self, writing, &told.id)?;
        // Of two people who send the same revision off, one does.
        let once = format!("{}/{}", told.id, told.exchange.submissions.len());
        writing.mark(ONCE, once, &told.id, Some(&submission));
        Ok(TakenDeclaration::sent(&told.id, facts.lrn, submission, held))
    }

    /// A new reference, where the declaration's own was sent before or is missing; also where the message has it as its
    /// id, which answers name.
    fn renewed(
        &self,
        told: &Told,
        flow: Option<&str>,
        reference: &str,
        document: &Document<'_>,
    ) -> Vec<Correction> {
        let text = |path: &str| At::root(document).text(path).map(str::to_owned);
        let own = text(reference);
        let was_sent = told.exchange.submissions.iter().any(|one| one.lrn == own);
        if own.is_some() && !was_sent {
            return Vec::new();
        }
        let flow = flow.and_then(|name| self.0.flows.iter().find(|flow| flow.settings.name == name));
        let prefix = flow.map_or(PREFIX, |flow| flow.settings.lrn.as_str());
        let new = Some(lrn(prefix, Uuid::now_v7()));
        let mut places = vec![reference, MESSAGE_ID];
        places.dedup();
        places.retain(|path| *path == reference || (own.is_some() && text(path) == own));
        let change = |path: &str| Correction {
            path: path.to_owned(),
            old: own.clone(),
            new: new.clone(),
            reason: None,
        };
        places.into_iter().map(change).collect()
    }
}

/// The revisions that were sent off, each once.
const ONCE: &str = "sent";

/// Whether a declaration may go out: it never did, or what went out came to nothing.
fn may_go(told: &Told) -> Answer<()> {
    let Some(last) = told.exchange.last(Purpose::Declaration) else { return Ok(()) };
    let standing = told.exchange.status.state();
    match last.state {
        State::Refused | State::Dead => Ok(()),
        State::Delivered if standing == Standing::Rejected => Ok(()),
        State::Delivered => {
            Err(EngineError::Conflict(format!("customs has it ({standing}): amend or cancel it instead")))
        }
        state => Err(EngineError::Conflict(format!("it is on its way: {}", state.word()))),
    }
}
