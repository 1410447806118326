//! Declarations that are handed in whole: canonical JSON, or any message that is known.

use dragoman_adapters::{Declaration, Message};
use dragoman_channel::{Operation, SUBMIT};
use dragoman_exchange::{Event, Purpose};
use dragoman_model::Document;
use dragoman_store::{Mark, StoreError};
use dragoman_tree::{Finding, FindingRecord, LineIndex, Severity};

use super::answer::Keyed;
use super::declare::{Facts, MEDIA};
use super::submission::NewSubmission;
use super::{Taken, TakenDeclaration};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::inquiry::note_payment;
use crate::people::{Actor, Right};
use crate::writing::{Writing, id};

/// A declaration that is handed in.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeclarationIn<'d> {
    /// The account that it is submitted by.
    pub account: &'d str,
    /// The message: `canonical`, `gb-cds/declaration`, `edifact/cusdec`; `auto` to recognise it by its content.
    pub message: &'d str,
    /// Its bytes.
    pub bytes: &'d [u8],
    /// True to keep it as a draft, for a person to send off.
    pub draft: bool,
    /// The idempotency key.
    pub key: Option<&'d str>,
}

/// A declaration as it is sent.
struct Sent {
    document: Document<'static>,
    bytes: Vec<u8>,
    findings: Vec<Finding>,
}

/// The media type of a declaration that was handed in names its message.
const HANDED: &str = "application/octet-stream;message=";

/// The message that a declaration was handed in as, by the media type of its payload.
pub(crate) fn handed_message(media: &str) -> Option<&str> {
    media.strip_prefix(HANDED)
}

/// Why a declaration that was handed in is not taken, where somebody has what is its own alone.
fn used_before(mark: Box<Mark>) -> EngineError {
    match mark.value.split_once('/').filter(|_| mark.space == "lrn") {
        Some((_, lrn)) => {
            let stream = &mark.stream;
            EngineError::Conflict(format!("the reference {lrn} was used before, in {stream}"))
        }
        None => StoreError::Conflict(mark).into(),
    }
}

impl Gateway {
    /// Takes a declaration in, and submits it unless something is wrong with it.
    pub async fn submit(&self, by: &Actor, handed: DeclarationIn<'_>) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let DeclarationIn { account, message, bytes, draft, key } = handed;
        let parts = [b"declaration", account.as_bytes(), message.as_bytes(), &[u8::from(draft)], bytes];
        let keyed = Keyed::new(key, &parts);
        let message = self.message(message, bytes)?;
        let customs = self.customs(&by.tenant, account, message.name(), self.0.clock.today())?;
        let read = self.handed(&customs, &message, bytes)?;
        let read_as_own = read.is_own;
        let sent = if read_as_own {
            // It goes out as it came.
            Sent { document: read.document, bytes: bytes.to_vec(), findings: read.findings }
        } else {
            let Declaration { document, bytes, findings, .. } =
                self.write_handed(&customs, &message, read, bytes)?;
            Sent { document, bytes, findings }
        };
        let mut writing = Writing::new(self, by);
        let kept_as = if read_as_own { &customs.declaration } else { &message };
        let taken = self.hand_in(&mut writing, &handed, (kept_as, &customs.declaration), sent)?;
        let taken = self.commit_once(writing, keyed.as_ref(), taken, used_before).await?;
        let declared = taken.declarations.first().filter(|one| one.submission.is_some() && !taken.repeated);
        if let Some(lrn) = declared.and_then(|declared| declared.lrn.as_deref()) {
            self.unpark(&by.tenant, account, "lrn", lrn).await?;
        }
        Ok(taken)
    }

    fn hand_in(
        &self,
        writing: &mut Writing<'_>,
        handed: &DeclarationIn<'_>,
        (message, sent_as): (&Message, &Message),
        read: Sent,
    ) -> Answer<Taken> {
        let account = self.account(&writing.tenant, handed.account)?;
        let operation = account.begins(sent_as);
        let reference = operation.map_or("lrn", Operation::reference);
        let facts = Facts::of(&read.document, account.country(), reference);
        let errors = read.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let stream = id();
        let drafted = Event::Drafted {
            account: handed.account.to_owned(),
            lrn: facts.lrn.clone(),
            orders: Vec::new(),
            data_set: facts.data_set.clone(),
            corridor: facts.corridor.clone(),
            value: facts.value.clone(),
            errors,
        };
        let media = format!("{HANDED}{}", message.name());
        writing.concerns(&stream, &read.document);
        note_payment(writing, &stream, &read.document);
        writing.message(&stream, None, drafted, &media, handed.bytes.to_vec());
        let index = LineIndex::new(handed.bytes);
        let position = |offset: u64| Some(index.position(handed.bytes, usize::try_from(offset).ok()?));
        let findings = read.findings.iter().map(|finding| FindingRecord::new(finding, None, position));
        let mut taken = TakenDeclaration {
            id: stream.clone(),
            lrn: facts.lrn.clone(),
            state: if errors > 0 { "incomplete" } else { "draft" }.to_owned(),
            submission: None,
            findings: findings.collect(),
        };
        if errors == 0 && !handed.draft {
            let submitting = NewSubmission {
                account: handed.account,
                operation: operation.map_or(SUBMIT, |operation| &operation.name),
                message: sent_as,
                purpose: Purpose::Declaration,
                facts: &facts,
                document: Some(&read.document),
                media: MEDIA,
                bytes: read.bytes,
            };
            let (submission, held) = submitting.add(self, writing, &stream)?;
            taken.submitted(submission, held);
        }
        Ok(Taken { declarations: vec![taken], ..Taken::default() })
    }
}
