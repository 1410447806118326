//! Transit: requests as the CTC Traders API 2.1 and 3.0 describe them, errors as its examples show them, and what each message of
//! the offices does to a declaration.

use dragoman_adapters::{Catalogue, Data, receive};
use dragoman_channel::{Body, MatchBy, Outcome, Standing, Values};
use dragoman_exchange::ErrorClass;
use dragoman_model::At;
use dragoman_samples::sample;

use crate::{answer, channel, failure, outcome, request};

fn account() -> Values {
    Values::new()
        .with("account.environment", "sandbox")
        .with("account.client_id", "app")
        .with("account.client_secret", "secret")
        .with("account.api_version", "3.0")
        .with("conversation", "6365135ba5e821ee")
        .with("declaration.mrn", "26GB1234567890ABK5")
        .with("declaration.lrn", "LRN-1")
        .with("notification.id", "634982098f02f00a")
}

/// Every path and header is of the published description, and every path of it is known but for single looks.
#[test]
fn the_paths_are_those_of_the_published_descriptions() {
    for version in ["2.1", "3.0"] {
        are_published(version);
    }
}

fn are_published(version: &str) {
    let Some(path) = sample(&format!("uk-ncts/api/ctc-traders-{version}.yaml")) else { return };
    let account = account().with("account.api_version", version);
    let text = std::fs::read_to_string(path).unwrap();
    let published: Vec<_> =
        text.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':')).collect();
    let ctc = channel("eu-ncts");
    // The form's address is the store's own.
    for operation in ctc.operations.iter().filter(|operation| operation.path.is_some()) {
        let sent = request(&ctc, &operation.name, &account, Some(b"<cc/>"));
        let path = sent.url.strip_prefix("https://test-api.service.hmrc.gov.uk").unwrap();
        let path = path.split('?').next().unwrap();
        let kind = if path.contains("arrivals") { "{arrivalId}" } else { "{departureId}" };
        let path = path.replace("6365135ba5e821ee", kind).replace("634982098f02f00a", "{messageId}");
        assert!(published.contains(&&*path), "{path} is none of {published:?}");
        let accept = sent.header("Accept").unwrap();
        assert!(text.contains(&format!("- {accept}\n")), "{accept}");
        for name in operation.query.keys() {
            assert!(text.contains(&format!("name: {name}\n")), "{name}");
        }
    }
}

#[test]
fn a_movement_is_opened_and_all_that_follows_is_sent_in_it() {
    let ctc = channel("eu-ncts");
    let sent = request(&ctc, "submit", &account(), Some(b"<cc/>"));
    assert_eq!(sent.header("Content-Type"), Some("application/xml"));
    assert_eq!((sent.bytes(), sent.standing), (&b"<cc/>"[..], Standing::Account));
    let taken = r#"{"_links":{"self":{"href":"/x"}},"departureId":"6365135ba5e821ee","messageId":"6349"}"#;
    let Outcome::Done(given) = outcome(&ctc, "submit", &answer(202, &[], taken)) else { panic!() };
    assert_eq!(given.get("conversation"), Some("6365135ba5e821ee"));
    for operation in ["amend", "cancel", "arrive"] {
        let sent = request(&ctc, operation, &account(), Some(b"<cc/>"));
        assert!(sent.url.ends_with("/departures/6365135ba5e821ee/messages"), "{}", sent.url);
        let missing = ctc.request(ctc.operation(operation).unwrap(), &Values::new(), Some(b""));
        assert!(missing.is_err(), "nothing follows what has no number");
    }
}

/// Nothing is posted, a form is given, and the message goes to it (`LargeMessageNewDepartureResponse`).
#[test]
fn a_large_message_goes_to_a_form_of_its_own() {
    let ctc = channel("eu-ncts");
    for name in ["submit", "amend", "notify_arrival", "report_unloading"] {
        let small = ctc.operation(name).unwrap();
        assert_eq!(*ctc.fitting(small, 5_000_000).name, *name);
        let large = ctc.fitting(small, 5_000_001);
        let posted = request(&ctc, name, &account(), Some(b"<cc/>"));
        let sent = request(&ctc, &large.name, &account(), Some(b"<cc/>"));
        assert_eq!((&sent.url, sent.bytes(), sent.header("Content-Type")), (&posted.url, &b""[..], None));
    }
    let given = r#"{"departureId":"6365135ba5e821ee","messageId":"634982098f02f00a","uploadRequest":
        {"href":"https://hmrc.gov.uk/upscan/upscan-proxy","fields":{"field_a":"value a","field_b":"value b"}}}"#;
    let given = answer(202, &[], given);
    let Outcome::Done(values) = outcome(&ctc, "submit_large", &given) else { panic!() };
    assert_eq!(values.get("conversation"), Some("6365135ba5e821ee"));
    let mut more = account();
    more.extend(&ctc.operation("submit_large").unwrap().next(&given)[0]);
    let sent = request(&ctc, "upload_large", &more, Some(b"<cc/>"));
    assert_eq!((&*sent.url, sent.standing), ("https://hmrc.gov.uk/upscan/upscan-proxy", Standing::None));
    let Body::Multipart(parts) = &sent.body else { panic!() };
    assert_eq!(parts.iter().map(|part| &*part.name).collect::<Vec<_>>(), ["field_a", "field_b", "file"]);
    // Without a form it was no large message that was asked for.
    assert!(!matches!(outcome(&ctc, "submit_large", &answer(202, &[], "{}")), Outcome::Done(_)));
}

