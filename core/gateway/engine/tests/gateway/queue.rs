//! A queue that a platform tells by: asked by its own clock, left alone where it fails, and examined.

use std::time::Duration;

use dragoman_engine::{QueueView, Verdict};
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
queue_url = "OFFICE/000000000000/orders"
queue_region = "eu-west-1"
queue_key = "AKIDEXAMPLE"
queue_secret = "secret"
"#;

/// When the gateway of a setup begins.
const BEGIN: i64 = 1_795_900_000;

/// A platform with two orders that its queue tells of, whose clock is ahead by so many seconds.
fn platform(ahead: i64, plays: Vec<Play>) -> Options {
    let orders = NewOrders { make: 2, ..NewOrders::default() };
    let change = Change { orders: Some(orders), plays, ..Change::default() };
    let clock = Clock::of(move || Timestamp::from_second(BEGIN + ahead).unwrap());
    Options { clock, change, ..Options::default() }
}

fn failing(times: u32) -> Vec<Play> {
    vec![Play { on: Some("queue".into()), ..Play::times("fail before", times) }]
}

async fn queue(setup: &Setup) -> QueueView {
    let views = setup.gateway.sync_status(&clerk()).await.unwrap();
    views.first().and_then(|view| view.queues.first()).unwrap().clone()
}

async fn hears(ahead: i64) {
    let setup = Setup::asking("amazon", CONFIG, platform(ahead, Vec::new())).await;
    let round = setup.gateway.listen("shop").await.unwrap();
    assert_eq!((round.taken, round.rest), (2, Duration::ZERO), "{:?}", queue(&setup).await);
    let office = setup.office.as_ref().unwrap();
    assert_eq!(office.queued(), 0);
    let orders = setup.gateway.sync("shop").await.unwrap().orders;
    assert_eq!(orders, 2, "what was told of is fetched, and no list shows it yet");
    let refused = office.requests().iter().filter(|one| one.route == "queue" && one.status != 200).count();
    assert_eq!(refused, usize::from(ahead.abs() > 900), "its clock is learned at once");
}

#[tokio::test]
async fn what_it_tells_of_is_fetched() {
    hears(0).await;
}

#[tokio::test]
async fn its_own_clock_counts() {
    hears(3600).await;
    hears(-3600).await;
}

#[tokio::test]
async fn one_that_fails_is_left_alone_for_a_while() {
    let setup = Setup::asking("amazon", CONFIG, platform(0, failing(5))).await;
    for _ in 0..5 {
        let round = setup.gateway.listen("shop").await.unwrap();
        assert!(round.taken == 0 && round.rest > Duration::ZERO);
    }
    let asked = || setup.office.as_ref().unwrap().requests().len();
    let before = asked();
    let view = queue(&setup).await;
    assert!(view.is_down && view.trouble.is_some(), "{view:?}");
    assert!(setup.gateway.listen("shop").await.unwrap().rest > Duration::ZERO);
    assert_eq!(asked(), before, "its breaker is open");
    setup.pass(60);
    assert_eq!(setup.gateway.listen("shop").await.unwrap().taken, 2);
    let view = queue(&setup).await;
    assert!(!view.is_down && view.trouble.is_none(), "{view:?}");
    assert!(view.given.is_some() && view.happened == Timestamp::from_second(BEGIN).ok(), "{view:?}");
}

#[tokio::test]
async fn a_key_that_is_not_its_own_waits_for_a_person() {
    let config = CONFIG.replace("queue_secret = \"secret\"", "queue_secret = \"another\"");
    let setup = Setup::asking("amazon", &config, platform(0, Vec::new())).await;
    assert_eq!(setup.gateway.listen("shop").await.unwrap().taken, 0);
    let said = queue(&setup).await.trouble.unwrap().said;
    assert!(said.starts_with("SignatureDoesNotMatch"), "{said}");
    let found = setup.gateway.examine(&clerk(), "shop").await.unwrap();
    let check = found.checks.iter().find(|check| check.what == "queue").unwrap();
    assert!(check.verdict == Verdict::Bad && check.advice.is_some(), "{check:?}");
}

#[tokio::test]
async fn one_that_is_well_is_examined_and_keeps_its_messages() {
    let setup = Setup::asking("amazon", CONFIG, platform(0, Vec::new())).await;
    let found = setup.gateway.examine(&clerk(), "shop").await.unwrap();
    let of_queue = found.checks.iter().filter(|check| check.what.starts_with("queue"));
    let verdicts: Vec<_> = of_queue.map(|check| (check.what, check.verdict)).collect();
    assert_eq!(verdicts, ["queue", "queue, deleting"].map(|what| (what, Verdict::Good)));
    assert_eq!(setup.gateway.listen("shop").await.unwrap().taken, 2, "nothing was taken, and nothing hidden");
}

#[tokio::test]
async fn workers_that_wait_for_messages_stop_at_once() {
    let setup = Setup::asking("amazon", CONFIG, platform(0, Vec::new())).await;
    let workers = setup.gateway.start();
    let office = setup.office.as_ref().unwrap();
    let emptied = async {
        while office.queued() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), emptied).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), workers.stop()).await.unwrap();
}
