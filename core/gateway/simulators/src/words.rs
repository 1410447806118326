//! Words about messages, pushed in the place of the messages: where one is, and the message with it where it is short.

use dragoman_sim::Spoken;
use dragoman_sim::push::Told;
use dragoman_sim::shape::shaped;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::mailbox::Notification;
use crate::serve::Callback;
use crate::simulator::Simulator;

impl Simulator {
    /// What is pushed of a notification: the envelope with its word, signed.
    pub(crate) fn in_words(
        &self,
        told: &Told,
        notification: &Notification,
        callback: &Callback,
    ) -> Notification {
        let word = notification.word.clone().unwrap_or_else(|| {
            let body = String::from_utf8_lossy(&notification.bytes);
            let spoken = self.spoken_of(&notification.conversation, &notification.id);
            let short = (body.len() <= told.longest).then_some(body);
            let spoken = short.into_iter().fold(spoken, |spoken, body| spoken.text("body", body));
            shaped(&told.word, &spoken).unwrap_or_default()
        });
        let spoken = Spoken::default().text("id", &*notification.id).text("word", word.to_string());
        let spoken = spoken.text("at", notification.at.to_string());
        let bytes = shaped(&told.envelope, &spoken).unwrap_or_default().to_string().into_bytes();
        let secret = callback.secret.as_deref().unwrap_or_default();
        let headers = vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            (told.signature.clone(), signature(secret.as_bytes(), &bytes)),
        ];
        Notification { headers, bytes, ..notification.clone() }
    }

    /// What can be said of a message by its place: the path of its movement's list, its movement and its id.
    pub(crate) fn spoken_of(&self, conversation: &str, id: &str) -> Spoken {
        let path = self.movements().path(conversation);
        Spoken::default().text("path", path).text("conversation", conversation).text("id", id)
    }
}

/// The HMAC-SHA1 of bytes in hexadecimal.
fn signature(secret: &[u8], bytes: &[u8]) -> String {
    let Ok(mac) = <Hmac<Sha1> as KeyInit>::new_from_slice(secret) else { return String::new() };
    let code = mac.chain_update(bytes).finalize().into_bytes();
    code.iter().map(|byte| format!("{byte:02x}")).collect()
}
