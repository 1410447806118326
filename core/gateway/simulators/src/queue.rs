//! A queue of Amazon SQS, as far as its reader asks it: messages that are given, hidden for a time, and deleted. It keeps no
//! order. Sources: the SQS API reference, `ReceiveMessage` and `DeleteMessage`; AWS, Signature Version 4.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dragoman_channel::{Access, Body, Method, Request as Signed, Standing};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::request::{Answer, Request};
use crate::simulator::{Simulator, Visit, later, uuid};

/// A signature whose moment is further away is not believed.
const APART: SignedDuration = SignedDuration::from_mins(15);

/// A question that finds nothing is answered this late, where it waits.
const WAIT: Duration = Duration::from_millis(500);

/// The queue.
#[derive(Debug, Default)]
pub(crate) struct Queue(Mutex<Messages>);

#[derive(Debug, Default)]
struct Messages {
    count: u64,
    all: Vec<Message>,
}

#[derive(Debug)]
struct Message {
    id: String,
    body: String,
    /// Not given before this moment.
    from: Timestamp,
    /// The receipt that it was given with last.
    receipt: String,
}

impl Queue {
    /// Puts a message into it.
    pub fn put(&self, body: &str, from: Timestamp) {
        let mut messages = self.lock();
        messages.count += 1;
        let id = uuid(&format!("message {}", messages.count));
        messages.all.push(Message { id, body: body.to_owned(), from, receipt: String::new() });
    }

    /// How many messages are in it, given or not.
    pub fn len(&self) -> usize {
        self.lock().all.len()
    }

    /// The next messages, the latest first.
    fn give(&self, most: usize, hidden: SignedDuration, now: Timestamp) -> Vec<Value> {
        let mut messages = self.lock();
        let Messages { count, all } = &mut *messages;
        let due = all.iter_mut().rev().filter(|message| message.from <= now).take(most);
        due.map(|message| {
            *count += 1;
            message.receipt = uuid(&format!("receipt {count}"));
            message.from = later(now, hidden);
            json!({ "MessageId": message.id, "ReceiptHandle": message.receipt, "Body": message.body })
        })
        .collect()
    }

    /// Deletes what was given with a receipt; false where nothing ever was. A message that was given again since stays.
    fn delete(&self, receipt: &str) -> bool {
        let mut messages = self.lock();
        messages.all.retain(|message| message.receipt != receipt);
        let is_known = |number: u64| uuid(&format!("receipt {number}")) == receipt;
        (1..=messages.count).any(is_known)
    }

    fn lock(&self) -> MutexGuard<'_, Messages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Simulator {
    /// Does what its queue is asked.
    pub fn asked_of_queue(&self, visit: &Visit<'_>) -> Answer {
        let Some(queue) = self.platform().and_then(|platform| platform.shop().queue.as_ref()) else {
            return failure(400, "QueueDoesNotExist", "The specified queue does not exist.");
        };
        let (key, secret) = (self.said(&queue.key), self.said(&queue.secret));
        if let Err((code, message)) = check(visit.request, key, secret, visit.now) {
            return failure(403, code, &message);
        }
        let asked: Value = serde_json::from_slice(&visit.request.body).unwrap_or_default();
        let number = |name: &str| asked.get(name).and_then(Value::as_i64);
        let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
        let path = self.said(&queue.url).replace("${url}", "");
        if !text("QueueUrl").ends_with(&path) {
            return failure(400, "QueueDoesNotExist", "The specified queue does not exist.");
        }
        match visit.request.header("x-amz-target") {
            Some("AmazonSQS.ReceiveMessage") => {
                let hidden = SignedDuration::from_secs(number("VisibilityTimeout").unwrap_or(30));
                let most = number("MaxNumberOfMessages").and_then(|most| usize::try_from(most).ok());
                let given = self.queue().give(most.unwrap_or(1).min(10), hidden, visit.now);
                let waits = given.is_empty() && number("WaitTimeSeconds").is_some_and(|wait| wait > 0);
                let after = if waits { WAIT } else { Duration::ZERO };
                let said = if given.is_empty() { json!({}) } else { json!({ "Messages": given }) };
                Answer { after, ..said_json(200, &said) }
            }
            Some("AmazonSQS.DeleteMessage") if self.queue().delete(text("ReceiptHandle")) => {
                Answer { status: 200, ..Answer::default() }
            }
            Some("AmazonSQS.DeleteMessage") => {
                failure(400, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
            }
            _ => failure(400, "UnknownOperationException", "There is no such action."),
        }
    }
}

/// Whether a question is signed with the account's access key, and now.
fn check(request: &Request, key: &str, secret: &str, now: Timestamp) -> Result<(), (&'static str, String)> {
    let missing = || ("MissingAuthenticationTokenException", "Missing Authentication Token".to_owned());
    let shown = request.header("authorization").ok_or_else(missing)?;
    let part = |name: &str| {
        let behind = shown.split_once(name)?.1;
        behind.split([',', ' ']).next()
    };
    let mut scope = part("Credential=").ok_or_else(missing)?.split('/');
    if scope.next() != Some(key) {
        let said = "The security token included in the request is invalid.".to_owned();
        return Err(("UnrecognizedClientException", said));
    }
    let region = scope.nth(1).unwrap_or_default();
    let names = part("SignedHeaders=").unwrap_or_default();
    let of_name = |name: &str| Some((name.to_owned(), request.header(name)?.to_owned()));
    let mut again = Signed {
        operation: String::new(),
        method: Method::Post,
        url: format!("http://{}{}", request.header("host").unwrap_or_default(), request.path),
        headers: names.split(';').filter_map(of_name).collect(),
        body: Body::Bytes(request.body.to_vec()),
        standing: Standing::None,
        signed: false,
    };
    let moment =
        request.header("x-amz-date").and_then(|date| DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok());
    let moment = moment.and_then(|moment| moment.to_zoned(TimeZone::UTC).ok()).ok_or_else(missing)?;
    let moment = moment.timestamp();
    Access { key, secret, region, service: "sqs" }.sign(&mut again, moment);
    let differs =
        ["content-type", "x-amz-target"].iter().any(|name| !names.split(';').any(|one| one == *name));
    if again.header("Authorization") != Some(shown) || differs {
        let said =
            "The request signature we calculated does not match the signature you provided.".to_owned();
        return Err(("SignatureDoesNotMatch", said));
    }
    if moment.duration_since(now).abs() > APART {
        return Err(("InvalidSignatureException", format!("Signature expired: {moment} is not near {now}")));
    }
    Ok(())
}

fn failure(status: u16, code: &str, message: &str) -> Answer {
    said_json(status, &json!({ "__type": format!("com.amazonaws.sqs#{code}"), "message": message }))
}

fn said_json(status: u16, said: &Value) -> Answer {
    let headers = vec![("Content-Type".to_owned(), "application/x-amz-json-1.0".to_owned())];
    Answer { status, headers, body: said.to_string().into_bytes(), ..Answer::default() }
}
