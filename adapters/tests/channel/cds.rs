//! CDS: requests as the Customs Declarations API 3.0 describes them, errors as its examples show them.

use dragoman_channel::{Body, Grant, MatchBy, Outcome, Standing, Values};
use dragoman_exchange::ErrorClass;
use dragoman_samples::sample;
use jiff::SignedDuration;

use crate::{answer, at, channel, failure, outcome, request};

fn account() -> Values {
    Values::new()
        .with("account.environment", "sandbox")
        .with("account.client_id", "app")
        .with("account.client_secret", "secret")
        .with("account.api_version", "2.0")
}

const BAD_REQUEST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<errorResponse>\n  <code>BAD_REQUEST</code>\n  <message>Payload is not valid according to schema</message>\n  <errors>\n    <error><code>xml_validation_error</code><message>Error at line 13, column 13: no declaration found for element 'unknown'</message></error>\n    <error><code>xml_validation_error</code><message>Error at line 14, column 1: more</message></error>\n  </errors>\n</errorResponse>";

fn error(code: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><errorResponse><code>{code}</code><message>why</message></errorResponse>"
    )
}

#[test]
fn a_declaration_goes_to_its_path_with_the_headers_of_the_service() {
    let cds = channel("gb-cds");
    let paths = [
        ("submit", "/customs/declarations/"),
        ("amend", "/customs/declarations/amend"),
        ("cancel", "/customs/declarations/cancellation-requests"),
        ("arrive", "/customs/declarations/arrival-notification"),
    ];
    for (operation, path) in paths {
        let sent = request(&cds, operation, &account().with("declaration.mrn", "24GB"), Some(b"<md/>"));
        assert_eq!(sent.url, format!("https://test-api.service.hmrc.gov.uk{path}"));
        let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let accept = ("Accept", "application/vnd.hmrc.2.0+xml");
        assert_eq!(headers, [accept, ("Content-Type", "application/xml; charset=UTF-8")]);
        assert_eq!((sent.bytes(), sent.standing), (&b"<md/>"[..], Standing::Account));
    }
    let production = account().with("account.environment", "production").with("account.api_version", "1.0");
    let sent = request(&cds, "submit", &production, Some(b""));
    assert_eq!(sent.url, "https://api.service.hmrc.gov.uk/customs/declarations/");
    assert_eq!(sent.header("Accept"), Some("application/vnd.hmrc.1.0+xml"));
}

/// Every path of the published description is known, and no other.
#[test]
fn the_paths_are_those_of_the_published_description() {
    let Some(path) = sample("uk-cds/api/application.yaml") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let published: Vec<_> =
        text.lines().filter_map(|line| line.strip_prefix("  /customs/")?.strip_suffix(':')).collect();
    assert!(published.len() >= 5, "{published:?}");
    let cds = channel("gb-cds");
    let values = account().with("declaration.mrn", "1").with("document.type", "1");
    for name in ["submit", "amend", "cancel", "arrive", "upload"] {
        let sent = request(&cds, name, &values, Some(b""));
        let path = sent.url.split_once("/customs/").unwrap().1;
        assert!(published.contains(&path), "{path} is none of {published:?}");
        for (header, _) in &sent.headers {
            let named = format!("- name: {header}");
            let is_known = text.lines().any(|line| line.trim() == named);
            assert!(is_known, "{header}");
        }
    }
}

#[test]
fn a_community_system_says_for_whom_it_speaks() {
    let cds = channel("gb-cds");
    let csp = account().with("account.badge", "ABC123").with("account.submitter", "GB123456789000");
    let values = csp.with("declaration.mrn", "24GB").with("document.type", "Licence");
    let sent = request(&cds, "submit", &values, Some(b""));
    assert_eq!(sent.header("X-Badge-Identifier"), Some("ABC123"));
    assert_eq!(sent.header("X-Submitter-Identifier"), Some("GB123456789000"));
    // The upload of files has a name of its own for the same.
    let upload = request(&cds, "upload", &values, None);
    assert_eq!(upload.header("X-Eori-Identifier"), Some("GB123456789000"));
    assert_eq!(upload.header("X-Submitter-Identifier"), None);
    let wrong = account().with("account.badge", "abc");
    assert_eq!(cds.settings.account_faults(&wrong).len(), 1);
    assert_eq!(cds.settings.account_faults(&account()), Vec::<String>::new());
}

#[test]
fn taken_means_202_and_names_the_conversation() {
    let cds = channel("gb-cds");
    let id = "8f4b21ff-7d46-4d6a-8a1e-53a9e1a1a1a1";
    let Outcome::Done(given) = outcome(&cds, "submit", &answer(202, &[("X-Conversation-ID", id)], "")) else {
        panic!()
    };
    assert_eq!(given.get("conversation"), Some(id));
}

