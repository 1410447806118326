//! Webhooks out: signed, verified, delivered.

use dragoman_transport::webhook::{Signed, SigningKey, Unsigned, post, sign, verify};
use dragoman_transport::{Failure, Guard, Http, Settings};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use crate::setup::now;

fn key(byte: u8) -> SigningKey {
    SigningKey::of(&[byte; 32])
}

#[test]
fn the_published_example_is_signed_as_published() {
    // From the documentation of Svix, who began the specification.
    let key = SigningKey::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let at = Timestamp::from_second(1_614_265_330).unwrap();
    let signed = sign(&[key], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, br#"{"test": 2432232314}"#).unwrap();
    assert_eq!(signed.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert_eq!(signed.timestamp, "1614265330");
}

#[test]
fn keys_are_read_as_they_are_written() {
    let written = key(7).written();
    assert_eq!(SigningKey::read(written.expose()), Ok(key(7)));
    assert!(!format!("{:?}", (key(7), &written)).contains("BwcH"), "a key that is shown");
    for bad in ["", "whsec_", "whsec_AAAA", "whsec_***", &format!("whsec_{}", "A".repeat(88))] {
        assert_eq!(SigningKey::read(bad), Err(Unsigned::Key), "{bad}");
    }
}

proptest! {
    #[test]
    fn what_was_signed_is_believed_within_its_time_and_nothing_else_is(
        body: Vec<u8>, id in "[a-zA-Z0-9_-]{1,40}", late in -400_i64..400, flip: prop::sample::Index, bit in 0_u8..8,
    ) {
        let keys = [key(1), key(2)];
        let signed = sign(&keys, &id, now(), &body).unwrap();
        let at = now() + SignedDuration::from_secs(late);
        let expected = if late.abs() <= 300 { Ok(()) } else { Err(Unsigned::Expired) };
        for known in [&keys[..], &keys[..1], &keys[1..]] {
            prop_assert_eq!(verify(known, &signed, &body, at), expected);
        }
        prop_assert!(verify(&[key(3)], &signed, &body, now()).is_err());
        prop_assert!(verify(&[], &signed, &body, now()).is_err());
        if !body.is_empty() {
            let mut other = body.clone();
            other[flip.index(body.len())] ^= 1 << bit;
            prop_assert_eq!(verify(&keys, &signed, &other, now()), Err(Unsigned::Signature));
        }
        let moved = Signed { timestamp: (now().as_second() + 1).to_string(), ..signed.clone() };
        prop_assert_eq!(verify(&keys, &moved, &body, now()), Err(Unsigned::Signature));
        let renamed = Signed { id: format!("{id}x"), ..signed };
        prop_assert_eq!(verify(&keys, &renamed, &body, now()), Err(Unsigned::Signature));
    }
}

#[test]
fn other_signatures_are_passed_over_and_odd_headers_refused() {
    let signed = sign(&[key(1)], "a", now(), b"x").unwrap();
    let with = |signature: String| Signed { signature, ..signed.clone() };
    let good = &signed.signature;
    assert_eq!(verify(&[key(1)], &with(format!("v1a,zzz v1,AAAA {good}")), b"x", now()), Ok(()));
    for bad in ["", " ", "v1,", "v1", "v1a,x", &good[3..], &good.replace("v1", "v2"), &good[..good.len() - 1]]
    {
        assert_eq!(verify(&[key(1)], &with(bad.into()), b"x", now()), Err(Unsigned::Signature), "{bad}");
    }
    for bad in ["", "x", "1.5", "-1", "+1795364640", " 1795364640", "99999999999999999999"] {
        let odd = Signed { timestamp: bad.into(), ..signed.clone() };
        assert_eq!(verify(&[key(1)], &odd, b"x", now()), Err(Unsigned::Timestamp), "{bad}");
    }
    // `a.1` and `2.x` are the bytes of `a` and `1.2.x` as well.
    assert_eq!(sign(&[key(1)], "a.1", now(), b"x"), Err(Unsigned::Id));
    assert_eq!(sign(&[key(1)], "", now(), b"x"), Err(Unsigned::Id));
}

#[tokio::test]
async fn a_receiver_can_verify_what_is_delivered() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let guard = Guard { allow: vec!["127.0.0.0/8".parse().unwrap()], plain: true };
    let http = Http::new(&Settings::webhooks(guard)).unwrap();
    let body = bytes::Bytes::from_static(br#"{"type":"declaration.cleared"}"#);
    let status = post(&http, &server.uri(), &[key(1), key(2)], "evt_1", now(), body).await.unwrap();
    assert_eq!(status, 204);
    let got = &server.received_requests().await.unwrap()[0];
    let header = |name: &str| got.headers[name].to_str().unwrap().to_owned();
    let signed = Signed {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    assert_eq!(verify(&[key(2)], &signed, &got.body, now()), Ok(()));
    assert_eq!(header("content-type"), "application/json");

    let strict = Http::new(&Settings::webhooks(Guard { plain: true, ..Guard::default() })).unwrap();
    let failure =
        post(&strict, &server.uri(), &[key(1)], "evt_2", now(), bytes::Bytes::new()).await.unwrap_err();
    assert!(matches!(failure, Failure::NotSent(_)), "{failure}");
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}
