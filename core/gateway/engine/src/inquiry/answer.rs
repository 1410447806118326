//! Answering a question: what goes out is signed, and in the journal before it does.

use dragoman_adapters::{NO_ANSWER, Signature};
use dragoman_channel::Inquiry;
use dragoman_exchange::{Event, Lack, Purpose, State};
use dragoman_store::StoreError;

use super::known::{Sale, lack};
use super::made::Made;
use super::{ABOUT, Asked, OPEN};
use crate::account::Account;
use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::{About, Facts, NewSubmission};
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// The media type of what is answered.
const MEDIA: &str = "application/json";

impl Gateway {
    /// Answers a question of a counterpart by what is known now: one that was not answered yet, or whose answer was not
    /// taken. Also when the time for it is over.
    pub async fn answer_inquiry(&self, by: &Actor, id: &str) -> Answer<()> {
        allowed(by, Right::Write)?;
        let told = self.told(&by.tenant, id).await?;
        if is_answered(&told) {
            return Err(EngineError::Conflict("it is answered, or the answer is on its way".to_owned()));
        }
        Box::pin(self.answer_open(by, id)).await.map(drop)
    }

    /// Answers a question, where that can be done. Gives whether it was.
    pub(super) async fn answer_open(&self, by: &Actor, stream: &str) -> Answer<bool> {
        let told = self.told(&by.tenant, stream).await?;
        let Some(asked) = Asked::of(&told).filter(|_| !is_answered(&told)) else { return Ok(false) };
        let account = self.account(&by.tenant, &asked.account)?;
        let inquiry = account.channel.as_ref().and_then(|channel| channel.inquiry(&asked.inquiry));
        let inquiry = inquiry.ok_or_else(|| EngineError::unknown("inquiry", &asked.inquiry))?;
        let sale = match self.sale(&by.tenant, &asked).await? {
            Ok(sale) => sale,
            Err(why) => return self.unanswerable(by, &told, None, vec![why]).await,
        };
        let made = self.answer_of_sale(account, inquiry, &asked, &sale)?;
        match made {
            Ok(made) => self.answered_by(by, &told, (account, inquiry, &asked), &sale, made).await,
            Err(why) => self.unanswerable(by, &told, Some(&sale), why).await,
        }
    }

    /// The signed answer about a sale.
    fn answer_of_sale(
        &self,
        account: &Account,
        inquiry: &Inquiry,
        asked: &Asked,
        sale: &Sale,
    ) -> Answer<Result<Made, Vec<Lack>>> {
        let message = account.named(&inquiry.message, None);
        let message = self.0.catalogue.message(&message).map_err(EngineError::damaged)?;
        let about = About::new(account.name(), &inquiry.operation, Purpose::Disclosure);
        let mut values = self.values(account, &about);
        values.set("inquiry.id", &*asked.id).set("inquiry.order", &*asked.number);
        let mut made = match self.answer_made(&message, inquiry, sale, &mut values) {
            Ok(made) => made,
            Err(why) => return Ok(Err(why)),
        };
        let has_key = account.values.get("account.signing_key").is_some();
        if Signature::of(&self.0.catalogue, &message).is_some() && !has_key {
            let text = "the account has no `signing_key`, and the answer is signed".to_owned();
            return Ok(Err(vec![lack(&NO_ANSWER, text)]));
        }
        match self.signed(account.name(), &message, made.bytes) {
            Ok(signed) => {
                made.bytes = signed;
                Ok(Ok(made))
            }
            Err(EngineError::Refused { message, .. }) => Ok(Err(vec![lack(&NO_ANSWER, message)])),
            Err(error) => Err(error),
        }
    }

    /// Journals why there is no answer, where that is news.
    async fn unanswerable(
        &self,
        by: &Actor,
        told: &Told,
        sale: Option<&Sale>,
        why: Vec<Lack>,
    ) -> Answer<bool> {
        if told.exchange.lacking == why {
            return Ok(false);
        }
        let mut writing = Writing::new(self, by);
        let order = self.note_order(&mut writing, told, sale).await?;
        writing.event(&told.id, None, Event::Unanswerable { order, why });
        written(writing, told).await?;
        Ok(false)
    }

    /// Queues the answer.
    async fn answered_by(
        &self,
        by: &Actor,
        told: &Told,
        (account, inquiry, asked): (&Account, &Inquiry, &Asked),
        sale: &Sale,
        made: Made,
    ) -> Answer<bool> {
        let mut writing = Writing::new(self, by);
        let order = self.note_order(&mut writing, told, Some(sale)).await?;
        writing.concerns(&told.id, &made.document);
        writing.event(&told.id, None, Event::Answerable { order });
        let message = account.named(&inquiry.message, None);
        let message = self.0.catalogue.message(&message).map_err(EngineError::damaged)?;
        // What is late is not held to the time any more: a person wants it to go out.
        let until = Some(asked.until).filter(|until| *until > writing.at);
        let submitting = NewSubmission {
            account: account.name(),
            operation: &inquiry.operation,
            message: &message,
            purpose: Purpose::Disclosure,
            facts: &Facts { until, ..Facts::default() },
            document: None,
            media: MEDIA,
            bytes: made.bytes,
        };
        submitting.add(self, &mut writing, &told.id)?;
        if let Some(record) = self.0.store.record(&writing.tenant, OPEN, &told.id).await? {
            writing.record(OPEN, record.key, record.revision, None);
        }
        written(writing, told).await
    }

    /// Keeps by which order a question is found; gives the order's stream.
    async fn note_order(
        &self,
        writing: &mut Writing<'_>,
        told: &Told,
        sale: Option<&Sale>,
    ) -> Answer<Option<String>> {
        let Some(order) = sale.and_then(|sale| sale.order.as_ref()) else { return Ok(None) };
        let stream = order.order.stream.clone();
        writing.concerns(&told.id, &order.order.document);
        let key = format!("{stream}/{}", told.id);
        if self.0.store.record(&writing.tenant, ABOUT, &key).await?.is_none() {
            writing.record(ABOUT, key, 0, Some(told.id.clone()));
        }
        Ok(Some(stream))
    }
}

/// True where an answer is on its way, or was taken.
fn is_answered(told: &Told) -> bool {
    told.exchange.submissions.iter().any(|one| !matches!(one.state, State::Refused | State::Dead))
}

/// Writes what becomes of a question as it was read; false where somebody was quicker.
async fn written(mut writing: Writing<'_>, told: &Told) -> Answer<bool> {
    let place = told.place(&writing.tenant);
    writing.batch.places.push(place);
    match writing.commit().await {
        Ok(_) => Ok(true),
        Err(StoreError::Moved { .. } | StoreError::Stale { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
