//! Amending, cancelling and presenting.

use dragoman_adapters::{Layout, Message, in_edition, write};
use dragoman_channel::{Operation, Values};
use dragoman_exchange::{Change as Changed, Purpose, State};
use dragoman_model::{At, Change, Document, diff};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::document::{amendment, plain};
use crate::correct::Correction;
use crate::declaring::lrn;
use crate::draft::{Draft, Told, corrected_by};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::{Facts, Keyed, MEDIA, NewSubmission, Taken, TakenDeclaration};
use crate::outbox::unzoned;
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// Why something is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// The authority's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The idempotency key.
    #[serde(skip)]
    pub key: Option<String>,
}

/// What references of requests begin with.
const PREFIX: &str = "DG";

/// A request in the making: what the submission is, and the changes that it brings.
struct Making<'m> {
    purpose: Purpose,
    operation: &'static str,
    request: &'m Request,
    changes: &'m [Correction],
}

impl Gateway {
    /// Asks customs to change a declaration that it has. The declaration shows the changes from then on, unless customs
    /// refuses them.
    pub async fn amend(
        &self,
        by: &Actor,
        id: &str,
        changes: &[Correction],
        request: &Request,
    ) -> Answer<Taken> {
        if changes.is_empty() {
            return Err(EngineError::refused("say what is to change"));
        }
        let making = Making { purpose: Purpose::Amendment, operation: "amend", request, changes };
        self.requested(by, id, making).await
    }

    /// Asks customs to invalidate a declaration.
    pub async fn cancel(&self, by: &Actor, id: &str, request: &Request) -> Answer<Taken> {
        let making = Making { purpose: Purpose::Cancellation, operation: "cancel", request, changes: &[] };
        self.requested(by, id, making).await
    }

    /// Tells customs that the goods of a declaration have arrived.
    pub async fn arrive(&self, by: &Actor, id: &str, key: Option<&str>) -> Answer<Taken> {
        let request = Request { key: key.map(str::to_owned), ..Request::default() };
        let making =
            Making { purpose: Purpose::Arrival, operation: "arrive", request: &request, changes: &[] };
        self.requested(by, id, making).await
    }

    async fn requested(&self, by: &Actor, id: &str, making: Making<'_>) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let Making { purpose, request, changes, .. } = &making;
        let asked = serde_json::to_vec(&(purpose, id, changes, request)).map_err(EngineError::damaged)?;
        let keyed = Keyed::new(request.key.as_deref(), &[b"request", &asked]);
        if let Some(answered) = self.answered(&by.tenant, keyed.as_ref()).await? {
            return Ok(answered);
        }
        let told = self.declaration(&by.tenant, id).await?;
        let mrn = known_to_customs(&told)?;
        if let Some(open) = open(&told, making.purpose) {
            return Err(EngineError::Conflict(format!("{open} is on its way already")));
        }
        let draft = self.drafted(&by.tenant, &told).await?;
        let mut writing = Writing::new(self, by);
        let taken = self.add_request(&mut writing, &told, &draft, &mrn, &making)?;
        let taken = Taken { declarations: vec![taken], ..Taken::default() };
        let conflict = |_| EngineError::Conflict("somebody else asked for it meanwhile".to_owned());
        self.commit_once(writing, keyed.as_ref(), taken, conflict).await
    }

