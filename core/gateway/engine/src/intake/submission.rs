//! What is handed in, on its way into the outbox.

use dragoman_adapters::Message;
use dragoman_exchange::{Event, Purpose};
use dragoman_model::Document;
use dragoman_store::Job;

use super::About;
use super::declare::Facts;
use crate::approval::{Submitting, held};
use crate::error::Answer;
use crate::gateway::Gateway;
use crate::writing::{Writing, id};

/// A submission that is about to be accepted.
pub(crate) struct NewSubmission<'s> {
    /// The account that sends it.
    pub account: &'s str,
    /// The operation.
    pub operation: &'s str,
    /// The message that it is sent as.
    pub message: &'s Message,
    /// What for.
    pub purpose: Purpose,
    /// What it is about.
    pub facts: &'s Facts,
    /// The declaration that it is about, where it is at hand.
    pub document: Option<&'s Document<'s>>,
    /// The media type of its body.
    pub media: &'s str,
    /// Its body.
    pub bytes: Vec<u8>,
}

impl NewSubmission<'_> {
    /// Adds it to a batch, signed where the account signs, queued or held for somebody else to approve. Gives its id, and
    /// whether it is held.
    pub fn add(self, gateway: &Gateway, writing: &mut Writing<'_>, stream: &str) -> Answer<(String, bool)> {
        let submission = id();
        let bytes = gateway.signed(self.account, self.message, self.bytes)?;
        let (account, facts) = (self.account.to_owned(), self.facts);
        let submitting = Submitting {
            tenant: &writing.tenant,
            account: self.account,
            purpose: self.purpose,
            value: facts.value.as_deref(),
            document: self.document,
        };
        let held = held(&gateway.0.config.approval, &submitting);
        let is_held = held.is_some();
        let accepted = Event::Accepted {
            purpose: self.purpose,
            account: account.clone(),
            operation: self.operation.to_owned(),
            lrn: facts.lrn.clone(),
            held,
        };
        writing.message(stream, Some(&submission), accepted, self.media, bytes.clone());
        if let Some(lrn) = &facts.lrn {
            let value = format!("{account}/{lrn}");
            // The number of an order is nobody's own: it may be declared again.
            if self.purpose == Purpose::Upload {
                writing.link("lrn", value, stream, Some(&submission));
            } else {
                writing.mark("lrn", value, stream, Some(&submission));
            }
        }
        let lane = format!("{account}:{}", self.operation);
        let edition = self.message.edition().map(str::to_owned);
        let about = About { edition, ..About::new(&account, self.operation, self.purpose) }
            .with("declaration.lrn", facts.lrn.as_ref())
            .with("declaration.mrn", facts.mrn.as_ref())
            .with("conversation", facts.conversation.as_ref());
        let about = About { until: facts.until, ..about };
        let job = Job {
            submission: submission.clone(),
            tenant: writing.tenant.clone(),
            stream: stream.to_owned(),
            lane,
            due: writing.at,
            attempts: 0,
            body: bytes,
            about: serde_json::to_string(&about).unwrap_or_default(),
        };
        writing.job(job, is_held);
        Ok((submission, is_held))
    }
}
