//! What China customs asks of a platform: the original data of the payment of an order, signed, and in time.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dragoman_engine::people::{Actor, Role};
use dragoman_engine::{EngineError, OrderIn, PaymentIn, View};
use dragoman_simulators::{Ask, Change, Options, Play};
use serde_json::{Value, json};

use crate::china::{Pair, RSA, SM2, import, signing};
use crate::setup::{Setup, clerk};

const KEY: &str = "a-long-secret-word";
const HOUR: i64 = 3600;

/// A gateway, and customs that knows its certificate and whose questions the test carries.
async fn setup(pair: Pair) -> Setup {
    let setup = signing(pair, Options { held: true, ..Options::default() }).await;
    tell(&setup, Change { trusts: vec![pair.1.to_owned()], ..Change::default() });
    setup
}

fn tell(setup: &Setup, change: Change) {
    setup.office.as_ref().unwrap().change(change).unwrap();
}

/// Takes an order in, and gives its stream.
async fn ordered(setup: &Setup, number: &str) -> String {
    let text = import(number, "58.00");
    let order = OrderIn { message: "auto", bytes: text.as_bytes(), ..OrderIn::default() };
    let taken = setup.gateway.receive_order(&clerk(), order).await.unwrap();
    taken.orders.first().unwrap().id.clone()
}

/// What the platform knows of a payment.
fn payment(number: &str) -> Value {
    json!({
        "type": "payment", "transaction": format!("PAY-{number}"), "order_ref": number,
        "payment_firm": { "ids": [{ "scheme": "cn-customs", "value": "4401960042" }], "name": "示例支付有限公司" },
        "paid_at": "2026-11-22T09:15:00+08:00", "method": "1",
        "extensions": { "cn_ceb": {
            "request": format!("<xml><out_trade_no>{number}</out_trade_no><memo>\"帆布包\"</memo></xml>"),
            "response": "<xml><result_code>SUCCESS</result_code></xml>",
        } },
    })
}

async fn paid(setup: &Setup, order: &str, message: &str, payment: &Value) {
    let bytes = payment.to_string();
    let payment = PaymentIn { message, bytes: bytes.as_bytes(), key: None };
    setup.gateway.receive_payment(&clerk(), order, payment).await.unwrap();
}

/// Customs asks, and the gateway is told: what it answers at once.
async fn asked(setup: &Setup, session: &str, number: &str) -> Value {
    let (session, order) = (session.to_owned(), number.to_owned());
    tell(
        setup,
        Change { asks: vec![Ask { url: "http://127.0.0.1:9".into(), order, session }], ..Change::default() },
    );
    let told = setup.office.as_ref().unwrap().told();
    let body = &told.last().unwrap().body;
    let receipt = setup.gateway.inquire("customs", "platDataOpen", KEY, body).await.unwrap();
    serde_json::from_str(&receipt).unwrap()
}

/// The only question, as it stands.
async fn question(setup: &Setup) -> View {
    setup.settle().await;
    let query =
        dragoman_store::Query { kind: Some("inquiry".into()), limit: 10, ..dragoman_store::Query::default() };
    let listed = setup.gateway.list(&clerk(), query).await.unwrap();
    assert_eq!(listed.data.len(), 1, "{:?}", listed.data);
    setup.view(&listed.data.first().unwrap().id).await
}

/// The answer as it was sent.
async fn answer(setup: &Setup, view: &View) -> Vec<u8> {
    let accepted = view.timeline.iter().rfind(|one| one.what == "accepted").unwrap();
    setup.gateway.message_bytes(&clerk(), &view.row.id, accepted.seq).await.unwrap().unwrap().bytes
}

fn whats(view: &View) -> Vec<&str> {
    view.timeline.iter().map(|one| one.what).collect()
}

fn codes(view: &View) -> Vec<&str> {
    view.lines.iter().flat_map(|line| &line.findings).map(|finding| &*finding.code).collect()
}

