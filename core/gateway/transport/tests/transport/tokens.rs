//! Access tokens: one question for many, kept before they are used, gone when they are refused.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dragoman_channel::{Outcome, Standing};
use dragoman_exchange::ErrorClass;
use dragoman_transport::{Cause, Failure, TokenFailure, TokenKeeper};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::setup::{Memory, REFRESH, Side, now};

/// How long its access tokens hold.
const HOLDS: i64 = 100;

/// A counterpart whose refresh tokens are good once, and what it saw.
#[derive(Clone, Default)]
struct Rotating(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    /// How many tokens it gave; the last of them is the one that is good.
    given: u32,
    asked: Vec<String>,
    /// How often it was asked with one that was good once.
    spent: u32,
    /// Access tokens that came with a submission, in order.
    shown: Vec<String>,
    /// It takes none of its access tokens.
    refuses: bool,
    /// It has trouble of its own.
    is_down: bool,
}

impl Rotating {
    async fn serve(&self) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(path("/token")).respond_with(self.clone()).mount(&server).await;
        Mock::given(path("/submit")).respond_with(self.clone()).mount(&server).await;
        server
    }

    fn seen<R>(&self, look: impl FnOnce(&mut Seen) -> R) -> R {
        look(&mut self.0.lock().unwrap())
    }
}

impl Respond for Rotating {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut seen = self.0.lock().unwrap();
        if request.url.path() == "/submit" {
            let shown = request.headers["authorization"].to_str().unwrap().to_owned();
            let is_good = shown == format!("Bearer a{}", seen.given) && !seen.refuses;
            seen.shown.push(shown);
            return ResponseTemplate::new(if is_good { 202 } else { 401 });
        }
        let body = String::from_utf8(request.body.clone()).unwrap();
        let refresh =
            body.split('&').find_map(|pair| pair.strip_prefix("refresh_token=")).unwrap().to_owned();
        let good = if seen.given == 0 { "first".to_owned() } else { format!("r{}", seen.given) };
        seen.asked.push(refresh.clone());
        if seen.is_down {
            return ResponseTemplate::new(503).set_delay(Duration::from_millis(20));
        }
        if refresh != good {
            seen.spent += 1;
            let gone = json!({ "error": "invalid_grant", "error_description": "it was used" });
            return ResponseTemplate::new(400).set_body_json(gone);
        }
        seen.given += 1;
        let (access, refresh) = (format!("a{}", seen.given), format!("r{}", seen.given));
        let given = json!({ "access_token": access, "refresh_token": refresh, "expires_in": HOLDS });
        ResponseTemplate::new(200).set_body_json(given).set_delay(Duration::from_millis(20))
    }
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

