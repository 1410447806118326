//! Messages that are handed in whole, in an exchange that another one began.

use dragoman_adapters::{Message, in_edition};
use dragoman_exchange::{Purpose, State};
use dragoman_tree::Severity;

use super::make::open;
use crate::account::Account;
use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::{Facts, Keyed, MEDIA, NewSubmission, Taken, TakenDeclaration, refused};
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// A message that is handed in.
#[derive(Clone, Copy, Debug, Default)]
pub struct MessageIn<'m> {
    /// Which it is: `eu-ncts/CC044C`; `auto` to recognise it by its content.
    pub message: &'m str,
    /// Its bytes.
    pub bytes: &'m [u8],
    /// The idempotency key.
    pub key: Option<&'m str>,
}

/// What the messages that follow are about, as far as the gateway tells them apart.
const PURPOSE: Purpose = Purpose::Arrival;

impl Gateway {
    /// Sends a message in an exchange that customs has: one that the account's channel knows to follow what began it, as
    /// the remarks on the unloading follow an arrival.
    pub async fn send_message(&self, by: &Actor, id: &str, handed: MessageIn<'_>) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let parts = [b"message", id.as_bytes(), handed.message.as_bytes(), handed.bytes];
        let keyed = Keyed::new(handed.key, &parts);
        if let Some(answered) = self.answered(&by.tenant, keyed.as_ref()).await? {
            return Ok(answered);
        }
        let told = self.declaration(&by.tenant, id).await?;
        let began = began(&told)?;
        if let Some(open) = open(&told, PURPOSE) {
            return Err(EngineError::Conflict(format!("{open} is on its way already")));
        }
        let account = self.account(&by.tenant, &told.exchange.account)?;
        let edition = self.drafted(&by.tenant, &told).await?.customs.declaration.edition().map(str::to_owned);
        let message = self.message(handed.message, handed.bytes)?;
        let following = Following { account, began, edition: edition.as_deref() };
        let mut writing = Writing::new(self, by);
        let taken = self.add_following(&mut writing, &told, &following, (&message, handed.bytes))?;
        let taken = Taken { declarations: vec![taken], ..Taken::default() };
        let conflict = |_| EngineError::Conflict("its reference was used before".to_owned());
        self.commit_once(writing, keyed.as_ref(), taken, conflict).await
    }

    fn add_following(
        &self,
        writing: &mut Writing<'_>,
        told: &Told,
        following: &Following<'_>,
        (message, bytes): (&Message, &[u8]),
    ) -> Answer<TakenDeclaration> {
        let Following { account, began, edition } = following;
        let channel = account.channel.as_ref();
        let found = channel.zip(account.own(message.plain_name()));
        let operation = found.and_then(|(channel, own)| channel.following(began, own)).ok_or_else(|| {
            EngineError::refused(format!("`{}` does not follow in this exchange", message.name()))
        })?;
        let name = in_edition(message.plain_name(), *edition);
        let message = self.0.catalogue.message(&name).map_err(EngineError::damaged)?;
        let mut read = self.read_handed(&message, bytes, false);
        read.findings.retain(|finding| finding.severity == Severity::Error);
        let document = read.documents.pop().filter(|_| read.findings.is_empty());
        let document =
            document.ok_or_else(|| refused("the message is not as it should be", &read.findings))?;
        let facts = Facts::of(&document, account.country(), operation.reference());
        let conversation = told.exchange.conversations.last().cloned();
        let facts = Facts { conversation, value: told.exchange.value.clone(), ..facts };
        let submitting = NewSubmission {
            account: account.name(),
            operation: &operation.name,
            message: &message,
            purpose: PURPOSE,
            facts: &facts,
            document: Some(&document),
            media: MEDIA,
            // It goes out as it came.
            bytes: bytes.to_vec(),
        };
        let (submission, held) = submitting.add(self, writing, &told.id)?;
        // One at a time.
        let number = told.exchange.submissions.len();
        writing.mark("request", format!("{}/{number}", told.id), &told.id, Some(&submission));
        Ok(TakenDeclaration::sent(&told.id, facts.lrn, submission, held))
    }
}

/// The exchange that a message is sent in.
struct Following<'f> {
    account: &'f Account,
    /// The operation that it began with.
    began: String,
    edition: Option<&'f str>,
}

/// The operation that an exchange began with that customs has.
fn began(told: &Told) -> Answer<String> {
    let is_rejected = told.exchange.status.state() == dragoman_model::State::Rejected;
    let last = told.exchange.last(Purpose::Declaration).filter(|last| last.state == State::Delivered);
    let last = last.filter(|_| !is_rejected && !told.exchange.conversations.is_empty());
    last.map(|last| last.operation.clone())
        .ok_or_else(|| EngineError::Conflict("customs does not have what this would follow".to_owned()))
}