#[test]
fn every_error_of_the_description_has_its_class() {
    let ctc = channel("eu-ncts");
    let schema = r#"{"code":"SCHEMA_VALIDATION","message":"Request failed schema validation","validationErrors":[{"lineNumber":1,"columnNumber":2,"message":"cvc-elt"}]}"#;
    let bad = failure(&ctc, "submit", &answer(400, &[], schema));
    assert_eq!((bad.class, bad.code.as_deref()), (ErrorClass::InvalidRequest, Some("SCHEMA_VALIDATION")));
    assert_eq!(bad.message.as_deref(), Some("cvc-elt"));
    let expected = [
        (401, "INVALID_CREDENTIALS", ErrorClass::AuthExpired),
        (403, "FORBIDDEN", ErrorClass::AuthRevoked),
        (404, "NOT_FOUND", ErrorClass::NotFound),
        (406, "NOT_ACCEPTABLE", ErrorClass::InvalidRequest),
        (413, "REQUEST_ENTITY_TOO_LARGE", ErrorClass::InvalidRequest),
        (429, "MESSAGE_THROTTLED_OUT", ErrorClass::RateLimited),
        (500, "INTERNAL_SERVER_ERROR", ErrorClass::Transient),
        (501, "NOT_IMPLEMENTED", ErrorClass::InvalidRequest),
    ];
    for (status, code, class) in expected {
        let body = format!(r#"{{"code":"{code}","message":"why"}}"#);
        assert_eq!(failure(&ctc, "submit", &answer(status, &[], &body)).class, class, "{status}");
    }
    // A gateway between leaves open what became of it, and asking closes that.
    assert!(matches!(outcome(&ctc, "submit", &answer(504, &[], "<html/>")), Outcome::Unknown(_)));
    let none = answer(200, &[], r#"{"totalCount":0,"departures":[]}"#);
    assert_eq!(failure(&ctc, "query", &none).class, ErrorClass::NotFound);
    let one = answer(200, &[], r#"{"totalCount":1,"departures":[{"id":"6365135ba5e821ee"}]}"#);
    assert!(matches!(outcome(&ctc, "query", &one), Outcome::Done(_)));
}

#[test]
fn answers_are_found_in_movements_that_changed() {
    let ctc = channel("eu-ncts");
    let notifications = ctc.notifications.as_ref().unwrap();
    assert!(notifications.message.is_none(), "each is known by its content");
    assert_eq!(notifications.match_by[0], MatchBy::Correlation);
    let [pull, arrivals] = &notifications.pull[..] else { panic!() };
    let values = account().with("pulled.since", "2026-11-22T09:00:00Z").with("page.token", "2");
    let listed = request(&ctc, &pull.list, &values, None);
    assert!(
        listed.url.ends_with("?count=500&page=2&updatedSince=2026-11-22T09%3A00%3A00Z"),
        "{}",
        listed.url
    );
    let movements =
        r#"{"totalCount":1,"departures":[{"id":"6365135ba5e821ee","updated":"2022-11-10T15:32:51.459Z"}]}"#;
    let movements = answer(200, &[], movements);
    let found = pull.listed(&movements);
    assert_eq!((&*found[0].id, found[0].updated.is_some()), ("6365135ba5e821ee", true));
    assert!(!pull.has_more(&movements));
    let messages =
        r#"{"messages":[{"id":"a","type":"IE015"},{"id":"b","type":"IE028"},{"id":"c","type":"IE014"}]}"#;
    assert_eq!(pull.within.as_ref().unwrap().ids(&answer(200, &[], messages)), ["b"], "ours are no answers");
    let failed = r#"{"messages":[{"id":"a","type":"IE015","status":"Failed"},{"id":"b","type":"IE013","status":"Success"}]}"#;
    assert_eq!(pull.within.as_ref().unwrap().sent(&answer(200, &[], failed)), ["a"], "nobody else tells it");
    let listed = request(&ctc, &arrivals.list, &values, None);
    assert!(listed.url.contains("/movements/arrivals?"), "{}", listed.url);
    let movements = r#"{"totalCount":1,"arrivals":[{"id":"63651574c3447b12"}]}"#;
    assert_eq!(arrivals.listed(&answer(200, &[], movements))[0].id, "63651574c3447b12");
    let messages = r#"{"messages":[{"id":"a","type":"IE007"},{"id":"b","type":"IE043"}]}"#;
    assert_eq!(arrivals.within.as_ref().unwrap().ids(&answer(200, &[], messages)), ["b"]);
}

/// The words of the service guide: a short message comes with its word, a long one does not, and what became of a file is one.
#[test]
fn a_word_about_a_message_is_opened() {
    let ctc = channel("eu-ncts");
    let push = ctc.notifications.as_ref().unwrap().push.as_ref().unwrap();
    let address = "/customs/transits/movements/departures/0123456789abcdef/messages/fedcba9876543210";
    let pushed = |word: &str| {
        let envelope =
            serde_json::json!({ "notificationId": "1", "boxId": "2", "message": word, "status": "PENDING" });
        push.open(envelope.to_string().as_bytes())
    };
    let word =
        |kind: &str, more: &str| format!(r#"{{"messageUri":"{address}","notificationType":"{kind}"{more}}}"#);
    let short = pushed(&word("MESSAGE_RECEIVED", r#","messageBody":"<ncts:CC928C/>""#));
    assert_eq!(
        (short.address.as_deref(), short.message.as_deref()),
        (Some(address), Some(&b"<ncts:CC928C/>"[..]))
    );
    let long = pushed(&word("MESSAGE_RECEIVED", ""));
    assert_eq!((long.address.as_deref(), long.message), (Some(address), None), "it is fetched");
    let outcome = word("SUBMISSION_NOTIFICATION", r#","response":{"code":"SUCCESS"}"#);
    assert_eq!(pushed(&outcome).message.as_deref(), Some(outcome.as_bytes()), "it is an answer itself");
    let pulls = &ctc.notifications.as_ref().unwrap().pull;
    let named = |address: &str| {
        pulls.iter().find_map(|pull| {
            let within = pull.within.as_ref()?;
            within.named(ctc.operation(&within.list)?, address)
        })
    };
    assert_eq!(named(address), Some(("0123456789abcdef".to_owned(), "fedcba9876543210".to_owned())));
    assert_eq!(named(&address.replace("departures", "arrivals")), named(address));
    for other in ["", "/", "/customs/transits/movements/departures/0123456789abcdef/messages", "/other"] {
        assert_eq!(named(other), None, "{other}");
    }
    // What is no word is taken as it is.
    for other in ["<ncts:CC928C/>", "{}", r#"{"message":"text"}"#] {
        assert_eq!(push.open(other.as_bytes()).message.as_deref(), Some(other.as_bytes()));
    }
}

/// What each of the messages says of a declaration, or that it is one of ours.
const MESSAGES: [(&str, &str); 35] = [
    ("CC004C", "-amend_pending -amend_wanted"),
    ("CC007C", "presentation"),
    ("CC009C", "invalidated -cancel_pending"),
    ("CC013C", "amendment"),
    ("CC014C", "cancellation"),
    ("CC015C", "transit"),
    ("CC017C", "+control"),
    ("CC019C", "+discrepancy"),
    ("CC022C", "+amend_wanted"),
    ("CC023C", ""),
    ("CC025C", "released"),
    ("CC028C", "accepted"),
    ("CC029C", "released"),
    ("CC035C", "+recovery"),
    ("CC040C", ""),
    ("CC042C", ""),
    ("CC043C", "accepted"),
    ("CC044C", "report"),
    ("CC045C", "cleared"),
    ("CC048C", ""),
    ("CC051C", "refused"),
    ("CC055C", "+guarantee_bad"),
    ("CC056C", "rejected"),
    ("CC057C", "rejected"),
    ("CC060C", "+control"),
    ("CC170C", "presentation"),
    ("CC182C", "+incident"),
    ("CC190C", ""),
    ("CC191C", ""),
    ("CC228C", ""),
    ("CC906C", "rejected"),
    ("CC917C", "rejected"),
    ("CC928C", "received"),
    ("outcome", "rejected"),
    ("sent", "rejected"),
];

#[test]
fn every_message_has_its_effect_on_the_declaration() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/eu-ncts/cases");
    let adapter = catalogue.adapters().iter().find(|one| one.name == "eu-ncts").unwrap();
    assert_eq!(adapter.messages.len(), MESSAGES.len());
    for (name, expected) in MESSAGES {
        let bytes = std::fs::read(format!("{folder}/{name}.in")).unwrap();
        let message = catalogue.message(&format!("eu-ncts/{name}")).unwrap();
        receive(&catalogue, &message, &bytes, &mut |received| {
            let document = received.got.unwrap().document;
            let root = At::root(&document);
            let said = root.text("event").or(root.text("kind")).unwrap_or_default();
            assert_eq!(said, expected, "{name}");
            let (status, unknown) =
                dragoman_model::Status::of_event(root.text("event").unwrap_or_default(), None);
            assert!(unknown.is_none(), "{name}: {status:?}");
        });
    }
}
