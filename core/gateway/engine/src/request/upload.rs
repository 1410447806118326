//! Documents for a declaration.

use std::collections::BTreeMap;

use dragoman_exchange::{Event, Purpose};
use dragoman_store::{Job, StoreError};

use super::make::known_to_customs;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::{About, Keyed, Taken, TakenDeclaration};
use crate::people::{Actor, Right};
use crate::writing::{Writing, id};

/// A document that customs asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct DocumentIn<'d> {
    /// Its name.
    pub name: &'d str,
    /// Its media type.
    pub media: &'d str,
    /// What kind of document it is, in the authority's words.
    pub kind: &'d str,
    /// Its bytes.
    pub bytes: &'d [u8],
    /// The idempotency key.
    pub key: Option<&'d str>,
}

impl Gateway {
    /// Hands a document in for a declaration that customs has.
    pub async fn upload(&self, by: &Actor, declaration: &str, document: DocumentIn<'_>) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let DocumentIn { name, media, kind, bytes, key } = document;
        let said = serde_json::to_vec(&(declaration, name, media, kind)).map_err(EngineError::damaged)?;
        let keyed = Keyed::new(key, &[b"document", &said, bytes]);
        if let Some(answered) = self.answered(&by.tenant, keyed.as_ref()).await? {
            return Ok(answered);
        }
        let told = self.declaration(&by.tenant, declaration).await?;
        let mrn = known_to_customs(&told)?;
        let account = self.account(&by.tenant, &told.exchange.account)?;
        let channel = account.channel.as_ref();
        if channel.and_then(|channel| channel.operation("upload")).is_none() {
            return Err(EngineError::unknown("operation", "upload"));
        }
        if document.bytes.is_empty() {
            return Err(EngineError::refused("the document is empty"));
        }
        let submission = id();
        let accepted = Event::Accepted {
            purpose: Purpose::Upload,
            account: account.name().to_owned(),
            operation: "upload".to_owned(),
            lrn: None,
            held: None,
        };
        let mut writing = Writing::new(self, by);
        writing.message(&told.id, Some(&submission), accepted, document.media, document.bytes.to_vec());
        let named = [
            ("declaration.mrn", mrn.as_str()),
            ("document.name", document.name),
            ("document.media_type", document.media),
            ("document.type", document.kind),
        ];
        let values: BTreeMap<_, _> =
            named.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let about = About { values, ..About::new(account.name(), "upload", Purpose::Upload) };
        let job = Job {
            submission: submission.clone(),
            tenant: writing.tenant.clone(),
            stream: told.id.clone(),
            lane: format!("{}:upload", account.name()),
            due: writing.at,
            attempts: 0,
            body: document.bytes.to_vec(),
            about: serde_json::to_string(&about).map_err(EngineError::damaged)?,
        };
        writing.job(job, false);
        let taken = TakenDeclaration::sent(&told.id, None, submission, false);
        let taken = Taken { declarations: vec![taken], ..Taken::default() };
        self.commit_once(writing, keyed.as_ref(), taken, |mark| StoreError::Conflict(mark).into()).await
    }
}
