//! The simulated offices of a transit over HTTP: what they answer is well-formed, and found in its movement.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod seen;

use std::time::Duration;

use dragoman_adapters::{Catalogue, Data, Layout, receive, recognise, send};
use dragoman_model::At;
use dragoman_simulators::{Options, Running};
use dragoman_syntax::validate::validate;
use dragoman_tree::Severity;
use seen::{Caller, Message, start};

const DEPARTURES: &str = "/customs/transits/movements/departures";
const ARRIVALS: &str = "/customs/transits/movements/arrivals";

/// A case of the adapter.
fn case(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../adapters/eu-ncts/cases");
    std::fs::read_to_string(std::path::Path::new(folder).join(format!("{name}.in"))).unwrap()
}

/// A declaration that breaks nothing, under a reference of its own.
fn declaration(lrn: &str) -> String {
    case("CC015C").replace("TR2026112200001", lrn)
}

struct Trader {
    running: Running,
    caller: Caller,
}

impl Trader {
    async fn new() -> Self {
        let options = Options { faster: 100, limits: false, ..Options::default() };
        let running = start("eu-ncts", options).await;
        Self { caller: Caller::at(&running).await, running }
    }

    async fn post(&self, path: &str, body: &str) -> Message {
        self.post_in("3.0", path, body).await
    }

    /// Posts in a version of the API.
    async fn post_in(&self, version: &str, path: &str, body: &str) -> Message {
        let request = self.caller.client.post(format!("{}{path}", self.running.url())).body(body.to_owned());
        let request = request.bearer_auth(&self.caller.token).header("Content-Type", "application/xml");
        self.caller.send(request.header("Accept", format!("application/vnd.hmrc.{version}+json"))).await
    }

    async fn get(&self, path: &str, form: &str) -> Message {
        let request = self.caller.client.get(format!("{}{path}", self.running.url()));
        let request = request.bearer_auth(&self.caller.token);
        self.caller.send(request.header("Accept", format!("application/vnd.hmrc.3.0+{form}"))).await
    }

    /// Opens a movement.
    async fn open(&self, path: &str, body: &str, id: &str) -> String {
        let taken = self.post(path, body).await;
        assert_eq!(taken.status, 202, "{}", taken.body);
        format!("{path}/{}", taken.json()[id].as_str().unwrap())
    }

