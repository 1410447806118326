//! Asking whoever files: a question is pushed, and its answer is judged by its signature and by what it says.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dragoman_adapters::{Catalogue, Message, Received, Signature, receive};
use dragoman_channel::{At, Content};
use dragoman_sim::Spoken;
use dragoman_sim::inquiry::Inquiry;
use dragoman_sim::shape::shaped;
use dragoman_tree::Severity;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::mailbox::Notification;
use crate::request::{Answer, form, value};
use crate::serve::{Callback, SimulatorError};
use crate::simulator::{Simulator, Visit, uuid};

/// A question that is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The address that is asked.
    pub url: String,
    /// The number of the order.
    pub order: String,
    /// What the question is called; one that is made up, where nothing is said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub session: String,
}

/// What an authority asked, and whose signatures it knows.
#[derive(Debug, Default)]
pub(crate) struct Inquiries(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The order of each question.
    asked: BTreeMap<String, String>,
    /// Certificates, as PEM.
    trusted: Vec<String>,
}

impl Inquiries {
    /// Knows certificates, beside those that it knew.
    pub fn trust(&self, certificates: Vec<String>) {
        self.lock().trusted.extend(certificates);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Simulator {
    /// Asks.
    pub(crate) fn ask(&self, ask: &Ask, now: Timestamp) -> Result<(), SimulatorError> {
        let (Some(inquiry), Some(pusher)) = (self.inquiry(), self.pusher()) else {
            return Err(SimulatorError::AsksNothing);
        };
        let count = self.inquiries().lock().asked.len();
        let session = Some(ask.session.clone()).filter(|session| !session.is_empty());
        let session = session.unwrap_or_else(|| uuid(&format!("{} inquiry {count}", self.seed())));
        self.inquiries().lock().asked.insert(session.clone(), ask.order.clone());
        let spoken = Spoken::default().text("session", &*session).text("order", &*ask.order);
        let spoken = spoken.value("milliseconds", now.as_millisecond());
        let asked = shaped(&inquiry.asks, &spoken).unwrap_or_default().to_string();
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        let bytes = body.append_pair(&inquiry.asked_in, &asked).finish().into_bytes();
        let headers = vec![("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
        let (conversation, name) = (String::new(), String::new());
        let notification = Notification {
            at: now,
            id: session,
            conversation,
            name,
            headers,
            bytes,
            word: None,
            is_failure: false,
        };
        let to = Callback { url: ask.url.clone(), headers: Vec::new(), secret: None };
        pusher.put(notification, to, self.pace());
        Ok(())
    }

    /// Takes an answer: to a question that was asked, of the order that it is about, in its form, and signed by somebody who
    /// is known.
    pub(crate) fn answered(&self, visit: &mut Visit<'_>) -> Answer {
        let Some(inquiry) = self.inquiry() else { return self.refuse("unknown_path", Spoken::default()) };
        let pairs = form(&visit.request.body);
        let text = value(&pairs, &inquiry.field).unwrap_or_default();
        let spoken = Spoken::default().value("milliseconds", visit.now.as_millisecond());
        let refused = |name: &str, why: &str| self.refuse(name, spoken.clone().text("why", why));
        let session = stated(inquiry, text.as_bytes());
        visit.entry.lrn.clone_from(&session.0);
        let known = self.inquiries().lock().asked.get(&session.0).cloned();
        let Some(order) = known else { return refused("unasked", "nobody asked for this") };
        if let Err(why) = self.judged(inquiry, text.as_bytes(), visit.now) {
            return refused("forged", &why);
        }
        if !session.1.contains(&order) {
            return refused("unfit", &format!("order {order} is not in it"));
        }
        if let Some(why) = self.faulty(inquiry, text.as_bytes()) {
            return refused("unfit", &why);
        }
        visit.entry.taken = true;
        self.say(visit.route, spoken)
    }

    /// Whether an answer is signed by somebody who is known.
    fn judged(&self, inquiry: &Inquiry, text: &[u8], now: Timestamp) -> Result<(), String> {
        let (catalogue, message) = self.answering(inquiry)?;
        let signature = Signature::of(catalogue, &message).ok_or("the message has no signature")?;
        let trusted = self.inquiries().lock().trusted.clone();
        signature.check_by(text, &trusted, now).map(drop)
    }

    /// What is wrong with the form of an answer.
    fn faulty(&self, inquiry: &Inquiry, text: &[u8]) -> Option<String> {
        let (catalogue, message) = self.answering(inquiry).ok()?;
        let mut fault = None;
        receive(catalogue, &message, text, &mut |received: Received<'_, '_>| {
            let said = received.said();
            let first = said.into_iter().find(|finding| finding.severity == Severity::Error);
            fault = fault.take().or(first.map(|finding| finding.message));
        });
        fault
    }

    fn answering(&self, inquiry: &Inquiry) -> Result<(&Catalogue, Message), String> {
        let office = self.office().ok_or("there is no authority")?;
        let message = office.message(&inquiry.message).map_err(|error| error.to_string())?;
        Ok((office.catalogue(), message))
    }
}

/// Which question an answer names, and the orders that it is about.
fn stated(inquiry: &Inquiry, text: &[u8]) -> (String, Vec<String>) {
    let content = Content::read(text);
    let session = content.root().text(&inquiry.session).unwrap_or_default().to_owned();
    let all = |path| content.root().all(path).into_iter().filter_map(At::value).map(str::to_owned);
    let orders = inquiry.orders.iter().map(|path| all(path).collect::<Vec<_>>());
    (session, orders.into_iter().find(|orders| !orders.is_empty()).unwrap_or_default())
}