async fn fifty(side: &Side, now: Timestamp) -> Vec<Result<u16, Failure>> {
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let side = side.clone();
            tokio::spawn(async move { side.send("submit", now).await.map(|reply| reply.answer.status) })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_who_need_a_token_ask_for_one() {
    let counterpart = Rotating::default();
    let server = counterpart.serve().await;
    let side = Side::new(REFRESH, &server.uri(), Arc::new(Memory::default()));
    assert!(fifty(&side, now()).await.iter().all(|result| *result == Ok(202)));
    assert_eq!(counterpart.seen(|seen| seen.asked.clone()), ["first"]);
    // At four fifths of its life it is refreshed, once for all of them.
    assert!(fifty(&side, later(79)).await.iter().all(|result| *result == Ok(202)));
    assert_eq!(counterpart.seen(|seen| seen.asked.len()), 1);
    assert!(fifty(&side, later(80)).await.iter().all(|result| *result == Ok(202)));
    assert_eq!(counterpart.seen(|seen| seen.asked.clone()), ["first", "r1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_are_told_of_one_failure() {
    let counterpart = Rotating::default();
    counterpart.seen(|seen| seen.is_down = true);
    let server = counterpart.serve().await;
    let side = Side::new(REFRESH, &server.uri(), Arc::new(Memory::default()));
    let results = fifty(&side, now()).await;
    let not_given = |result: &Result<u16, Failure>| {
        matches!(result, Err(Failure::NotSent(Cause::Token(TokenFailure::NotGiven(_)))))
    };
    assert!(results.iter().all(not_given), "{results:?}");
    assert_eq!(counterpart.seen(|seen| seen.asked.len()), 1);
}

#[tokio::test]
async fn a_token_that_holds_is_used_when_no_newer_one_is_to_be_had() {
    let counterpart = Rotating::default();
    let server = counterpart.serve().await;
    let side = Side::new(REFRESH, &server.uri(), Arc::new(Memory::default()));
    side.send("submit", now()).await.unwrap();
    counterpart.seen(|seen| seen.is_down = true);
    assert_eq!(side.send("submit", later(90)).await.unwrap().answer.status, 202);
    assert!(side.send("submit", later(100)).await.is_err(), "it has ended");
}

#[tokio::test]
async fn a_token_is_kept_before_it_is_used() {
    let counterpart = Rotating::default();
    let server = counterpart.serve().await;
    let keeper = Arc::new(Memory::default());
    keeper.is_full.store(true, Ordering::SeqCst);
    let side = Side::new(REFRESH, &server.uri(), keeper.clone());
    let failure = side.send("submit", now()).await.unwrap_err();
    assert_eq!(failure.to_string(), "not sent: the token cannot be kept: the disk is full");
    assert_eq!(counterpart.seen(|seen| (seen.asked.len(), seen.shown.len())), (1, 0));
    // It was not forgotten meanwhile: what was given in exchange for a token that is used up is worth keeping.
    keeper.is_full.store(false, Ordering::SeqCst);
    assert_eq!(side.send("submit", now()).await.unwrap().answer.status, 202);
    assert_eq!(counterpart.seen(|seen| seen.asked.clone()), ["first"]);
    // The process ends before it uses the token: the next one has it.
    let next = Side::new(REFRESH, &server.uri(), keeper);
    assert_eq!(next.send("submit", later(1)).await.unwrap().answer.status, 202);
    assert_eq!(next.send("submit", later(HOLDS)).await.unwrap().answer.status, 202);
    assert_eq!(counterpart.seen(|seen| seen.asked.clone()), ["first", "r1"]);
}

#[tokio::test]
async fn who_goes_away_does_not_take_the_token_along() {
    let counterpart = Rotating::default();
    let server = counterpart.serve().await;
    let keeper = Arc::new(Memory::default());
    let side = Side::new(REFRESH, &server.uri(), keeper.clone());
    let impatient = tokio::time::timeout(Duration::from_millis(10), side.send("submit", now())).await;
    assert!(impatient.is_err());
    assert_eq!(side.send("submit", now()).await.unwrap().answer.status, 202);
    assert_eq!(counterpart.seen(|seen| seen.asked.clone()), ["first"]);
    assert_eq!(keeper.kept.lock().unwrap().as_ref().unwrap().token.refresh.as_deref(), Some("r1"));
}

#[tokio::test]
async fn a_refused_token_is_refreshed_once_and_then_a_person_is_needed() {
    let counterpart = Rotating::default();
    let server = counterpart.serve().await;
    let side = Side::new(REFRESH, &server.uri(), Arc::new(Memory::default()));
    side.send("submit", now()).await.unwrap();
    counterpart.seen(|seen| seen.refuses = true);
    let class = |outcome: &Outcome| match outcome {
        Outcome::Failed(failure) => failure.class,
        other => panic!("{other:?}"),
    };
    let reply = side.send("submit", now()).await.unwrap();
    assert_eq!((reply.answer.status, class(&reply.outcome)), (401, ErrorClass::AuthExpired));
    let reply = side.send("submit", now()).await.unwrap();
    assert_eq!(class(&reply.outcome), ErrorClass::AuthRevoked, "it was given just now");
    assert_eq!(counterpart.seen(|seen| seen.shown.clone()), ["Bearer a1", "Bearer a1", "Bearer a2"]);
    counterpart.seen(|seen| seen.refuses = false);
    assert_eq!(side.send("submit", now()).await.unwrap().answer.status, 202, "it is back");
}

#[tokio::test]
async fn a_lapsed_standing_is_not_asked_for_again_until_somebody_acts() {
    let counterpart = Rotating::default();
    let server = counterpart.serve().await;
    let keeper = Arc::new(Memory::default());
    let side = Side::new(REFRESH, &server.uri(), keeper.clone());
    side.send("submit", now()).await.unwrap();
    counterpart.seen(|seen| seen.given = 7);
    let said = TokenFailure::NeedsPerson(Some("it was used".into()));
    let lapsed = Err(Failure::NotSent(Cause::Token(said.clone())));
    assert_eq!(said.class(), ErrorClass::AuthRevoked);
    assert_eq!(side.send("submit", later(HOLDS)).await, lapsed);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(side.send("submit", later(HOLDS)).await, lapsed);
    let restarted = Side::new(REFRESH, &server.uri(), keeper.clone());
    assert_eq!(restarted.send("submit", later(HOLDS)).await, lapsed);
    assert_eq!(counterpart.seen(|seen| seen.asked.clone()), ["first", "r1"]);
    // Another refresh token in the configuration is a new beginning.
    let mut renewed = Side::new(REFRESH, &server.uri(), keeper);
    renewed.values.set("account.refresh_token", "r7");
    let reply = renewed.send("submit", later(HOLDS)).await.unwrap();
    assert_eq!(reply.answer.status, 202);
}

#[tokio::test]
async fn a_refused_application_is_no_lapsed_standing() {
    let server = MockServer::start().await;
    let wrong = json!({ "error": "invalid_client" });
    Mock::given(path("/token"))
        .respond_with(ResponseTemplate::new(401).set_body_json(wrong))
        .mount(&server)
        .await;
    let side = Side::new(REFRESH, &server.uri(), Arc::new(Memory::default()));
    let failure = side.send("submit", now()).await.unwrap_err();
    assert_eq!(failure, Failure::NotSent(Cause::Token(TokenFailure::Refused("invalid_client".into()))));
    assert!(!format!("{failure:?}{failure}").contains("s3cret"));
}

#[tokio::test]
async fn the_application_and_nobody_show_what_is_theirs() {
    let server = MockServer::start().await;
    let given = json!({ "access_token": "own", "expires_in": HOLDS });
    Mock::given(path("/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(given))
        .mount(&server)
        .await;
    Mock::given(path("/list")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    Mock::given(path("/other")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let keeper = Arc::new(Memory::default());
    let side = Side::new(REFRESH, &server.uri(), keeper.clone());
    let list = side.channel.operation("list").unwrap();
    assert_eq!(side.channel.request(list, &side.values, None).unwrap().standing, Standing::Application);
    side.send("list", now()).await.unwrap();
    side.send("list", now()).await.unwrap();
    side.send("other", now()).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let shown =
        |at: usize| requests[at].headers.get("authorization").map(|shown| shown.to_str().unwrap().to_owned());
    let paths: Vec<_> = requests.iter().map(|request| request.url.path()).collect();
    assert_eq!(paths, ["/token", "/list", "/list", "/other"]);
    assert!(String::from_utf8_lossy(&requests[0].body).contains("grant_type=client_credentials"));
    assert_eq!([shown(1), shown(2), shown(3)], [Some("Bearer own".into()), Some("Bearer own".into()), None]);
    assert!(keeper.kept.lock().unwrap().is_none(), "it can be had again at any time");
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Sends,
    GoesAway,
    Passes,
    Fills,
    Empties,
    Restarts,
    Breaks,
    Mends,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Sends),
        1 => Just(Step::GoesAway),
        3 => Just(Step::Passes),
        1 => Just(Step::Fills),
        1 => Just(Step::Empties),
        1 => Just(Step::Restarts),
        1 => Just(Step::Breaks),
        1 => Just(Step::Mends),
    ];
    proptest::collection::vec(step, 1..25)
}

async fn run(steps: &[Step]) {
    let counterpart = Rotating::default();
    let server = counterpart.serve().await;
    let keeper = Arc::new(Memory::default());
    let mut side = Side::new(REFRESH, &server.uri(), keeper.clone());
    let mut time = now();
    for step in steps {
        match step {
            Step::Sends => {
                let _ = side.send("submit", time).await;
            }
            Step::GoesAway => {
                let _ = tokio::time::timeout(Duration::from_millis(5), side.send("submit", time)).await;
            }
            Step::Passes => time += SignedDuration::from_secs(HOLDS * 9 / 10),
            Step::Fills => keeper.is_full.store(true, Ordering::SeqCst),
            Step::Empties => keeper.is_full.store(false, Ordering::SeqCst),
            // A process that ends while the disk is full takes along what it could not keep: no law helps there.
            Step::Restarts if !keeper.is_full.load(Ordering::SeqCst) => {
                let _ = side.send("submit", time).await;
                side = Side::new(REFRESH, &server.uri(), keeper.clone());
            }
            Step::Restarts => {}
            Step::Breaks => counterpart.seen(|seen| seen.is_down = true),
            Step::Mends => counterpart.seen(|seen| seen.is_down = false),
        }
        let kept = keeper.load("acme").await.unwrap();
        counterpart.seen(|seen| {
            let shown: HashSet<_> = seen.shown.iter().cloned().collect();
            let kept = kept.map_or(0, |kept| kept.token.access[1..].parse::<u32>().unwrap());
            let newest = shown.iter().map(|shown| shown["Bearer a".len()..].parse::<u32>().unwrap()).max();
            assert!(newest <= Some(kept), "{newest:?} was used and {kept} is kept");
            assert!(kept >= seen.given.saturating_sub(1), "{kept} of {} was lost", seen.given);
        });
    }
    counterpart.seen(|seen| assert_eq!(seen.spent, 0, "a token was used twice: {:?}", seen.asked));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 50, ..ProptestConfig::default() })]
    #[test]
    fn no_refresh_token_is_lost_or_used_twice(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(&steps));
    }
}
