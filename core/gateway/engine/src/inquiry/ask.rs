//! Questions as they come in: stored, and acknowledged.

use dragoman_channel::{Inquiry, Json, Rejected, Values};
use dragoman_exchange::{Event, Lack, Purpose};
use dragoman_store::StoreError;
use jiff::Timestamp;

use super::{ASKED, DUE, OPEN, due_key};
use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::About;
use crate::people::Actor;
use crate::writing::{Writing, id};

/// The media type of a question in a form, and of one that is the body.
const MEDIA: [&str; 2] = ["application/x-www-form-urlencoded", "application/json"];

impl Gateway {
    /// Takes a question that a counterpart asks an account. It is on disk when this answers: what the counterpart is answered
    /// at once, JSON. It is the same whatever is known of the order.
    ///
    /// # Errors
    ///
    /// Where the account is not asked such things, or whoever asks does not know the secret part of the address.
    pub async fn inquire(&self, account: &str, name: &str, key: &str, body: &[u8]) -> Answer<String> {
        let unknown = || EngineError::unknown("inquiry", name);
        let account = self.0.accounts.get(account).ok_or_else(unknown)?;
        let channel = account.channel.as_ref();
        let inquiry = channel.and_then(|channel| channel.inquiry(name)).ok_or_else(unknown)?;
        inquiry.check(key, &account.values).map_err(|rejected| match rejected {
            Rejected::NoSecret => unknown(),
            rejected => EngineError::NotBelieved(rejected.to_string()),
        })?;
        let about = About::new(account.name(), &inquiry.operation, Purpose::Disclosure);
        let mut values = self.values(account, &about);
        let question = inquiry.read(body);
        let (Some(own), Some(number)) = (&question.id, &question.order) else {
            let lacking = if question.id.is_none() { "id" } else { "order" };
            values.set("inquiry.fault", format!("the question names no {lacking}"));
            self.malformed(account, inquiry, body, lacking).await?;
            return said(&inquiry.refusal, &values);
        };
        values.set("inquiry.id", own).set("inquiry.order", number);
        self.asked_of(account, inquiry, (own, number), body).await?;
        said(&inquiry.receipt, &values)
    }

    /// Stores a question, and answers it where that can be done at once. One that came before is noted, and not answered
    /// again.
    async fn asked_of(
        &self,
        account: &Account,
        inquiry: &Inquiry,
        (own, number): (&str, &str),
        body: &[u8],
    ) -> Answer<()> {
        let by = actor(account);
        let mut writing = Writing::new(self, &by);
        let (stream, until) = (id(), until(&writing, inquiry));
        let inquired = |until| Event::Inquired {
            account: account.name().to_owned(),
            inquiry: inquiry.name.to_string(),
            id: own.to_owned(),
            number: number.to_owned(),
            until,
        };
        writing.mark(ASKED, format!("{}/{}/{own}", account.name(), &*inquiry.name), &stream, None);
        writing.message(&stream, None, inquired(until), media(inquiry), body.to_vec());
        writing.record(OPEN, stream.clone(), 0, Some(stream.clone()));
        writing.record(DUE, due_key(until, &stream), 0, Some(stream.clone()));
        match writing.commit().await {
            Ok(_) => {}
            Err(StoreError::Conflict(mark)) if mark.space == ASKED => {
                let told = self.told(&by.tenant, &mark.stream).await?;
                let mut writing = Writing::new(self, &by);
                let until = told.exchange.limit.unwrap_or(until);
                writing.message(&mark.stream, None, inquired(until), media(inquiry), body.to_vec());
                writing.commit().await?;
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        // The question is taken, whatever becomes of the answer: it is looked at again.
        if let Err(error) = Box::pin(self.answer_open(&Actor::gateway(&by.tenant), &stream)).await {
            tracing::error!(%error, stream, "a question cannot be answered yet");
        }
        Ok(())
    }

    /// Stores what is no question that can be answered: a person sees it.
    async fn malformed(
        &self,
        account: &Account,
        inquiry: &Inquiry,
        body: &[u8],
        lacking: &str,
    ) -> Answer<()> {
        let mut writing = Writing::new(self, &actor(account));
        let (stream, until) = (id(), until(&writing, inquiry));
        let inquired = Event::Inquired {
            account: account.name().to_owned(),
            inquiry: inquiry.name.to_string(),
            id: String::new(),
            number: String::new(),
            until,
        };
        writing.message(&stream, None, inquired, media(inquiry), body.to_vec());
        let code = dragoman_adapters::NO_ANSWER.id.to_owned();
        let why = vec![Lack { code, text: format!("the question names no {lacking}") }];
        writing.event(&stream, None, Event::Unanswerable { order: None, why });
        writing.commit().await?;
        Ok(())
    }
}

/// Whoever asks: the adapter, as its answers are.
fn actor(account: &Account) -> Actor {
    Actor { name: account.settings.adapter.clone(), ..Actor::gateway(&account.settings.tenant) }
}

const fn media(inquiry: &Inquiry) -> &'static str {
    let [form, json] = MEDIA;
    if inquiry.field.is_some() { form } else { json }
}

fn until(writing: &Writing<'_>, inquiry: &Inquiry) -> Timestamp {
    writing.at.checked_add(inquiry.within.0).unwrap_or(Timestamp::MAX)
}

fn said(json: &Json, values: &Values) -> Answer<String> {
    json.fill(values).map_err(|missing| EngineError::refused(missing.to_string()))
}
