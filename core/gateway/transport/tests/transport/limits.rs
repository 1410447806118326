//! Limits: kept, learned, and recovered from.

use std::time::Duration;

use dragoman_channel::Operation;
use tokio::time::{Instant, advance};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::setup::{Memory, Side, now, values};

const LIMITS: &str = r#"
[[channel.limit]]
of = "${account.client_id}"
rate = "3/second"
burst = 3
learn = { rate = "x-rate", remaining = "x-left", reset = "x-reset" }

[[channel.limit]]
operations = ["list"]
rate = "1/minute"
burst = 5
"#;

fn side(more: &str) -> Side {
    Side::new(more, "http://nowhere.invalid", std::sync::Arc::new(Memory::default()))
}

fn operation<'s>(side: &'s Side, name: &str) -> &'s Operation {
    side.channel.operation(name).unwrap()
}

fn admit(side: &Side, name: &str) -> Option<Duration> {
    side.transport.admit(side.account(), operation(side, name))
}

/// How many go in a time, when each comes as soon as it is told to.
async fn rate(side: &Side, name: &str, time: Duration) -> usize {
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < time {
        match admit(side, name) {
            None => count += 1,
            Some(wait) => advance(wait).await,
        }
    }
    count
}

#[tokio::test(start_paused = true)]
async fn no_more_go_than_the_limit_and_no_fewer() {
    let side = side(LIMITS);
    let count = rate(&side, "submit", Duration::from_mins(1)).await;
    assert!((180..=183).contains(&count), "{count}");
    // After a rest as many as the burst, and no more.
    advance(Duration::from_hours(1)).await;
    for _ in 0..3 {
        assert_eq!(admit(&side, "submit"), None);
    }
    let wait = admit(&side, "submit").unwrap();
    assert!(wait <= Duration::from_millis(334), "{wait:?}");
}

#[tokio::test(start_paused = true)]
async fn operations_share_the_limits_that_they_share() {
    let side = side(LIMITS);
    assert_eq!([admit(&side, "submit"), admit(&side, "list"), admit(&side, "submit")], [None; 3]);
    assert!(admit(&side, "list").is_some(), "the limit of the application is used up");
    let count = rate(&side, "list", Duration::from_mins(10)).await;
    assert!((13..=14).contains(&count), "{count}: four of the burst and one a minute");
    // The limit of the lists does not hold others back.
    let count = rate(&side, "submit", Duration::from_mins(1)).await;
    assert!((180..=183).contains(&count), "{count}");
}

#[tokio::test(start_paused = true)]
async fn accounts_of_one_application_share_its_limit_and_others_do_not() {
    let side = side(LIMITS);
    let account = |name| dragoman_transport::Account { name, ..side.account() };
    let submit = operation(&side, "submit");
    for name in ["a", "b", "c"] {
        assert_eq!(side.transport.admit(account(name), submit), None);
    }
    assert!(side.transport.admit(account("d"), submit).is_some());
    let other = values("http://nowhere.invalid").with("account.client_id", "another");
    let other = dragoman_transport::Account { values: &other, ..account("d") };
    assert_eq!(side.transport.admit(other, submit), None);
    let elsewhere = values("http://elsewhere.invalid");
    let elsewhere = dragoman_transport::Account { values: &elsewhere, ..account("d") };
    assert_eq!(side.transport.admit(elsewhere, submit), None, "the same id at another counterpart");
}

/// A counterpart that answers with this status and these headers, and then with 202.
async fn counterpart(first: ResponseTemplate) -> (MockServer, Side) {
    let server = MockServer::start().await;
    Mock::given(path("/submit")).respond_with(first).up_to_n_times(1).mount(&server).await;
    Mock::given(path("/submit")).respond_with(ResponseTemplate::new(202)).mount(&server).await;
    let side = Side::new(LIMITS, &server.uri(), std::sync::Arc::new(Memory::default()));
    side.send("submit", now()).await.unwrap();
    tokio::time::pause();
    (server, side)
}

#[tokio::test]
async fn a_refusal_pauses_and_slows_down_and_time_heals() {
    let refused = ResponseTemplate::new(429).insert_header("retry-after", "7");
    let (_server, side) = counterpart(refused).await;
    let wait = admit(&side, "submit").unwrap();
    assert!(wait > Duration::from_secs(6) && wait <= Duration::from_secs(7), "{wait:?}");
    assert_eq!(admit(&side, "list"), Some(wait), "it was their common limit");
    advance(wait).await;
    let count = rate(&side, "submit", Duration::from_secs(4)).await;
    assert!((6..=7).contains(&count), "{count}: half as many");
    advance(Duration::from_secs(20)).await;
    let count = rate(&side, "submit", Duration::from_mins(1)).await;
    assert!((180..=183).contains(&count), "{count}: as declared");
}

#[tokio::test]
async fn a_slower_rate_that_a_header_states_holds_for_a_while() {
    let (_server, side) = counterpart(ResponseTemplate::new(202).insert_header("x-rate", "0.5")).await;
    let count = rate(&side, "submit", Duration::from_mins(1)).await;
    assert!((30..=31).contains(&count), "{count}");
    advance(Duration::from_mins(20)).await;
    rate(&side, "submit", Duration::from_mins(10)).await;
    let count = rate(&side, "submit", Duration::from_mins(1)).await;
    assert!((180..=183).contains(&count), "{count}: nobody said it again");
}

#[tokio::test]
async fn a_faster_rate_than_the_declared_one_teaches_nothing() {
    let (_server, side) = counterpart(ResponseTemplate::new(202).insert_header("x-rate", "1000")).await;
    let count = rate(&side, "submit", Duration::from_mins(1)).await;
    assert!((180..=183).contains(&count), "{count}");
}

#[tokio::test]
async fn a_budget_that_is_used_up_is_waited_for() {
    let left = ResponseTemplate::new(202).insert_header("x-left", "0").insert_header("x-reset", "30");
    let (_server, side) = counterpart(left).await;
    let wait = admit(&side, "submit").unwrap();
    assert!(wait > Duration::from_secs(29), "{wait:?}");
}

#[tokio::test]
async fn trouble_of_one_operation_pauses_that_one() {
    let trouble = ResponseTemplate::new(503).insert_header("retry-after", "30");
    let (_server, side) = counterpart(trouble).await;
    assert!(admit(&side, "submit").unwrap() > Duration::from_secs(29));
    assert_eq!(admit(&side, "list"), None);
}
