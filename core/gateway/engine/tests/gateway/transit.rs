//! Transit: a declaration that is made from orders, rejected by an `XPath` in words and shown on the order line; an arrival
//! that is a movement of its own; and the phase that an account speaks on a day.

use std::time::Duration;

use dragoman_adapters::Data;
use dragoman_engine::{
    Correction, DeclarationIn, EngineError, Goal, MessageIn, OrderIn, TakenDeclaration, View,
};
use dragoman_simulators::{Options, Play};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::setup::{Setup, clerk};

const CONFIG: &str = r#"
[[account]]
adapter = "eu-ncts"
name = "customs"
profile = "adapters/eu-ncts/demo/seller.toml"
base_url = "OFFICE"
limits = false
client_id = "id"
client_secret = "secret"
api_version = "3.0"

[[flow]]
name = "transit"
to = "customs"
consignment = "adapters/eu-ncts/demo/consignment.toml"
rates = "adapters/eu-ncts/demo/rates.csv"
master = "adapters/eu-ncts/demo/master.csv"
"#;

/// The MRN of the cases.
const MRN: &str = "26GB1234567890ABK5";

async fn setup(config: &str) -> Setup {
    let options = Options { faster: 100, limits: false, ..Options::default() };
    Setup::asking("eu-ncts", config, options).await
}

/// Declares an order of the demonstration, and sends it.
async fn declared(setup: &Setup, order: &str) -> TakenDeclaration {
    let taken = queued(setup, order).await;
    setup.gateway.work().await.unwrap();
    taken
}

/// Declares an order of the demonstration.
async fn queued(setup: &Setup, order: &str) -> TakenDeclaration {
    let data = Data::embedded();
    let order = data.get(&format!("adapters/eu-ncts/demo/orders/{order}.json")).unwrap();
    let goal = Goal { flow: Some("transit".into()), ..Goal::default() };
    let order = OrderIn { message: "auto", bytes: order.as_bytes(), goal: Some(&goal), ..OrderIn::default() };
    let taken = setup.gateway.receive_order(&clerk(), order).await.unwrap();
    taken.declarations.into_iter().next().unwrap()
}