    fn add_request(
        &self,
        writing: &mut Writing<'_>,
        told: &Told,
        draft: &Draft,
        mrn: &str,
        making: &Making<'_>,
    ) -> Answer<TakenDeclaration> {
        let account = self.account(&writing.tenant, &told.exchange.account)?;
        let channel = account.channel.as_ref();
        let began = told.exchange.last(Purpose::Declaration).map(|last| &*last.operation);
        let operation = channel.and_then(|channel| channel.asking(making.operation, began));
        let operation = operation.ok_or_else(|| EngineError::unknown("operation", making.operation))?;
        let own = lrn(PREFIX, Uuid::now_v7());
        let values = named(draft, told.exchange.lrn.as_ref(), mrn, &own, making.request);
        let values = values.with("now.utc", unzoned(writing.at));
        let base = &draft.declaration.document;
        let after = corrected_by(base, making.changes)?;
        let reason = making.request.reason.as_deref();
        let changes: Vec<_> =
            diff(base, &after).into_iter().map(|change| because(change, making.changes, reason)).collect();
        let document = match making.purpose {
            Purpose::Amendment if changes.is_empty() => {
                return Err(EngineError::refused("nothing changes"));
            }
            // Some authorities want what changes, others the whole as it is to be.
            Purpose::Amendment if !operation.keeps.is_empty() => plain(&after, operation, &values)?,
            Purpose::Amendment => amendment(draft, &changes, operation, &values)?,
            _ => plain(base, operation, &values)?,
        };
        let message = self.message_of(draft, operation)?;
        let written = write(document, &message, Layout::Line);
        let written = written.ok_or_else(|| EngineError::refused("the request cannot be written"))?;
        let facts = Facts {
            lrn: Some(own.clone()),
            mrn: Some(mrn.to_owned()),
            conversation: told.exchange.conversations.last().cloned(),
            value: told.exchange.value.clone(),
            ..Facts::default()
        };
        let submitting = NewSubmission {
            account: account.name(),
            operation: &operation.name,
            message: &message,
            purpose: making.purpose,
            facts: &facts,
            document: Some(base),
            media: MEDIA,
            bytes: written.bytes,
        };
        let (submission, held) = submitting.add(self, writing, &told.id)?;
        if !changes.is_empty() {
            corrected(writing, told, &submission, &changes, &after)?;
        }
        // One request of a kind at a time.
        let number = told.exchange.submissions.len();
        writing.mark("request", format!("{}/{number}", told.id), &told.id, Some(&submission));
        Ok(TakenDeclaration::sent(&told.id, Some(own), submission, held))
    }
}

impl Gateway {
    /// The message that a request is sent as.
    fn message_of(&self, draft: &Draft, operation: &Operation) -> Answer<Message> {
        let Some(name) = &operation.message else { return Ok(draft.customs.declaration.clone()) };
        let name = format!("{}/{}", draft.customs.adapter, &**name);
        let name = in_edition(&name, draft.customs.declaration.edition());
        self.0.catalogue.message(&name).map_err(EngineError::damaged)
    }
}

/// A change with the reason that was given for it, or for all.
fn because(change: Change, corrections: &[Correction], reason: Option<&str>) -> Change {
    let own = corrections.iter().find(|one| one.path == change.path).and_then(|one| one.reason.as_deref());
    Change { reason: own.or(reason).map(Into::into), ..change }
}

/// The declaration shows what was asked for: the correction belongs to the amendment, and goes with it.
fn corrected(
    writing: &mut Writing<'_>,
    told: &Told,
    submission: &str,
    changes: &[Change],
    after: &Document<'_>,
) -> Answer<()> {
    let text = |change: &Change| Changed {
        path: change.path.clone(),
        before: change.old.as_ref().map(|old| old.text.to_string()),
        after: change.new.as_ref().map(|new| new.text.to_string()),
        withheld: false,
    };
    let changes: Vec<_> = changes.iter().map(text).collect();
    writing.concerns(&told.id, after).corrected(&told.id, Some(submission), &changes)?;
    Ok(())
}

/// What the channel's templates may name of a request.
fn named(draft: &Draft, lrn: Option<&String>, mrn: &str, own: &str, request: &Request) -> Values {
    let mut values = Values::new().with("declaration.mrn", mrn).with("request.lrn", own);
    let root = At::root(&draft.declaration.document);
    let number = |role: &str| root.get(role)?.ids().next().map(|id| id.value.to_owned());
    let submits = ["representative", "declarant"].into_iter().find_map(number);
    let known = [
        ("declaration.lrn", lrn.cloned()),
        ("declaration.representative", submits),
        ("request.reason", request.reason.clone()),
        ("request.text", request.text.clone()),
    ];
    for (name, value) in known {
        if let Some(value) = value {
            values.set(name, value);
        }
    }
    values
}

/// The number that customs gave a declaration that it has.
pub(crate) fn known_to_customs(told: &Told) -> Answer<String> {
    let mrn =
        told.exchange.mrn.clone().filter(|_| told.exchange.status.state() != dragoman_model::State::Rejected);
    mrn.ok_or_else(|| {
        EngineError::Conflict("customs does not have it: correct it and send it off".to_owned())
    })
}

/// A request of that kind that has no end yet.
pub(crate) fn open(told: &Told, purpose: Purpose) -> Option<&'static str> {
    let last = told.exchange.last(purpose)?;
    let is_open = !matches!(last.state, State::Delivered | State::Refused | State::Dead);
    is_open.then(|| purpose.word())
}
