//! Telling of orders: webhooks, signed, hints and no more.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dragoman_sim::Spoken;
use dragoman_sim::door::WEBHOOK;
use dragoman_sim::shape::shaped;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::answering::filled;
use crate::curve;
use crate::mailbox::Notification;
use crate::platform::Platform;
use crate::serve::Callback;
use crate::simulator::{Simulator, uuid};

/// Where a platform tells of orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// The address; none for nowhere.
    pub url: String,
    /// What is signed with.
    #[serde(default, skip_serializing)]
    pub secret: String,
}

/// What a platform tells of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Simulator {
    /// Tells of an order that is new or was changed, where anybody listens.
    pub(crate) fn tell(&self, platform: &Platform, id: &str, is_new: bool, now: Timestamp) {
        self.put_into_queue(platform, id, is_new, now);
        let (Some(hook), Some(webhook), Some(pusher)) =
            (self.settings().webhook, &platform.shop().webhook, self.pusher())
        else {
            return;
        };
        let topic = if is_new { &webhook.created } else { &webhook.updated };
        let event = uuid(&format!("{id} {topic} {now}"));
        let mut spoken = Spoken::default().text("id", id).text("topic", topic).text("event", &*event);
        spoken = spoken.text("now", now.to_string());
        let body = shaped(&webhook.json, &spoken).unwrap_or_default().to_string().into_bytes();
        let signed = [webhook.before.as_bytes(), &body].concat();
        let code = signature(&hook.secret, &signed);
        spoken = spoken.text("signature_hex", hexadecimal(&code)).text("signature", STANDARD.encode(code));
        if let Some(signed) = webhook.kid.as_ref().and_then(|kid| curve::signed(kid, &body)) {
            spoken = spoken.text("signed", signed);
        }
        let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        headers.extend(filled(&webhook.headers, &spoken));
        let (at, times) = self.arrives(now);
        let to = Callback { url: hook.url, headers: Vec::new(), secret: None };
        for _ in 0..times {
            let (id, headers, bytes) = (event.clone(), headers.clone(), body.clone());
            let (conversation, name) = (String::new(), String::new());
            let notification =
                Notification { at, id, conversation, name, headers, bytes, word: None, is_failure: false };
            pusher.put(notification, to.clone(), self.pace());
        }
    }
}

impl Simulator {
    /// When something that is told arrives, and how often.
    fn arrives(&self, now: Timestamp) -> (Timestamp, usize) {
        let played = self.chosen(WEBHOOK, now, "", &|_| false);
        let answering = played.map(|played| played.answers).unwrap_or_default();
        let later = answering.late.map(|late| self.pace().of(late.0)).unwrap_or_default();
        let times = if answering.silent { 0 } else { 1 + usize::from(answering.twice) };
        (now.checked_add(later).unwrap_or(now), times)
    }

    /// Tells of an order by a queue, where the platform has one.
    fn put_into_queue(&self, platform: &Platform, id: &str, is_new: bool, now: Timestamp) {
        let Some(queue) = &platform.shop().queue else { return };
        let event = uuid(&format!("{id} {is_new} {now}"));
        let spoken = Spoken::default().text("id", id).text("event", event).text("now", now.to_string());
        let body = shaped(&queue.json, &spoken).unwrap_or_default().to_string();
        let (at, times) = self.arrives(now);
        for _ in 0..times {
            self.queue().put(&body, at);
        }
    }
}

fn signature(secret: &str, body: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return Vec::new() };
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn a_signature_is_that_of_the_published_vector() {
        let expected = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";
        assert_eq!(STANDARD.encode(signature("Jefe", b"what do ya want for nothing?")), expected);
    }
}