/// Fetches answers until an exchange looks so.
async fn until(setup: &Setup, id: &str, looks: impl Fn(&View) -> bool) -> View {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        setup.gateway.pull("customs", false).await.unwrap();
        let view = setup.view(id).await;
        if looks(&view) {
            return view;
        }
        assert!(tokio::time::Instant::now() < deadline, "{}: {:?}", view.row.status, view.submissions);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Hands the arrival of the case in, about a movement of that number, and sends it.
async fn arrived(setup: &Setup, mrn: &str) -> TakenDeclaration {
    let text = Setup::case("eu-ncts/cases/CC007C.in").replace(MRN, mrn);
    let handed = DeclarationIn {
        account: "customs",
        message: "auto",
        bytes: text.as_bytes(),
        ..DeclarationIn::default()
    };
    let taken = setup.gateway.submit(&clerk(), handed).await.unwrap();
    setup.gateway.work().await.unwrap();
    taken.declarations.into_iter().next().unwrap()
}

/// Hands an arrival in whose message is longer than what is posted, sends it, and gives its id.
async fn arrived_at_length(setup: &Setup, mrn: &str) -> String {
    let padded = format!("<!--{}--></ncts:CC007C>", "x".repeat(5_000_000));
    let text = Setup::case("eu-ncts/cases/CC007C.in").replace(MRN, mrn).replace("</ncts:CC007C>", &padded);
    let handed = DeclarationIn {
        account: "customs",
        message: "auto",
        bytes: text.as_bytes(),
        ..DeclarationIn::default()
    };
    let arrival = setup.gateway.submit(&clerk(), handed).await.unwrap().declarations.remove(0).id;
    assert_eq!(setup.gateway.work().await.unwrap(), 1);
    arrival
}

/// The message of a submission.
async fn body(setup: &Setup, taken: &TakenDeclaration) -> String {
    let submission = taken.submission.as_deref().unwrap();
    String::from_utf8(setup.store.job("main", submission).await.unwrap().unwrap().body).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_transit_declaration_comes_back_to_the_order_line() {
    let setup = setup(CONFIG).await;
    let id = declared(&setup, "phones").await.id;
    let view = until(&setup, &id, |view| view.row.status == "rejected").await;
    let pointed = view.lines.iter().find(|line| !line.rejections.is_empty()).unwrap();
    assert_eq!((pointed.order.as_deref(), pointed.line.as_deref()), (Some("S-2002"), Some("2")));
    let rejected = &pointed.rejections[0];
    assert_eq!(rejected.confidence, Some("exact"));
    assert_eq!(rejected.causes[0].by, "order");
    assert_eq!(
        rejected.finding.path.as_deref(),
        Some("goods_items[sequence=2].commodity.codes[type=TSP].code")
    );
    // What was fetched once is not fetched again.
    assert_eq!(setup.gateway.pull("customs", false).await.unwrap(), 0);
}

/// The goods of a declaration arrive: who receives them tells the office, is allowed to unload, says what was found, and has
/// them released, all in a movement of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_arrival_is_a_movement_of_its_own() {
    let setup = setup(CONFIG).await;
    let departure = declared(&setup, "bags").await.id;
    let departed = until(&setup, &departure, |view| view.row.status == "released").await;
    let mrn = departed.row.mrn.unwrap();
    let arrival = arrived(&setup, &mrn).await;
    assert_eq!(arrival.lrn.as_deref(), Some("TRANSIT20261122001"), "the message is known by its id");
    let remarks = Setup::case("eu-ncts/cases/CC044C.in").replace(MRN, &mrn).replace("22001<", "22002<");
    let remarks = MessageIn { message: "auto", bytes: remarks.as_bytes(), key: Some("a") };
    let (gateway, by) = (&setup.gateway, clerk());
    let stranger = gateway.send_message(&by, &departure, remarks).await.unwrap_err();
    assert!(matches!(stranger, EngineError::Refused { .. }), "it follows an arrival alone: {stranger}");
    let view = until(&setup, &arrival.id, |view| view.row.status == "accepted").await;
    assert_eq!((view.row.mrn.as_deref(), view.submissions.len()), (Some(&*mrn), 1));
    let taken = gateway.send_message(&by, &arrival.id, remarks).await.unwrap();
    assert_eq!(taken.declarations[0].lrn.as_deref(), Some("TRANSIT20261122002"));
    assert!(gateway.send_message(&by, &arrival.id, remarks).await.unwrap().repeated, "under its key once");
    gateway.work().await.unwrap();
    let view = until(&setup, &arrival.id, |view| view.row.status == "released").await;
    assert_eq!((view.submissions[1].purpose, view.submissions[1].state), ("arrival", "delivered"));
    assert_eq!(setup.view(&departure).await.submissions.len(), 1, "the declaration is as it was");
    assert_eq!(gateway.pull("customs", false).await.unwrap(), 0);
}

/// A movement that nobody knows: the office of destination points at its number, and it is corrected and sent again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_arrival_is_pointed_at_and_corrected() {
    let setup = setup(CONFIG).await;
    let departure = declared(&setup, "bags").await.id;
    let departed = until(&setup, &departure, |view| view.row.status == "released").await;
    let arrival = arrived(&setup, MRN).await;
    let view = until(&setup, &arrival.id, |view| view.row.status == "rejected").await;
    assert_eq!(view.row.needs.as_deref(), Some("correct"));
    let rejected: Vec<_> = view.lines.iter().flat_map(|line| &line.rejections).collect();
    assert_eq!(rejected[0].finding.path.as_deref(), Some("mrn"));
    let correction = Correction { path: "mrn".into(), new: departed.row.mrn, ..Correction::default() };
    setup.gateway.correct(&clerk(), &arrival.id, view.revision, &[correction]).await.unwrap();
    let revision = setup.view(&arrival.id).await.revision;
    let again = setup.gateway.resubmit(&clerk(), &arrival.id, revision).await.unwrap().declarations.remove(0);
    assert!(again.lrn != arrival.lrn && body(&setup, &again).await.contains(&again.lrn.clone().unwrap()));
    setup.gateway.work().await.unwrap();
    until(&setup, &arrival.id, |view| view.row.status == "accepted").await;
}

/// The office is spoken with in phase 5 until the day that the account names, and in phase 6 from then on; what was begun
/// before goes on as it began.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_phase_is_that_of_the_day() {
    let dated = "api_version = \"2.1\"\nfrom.2026-11-29.api_version = \"3.0\"";
    let setup = setup(&CONFIG.replace("api_version = \"3.0\"", dated)).await;
    let before = queued(&setup, "bags").await;
    assert!(body(&setup, &before).await.contains("PhaseID=\"NCTS5.0\""));
    setup.gateway.work().await.unwrap();
    until(&setup, &before.id, |view| view.row.status == "released").await;
    setup.pass(86_400);
    let after = queued(&setup, "phones").await;
    assert!(body(&setup, &after).await.contains("PhaseID=\"NCTS6\""));
    setup.gateway.work().await.unwrap();
    until(&setup, &after.id, |view| view.row.status == "rejected").await;
    let correction = Correction {
        path: "goods_items[sequence=1].description".into(),
        new: Some("other goods".into()),
        ..Correction::default()
    };
    let request = dragoman_engine::Request::default();
    let amended = setup.gateway.amend(&clerk(), &before.id, &[correction], &request).await.unwrap();
    assert!(body(&setup, &amended.declarations[0]).await.contains("PhaseID=\"NCTS5.0\""));
    setup.gateway.work().await.unwrap();
    let view = until(&setup, &before.id, |view| !view.flags.contains(&"amend_pending")).await;
    assert!(view.submissions.iter().all(|one| one.state == "delivered"), "{:?}", view.submissions);
}

