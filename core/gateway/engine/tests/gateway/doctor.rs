//! An account is examined: what is wrong with it is said, and what to do.

use dragoman_engine::{Check, Examined, Verdict};
use dragoman_simulators::{Change, Clock, NewOrders, Options, Play};
use jiff::Timestamp;

use crate::setup::{Setup, clerk};

const CONFIG: &str = r#"
[[account]]
adapter = "amazon"
name = "shop"
region = "eu"
marketplaces = "A1F83G8C2ARO7P"
client_id = "id"
client_secret = "secret"
refresh_token = "refresh"
base_url = "OFFICE"
token_url = "OFFICE/auth/o2/token"
limits = false
"#;

/// When the gateway of a setup begins.
const BEGIN: i64 = 1_795_900_000;

/// A platform with orders of yesterday, whose clock is ahead by so many seconds.
fn platform(ahead: i64, plays: Vec<Play>) -> Options {
    let orders = NewOrders { make: 2, seconds_ago: 86_400, ..NewOrders::default() };
    let change = Change { orders: Some(orders), plays, ..Change::default() };
    let clock = Clock::of(move || Timestamp::from_second(BEGIN + ahead).unwrap());
    Options { clock, change, ..Options::default() }
}

async fn examined(config: &str, options: Options) -> Examined {
    let setup = Setup::asking("amazon", config, options).await;
    setup.gateway.examine(&clerk(), "shop").await.unwrap()
}

fn check<'e>(examined: &'e Examined, what: &str) -> &'e Check {
    examined.checks.iter().find(|check| check.what == what).unwrap()
}

#[tokio::test]
async fn an_account_that_is_well_is_said_to_be() {
    let found = examined(CONFIG, platform(0, Vec::new())).await;
    assert!(!found.is_bad(), "{found:?}");
    let verdicts: Vec<_> = found.checks.iter().map(|check| (check.what, check.verdict)).collect();
    let good = ["reach", "clock", "authorisation", "scopes", "budget", "oldest order"];
    assert_eq!(verdicts, good.map(|what| (what, Verdict::Good)));
    assert!(check(&found, "budget").said.contains("0.0056"), "{found:?}");
    assert!(check(&found, "oldest order").said.starts_with("026-"), "{found:?}");
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_said_to_be() {
    let found = examined(CONFIG, platform(600, Vec::new())).await;
    let clock = check(&found, "clock");
    assert!(clock.verdict == Verdict::Bad && clock.advice.is_some(), "{clock:?}");
    // How long the answer took is counted, so that the seconds are not quite those.
    assert!(clock.said.contains(" seconds behind"), "{clock:?}");
}

#[tokio::test]
async fn a_token_that_is_refused_is_said_to_be() {
    let found = examined(CONFIG, platform(0, vec![Play::times("expire", 9)])).await;
    assert_eq!(check(&found, "reach").verdict, Verdict::Good);
    let authorisation = check(&found, "authorisation");
    assert!(authorisation.verdict == Verdict::Bad && authorisation.advice.is_some(), "{authorisation:?}");
    assert_eq!(check(&found, "oldest order").verdict, Verdict::Unknown);
}

#[tokio::test]
async fn a_host_that_is_not_there_is_said_not_to_be() {
    let nowhere = CONFIG.replace("OFFICE", "http://127.0.0.1:9");
    let found = examined(&nowhere, platform(0, Vec::new())).await;
    let reach = check(&found, "reach");
    assert!(reach.verdict == Verdict::Bad && reach.advice.is_some(), "{found:?}");
    assert!(found.checks.iter().skip(1).all(|check| check.verdict == Verdict::Unknown), "{found:?}");
}
