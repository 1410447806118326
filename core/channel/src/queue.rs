//! Queues that platforms put their events in: those of Amazon SQS, by its protocol of JSON (AWS JSON 1.0). What stands in
//! them are hints, as webhooks are.

use dragoman_exchange::ErrorClass;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::content::Content;
use crate::http::{Answer, Body, Method, Request, Standing};
use crate::outcome::{Failure, given};
use crate::predicate::Place;
use crate::signer::Signed;
use crate::sigv4::Access;
use crate::span::{Name, Span};
use crate::template::{Encoding, Missing, Template};
use crate::values::Values;
use crate::webhook::{Hint, On};

/// A queue of Amazon SQS that a platform tells by. It is asked where the account names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its name.
    pub name: Name,
    /// Its address.
    pub url: Template,
    /// The region that it is in.
    pub region: Template,
    /// The id of the access key.
    pub key: Template,
    /// The secret of that key.
    pub secret: Template,
    /// How long a question waits for a message; SQS allows 20 seconds.
    #[serde(default = "longest")]
    pub wait: Span,
    /// How long a message that was given is hidden: what is not taken and deleted until then is given again.
    #[serde(default = "minute")]
    pub hidden: Span,
    /// What happened.
    pub topic: Place,
    /// The event's own id: the same for the same event, however often it is told.
    pub id: Place,
    /// When it happened.
    pub time: Option<Place>,
    /// What is done about it.
    #[serde(default)]
    pub on: Vec<On>,
}

/// What is asked of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask<'a> {
    /// The next messages: at most so many, waited for so long, hidden for so long.
    Receive(u8, SignedDuration, SignedDuration),
    /// That a message be deleted, by the receipt that it was given with.
    Delete(&'a str),
}

/// A message that a queue gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// What it is deleted with.
    pub receipt: String,
    /// What stands in it.
    pub body: String,
}

/// What a message tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'q> {
    /// What is to be done about it.
    pub hint: Hint<'q>,
    /// When it happened, where that is said.
    pub at: Option<Timestamp>,
}

const fn longest() -> Span {
    Span(SignedDuration::from_secs(20))
}

const fn minute() -> Span {
    Span(SignedDuration::from_mins(1))
}

impl Queue {
    /// True where an account names it.
    pub fn is_named(&self, values: &Values) -> bool {
        self.url.fill(values, Encoding::Plain).is_ok()
    }

    /// What an account lacks that names it.
    pub fn lacks(&self, values: &Values) -> Option<Missing> {
        let needed = [&self.region, &self.key, &self.secret];
        let first = needed.into_iter().find_map(|one| one.fill(values, Encoding::Plain).err());
        first.filter(|_| self.is_named(values))
    }

    /// The templates in it.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        [&self.url, &self.region, &self.key, &self.secret].into_iter()
    }

    /// A question, not signed yet.
    pub fn request(&self, ask: Ask<'_>, values: &Values) -> Result<Request, Missing> {
        let url = self.url.fill(values, Encoding::Plain)?;
        let (action, body) = match ask {
            Ask::Receive(most, wait, hidden) => {
                let (wait, hidden) = (wait.as_secs().clamp(0, 20), hidden.as_secs().clamp(0, 43_200));
                let body = json!({
                    "QueueUrl": url, "MaxNumberOfMessages": most, "WaitTimeSeconds": wait,
                    "VisibilityTimeout": hidden,
                });
                ("ReceiveMessage", body)
            }
            Ask::Delete(receipt) => ("DeleteMessage", json!({ "QueueUrl": url, "ReceiptHandle": receipt })),
        };
        let mut request = Request {
            operation: self.name.to_string(),
            method: Method::Post,
            url: format!("{}/", origin(&url)),
            headers: Vec::new(),
            body: Body::Bytes(body.to_string().into_bytes()),
            standing: Standing::None,
            signed: false,
        };
        request.set_header("Content-Type", "application/x-amz-json-1.0".into());
        request.set_header("X-Amz-Target", format!("AmazonSQS.{action}"));
        Ok(request)
    }

    /// Signs a question with the account's access key. `now` is the moment by the queue's clock.
    pub fn sign(&self, request: &mut Request, values: &Values, now: Timestamp) -> Result<Signed, Missing> {
        let fill = |template: &Template| template.fill(values, Encoding::Plain);
        let (key, secret, region) = (fill(&self.key)?, fill(&self.secret)?, fill(&self.region)?);
        Ok(Access { key: &key, secret: &secret, region: &region, service: "sqs" }.sign(request, now))
    }

    /// The messages that an answer gives. An answer without any is one.
    pub fn messages(answer: &Answer) -> Result<Vec<Message>, Failure> {
        let said = Self::done(answer)?;
        let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(str::to_owned);
        let message = |one: &Value| {
            Some(Message {
                id: text(one, "MessageId")?,
                receipt: text(one, "ReceiptHandle")?,
                body: text(one, "Body")?,
            })
        };
        let messages = said.get("Messages").and_then(Value::as_array).into_iter().flatten();
        Ok(messages.filter_map(message).collect())
    }

    /// What an answer says, where what was asked was done.
    pub fn done(answer: &Answer) -> Result<Value, Failure> {
        let said = match &*answer.body {
            [] => Ok(Value::Null),
            body => serde_json::from_slice::<Value>(body),
        };
        match said {
            Ok(said) if answer.status == 200 => Ok(said),
            Ok(said) => Err(failure(answer.status, &said)),
            Err(_) => Err(failure(answer.status, &in_words(&answer.body))),
        }
    }

    /// What a message tells of. `Err` says why nothing can be done with it.
    pub fn read(&self, message: &Message) -> Result<Event<'_>, String> {
        let content = Content::read(message.body.as_bytes());
        if !content.is_readable() {
            return Err("it cannot be read".to_owned());
        }
        let answer = Answer { status: 200, headers: Vec::new(), body: Vec::new() };
        let topic = self.topic.text(&answer, &content).ok_or("it does not say what happened")?.to_owned();
        let id = self.id.text(&answer, &content).ok_or("the event has no id")?.to_owned();
        let at = self.time.as_ref().and_then(|time| time.text(&answer, &content));
        let at = at.and_then(|text| text.parse().ok());
        let on = self.on.iter().find(|on| on.topics.contains(&topic));
        let values = on.map(|on| given(on.gives.iter(), &answer, &content)).unwrap_or_default();
        let mut gives = on.iter().filter(|on| on.fetch.is_some()).flat_map(|on| on.gives.keys());
        if let Some(lacking) = gives.find(|name| values.get(name).is_none()) {
            return Err(format!("it does not say `{lacking}`"));
        }
        Ok(Event { hint: Hint { id: Some(id), topic, on, values }, at })
    }
}