/// A message above 5 MB is not posted: it goes to a form that the service gives, once, and is answered as any other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_message_goes_to_a_form_of_its_own() {
    let setup = setup(CONFIG).await;
    let departure = declared(&setup, "bags").await.id;
    let departed = until(&setup, &departure, |view| view.row.status == "released").await;
    let arrival = arrived_at_length(&setup, &departed.row.mrn.unwrap()).await;
    let view = until(&setup, &arrival, |view| view.row.status == "accepted").await;
    assert_eq!((view.submissions[0].state, view.submissions[0].attempts), ("delivered", 1));
    let asked = setup.office.as_ref().unwrap().requests();
    assert_eq!(asked.iter().filter(|one| one.route == "notify_arrival").count(), 1);
    assert!(asked.iter().any(|one| one.route == "upload_large" && one.taken));
}

/// What could not be read is told by the service alone, as the state of the message; the office never hears of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_message_that_cannot_be_read_is_rejected() {
    let spoiled = [Play::times("spoiled file", 1)];
    let options = Options { faster: 100, limits: false, ..Options::playing(spoiled) };
    let setup = Setup::asking("eu-ncts", CONFIG, options).await;
    let arrival = arrived_at_length(&setup, MRN).await;
    let view = until(&setup, &arrival, |view| view.row.status == "rejected").await;
    assert_eq!((view.submissions[0].state, view.row.needs.as_deref()), ("delivered", Some("correct")));
    assert_eq!(setup.gateway.pull("customs", false).await.unwrap(), 0, "it is told once");
}

/// What is pushed is a word about a message: it is believed by its signature, and the message comes with it or is fetched.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_about_messages_are_heard() {
    let secret = "client_secret = \"secret\"\npush_secret = \"box\"";
    let setup = setup(&CONFIG.replace("client_secret = \"secret\"", secret)).await;
    let gateway = &setup.gateway;
    let challenge = |name: &str| (name == "challenge").then(|| "c-1".to_owned());
    let answer = gateway.challenged("customs", challenge).unwrap();
    assert_eq!(answer, Some(("challenge".to_owned(), "c-1".to_owned())));
    assert_eq!(gateway.challenged("customs", |_| None).unwrap(), None);
    let departure = declared(&setup, "bags").await.id;
    let requests = setup.office.as_ref().unwrap().requests();
    let conversation = &requests.iter().find(|one| one.taken).unwrap().conversation;
    let word = |kind: &str, more: &str| {
        let uri = format!("/customs/transits/movements/departures/{conversation}/messages/m-1");
        let word = format!(r#"{{"messageUri":"{uri}","notificationType":"{kind}"{more}}}"#);
        serde_json::json!({ "notificationId": "n", "message": word }).to_string()
    };
    let told = async |text: &str, key: &str| {
        let signed = vec![("x-hub-signature".to_owned(), signature(key, text))];
        gateway.notify("customs", &signed, text.as_bytes()).await
    };
    let failed =
        word("SUBMISSION_NOTIFICATION", r#","response":{"code":"CONFLICT","message":"the LRN was used"}"#);
    let forged = told(&failed, "another").await;
    assert!(matches!(forged, Err(EngineError::NotBelieved(_))));
    let fetched = told(&word("MESSAGE_RECEIVED", ""), "box").await;
    assert!(matches!(fetched, Err(EngineError::NotGiven { .. })), "the office has no such message");
    for _ in 0..2 {
        assert_eq!(told(&failed, "box").await.unwrap(), 200);
    }
    let view = setup.view(&departure).await;
    assert_eq!(view.row.status, "rejected");
    assert_eq!(view.timeline.iter().filter(|one| one.what == "responded").count(), 1);
}

/// The HMAC-SHA1 of a text, in hexadecimal.
fn signature(key: &str, text: &str) -> String {
    let mac = <Hmac<Sha1> as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
    let code = mac.chain_update(text).finalize().into_bytes();
    code.iter().map(|byte| format!("{byte:02x}")).collect()
}
