//! What answers mean.

use dragoman_channel::{Answer, Failure, Outcome};
use dragoman_exchange::ErrorClass;
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::{answer, at, examplia};

const NOW: &str = "2026-11-22T09:15:00Z";

fn outcome(operation: &str, answer: &Answer) -> Outcome {
    let channel = examplia();
    channel.classify(channel.operation(operation).unwrap(), answer, at(NOW))
}

fn failure(operation: &str, answer: &Answer) -> Failure {
    match outcome(operation, answer) {
        Outcome::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

/// Where nothing is declared, the status decides: the class, and whether the request may have been carried out.
#[test]
fn every_status_has_a_class() {
    let expected = [
        (401, ErrorClass::AuthExpired, true),
        (403, ErrorClass::AuthRevoked, true),
        (404, ErrorClass::NotFound, true),
        (410, ErrorClass::NotFound, true),
        (400, ErrorClass::InvalidRequest, true),
        (409, ErrorClass::InvalidRequest, true),
        (422, ErrorClass::InvalidRequest, true),
        (302, ErrorClass::InvalidRequest, true),
        (425, ErrorClass::RateLimited, true),
        (501, ErrorClass::InvalidRequest, true),
        (505, ErrorClass::InvalidRequest, true),
        (503, ErrorClass::Transient, true),
        (408, ErrorClass::Transient, false),
        (500, ErrorClass::Transient, false),
        (502, ErrorClass::Transient, false),
        (504, ErrorClass::Transient, false),
        (599, ErrorClass::Transient, false),
    ];
    for (status, class, certain) in expected {
        // A question may be asked twice, whatever became of the first.
        assert_eq!(failure("status", &answer(status, &[], "")).class, class, "{status}");
        match outcome("submit", &answer(status, &[], "")) {
            Outcome::Failed(failure) => assert!(certain && failure.class == class, "{status}"),
            Outcome::Unknown(failure) => assert!(!certain && failure.class == class, "{status}"),
            Outcome::Done(_) => panic!("{status}"),
        }
    }
}

#[test]
fn a_failure_that_the_counterpart_declares_certain_is_no_unknown_outcome() {
    let own = answer(500, &[], "<fault><code>TROUBLE</code><text>try again</text></fault>");
    let failed = failure("submit", &own);
    assert_eq!((failed.class, failed.code.as_deref()), (ErrorClass::Transient, Some("TROUBLE")));
    assert_eq!(failed.message.as_deref(), Some("try again"));
    // The same status from something between.
    assert!(matches!(outcome("submit", &answer(500, &[], "<html>")), Outcome::Unknown(_)));
    // What may be repeated is repeated.
    assert_eq!(failure("amend", &answer(500, &[], "<html>")).class, ErrorClass::Transient);
}

/// An answer that breaks off under a status of success proves neither that it was taken nor that it was refused.
#[test]
fn an_error_in_an_answer_that_breaks_off_is_not_believed() {
    let whole = answer(200, &[], r#"{"errors": [{"code": "THROTTLED"}], "data": null}"#);
    assert_eq!(failure("status", &whole).class, ErrorClass::RateLimited);
    let broken = answer(200, &[], r#"{"errors": [{"code": "THROTTLED"}], "da"#);
    assert_eq!(failure("status", &broken).class, ErrorClass::Transient);
    assert!(matches!(outcome("submit", &broken), Outcome::Unknown(_)), "{:?}", outcome("submit", &broken));
}

#[test]
fn a_firewalls_refusal_is_never_sent_again() {
    let refused = answer(403, &[], "<fault><code>CONTENT</code></fault>");
    let failed = failure("submit", &refused);
    assert!(!failed.class.may_pass(), "{failed:?}");
    assert_eq!(failed.class, ErrorClass::InvalidRequest);
}

#[test]
fn success_gives_what_the_operation_reads() {
    let taken = answer(202, &[("x-conversation", " c-1 ")], "");
    let Outcome::Done(given) = outcome("submit", &taken) else { panic!() };
    assert_eq!(given.get("conversation"), Some("c-1"));
    let Outcome::Done(given) = outcome("submit", &answer(202, &[], "")) else { panic!() };
    assert_eq!(given.get("conversation"), None);
}

/// Success is a test on the body where the operation says so: 200 alone is none.
#[test]
fn a_failure_inside_200_is_a_failure() {
    assert!(matches!(
        outcome("ask", &answer(200, &[], r#"{"data":{"order":{"id":"1"}}}"#)),
        Outcome::Done(_)
    ));
    let null = answer(200, &[], r#"{"data":{"order":null}}"#);
    assert_eq!(failure("ask", &null).class, ErrorClass::InvalidRequest);
    let other = answer(200, &[], "<html>busy</html>");
    assert_eq!(failure("ask", &other).class, ErrorClass::InvalidRequest);
    for broken in ["", "{", "{\"data\":", "maintenance"] {
        assert_eq!(failure("ask", &answer(200, &[], broken)).class, ErrorClass::Transient, "{broken}");
    }
    let throttled = r#"{"errors":[{"code":"OTHER","message":"a"},{"code":"THROTTLED","message":"b"}]}"#;
    let failed = failure("ask", &answer(200, &[], throttled));
    assert_eq!((failed.class, failed.code.as_deref()), (ErrorClass::RateLimited, Some("OTHER")));
    assert_eq!(failed.message.as_deref(), Some("a; b"));
}

#[test]
fn the_budget_says_how_long_to_wait() {
    let throttled = |needed: &str, left: &str, rate: &str| {
        let cost = format!(r#""cost":{{"needed":{needed},"left":{left},"rate":{rate}}}"#);
        let body = format!(r#"{{"errors":[{{"code":"THROTTLED"}}],{cost}}}"#);
        failure("ask", &answer(200, &[], &body)).wait.unwrap()
    };
    assert_eq!(throttled("520", "20", "50"), SignedDuration::from_secs(10));
    assert_eq!(throttled("520.0", "519.0", "3.0"), SignedDuration::from_millis(334));
    assert_eq!(throttled("99999", "0", "1"), SignedDuration::from_secs(60), "no longer than declared");
    // Without a budget that makes sense: the default.
    for (needed, left, rate) in [("1", "5", "50"), ("5", "1", "0"), ("null", "1", "1"), ("\"x\"", "1", "1")] {
        assert_eq!(throttled(needed, left, rate), SignedDuration::from_secs(2));
    }
}

#[test]
fn waits_come_from_headers_and_bodies_as_seconds_or_dates() {
    let wait =
        |headers: &[(&str, &str)], body: &str| failure("submit", &answer(429, headers, body)).wait.unwrap();
    let seconds = SignedDuration::from_secs;
    assert_eq!(wait(&[("x-retry", "7")], ""), seconds(7));
    assert_eq!(wait(&[("x-retry", "1.2")], ""), seconds(2));
    assert_eq!(wait(&[("X-Retry", "Sun, 22 Nov 2026 09:16:30 GMT")], ""), seconds(90));
    assert_eq!(
        wait(&[("X-Retry", "Sun, 22 Nov 2026 09:00:00 GMT")], ""),
        seconds(0),
        "a date that has passed"
    );
    assert_eq!(wait(&[("X-Retry", "7")], r#"{"retry_in":30}"#), seconds(30), "the body is nearer");
    assert_eq!(wait(&[("X-Retry", "soon")], "{}"), seconds(3600));
    assert_eq!(
        wait(&[("X-Retry", "4294967295")], ""),
        SignedDuration::from_hours(24),
        "nobody waits for years"
    );
    let by_status = failure("status", &answer(503, &[("retry-after", "5")], ""));
    assert_eq!(by_status.wait, Some(seconds(5)));
}

#[test]
fn limits_learn_from_headers_and_survive_nonsense() {
    let channel = examplia();
    let submit = channel.operation("submit").unwrap();
    let limit = channel.limits_of(submit).next().unwrap();
    assert_eq!((limit.burst, channel.limits_of(submit).count()), (3, 1));
    let learned = |headers: &[(&str, &str)]| limit.learned(&answer(200, headers, ""));
    assert_eq!(learned(&[("x-rate", "0.5")]).rate.unwrap().interval, SignedDuration::from_secs(2));
    assert_eq!(learned(&[("X-Left", "0"), ("X-Reset", "9")]).pause, Some(SignedDuration::from_secs(9)));
    assert_eq!(learned(&[("X-Left", "1"), ("X-Reset", "9")]).pause, None);
    for nonsense in ["string", "", "-1", "0", "1e9", "NaN"] {
        assert_eq!(learned(&[("X-Rate", nonsense)]).rate, None, "{nonsense}");
    }
    let ask = channel.operation("ask").unwrap();
    let cost = channel.limits_of(ask).next().unwrap();
    let spent = answer(200, &[], r#"{"cost":{"needed":100,"left":50,"rate":50}}"#);
    assert_eq!(cost.learned(&spent).pause, Some(SignedDuration::from_secs(1)));
}

proptest! {
    /// Whatever answers, it means something, and nothing that failed is taken for done.
    #[test]
    fn any_answer_means_something(
        status in 100_u16..=600,
        header in "[ -~]{0,20}",
        body in "\\PC{0,40}|[{}\\[\\]\":,<>/a-z0-9 ]{0,60}",
    ) {
        let answered = answer(status, &[("X-Retry", &header), ("Retry-After", &header), ("X-Rate", &header)], &body);
        let channel = examplia();
        for operation in &channel.operations {
            let outcome = channel.classify(operation, &answered, at(NOW));
            prop_assert!(!matches!(outcome, Outcome::Done(_)) || (200..300).contains(&status));
            if let Outcome::Failed(failure) | Outcome::Unknown(failure) = outcome {
                prop_assert!(failure.wait.unwrap_or_default() <= SignedDuration::from_hours(24));
            }
            let learned: Vec<_> = channel.limits_of(operation).map(|limit| limit.learned(&answered)).collect();
            prop_assert_eq!(learned.len(), channel.limits_of(operation).count());
            operation.next(&answered);
        }
        let _ = channel.token(&answered, at(NOW));
    }
}
