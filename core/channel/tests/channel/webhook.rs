//! Messages from outside: who is believed, and what is done.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dragoman_channel::{Rejected, Values};
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha2::Sha256;

use crate::{account, answer, examplia};

fn code(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

fn headers(signature: &str, topic: &str) -> Vec<(String, String)> {
    vec![("x-signature".into(), signature.into()), ("X-Topic".into(), topic.into())]
}

fn secrets() -> Values {
    account().with("account.hook_secret", "new").with("account.old_hook_secret", "old")
}

const BODY: &[u8] = br#"{"event":"e-1","order":{"id":"gid://7"}}"#;

/// RFC 4231, test case 2: the code that the standard prints, in the place of one that is computed here.
#[test]
fn the_code_is_that_of_the_standard() {
    let values = account().with("account.hook_secret", "Jefe");
    let printed = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let bytes: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&printed[at * 2..at * 2 + 2], 16).unwrap()).collect();
    let signed = headers(&STANDARD.encode(bytes), "erase");
    let channel = examplia();
    let hook = channel.webhook("events").unwrap();
    assert!(hook.read(&signed, b"what do ya want for nothing?", &values).is_ok());
}

#[test]
fn a_hint_says_what_to_fetch() {
    let channel = examplia();
    let hook = channel.webhook("events").unwrap();
    for secret in ["new", "old"] {
        let hint = hook.read(&headers(&code(secret, BODY), "order/new"), BODY, &secrets()).unwrap();
        assert_eq!((hint.id.as_deref(), &*hint.topic), (Some("e-1"), "order/new"));
        assert_eq!(hint.values.get("order.id"), Some("gid://7"));
        assert_eq!(hint.on.unwrap().fetch.as_deref(), Some("open"));
    }
    let other = hook.read(&headers(&code("new", BODY), "other"), BODY, &secrets()).unwrap();
    assert_eq!(other.on, None);
}

#[test]
fn without_a_secret_nothing_is_believed() {
    let channel = examplia();
    let hook = channel.webhook("events").unwrap();
    let signed = headers(&code("", BODY), "order/new");
    assert_eq!(hook.read(&signed, BODY, &account()), Err(Rejected::NoSecret));
    assert_eq!(hook.read(&[], BODY, &secrets()), Err(Rejected::Unsigned));
    let push = channel.notifications.as_ref().unwrap().push.as_ref().unwrap();
    let shown = |value: &str| [("authorization".to_owned(), value.to_owned())];
    assert_eq!(push.check(&shown(""), BODY, &account()), Err(Rejected::NoSecret));
    assert_eq!(push.check(&shown("new"), BODY, &secrets()), Ok(()));
    assert_eq!(push.check(&shown("old"), BODY, &secrets()), Err(Rejected::Forged));
    assert_eq!(push.check(&[], BODY, &secrets()), Err(Rejected::Unsigned));
}

proptest! {
    /// No other body, and no other code, is believed.
    #[test]
    fn a_forgery_is_not_believed(at in 0..BODY.len(), bit in 0_u8..8, other in "\\PC{0,60}") {
        let channel = examplia();
        let hook = channel.webhook("events").unwrap();
        let mut body = BODY.to_vec();
        body[at] ^= 1 << bit;
        let signed = headers(&code("new", BODY), "order/new");
        prop_assert_eq!(hook.read(&signed, &body, &secrets()), Err(Rejected::Forged));
        let forged = hook.read(&headers(&other, "order/new"), BODY, &secrets());
        prop_assert!(forged.is_err(), "{other}");
    }
}

#[test]
fn waiting_notifications_are_found_by_the_last_part_of_their_address() {
    let channel = examplia();
    let notifications = channel.notifications.as_ref().unwrap();
    let list = "<resource href='/n/'><link rel='self' href='/n/'/>\
                <link rel='notification' href='/n/a-1'/><link rel='notification' href='/n/b-2/'/></resource>";
    let pull = &notifications.pull[0];
    assert_eq!(pull.ids(&answer(200, &[], list)), ["a-1", "b-2"]);
    assert_eq!(pull.ids(&answer(200, &[], "<resource href='/n/'/>")), Vec::<String>::new());
    let headers = [("x-conversation".to_owned(), "c-9".to_owned())];
    assert_eq!(notifications.conversation(&headers), Some("c-9"));
}
