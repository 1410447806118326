//! One cause, many declarations: what a correction of the customs master or of a setting changes in all that share it,
//! and sending them off anew.

use std::collections::BTreeSet;

use dragoman_exchange::{Event, Purpose, State};
use dragoman_store::{JobChange, Query, Row, StoreError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::correct::{Difference, between};
use crate::declaring::Basis;
use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::TakenDeclaration;
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// A declaration that shares a cause.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Sharing {
    /// The declaration.
    pub row: Row,
    /// What making it anew would change; none where it was handed in, and has to be corrected by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
    /// How many errors it would still have.
    pub errors: usize,
}

/// What became of the declarations that share a cause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Refiled {
    /// Those that were sent off anew, or wait for approval.
    pub declarations: Vec<TakenDeclaration>,
    /// Those that were not, with why.
    pub left: Vec<(String, String)>,
}

/// States in which a declaration has not gone out.
const WAITING: [&str; 5] = ["held", "queued", "deferred", "draft", "incomplete"];

/// So many of a state are looked at.
const MOST: usize = 500;

impl Gateway {
    /// The declarations that share a cause: those that were rejected for it, and those that have not gone out yet and
    /// have it in them; each with what making it anew would change.
    pub async fn same_cause(&self, by: &Actor, cause: &str) -> Answer<Vec<Sharing>> {
        let mut all = Vec::new();
        for told in self.sharing(by, cause).await? {
            let row = Row::of(&told.id, &told.exchange, self.0.clock.now());
            let draft = self.draft(&by.tenant, &told, None).await?;
            let redrafted = match &draft {
                Some(draft) => self.redraft(&by.tenant, &told, draft).await?,
                None => None,
            };
            let errors = redrafted.as_ref().map_or(told.exchange.errors, |redrafted| redrafted.errors);
            let difference = draft.zip(redrafted).map(|(draft, redrafted)| Difference {
                revision: told.exchange.revision + 1,
                ..between(&draft, &redrafted.declaration)
            });
            all.push(Sharing { row, difference, errors });
        }
        Ok(all)
    }

    /// Makes the declarations that share a cause anew, and sends them off. Those that have not gone out yet are replaced.
    pub async fn refile(&self, by: &Actor, cause: &str) -> Answer<Refiled> {
        allowed(by, Right::Write)?;
        let mut refiled = Refiled::default();
        for told in self.sharing(by, cause).await? {
            match self.refile_one(by, &told).await {
                Ok(taken) => refiled.declarations.push(taken),
                Err(EngineError::Store(error @ (StoreError::Database(_) | StoreError::Closed))) => {
                    return Err(error.into());
                }
                Err(error) => refiled.left.push((told.id.clone(), error.to_string())),
            }
        }
        Ok(refiled)
    }

    async fn sharing(&self, by: &Actor, cause: &str) -> Answer<Vec<Told>> {
        allowed(by, Right::Read)?;
        let mut ids = BTreeSet::new();
        let kind = || Some("declaration".to_owned());
        let query = Query { kind: kind(), cause: Some(cause.to_owned()), limit: MOST, ..Query::default() };
        let rejected = self.list(by, query).await?.data;
        ids.extend(rejected.into_iter().filter(|row| row.status == "rejected").map(|row| row.id));
        for state in WAITING {
            let query =
                Query { kind: kind(), state: Some(state.to_owned()), limit: MOST, ..Query::default() };
            for row in self.list(by, query).await?.data {
                let told = self.told(&by.tenant, &row.id).await?;
                if self.has_in_it(&by.tenant, &told, cause).await? {
                    ids.insert(row.id);
                }
            }
        }
        let mut all = Vec::new();
        for id in ids {
            let told = self.told(&by.tenant, &id).await?;
            // Lists are derived behind: what was sent off meanwhile is no longer meant.
            if may_be_replaced(&told) {
                all.push(told);
            }
        }
        Ok(all)
    }

    /// True where a declaration was made from what is at fault.
    async fn has_in_it(&self, tenant: &str, told: &Told, cause: &str) -> Answer<bool> {
        let Some(drafted) = told.last(|event| matches!(event, Event::Drafted { .. })) else {
            return Ok(false);
        };
        let Some((_, bytes)) = self.bytes_of(tenant, drafted.seq).await? else { return Ok(false) };
        let Ok(basis) = serde_json::from_slice::<Basis>(&bytes) else { return Ok(false) };
        let mut parts = cause.splitn(3, ':');
        Ok(match (parts.next(), parts.next(), parts.next()) {
            (Some("master"), Some(sku), _) => {
                let master = dragoman_declare::Master::read(&basis.master);
                master.rows().any(|(row, _)| row.sku == sku)
            }
            (Some("profile" | "consignment" | "rates"), Some(flow), _) => basis.flow == flow,
            _ => false,
        })
    }

    async fn refile_one(&self, by: &Actor, told: &Told) -> Answer<TakenDeclaration> {
        // Nothing is taken from the outbox meanwhile: what is replaced is not sent.
        let _taking = self.0.taking.lock().await;
        let told = &self.told(&by.tenant, &told.id).await?;
        if !may_be_replaced(told) {
            return Err(EngineError::Conflict("it went out meanwhile".to_owned()));
        }
        let draft = self.drafted(&by.tenant, told).await?;
        let redrafted = self.redraft(&by.tenant, told, &draft).await?;
        let redrafted =
            redrafted.ok_or_else(|| EngineError::refused("it was handed in: correct it by itself"))?;
        if redrafted.errors > 0 {
            return Err(EngineError::refused(format!("it still has {} errors", redrafted.errors)));
        }
        let mut writing = Writing::new(self, by);
        let waits = |state| matches!(state, State::Held | State::Queued | State::Deferred { .. });
        for one in told.exchange.submissions.iter().filter(|one| waits(one.state)) {
            let why = "replaced by one that is made anew".to_owned();
            writing.event(&told.id, Some(&one.id), Event::Dead { why });
            writing.batch.jobs.push(JobChange::Done(one.id.clone()));
        }
        self.add_redrafted(&mut writing, told, &redrafted)?;
        let (customs, declaration) = (redrafted.customs, redrafted.declaration);
        let anew = crate::draft::Draft { customs, declaration, basis: Some(redrafted.basis), ..draft };
        let taken = self.send_off(&mut writing, told, anew)?;
        match writing.commit().await {
            Ok(_) => Ok(taken),
            Err(StoreError::Conflict(_)) => {
                Err(EngineError::Conflict("somebody else sent it off meanwhile".to_owned()))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// True where what went out came to nothing, or nothing went out yet.
fn may_be_replaced(told: &Told) -> bool {
    let Some(last) = told.exchange.last(Purpose::Declaration) else { return true };
    match last.state {
        State::Held | State::Queued | State::Deferred { .. } | State::Refused | State::Dead => true,
        State::Delivered => told.exchange.status.state() == dragoman_model::State::Rejected,
        State::Attempting | State::Unknown => false,
    }
}