/// The moment that an answer is of, by the clock of who answers.
pub fn answered_at(answer: &Answer) -> Option<Timestamp> {
    let date = answer.header("Date")?;
    rfc2822::DateTimeParser::new().parse_timestamp(date).ok()
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> &str {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(begin..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| begin + at);
    url.get(..end).unwrap_or(url)
}

/// The failure that an answer tells of in XML, as doors before a queue do; nothing where it does not.
fn in_words(body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let between = |begin: &str, end: &str| Some(text.split_once(begin)?.1.split_once(end)?.0.to_owned());
    json!({ "code": between("<Code>", "</Code>"), "message": between("<Message>", "</Message>") })
}

/// Why a queue did not do what it was asked. `auth_expired`: the moment of the request is not believed, or the secret is
/// not the key's; which of the two, the clocks show.
fn failure(status: u16, said: &Value) -> Failure {
    let text = |names: [&str; 2]| names.iter().find_map(|name| said.get(name)?.as_str()).map(str::to_owned);
    let code = text(["__type", "code"]).map(|code| code.rsplit('#').next().unwrap_or_default().to_owned());
    let class = match (code.as_deref().unwrap_or_default(), status) {
        (
            "InvalidSignatureException" | "SignatureDoesNotMatch" | "RequestExpired" | "RequestTimeTooSkewed",
            _,
        ) => ErrorClass::AuthExpired,
        ("RequestThrottled" | "ThrottlingException" | "Throttling" | "OverLimit" | "KmsThrottled", _)
        | (_, 429) => ErrorClass::RateLimited,
        ("ReceiptHandleIsInvalid", _) => ErrorClass::InvalidRequest,
        ("QueueDoesNotExist" | "NonExistentQueue", _) | (_, 404) => ErrorClass::NotFound,
        (
            "AccessDenied"
            | "AccessDeniedException"
            | "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException",
            _,
        )
        | (_, 401 | 403) => ErrorClass::AuthRevoked,
        (code, 400..=499) if !code.is_empty() => ErrorClass::InvalidRequest,
        _ => ErrorClass::Transient,
    };
    let message = text(["message", "Message"]).or_else(|| Some(format!("it answers with {status}")));
    Failure { class, code, message, wait: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_in_xml_or_without_words_is_one() {
        let refused = |body: &str| {
            let answer = Answer { status: 403, headers: Vec::new(), body: body.into() };
            Queue::done(&answer).unwrap_err()
        };
        let said = refused(
            "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error></ErrorResponse>",
        );
        assert_eq!(
            (said.class, said.code.as_deref()),
            (ErrorClass::AuthExpired, Some("SignatureDoesNotMatch"))
        );
        assert_eq!(
            (refused("").class, refused("<html>").class),
            (ErrorClass::AuthRevoked, ErrorClass::AuthRevoked)
        );
    }
}