#[test]
fn every_error_of_the_description_has_its_class() {
    let cds = channel("gb-cds");
    let bad = failure(&cds, "submit", &answer(400, &[], BAD_REQUEST));
    assert_eq!((bad.class, bad.code.as_deref()), (ErrorClass::InvalidRequest, Some("xml_validation_error")));
    assert!(bad.message.as_deref().unwrap().starts_with("Error at line 13"), "{bad:?}");
    assert!(bad.message.as_deref().unwrap().ends_with("; Error at line 14, column 1: more"));
    let expected = [
        (401, "UNAUTHORIZED", ErrorClass::AuthExpired),
        (403, "FORBIDDEN", ErrorClass::AuthRevoked),
        (403, "PAYLOAD_FORBIDDEN", ErrorClass::InvalidRequest),
        (404, "NOT_FOUND", ErrorClass::NotFound),
        (406, "ACCEPT_HEADER_INVALID", ErrorClass::InvalidRequest),
        (413, "PAYLOAD_TOO_LARGE", ErrorClass::InvalidRequest),
        (415, "UNSUPPORTED_MEDIA_TYPE", ErrorClass::InvalidRequest),
        (429, "MESSAGE_THROTTLED_OUT", ErrorClass::RateLimited),
        (500, "INTERNAL_SERVER_ERROR", ErrorClass::Transient),
        (501, "NOT_IMPLEMENTED", ErrorClass::InvalidRequest),
        (503, "SERVICE_UNAVAILABLE", ErrorClass::Transient),
    ];
    for (status, code, class) in expected {
        let failed = failure(&cds, "submit", &answer(status, &[], &error(code)));
        assert_eq!((failed.class, failed.code.as_deref()), (class, Some(code)), "{status}");
    }
    // A firewall and what is not there answer the same for ever.
    assert!(!failure(&cds, "submit", &answer(403, &[], &error("PAYLOAD_FORBIDDEN"))).class.may_pass());
    assert!(!failure(&cds, "submit", &answer(501, &[], "")).class.may_pass());
    let slow = failure(&cds, "submit", &answer(429, &[], &error("MESSAGE_THROTTLED_OUT")));
    assert_eq!(slow.wait, Some(SignedDuration::from_secs(1)));
}

/// The service's own word that it failed is certain. A gateway's is not: the declaration may have been taken, and the
/// same LRN must not go out twice.
#[test]
fn a_gateway_between_leaves_the_outcome_open() {
    let cds = channel("gb-cds");
    for status in [500, 502, 504] {
        for body in ["", "<html><body>Bad gateway</body></html>"] {
            let open = outcome(&cds, "submit", &answer(status, &[], body));
            assert!(matches!(open, Outcome::Unknown(_)), "{status}");
        }
        assert_eq!(failure(&cds, "list_unpulled", &answer(status, &[], "")).class, ErrorClass::Transient);
    }
}

#[test]
fn the_service_is_tried_again_as_its_guide_asks_and_outlasts_an_outage() {
    let patience = channel("gb-cds").settings.patience();
    let begun = at("2026-11-22T12:00:00Z");
    let next = |attempt, random, now| patience.next(ErrorClass::Transient, attempt, None, random, now);
    for random in [0, u64::MAX / 3, u64::MAX] {
        let mut tries = vec![begun];
        while let Some(at) = next(u32::try_from(tries.len()).unwrap(), random, tries[tries.len() - 1]) {
            tries.push(at);
        }
        let within =
            |time: SignedDuration| tries.iter().filter(|at| at.duration_since(begun) <= time).count();
        assert!((4..=5).contains(&within(SignedDuration::from_mins(2))), "{tries:?}");
        let last = tries[tries.len() - 1].duration_since(begun);
        assert!((2..6).contains(&last.as_hours()), "{last:?}");
    }
}

#[test]
fn three_requests_a_second_are_shared_by_all_accounts_of_an_application() {
    let cds = channel("gb-cds");
    for operation in &cds.operations {
        let limits: Vec<_> = cds.limits_of(operation).collect();
        assert_eq!((limits.len(), limits[0].burst), (1, 3));
        assert_eq!(limits[0].rate.interval, SignedDuration::from_nanos(333_333_333));
        let of = limits[0].of.as_ref().unwrap();
        assert_eq!(of.fill(&account(), dragoman_channel::Encoding::Plain).unwrap(), "app");
    }
}

#[test]
fn a_person_signs_in_and_tokens_rotate() {
    let cds = channel("gb-cds");
    let url = cds.authorise_url(&account(), "https://us.example/back", "state-1", "hash").unwrap();
    assert!(
        url.starts_with(
            "https://test-www.tax.service.gov.uk/oauth/authorize?response_type=code&client_id=app"
        )
    );
    assert!(url.contains("scope=write%3Acustoms-declaration%20"));
    assert!(url.ends_with("&state=state-1&code_challenge=hash&code_challenge_method=S256"), "{url}");
    let values = account().with("token.refresh", "r");
    let asked = cds.token_request(Grant::Refresh, &values).unwrap();
    assert_eq!(asked.url, "https://test-api.service.hmrc.gov.uk/oauth/token");
    let oauth2 = cds.settings.auth.oauth2().unwrap();
    assert!(cds.settings.auth.needs_a_person() && oauth2.rotates);
    assert_eq!(oauth2.holds.0, SignedDuration::from_hours(4));
    // Notifications are the application's own: no person has to have signed in.
    let listed = request(&cds, "list_unpulled", &account(), None);
    assert_eq!(listed.standing, Standing::Application);
    assert_eq!(listed.url, "https://test-api.service.hmrc.gov.uk/notifications/unpulled");
}

