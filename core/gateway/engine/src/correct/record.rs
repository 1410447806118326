//! Recording a correction.

use dragoman_adapters::{Declaration, Layout, send};
use dragoman_exchange::{Change, Kind};
use dragoman_model::diff;
use dragoman_store::StoreError;
use dragoman_tree::FindingRecord;
use serde::Serialize;
use utoipa::ToSchema;

use super::lines::{self, DiffLine};
use super::{ChangeView, Correction};
use crate::draft::{Draft, Told, corrected_by};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};
use crate::view::Finding;
use crate::writing::Writing;

/// The difference between two versions of a declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// The revision that it leads to.
    pub revision: u32,
    /// What changes in the canonical document.
    pub canonical: Vec<ChangeView>,
    /// What changes in the message, line by line.
    pub wire: Vec<DiffLine>,
    /// What is worth saying about the message as it would be.
    #[schema(value_type = Vec<Finding>)]
    pub findings: Vec<FindingRecord>,
}

/// The space of the records that tell two people apart who correct one declaration at once.
const SPACE: &str = "revision";

impl Gateway {
    /// What corrections of a declaration would change. Nothing happens.
    pub async fn difference(&self, by: &Actor, id: &str, changes: &[Correction]) -> Answer<Difference> {
        allowed(by, Right::Read)?;
        let told = self.declaration(&by.tenant, id).await?;
        let draft = self.drafted(&by.tenant, &told).await?;
        let (difference, _) = self.changed(&told, &draft, changes)?;
        Ok(difference)
    }

    /// Corrects a declaration as somebody saw it: in that revision. Nothing is sent.
    pub async fn correct(
        &self,
        by: &Actor,
        id: &str,
        revision: u32,
        changes: &[Correction],
    ) -> Answer<Difference> {
        allowed(by, Right::Write)?;
        let record = self.0.store.record(&by.tenant, SPACE, id).await?;
        let told = self.declaration(&by.tenant, id).await?;
        if told.exchange.revision != revision {
            return Err(moved(told.exchange.revision));
        }
        let draft = self.drafted(&by.tenant, &told).await?;
        let (difference, after) = self.changed(&told, &draft, changes)?;
        if difference.canonical.is_empty() {
            return Ok(Difference { revision, ..difference });
        }
        let text = |change: &ChangeView| Change {
            path: change.path.clone(),
            before: change.old.clone(),
            after: change.new.clone(),
            withheld: false,
        };
        let mut writing = Writing::new(self, by);
        let recorded: Vec<_> = difference.canonical.iter().map(text).collect();
        writing.concerns(id, &after.document).corrected(id, None, &recorded)?;
        let known = record.map_or(0, |record| record.revision);
        writing.record(SPACE, id.to_owned(), known, Some(difference.revision.to_string()));
        match writing.commit().await {
            Ok(_) => Ok(difference),
            Err(StoreError::Stale { .. }) => Err(moved(revision + 1)),
            Err(error) => Err(error.into()),
        }
    }

    /// A stream that is a declaration.
    pub(crate) async fn declaration(&self, tenant: &str, id: &str) -> Answer<Told> {
        let told = self.told(tenant, id).await?;
        let is_one = told.exchange.kind == Kind::Declaration;
        is_one.then_some(told).ok_or_else(|| EngineError::unknown("declaration", id))
    }

    /// The declaration of a stream as it stands.
    pub(crate) async fn drafted(&self, tenant: &str, told: &Told) -> Answer<Draft> {
        let draft = self.draft(tenant, told, None).await?;
        draft.ok_or_else(|| EngineError::Conflict("what it was made from is no longer there".to_owned()))
    }

    /// The difference that corrections make, and the declaration with them.
    fn changed(
        &self,
        told: &Told,
        draft: &Draft,
        changes: &[Correction],
    ) -> Answer<(Difference, Declaration)> {
        let document = corrected_by(&draft.declaration.document, changes)?;
        let after = draft.rewritten(&self.0.catalogue, document)?;
        let between = between(draft, &after);
        Ok((Difference { revision: told.exchange.revision + 1, ..between }, after))
    }
}

pub(crate) fn moved(revision: u32) -> EngineError {
    EngineError::Conflict(format!("somebody else corrected it meanwhile: it is at revision {revision}"))
}

/// The difference between a declaration as it stands and another version of it.
pub(crate) fn between(draft: &Draft, after: &Declaration) -> Difference {
    let changes = diff(&draft.declaration.document, &after.document);
    let findings = after.findings.iter().map(|finding| FindingRecord::new(finding, None, |_| None));
    Difference {
        revision: 0,
        canonical: changes.iter().map(ChangeView::from).collect(),
        wire: lines::difference(&pretty(draft, &draft.declaration), &pretty(draft, after)),
        findings: findings.collect(),
    }
}

/// The message, laid out for people.
fn pretty(draft: &Draft, declaration: &Declaration) -> String {
    let message = &draft.customs.declaration;
    let sent =
        send(message.syntax(), &[&declaration.put.tree], declaration.grammar.as_deref(), Layout::Pretty);
    String::from_utf8_lossy(&sent.bytes).into_owned()
}
