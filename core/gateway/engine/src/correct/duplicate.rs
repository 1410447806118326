//! A declaration once more, as a new draft.

use dragoman_channel::Operation;
use dragoman_exchange::{Change, Event};
use uuid::Uuid;

use crate::declaring::{Basis, is_reference, lrn};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::{Taken, TakenDeclaration};
use crate::people::{Actor, Right};
use crate::writing::{Writing, id};

/// What references begin with where no flow says it.
const PREFIX: &str = "DG";

impl Gateway {
    /// Makes a new draft of a declaration as it stands, with a reference of its own. Nothing is sent.
    pub async fn duplicate(&self, by: &Actor, declaration: &str) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let told = self.declaration(&by.tenant, declaration).await?;
        let draft = self.drafted(&by.tenant, &told).await?;
        let Some(stored) = told.last(|event| matches!(event, Event::Drafted { .. })) else {
            return Err(EngineError::unknown("declaration", declaration));
        };
        let Event::Drafted { account, orders, data_set, corridor, value, errors, .. } =
            stored.event.event.clone()
        else {
            return Err(EngineError::unknown("declaration", declaration));
        };
        let Some((media, mut bytes)) = self.bytes_of(&by.tenant, stored.seq).await? else {
            return Err(EngineError::Conflict("what it was made from is no longer there".to_owned()));
        };
        let flow = draft.basis.as_ref().and_then(|basis| self.flow(&by.tenant, &basis.flow).ok());
        let own = lrn(flow.map_or(PREFIX, |flow| flow.settings.lrn.as_str()), Uuid::now_v7());
        if let Some(basis) = &draft.basis {
            let mut basis = Basis::clone(basis);
            if let Some(old) = basis.lrns.get_mut(basis.index) {
                old.clone_from(&own);
            }
            bytes = serde_json::to_vec(&basis).map_err(EngineError::damaged)?;
        }
        let stream = id();
        let drafted =
            Event::Drafted { account, lrn: Some(own.clone()), orders, data_set, corridor, value, errors };
        let mut writing = Writing::new(self, by);
        writing.concerns(&stream, &draft.declaration.document);
        writing.message(&stream, None, drafted, &media, bytes);
        let operation = self.account(&by.tenant, &told.exchange.account)?.begins(&draft.customs.declaration);
        let reference = operation.map_or("lrn", Operation::reference);
        let changes = corrections(&told, draft.basis.is_none().then_some(reference), &own);
        if !changes.is_empty() {
            writing.corrected(&stream, None, &changes)?;
        }
        writing.commit().await?;
        let (lrn, state, submission) = (Some(own), "draft".to_owned(), None);
        let taken = TakenDeclaration { id: stream, lrn, state, submission, findings: Vec::new() };
        Ok(Taken { declarations: vec![taken], ..Taken::default() })
    }
}

/// What people corrected in the one before, but for its reference; a declaration that was handed in has the new one by
/// correction.
fn corrections(told: &crate::draft::Told, reference: Option<&str>, own: &str) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for stored in &told.events {
        match &stored.event.event {
            Event::Drafted { .. } => changes.clear(),
            Event::Corrected { changes: more } if stored.event.submission.is_none() => {
                changes.extend(more.iter().filter(|change| !is_reference(&change.path)).cloned());
            }
            _ => {}
        }
    }
    if let Some(path) = reference {
        let after = Some(own.to_owned());
        changes.push(Change { path: path.to_owned(), before: None, after, withheld: false });
    }
    changes
}