    /// The types of so many answers of a movement, all of which are well-formed, and the text of the last.
    async fn answers(&self, movement: &str, count: usize) -> (Vec<String>, String) {
        let listed = loop {
            let listed = self.get(&format!("{movement}/messages"), "json").await.json();
            let listed = listed["messages"].as_array().cloned().unwrap_or_default();
            if listed.len() >= count {
                break listed;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        let mut types = Vec::new();
        let mut last = String::new();
        for one in listed {
            let id = one["id"].as_str().unwrap();
            last = self.get(&format!("{movement}/messages/{id}/body"), "xml").await.body;
            types.push(one["type"].as_str().unwrap().to_owned());
            well_formed(&last, &types[types.len() - 1]);
        }
        (types, last)
    }
}

/// The number in an answer.
fn mrn(answer: &str) -> String {
    answer.split("<MRN>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

fn well_formed(text: &str, kind: &str) {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let message = recognise(&catalogue, text.as_bytes()).unwrap().unwrap();
    assert_eq!(message.name(), format!("eu-ncts/CC{}C", kind.trim_start_matches("IE")));
    receive(&catalogue, &message, text.as_bytes(), &mut |received| {
        let wrong = validate(received.tree, received.grammar.unwrap()).into_iter().chain(received.findings);
        let wrong: Vec<_> = wrong.filter(|one| one.severity == Severity::Error).collect();
        assert!(wrong.is_empty(), "{kind}: {wrong:?}\n{text}");
        assert!(At::root(&received.got.unwrap().document).text("envelope.correlation_id").is_some());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_is_answered_as_it_asks_for() {
    let trader = Trader::new().await;
    let cases: [(&str, &[&str]); 6] = [
        ("L-1", &["IE928", "IE028", "IE029"]),
        ("L-CONTROL-1", &["IE928", "IE028", "IE060", "IE029"]),
        ("L-NORELEASE-1", &["IE928", "IE028", "IE060", "IE051"]),
        ("L-GUARANTEE-1", &["IE928", "IE028", "IE055"]),
        ("L-WRITEOFF-1", &["IE928", "IE028", "IE029", "IE045"]),
        ("L-REJECT-1", &["IE056"]),
    ];
    for (lrn, expected) in cases {
        let movement = trader.open(DEPARTURES, &declaration(lrn), "departureId").await;
        let (types, last) = trader.answers(&movement, expected.len()).await;
        assert_eq!(types, expected, "{lrn}: {last}");
    }
    let listed = trader.get(&format!("{DEPARTURES}?localReferenceNumber=L-1"), "json").await.json();
    assert_eq!(listed["departures"].as_array().unwrap().len(), 1);
    let later = trader.get(&format!("{DEPARTURES}?updatedSince=2999-01-01T00:00:00Z"), "json").await.json();
    assert_eq!(later["departures"].as_array().unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_a_rule_is_rejected_with_its_number_and_a_pointer() {
    let trader = Trader::new().await;
    let cases = [
        // A code that no list has any more.
        (
            "<harmonizedSystemSubHeadingCode>392410<",
            "<harmonizedSystemSubHeadingCode>851712<",
            "/CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[2]/Commodity/CommodityCode/harmonizedSystemSubHeadingCode",
            "CL152",
        ),
        // A condition: the holder has neither a number nor name and address.
        (
            "<identificationNumber>GB123456789000</identificationNumber>\n    <name>Silk Road Transit Ltd</name>",
            "",
            "HolderOfTheTransitProcedure",
            "C0250",
        ),
    ];
    for (index, (from, to, pointer, reason)) in cases.into_iter().enumerate() {
        let text = declaration(&format!("W-{index}"));
        let wrong = text.replace(from, to);
        assert_ne!(text, wrong);
        let movement = trader.open(DEPARTURES, &wrong, "departureId").await;
        let (types, last) = trader.answers(&movement, 1).await;
        assert_eq!(types, ["IE056"]);
        assert!(last.contains(pointer) && last.contains(&format!("<errorReason>{reason}<")), "{last}");
    }
    let again = declaration("W-9");
    trader.open(DEPARTURES, &again, "departureId").await;
    let twice = trader.open(DEPARTURES, &again, "departureId").await;
    assert!(trader.answers(&twice, 1).await.1.contains("<errorCode>26<"), "a reference is used once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_is_sent_and_found_in_the_movement() {
    let trader = Trader::new().await;
    let movement = trader.open(DEPARTURES, &declaration("F-1"), "departureId").await;
    let (_, released) = trader.answers(&movement, 3).await;
    let (own, known) = ("26GB1234567890ABK5", mrn(&released));
    let follow = format!("{movement}/messages");
    let amendment = case("CC013C").replace("TR2026112200001", "F-1");
    assert_eq!(trader.post(&follow, &amendment).await.status, 202);
    assert_eq!(trader.answers(&movement, 4).await.0[3], "IE004");
    assert_eq!(trader.post(&follow, &case("CC014C").replace("TR2026112200001", "F-1")).await.status, 202);
    let (types, invalidated) = trader.answers(&movement, 5).await;
    assert!(types[4] == "IE009" && invalidated.contains("<decision>1<"), "{invalidated}");
    // Of a number that nobody gave nothing can be asked.
    assert_eq!(trader.post(&follow, &case("CC014C")).await.status, 202);
    assert!(trader.answers(&movement, 6).await.1.contains("<errorCode>90<"));
    // The goods are there, may be unloaded, and are released.
    let arrival = trader.open(ARRIVALS, &case("CC007C").replace(own, &known), "arrivalId").await;
    assert_eq!(trader.answers(&arrival, 1).await.0, ["IE043"]);
    let remarks = case("CC044C").replace(own, &known);
    assert_eq!(trader.post(&format!("{arrival}/messages"), &remarks).await.status, 202);
    assert_eq!(trader.answers(&arrival, 2).await.0, ["IE043", "IE025"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_declared_beforehand_waits_for_its_presentation() {
    let trader = Trader::new().await;
    let text = declaration("P-1").replace("<additionalDeclarationType>A<", "<additionalDeclarationType>D<");
    let movement = trader.open(DEPARTURES, &text, "departureId").await;
    assert_eq!(trader.answers(&movement, 1).await.0, ["IE928"]);
    let listed = trader.get(&format!("{DEPARTURES}?localReferenceNumber=P-1"), "json").await.json();
    let known = listed["departures"][0]["movementReferenceNumber"].as_str().unwrap().to_owned();
    let presented = case("CC170C").replace("26GB1234567890ABK5", &known);
    assert!(presented.contains(&known));
    let taken = trader.post(&format!("{movement}/messages"), &presented).await;
    assert_eq!(taken.status, 202, "{}", taken.body);
    assert_eq!(trader.answers(&movement, 3).await.0, ["IE928", "IE028", "IE029"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrongly_is_refused_in_the_words_of_the_service() {
    let trader = Trader::new().await;
    let unknown =
        declaration("E-1").replace("<CustomsOfficeOfDeparture>", "<unknown/><CustomsOfficeOfDeparture>");
    let refused = trader.post(DEPARTURES, &unknown).await;
    let said = refused.json();
    assert_eq!((refused.status, said["code"].as_str().unwrap()), (400, "SCHEMA_VALIDATION"));
    assert!(said["validationErrors"][0]["lineNumber"].is_string(), "{said}");
    let other = trader.post(DEPARTURES, &case("CC007C")).await;
    assert_eq!(other.status, 400, "an arrival is no departure");
    assert_eq!(trader.post(&format!("{DEPARTURES}/none/messages"), &case("CC014C")).await.status, 404);
    assert_eq!(trader.get(&format!("{DEPARTURES}/none/messages"), "json").await.status, 404);
    assert_eq!(trader.get(DEPARTURES, "xml").await.status, 406);
}

/// Version 2 of the API takes messages of phase 5 and answers in it; one of phase 6 is refused there.
#[tokio::test(flavor = "multi_thread")]
async fn each_version_speaks_its_phase() {
    let trader = Trader::new().await;
    let six = declaration("V-6");
    assert!(six.contains("PhaseID=\"NCTS6\""));
    let refused = trader.post_in("2.1", DEPARTURES, &six).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (400, Some("SCHEMA_VALIDATION")));
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let message = catalogue.message("eu-ncts/CC015C@6").unwrap();
    let earlier = catalogue.message("eu-ncts/CC015C@5").unwrap();
    let mut five = String::new();
    receive(&catalogue, &message, declaration("V-5").as_bytes(), &mut |received| {
        let put = earlier.put(&received.got.unwrap().document).unwrap();
        let grammar = earlier.written().map(|grammar| &**grammar);
        let sent = send(earlier.syntax(), &[&put.tree], grammar, Layout::Line);
        five = String::from_utf8(sent.bytes).unwrap().replace("\"NCTS6\"", "\"NCTS5.0\"");
    });
    assert!(five.contains("PhaseID=\"NCTS5.0\""), "{five}");
    let taken = trader.post_in("2.1", DEPARTURES, &five).await;
    assert_eq!(taken.status, 202, "{}", taken.body);
    let movement = format!("{DEPARTURES}/{}", taken.json()["departureId"].as_str().unwrap());
    let (types, last) = trader.answers(&movement, 3).await;
    assert!(types == ["IE928", "IE028", "IE029"] && last.contains("PhaseID=\"NCTS5.0\""), "{last}");
}