/// The text that is signed, put together by hand from the message as it went.
fn signed_text(message: &str, list: &str) -> String {
    let between = |from: &str, to: &str| {
        let (_, rest) = message.split_once(from).unwrap();
        rest.split_once(to).unwrap().0
    };
    let session = between("{\"sessionID\":\"", "\"");
    let head = between("\"payExchangeInfoHead\":", &format!(",\"{list}\":"));
    let lists = between(&format!(",\"{list}\":"), ",\"serviceTime\":");
    let time = between("\"serviceTime\":\"", "\"");
    format!(
        "\"sessionID\":\"{session}\"||\"payExchangeInfoHead\":\"{head}\"||\"{list}\":\"{lists}\"||\"serviceTime\":\"{time}\""
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_that_is_asked_for_is_disclosed_in_time_and_signed() {
    for pair in [SM2, RSA] {
        let setup = setup(pair).await;
        let order = ordered(&setup, "SO-1").await;
        paid(&setup, &order, "canonical", &payment("SO-1")).await;
        let receipt = asked(&setup, "S-1", "SO-1").await;
        assert_eq!((receipt["code"].as_str(), receipt["message"].as_str()), (Some("10000"), Some("")));
        assert_eq!(receipt["serviceTime"], 1_795_900_000_000_i64);
        setup.gateway.work().await.unwrap();
        let view = question(&setup).await;
        assert_eq!(view.row.state, "delivered", "{:?} {:?}", view.submissions, view.timeline);
        assert_eq!(whats(&view), ["inquired", "answerable", "accepted", "attempted", "delivered"]);
        assert_eq!((view.row.needs.clone(), codes(&view)), (None, vec![]));
        let received = setup.office.as_ref().unwrap().received();
        assert_eq!(received.iter().map(|one| one.lrn.as_str()).collect::<Vec<_>>(), ["S-1"]);
        let message: Value = serde_json::from_slice(&answer(&setup, &view).await).unwrap();
        let (head, list) = (&message["payExchangeInfoHead"], &message["payExchangeInfoLists"][0]);
        assert_eq!(
            (&head["payTransactionId"], &head["totalAmount"], &head["currency"]),
            (&json!("PAY-SO-1"), &json!(58.0), &json!("142"))
        );
        assert_eq!(
            (&head["ebpCode"], &head["payCode"], &head["verDept"]),
            (&json!("91110000000000042X"), &json!("4401960042"), &json!("3"))
        );
        assert_eq!(head["tradingTime"], "20261122091500");
        assert_eq!(
            list["goodsInfo"],
            json!([{ "gname": "帆布包", "itemLink": "https://shop.example.org/items/BAG-22" }])
        );
        assert_eq!((&list["orderNo"], &list["recpAccount"]), (&json!("SO-1"), &json!("ACCOUNT-42")));
        let shown = setup.view(&order).await;
        assert_eq!((shown.inquiries.len(), shown.inquiries[0].state.as_str()), (1, "delivered"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openssl_finds_what_is_disclosed_signed() {
    if Command::new("openssl").arg("version").output().is_err() {
        dragoman_samples::skip("openssl is not installed (Debian: openssl)");
        return;
    }
    let setup = setup(RSA).await;
    let order = ordered(&setup, "SO-1").await;
    paid(&setup, &order, "canonical", &payment("SO-1")).await;
    asked(&setup, "S-1", "SO-1").await;
    let view = question(&setup).await;
    let message = String::from_utf8(answer(&setup, &view).await).unwrap();
    let value: Value = serde_json::from_str(&message).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("certificate.pem", RSA.1.as_bytes());
    write("signature", &STANDARD.decode(value["signValue"].as_str().unwrap()).unwrap());
    write("text", signed_text(&message, "payExchangeInfoLists").as_bytes());
    let openssl = |arguments: &[&str]| {
        Command::new("openssl").args(arguments).current_dir(folder.path()).output().unwrap()
    };
    let public = openssl(&["x509", "-in", "certificate.pem", "-pubkey", "-noout"]);
    write("public.pem", &public.stdout);
    let verify = ["dgst", "-sha1", "-verify", "public.pem", "-signature", "signature", "text"];
    let verified = openssl(&verify);
    assert!(verified.status.success(), "{verified:?}");
    write("text", signed_text(&message, "payExchangeInfoLists").replace("SO-1", "SO-2").as_bytes());
    assert!(!openssl(&verify).status.success(), "another text is not what was signed");
}

/// A payment that was handed in as the message itself goes out by the name of its list, and with its own goods.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_goes_by_either_name() {
    let text = Setup::case("cn-ceb/cases/payment-data.in").replace("SO-2026-0042", "SO-1");
    for list in ["payExchangeInfoLists", "payExchangeInfoList"] {
        let setup = setup(RSA).await;
        let order = ordered(&setup, "SO-1").await;
        let text = text.replace("payExchangeInfoLists", list);
        paid(&setup, &order, "cn-ceb/payment-data", &serde_json::from_str(&text).unwrap()).await;
        asked(&setup, "S-1", "SO-1").await;
        setup.gateway.work().await.unwrap();
        let view = question(&setup).await;
        assert_eq!(view.row.state, "delivered", "{list}: {:?} {:?}", view.submissions, view.timeline);
        let message = String::from_utf8(answer(&setup, &view).await).unwrap();
        assert!(message.contains(&format!("\"{list}\":")) && message.contains("bag-22"), "{message}");
        assert!(message.contains("\"sessionID\":\"S-1\"") && !message.contains("bm90aGluZw"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_comes_again_is_answered_once() {
    let setup = setup(SM2).await;
    let order = ordered(&setup, "SO-1").await;
    paid(&setup, &order, "canonical", &payment("SO-1")).await;
    for _ in 0..3 {
        assert_eq!(asked(&setup, "S-1", "SO-1").await["code"], "10000");
        setup.gateway.work().await.unwrap();
    }
    let view = question(&setup).await;
    assert_eq!(whats(&view).iter().filter(|what| **what == "inquired").count(), 3, "each is in the journal");
    assert_eq!((view.submissions.len(), setup.office.as_ref().unwrap().received().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_is_not_known_is_said_and_answered_once_it_is() {
    let setup = setup(SM2).await;
    assert_eq!(asked(&setup, "S-1", "SO-1").await["code"], "10000", "who asks is told nothing of it");
    let view = question(&setup).await;
    assert_eq!((view.row.state.as_str(), view.row.needs.as_deref()), ("unanswered", Some("answer")));
    assert_eq!((codes(&view), view.row.title.as_str()), (vec!["DG-E0950"], "SO-1"));
    let order = ordered(&setup, "SO-1").await;
    setup.gateway.keep_times().await.unwrap();
    assert_eq!(codes(&question(&setup).await), ["DG-E0951"], "it has no payment");
    let mut half = payment("SO-1");
    half["extensions"] = json!({});
    paid(&setup, &order, "canonical", &half).await;
    setup.gateway.keep_times().await.unwrap();
    let view = question(&setup).await;
    assert!(
        !codes(&view).is_empty() && codes(&view).iter().all(|code| *code == "DG-E0952"),
        "{:?}",
        view.lines
    );
    let said = view.lines[0].findings.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join(" ");
    assert!(said.contains("initalRequest") && said.contains("initalResponse"), "{said}");
    paid(&setup, &order, "canonical", &payment("SO-1")).await;
    setup.gateway.keep_times().await.unwrap();
    setup.gateway.work().await.unwrap();
    assert_eq!(question(&setup).await.row.state, "delivered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_late_is_said_and_goes_out_when_a_person_wants_it() {
    let setup = setup(SM2).await;
    asked(&setup, "S-1", "SO-1").await;
    setup.pass(HOUR - 1);
    assert_eq!(setup.gateway.keep_times().await.unwrap(), 0, "there is time");
    setup.pass(2);
    setup.gateway.keep_times().await.unwrap();
    let view = question(&setup).await;
    assert_eq!(codes(&view), ["DG-E0950", "DG-E0953"]);
    assert_eq!((view.row.needs.as_deref(), view.row.deadline.is_some()), (Some("answer"), true));
    let order = ordered(&setup, "SO-1").await;
    paid(&setup, &order, "canonical", &payment("SO-1")).await;
    setup.gateway.keep_times().await.unwrap();
    assert_eq!(question(&setup).await.submissions.len(), 0, "the machine leaves it alone");
    setup.gateway.answer_inquiry(&clerk(), &view.row.id).await.unwrap();
    setup.gateway.work().await.unwrap();
    let view = question(&setup).await;
    assert_eq!((view.row.state.as_str(), view.row.needs.as_deref()), ("delivered", None));
    assert!(view.inquiries[0].overdue, "it was late all the same");
    let again = setup.gateway.answer_inquiry(&clerk(), &view.row.id).await;
    assert!(matches!(again, Err(EngineError::Conflict(_))));
}

/// What customs does not take for the moment is sent again, but not for longer than there is time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_is_tried_again_until_the_time_is_over() {
    let setup = setup(SM2).await;
    let order = ordered(&setup, "SO-1").await;
    paid(&setup, &order, "canonical", &payment("SO-1")).await;
    let play = |times| Play { behaviour: "fails".into(), times, ..Play::default() };
    tell(&setup, Change { plays: vec![play(Some(1))], ..Change::default() });
    asked(&setup, "S-1", "SO-1").await;
    setup.gateway.work().await.unwrap();
    let view = question(&setup).await;
    assert_eq!(view.row.state, "deferred", "{:?}", view.timeline);
    assert!(view.submissions[0].said.as_ref().unwrap().starts_with("20000"), "{:?}", view.submissions);
    setup.pass(60);
    setup.gateway.work().await.unwrap();
    assert_eq!(question(&setup).await.row.state, "delivered");

    let setup = self::setup(SM2).await;
    let order = ordered(&setup, "SO-1").await;
    paid(&setup, &order, "canonical", &payment("SO-1")).await;
    tell(&setup, Change { plays: vec![play(None)], ..Change::default() });
    asked(&setup, "S-1", "SO-1").await;
    for _ in 0..30 {
        setup.gateway.work().await.unwrap();
        setup.pass(180);
    }
    setup.gateway.keep_times().await.unwrap();
    let view = question(&setup).await;
    assert_eq!(
        (view.row.state.as_str(), view.row.needs.as_deref()),
        ("dead", Some("answer")),
        "{:?}",
        view.timeline
    );
    assert_eq!(codes(&view), ["DG-E0953"]);
    assert!(view.submissions[0].said.as_ref().unwrap().starts_with("the time for it is over"));
    let last = view.timeline.iter().rfind(|one| one.what == "attempted").unwrap();
    assert!(last.at < view.inquiries[0].until, "nothing is sent behind the time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_customs_refuses_is_a_persons_and_can_be_answered_anew() {
    let setup = setup(SM2).await;
    let order = ordered(&setup, "SO-1").await;
    paid(&setup, &order, "canonical", &payment("SO-1")).await;
    let play = Play { behaviour: "finds fault".into(), times: Some(1), ..Play::default() };
    tell(&setup, Change { plays: vec![play], ..Change::default() });
    asked(&setup, "S-1", "SO-1").await;
    setup.gateway.work().await.unwrap();
    let view = question(&setup).await;
    assert_eq!(
        (view.row.state.as_str(), view.row.needs.as_deref()),
        ("refused", Some("answer")),
        "{:?}",
        view.timeline
    );
    assert!(view.submissions[0].said.as_ref().unwrap().starts_with("20003"), "{:?}", view.submissions);
    setup.gateway.answer_inquiry(&clerk(), &view.row.id).await.unwrap();
    setup.gateway.work().await.unwrap();
    let view = question(&setup).await;
    assert_eq!(
        (view.row.state.as_str(), view.row.needs.as_deref()),
        ("delivered", None),
        "{:?}",
        view.timeline
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_may_sees_whose_payment_it_is() {
    let setup = setup(SM2).await;
    let order = ordered(&setup, "SO-1").await;
    paid(&setup, &order, "canonical", &payment("SO-1")).await;
    asked(&setup, "S-1", "SO-1").await;
    setup.gateway.work().await.unwrap();
    let view = question(&setup).await;
    let text = |view: &View| serde_json::to_string(view).unwrap();
    assert!(text(&view).contains("PAY-SO-1") && text(&view).contains("out_trade_no"));
    let viewer = Actor::person("main", "vera", Role::Viewer);
    let masked = setup.gateway.exchange(&viewer, &view.row.id).await.unwrap().unwrap();
    for withheld in ["PAY-SO-1", "out_trade_no", "王小明", "ACCOUNT-42"] {
        assert!(!text(&masked).contains(withheld), "{withheld}: {}", text(&masked));
    }
    assert!(text(&masked).contains("SO-1"), "the order is no secret");
    let document = setup.gateway.document(&viewer, &view.row.id).await;
    assert!(matches!(document, Err(EngineError::Forbidden(_))));
    let accepted = view.timeline.iter().find(|one| one.what == "accepted").unwrap();
    let bytes = setup.gateway.message_bytes(&viewer, &view.row.id, accepted.seq).await;
    assert!(matches!(bytes, Err(EngineError::Forbidden(_))));
    let said = view.timeline.iter().find(|one| one.what == "delivered").unwrap();
    let said = setup.gateway.message_bytes(&clerk(), &view.row.id, said.seq).await.unwrap().unwrap();
    assert!(String::from_utf8(said.bytes).unwrap().contains("10000"), "what customs said is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_asks_nothing_and_a_broken_question_is_seen() {
    let setup = setup(SM2).await;
    let ask = |key: &'static str, name: &'static str, body: &'static str| {
        let gateway = setup.gateway.clone();
        async move { gateway.inquire("customs", name, key, body.as_bytes()).await }
    };
    let good = "openReq=%7B%22orderNo%22%3A%22SO-1%22%2C%22sessionID%22%3A%22S-1%22%7D";
    assert!(matches!(
        ask("another-secret-word", "platDataOpen", good).await,
        Err(EngineError::NotBelieved(_))
    ));
    assert!(matches!(ask(KEY, "anything", good).await, Err(EngineError::Unknown { .. })));
    let refused = ask(KEY, "platDataOpen", "openReq=%7B%22orderNo%22%3A%22SO-1%22%7D").await.unwrap();
    assert!(refused.contains("20000") && refused.contains("no id"), "{refused}");
    let view = question(&setup).await;
    assert_eq!((view.row.needs.as_deref(), codes(&view)), (Some("answer"), vec!["DG-E0952"]));
    setup.gateway.give_up(&clerk(), &view.row.id, "nobody's question").await.unwrap();
    assert_eq!(question(&setup).await.row.needs, None);
}