/// The answer to a request for a file's form, as the description shows it.
const FORM: &str = "<FileUploadResponse xmlns=\"hmrc:fileupload\"><Files><File>\
<Reference>63acb547-85d4-4ce7-b702-05115ed99521</Reference><UploadRequest>\
<Href>https://bucket.example/</Href><Fields>\
<x-amz-meta-original-filename>${filename}</x-amz-meta-original-filename>\
<x-amz-algorithm>AWS4-HMAC-SHA256</x-amz-algorithm><key>63acb547</key><acl>private</acl>\
</Fields></UploadRequest></File></Files></FileUploadResponse>";

#[test]
fn a_document_takes_two_steps_and_is_the_last_part_of_its_form() {
    let cds = channel("gb-cds");
    let values = account()
        .with("declaration.mrn", "24GB<&")
        .with("document.type", "Certificate of origin")
        .with("document.name", "origin.pdf")
        .with("document.media_type", "application/pdf");
    let asked = request(&cds, "upload", &values, None);
    let body = std::str::from_utf8(asked.bytes()).unwrap();
    assert!(body.contains("<DeclarationID>24GB&lt;&amp;</DeclarationID><FileGroupSize>1<"), "{body}");
    let upload = cds.operation("upload").unwrap();
    let formed = answer(200, &[], FORM);
    assert!(matches!(outcome(&cds, "upload", &formed), Outcome::Done(_)));
    let next = upload.next(&formed);
    assert_eq!(next.len(), 1);
    assert_eq!(next[0].get("conversation"), Some("63acb547-85d4-4ce7-b702-05115ed99521"));
    let mut all = values;
    all.extend(&next[0]);
    let sent = request(&cds, "upload_file", &all, Some(b"%PDF-"));
    assert_eq!(
        (&*sent.url, sent.standing, sent.headers.len()),
        ("https://bucket.example/", Standing::None, 0)
    );
    let Body::Multipart(parts) = &sent.body else { panic!() };
    let names: Vec<_> = parts.iter().map(|part| &*part.name).collect();
    assert_eq!(names, ["x-amz-meta-original-filename", "x-amz-algorithm", "key", "acl", "file"]);
    assert_eq!(parts[4].file.as_deref(), Some("origin.pdf"));
    assert!(matches!(outcome(&cds, "upload_file", &answer(204, &[], "")), Outcome::Done(_)));
}

#[test]
fn notifications_are_pushed_or_fetched_and_fetched_again() {
    let cds = channel("gb-cds");
    let notifications = cds.notifications.as_ref().unwrap();
    assert_eq!(notifications.match_by, [MatchBy::Conversation, MatchBy::Mrn, MatchBy::Lrn]);
    let headers = |token: &str| {
        [("authorization", token), ("x-conversation-id", "c-1")]
            .map(|(name, value)| (name.into(), value.into()))
    };
    let push = notifications.push.as_ref().unwrap();
    let secret = account().with("account.push_token", "Basic abc");
    assert_eq!(push.answer, 200);
    assert!(push.check(&headers("Basic abc"), b"", &secret).is_ok());
    assert!(push.check(&headers("Basic abd"), b"", &secret).is_err());
    assert!(
        push.check(&headers("Basic abc"), b"", &account()).is_err(),
        "without a token nothing is believed"
    );
    assert_eq!(notifications.conversation(&headers("x")), Some("c-1"));
    let list = "<resource href=\"/notifications/unpulled/\">\
                <link rel=\"self\" href=\"/notifications/unpulled/\"/>\
                <link rel=\"notification\" href=\"/notifications/unpulled/7ab99957-b138-4f09-888e-ab4e8107bbe0\"/></resource>";
    let pull = &notifications.pull[0];
    let ids = pull.ids(&answer(200, &[], list));
    assert_eq!(ids, ["7ab99957-b138-4f09-888e-ab4e8107bbe0"]);
    let values = account().with("notification.id", &*ids[0]);
    let get = request(&cds, &pull.get, &values, None);
    assert!(get.url.ends_with("/notifications/unpulled/7ab99957-b138-4f09-888e-ab4e8107bbe0"));
    let again = request(&cds, pull.again.as_ref().unwrap(), &values, None);
    assert!(again.url.ends_with("/notifications/pulled/7ab99957-b138-4f09-888e-ab4e8107bbe0"));
}
