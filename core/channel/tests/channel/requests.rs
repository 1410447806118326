//! Requests: what stands in them, and that a value stays a value.

use dragoman_channel::{Body, Method, Missing, Standing, Values};
use dragoman_syntax::{Limits, json, xml};
use dragoman_tree::PlaceId;
use proptest::prelude::*;

use crate::{account, answer, examplia};

fn request(name: &str, values: &Values, content: Option<&[u8]>) -> dragoman_channel::Request {
    let channel = examplia();
    channel.request(channel.operation(name).unwrap(), values, content).unwrap()
}

fn text(body: &Body) -> &str {
    match body {
        Body::Bytes(bytes) => std::str::from_utf8(bytes).unwrap(),
        _ => panic!("{body:?}"),
    }
}

#[test]
fn a_message_goes_out_as_it_is_with_the_headers_that_have_values() {
    let sent = request("submit", &account(), Some(b"<x/>"));
    assert_eq!((sent.method, &*sent.url), (Method::Post, "https://test.example/declarations"));
    assert_eq!(sent.bytes(), b"<x/>");
    assert_eq!(sent.standing, Standing::Account);
    let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let accept = ("Accept", "application/vnd.example.1+xml");
    assert_eq!(headers, [accept, ("Content-Type", "application/xml"), ("X-Key", "k/1")]);
}

#[test]
fn an_account_says_which_environment_and_may_say_the_address() {
    let channel = examplia();
    assert_eq!(channel.base(&Values::new()).unwrap(), "https://customs.example/api");
    let elsewhere = account().with("account.base_url", "http://127.0.0.1:9/");
    assert_eq!(channel.base(&elsewhere).unwrap(), "http://127.0.0.1:9");
    let unknown = Values::new().with("account.environment", "moon");
    assert_eq!(channel.base(&unknown), Err(Missing("account.base_url".into())));
}

#[test]
fn what_has_no_value_is_left_out_but_for_what_the_request_cannot_do_without() {
    let channel = examplia();
    let status = channel.operation("status").unwrap();
    assert_eq!(channel.request(status, &account(), None), Err(Missing("declaration.mrn".into())));
    let asked = request("status", &account().with("declaration.mrn", "24GB"), None);
    assert_eq!(asked.url, "https://test.example/declarations/24GB/status?full=yes");
    assert!(asked.headers.is_empty(), "{asked:?}");
    let tell = channel.operation("tell").unwrap();
    let no_lines = account().with("order.id", "7");
    assert_eq!(channel.request(tell, &no_lines, None), Err(Missing("shipment.lines".into())));
    let submit = channel.operation("submit").unwrap();
    assert_eq!(channel.request(submit, &account(), None), Err(Missing("declaration".into())));
}

#[test]
fn lists_become_arrays_and_members_without_a_value_are_left_out() {
    let mut values =
        account().with("order.id", "7").with("shipment.number", "1").with("shipment.carrier", "DHL");
    let line = |id: &str, pieces: &str| Values::new().with("id", id).with("quantity", pieces);
    values.set_list("shipment.lines", vec![line("a", "2"), line("b", "1.50")]);
    let body = r#"{"number":1,"sent":true,"copies":2,"carrier":{"code":"DHL"},"lines":[{"id":"a","pieces":2},{"id":"b","pieces":1.50}]}"#;
    let members = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(members(text(&request("tell", &values, None).body)), members(body));
}

#[test]
fn a_graphql_value_goes_in_through_the_variables_alone() {
    let asked = request("ask", &account().with("order.id", "7\") { secrets } #"), None);
    let body: serde_json::Value = serde_json::from_str(text(&asked.body)).unwrap();
    assert_eq!(body["query"], "query Q($id: ID!) { order(id: $id) { id } }");
    assert_eq!(body["variables"]["id"], "7\") { secrets } #");
}

