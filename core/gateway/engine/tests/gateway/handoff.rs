//! Parcels that somebody else files: handed over by people, and what the filer reports comes back onto the order.

use dragoman_engine::{AnswerTaken, EngineError, Goal, OrderIn};
use dragoman_store::Query;

use crate::setup::{Setup, clerk};

const BROKER: &str = r#"
[[account]]
adapter = "handoff"
name = "broker"
profile = "adapters/gb-cds/demo/seller.toml"
push_token = "Bearer reports"

[[flow]]
name = "broker"
to = "broker"
consignment = "consignment.toml"
lrn = "HO"
"#;

const HEAD: &str = "parcel,mrn,status,at,duty,duty_currency,tax,tax_currency,fee,fee_currency,reason,note\n";

/// A gateway whose order is handed over: the ids of order and declaration, and its reference.
async fn handed_over() -> (Setup, String, String, String) {
    let setup = Setup::new(BROKER).await;
    setup.gateway.import_master(&clerk(), &Setup::demo("master.csv")).await.unwrap();
    let goal = Goal { account: Some("broker".to_owned()), ..Goal::default() };
    let bytes = Setup::demo("orders/amazon.json");
    let order =
        OrderIn { message: "amazon/order", bytes: bytes.as_bytes(), goal: Some(&goal), ..OrderIn::default() };
    let taken = setup.gateway.receive_order(&clerk(), order).await.unwrap();
    let declared = taken.declarations.first().unwrap().clone();
    setup.gateway.work().await.unwrap();
    (setup, taken.orders.first().unwrap().id.clone(), declared.id, declared.lrn.unwrap())
}

async fn take(setup: &Setup, text: &str) -> Vec<AnswerTaken> {
    setup.gateway.take_answers(&clerk(), "broker", text.as_bytes()).await.unwrap()
}

#[tokio::test]
async fn what_people_hand_over_counts_as_delivered() {
    let (setup, _, declaration, _) = handed_over().await;
    let view = setup.view(&declaration).await;
    assert_eq!((view.row.state.as_str(), view.row.status.as_str()), ("delivered", "received"));
    assert_eq!(view.row.needs, None);
}

/// Number, status and duty of a table are on the order, whatever else the table reports.
#[tokio::test]
async fn a_table_of_the_filer_comes_back_onto_the_order() {
    let (setup, order, declaration, lrn) = handed_over().await;
    let accepted = format!("{lrn},26DE000000000000A1,accepted,2026-12-01T08:00:00Z,,,,,,,,\n");
    let released = format!("{lrn},26DE000000000000A1,released,2026-12-02T08:00:00Z,6.00,EUR,9.50,EUR,,,,\n");
    let other = "HO-OTHER,26DE000000000000B2,released,2026-12-02T08:00:00Z,3.00,EUR,,,,,,\n";
    let first = take(&setup, &format!("{HEAD}{accepted}")).await;
    assert_eq!(
        (first[0].id.as_str(), first[0].parked, first[0].repeated),
        (declaration.as_str(), false, false)
    );
    // The filer's table grows: what was taken in before changes nothing.
    let all = take(&setup, &format!("{HEAD}{accepted}{released}{other}")).await;
    let flags: Vec<_> = all.iter().map(|one| (one.parked, one.repeated)).collect();
    assert_eq!(flags, [(false, true), (false, false), (true, false)]);
    let view = setup.view(&order).await;
    let outcome = &view.outcomes[0];
    assert_eq!((outcome.mrn.as_deref(), outcome.status.as_str()), (Some("26DE000000000000A1"), "released"));
    let duties: Vec<_> = outcome.duties.iter().map(|one| (one.kind.as_str(), one.amount.as_str())).collect();
    assert_eq!(duties, [("duty", "6.00"), ("tax", "9.50")]);
    let told = setup.view(&declaration).await;
    assert_eq!(told.outcomes, view.outcomes);
    assert_eq!(told.timeline.iter().filter(|one| one.what == "responded").count(), 2);
    setup.settle().await;
    let parked = Query { kind: Some("parked".into()), limit: 10, ..Query::default() };
    assert_eq!(setup.gateway.list(&clerk(), parked).await.unwrap().data.len(), 1);
}

/// A rejection waits for somebody to correct it, with the filer's reason.
#[tokio::test]
async fn a_rejection_of_the_filer_is_to_be_corrected() {
    let (setup, _, declaration, lrn) = handed_over().await;
    take(&setup, &format!("{HEAD}{lrn},,rejected,2026-12-01T08:00:00Z,,,,,,,no such street,\n")).await;
    let view = setup.view(&declaration).await;
    assert_eq!((view.row.status.as_str(), view.row.needs.as_deref()), ("rejected", Some("correct")));
    let told = serde_json::to_string(&view.lines).unwrap();
    assert!(told.contains("no such street"), "{told}");
}

/// The filer's program pushes what a person would take in.
#[tokio::test]
async fn a_report_is_pushed_by_its_token() {
    let (setup, order, _, lrn) = handed_over().await;
    let report = format!(
        "{{\"reports\": [{{\"parcel\": \"{lrn}\", \"mrn\": \"26DE1\", \"status\": \"cleared\", \"duty\": \"3.00\", \
         \"duty_currency\": \"EUR\"}}, {{\"parcel\": \"OTHER\", \"status\": \"cleared\"}}]}}"
    );
    let push = async |token: &str| {
        let headers = [("Authorization".to_owned(), token.to_owned())];
        setup.gateway.notify("broker", &headers, report.as_bytes()).await
    };
    assert!(matches!(push("Bearer other").await, Err(EngineError::NotBelieved(_))));
    assert_eq!(push("Bearer reports").await.unwrap(), 204);
    let view = setup.view(&order).await;
    assert_eq!(
        (view.outcomes[0].status.as_str(), view.outcomes[0].duties[0].amount.as_str()),
        ("cleared", "3.00")
    );
}

#[tokio::test]
async fn what_is_no_report_is_refused() {
    let (setup, ..) = handed_over().await;
    let refused = setup.gateway.take_answers(&clerk(), "broker", b"a,b\n1,2\n").await;
    assert!(matches!(refused, Err(EngineError::Refused { .. })), "{refused:?}");
    let unknown = setup.gateway.take_answers(&clerk(), "nobody", HEAD.as_bytes()).await;
    assert!(matches!(unknown, Err(EngineError::Unknown { .. })));
}