#[test]
fn a_file_goes_to_the_address_that_the_answer_gave_behind_its_fields_and_without_our_standing() {
    let channel = examplia();
    let forms = channel.operation("forms").unwrap();
    let body = "<f:files xmlns:f='urn:x'><f:file><url>https://bucket.example/a?b=c</url>\
                <fields><key>k &amp; 1</key><x-amz-date>2026</x-amz-date></fields></f:file></f:files>";
    let next = forms.next(&answer(200, &[], body));
    assert_eq!(next.len(), 1);
    let mut values =
        account().with("document.name", "a\".pdf").with("document.media_type", "application/pdf");
    values.extend(&next[0]);
    let sent = request("put_file", &values, Some(b"%PDF"));
    assert_eq!((&*sent.url, sent.standing), ("https://bucket.example/a?b=c", Standing::None));
    assert_eq!(sent.headers, [("X-Extra".to_owned(), "1".to_owned())]);
    let Body::Multipart(parts) = &sent.body else { panic!("{sent:?}") };
    let shown: Vec<_> =
        parts.iter().map(|part| (&*part.name, part.file.as_deref(), &*part.content)).collect();
    let fields = [("key", None, "k & 1".as_bytes()), ("x-amz-date", None, b"2026")];
    assert_eq!(shown, [fields[0], fields[1], ("content", Some("a\".pdf"), b"%PDF")]);
}

proptest! {
    /// Whatever is filled in, an address has the same steps, a header is one line, JSON and XML give back the value.
    #[test]
    fn a_value_stays_a_value(value in "\\PC{1,12}|[/?&#%=\"<>\\\\\r\n\u{0}']{1,6}") {
        let values = account().with("declaration.mrn", &*value).with("declaration.version", &*value);
        let asked = request("status", &values.with("order.number", &*value), None);
        let (path, query) = asked.url.split_once('?').unwrap();
        prop_assert_eq!(path.split('/').count(), 6);
        prop_assert_eq!(query.split('&').count(), 2);
        prop_assert!(asked.url.bytes().all(|byte| byte.is_ascii_graphic()));
        let raw = percent_encoding::percent_decode_str(path.split('/').nth(4).unwrap()).decode_utf8().unwrap();
        prop_assert_eq!(&*raw, &*value);
        let header = asked.header("X-Number").unwrap_or_default();
        prop_assert!(!header.contains(char::is_control));

        let asked = request("ask", &account().with("order.id", &*value), None);
        let read = json::read(asked.bytes(), None, PlaceId::NONE, &Limits::default());
        let variables = read.tree.child(dragoman_tree::NodeId::ROOT, "variables").unwrap();
        let id = read.tree.child(variables, "id").unwrap();
        prop_assert_eq!(read.tree.value(id).unwrap(), &*value);

        let note = request("note", &account().with("declaration.lrn", &*value).with("document.name", &*value), None);
        let read = xml::read(note.bytes(), None, &Limits::default());
        prop_assert!(read.findings.is_empty(), "{:?}", read.findings);
        // The element has its attribute and its text, and nothing that came with a value.
        prop_assert!(read.tree.len() <= 3, "{}", text(&note.body));
    }
}

#[test]
fn debugging_shows_no_secret() {
    let values = account().with("token.code", "s3cret");
    let sent = request("submit", &values, Some(b"s3cret"));
    let answered = answer(200, &[("Set-Cookie", "s3cret")], "s3cret");
    for shown in [format!("{values:?}"), format!("{sent:?}"), format!("{answered:?}")] {
        assert!(!shown.contains("s3cret") && !shown.contains("k/1"), "{shown}");
    }
}

#[test]
fn an_account_is_told_what_is_wrong_with_it() {
    let faults = |values| examplia().settings.account_faults(&values);
    assert_eq!(faults(account()), Vec::<String>::new());
    let missing = Values::new().with("account.badge", "any");
    assert_eq!(faults(missing), ["`key` is missing: the key of the account"]);
    let wrong = account().with("account.key", "k/1x");
    assert_eq!(faults(wrong), ["`key` does not match [a-z]/[0-9]: the key of the account"]);
}
