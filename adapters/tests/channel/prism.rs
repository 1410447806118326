//! The vendors' own descriptions, served by Prism (npm `@stoplight/prism-cli`), accept every request that the sync and the
//! telling of parcels make. Skipped where Prism is not installed: `tests/counterparts/install prism`, or `DRAGOMAN_PRISM`
//! names the program.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dragoman_channel::{By, Cursor, Next, Outcome, Plan, Request, Values};
use dragoman_samples::{counterpart, sample};

use crate::amazon::{account, parcel};
use crate::{answer, at, channel, outcome, request};

struct Prism {
    process: Child,
    port: u16,
}

impl Prism {
    /// Serves a description; none where there is no Prism, or no description.
    fn serve(description: &str) -> Option<Self> {
        let installed = || Some(counterpart("prism")?.join("node_modules/.bin/prism").into_os_string());
        let program = std::env::var_os("DRAGOMAN_PRISM").or_else(installed)?;
        let file = sample(&format!("marketplaces/{description}"))?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        command.args(["mock", "-h", "127.0.0.1", "-p"]).arg(port.to_string()).arg(file);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let prism = Self { process, port };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_mins(4), "Prism does not come up");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(prism)
    }

    /// Sends a request, and gives the status and the body of the answer.
    fn send(&self, request: &Request) -> (u16, String) {
        let path = request.url.splitn(4, '/').nth(3).unwrap();
        self.sent(request, path)
    }

    /// The same with another path, where a description counts paths from further on.
    fn sent(&self, request: &Request, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let mut text =
            format!("{} /{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", request.method.word());
        for (name, value) in &request.headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        let length = request.bytes().len().to_string();
        text.extend(["Content-Length: ", &length, "\r\n\r\n"]);
        stream.write_all(text.as_bytes()).unwrap();
        stream.write_all(request.bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        // What an example of the vendor's own violates in the answer is not ours.
        let violates =
            |line: &str| line.to_lowercase().starts_with("sl-violations") && line.contains("\"request\"");
        assert!(!head.lines().any(violates), "{answer}");
        (head[9..12].parse().unwrap(), body.to_owned())
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn amazon_accepts_every_request_of_the_sync() {
    let Some(prism) = Prism::serve("amazon/orders_2026-01-01.json") else { return };
    let amazon = channel("amazon");
    let stream = amazon.stream("orders").unwrap();
    let now = at("2026-11-22T12:00:00Z");
    let mut cursor = Cursor::new(at("2026-11-22T11:00:00Z"));
    for by in [By::Created, By::Updated] {
        let mut pages = 0;
        loop {
            let Plan::Read(window) = stream.plan(&cursor, now) else { panic!() };
            assert_eq!(window.by, by);
            let mut values = account();
            stream.fill(&window, &mut values);
            let (status, body) = prism.send(&request(&amazon, stream.operation(&window), &values, None));
            assert_eq!(status, 200, "{body}");
            let page = stream.page(&window, &answer(200, &[], &body)).unwrap();
            assert!(!page.items.is_empty());
            cursor = stream.after(&cursor, &window, &page);
            pages += 1;
            // It gives the same token for ever.
            if page.next == Next::Repeated {
                break;
            }
        }
        assert_eq!(pages, 2);
    }
    let one = account().with("order.id", "123-4567890-1234567");
    let (status, body) = prism.send(&request(&amazon, "get_order", &one, None));
    assert_eq!(status, 200, "{body}");
    assert!(matches!(outcome(&amazon, "get_order", &answer(200, &[], &body)), Outcome::Done(_)));
}

#[test]
fn amazon_accepts_every_confirmation() {
    let Some(prism) = Prism::serve("amazon/ordersV0.json") else { return };
    let amazon = channel("amazon");
    let full = parcel().with("shipment.carrier_name", "FedEx").with("shipment.service", "Ground");
    for values in [parcel(), full] {
        let (status, body) = prism.send(&request(&amazon, "ship", &values, None));
        assert_eq!(status, 204, "{body}");
        assert!(matches!(outcome(&amazon, "ship", &answer(status, &[], &body)), Outcome::Done(_)));
    }
}

/// What identifies an account, an order and a parcel, as far as requests say it.
fn values() -> Values {
    let mut values = Values::new();
    for (name, value) in [
        ("account.client_id", "id"),
        ("account.shop", "9"),
        ("request.id", "0198a7c5-0000-7000-8000-000000000000"),
        ("order.id", "1796330138"),
        ("shipment.number", "1"),
        ("shipment.carrier", "DHL"),
        ("shipment.carrier_name", "DHL"),
        ("shipment.tracking_number", "112345678"),
        ("shipment.tracking_url", "https://example.com/112345678"),
        ("shipment.shipped_at", "2026-11-21T01:00:00Z"),
    ] {
        values.set(name, value);
    }
    values.set_list("shipment.lines", vec![Values::new().with("id", "1").with("quantity", "2")]);
    values
}

/// Sends every request that an adapter makes beside that for a token: the lists of both kinds with their first and their
/// second page, an order, a parcel and what is asked before it. `below` is what the description leaves out of paths, and
/// `but` a member that it demands where there can be none.
fn accepts(adapter: &str, description: &str, below: &str, but: Option<&str>) {
    let Some(prism) = Prism::serve(description) else { return };
    let channel = channel(adapter);
    let stream = channel.stream("orders").unwrap();
    let now = at("2026-11-22T12:00:00Z");
    let mut sent = 0;
    for operation in channel.operations.iter().filter(|operation| operation.path.is_some()) {
        for page in [None, Some("100")] {
            let mut values = values().with("signature.kid", "9936261a-7d7b-4621-a0f1-964428f4af5b");
            let swept = Cursor { swept_at: Some(now), ..Cursor::new(at("2026-11-22T11:00:00Z")) };
            let Plan::Read(window) = stream.plan(&swept, now) else { panic!() };
            stream.fill(&window, &mut values);
            // Where the next page is a whole query, it is one that an answer gives.
            let whole = operation.whole_query.is_some();
            if let Some(page) = page {
                values.set("page.token", if whole { "?limit=200&hasMoreElements=true" } else { page });
            }
            let mut request = channel.request(operation, &values, None).unwrap();
            channel.settings.auth.authorise(&mut request, &values, Some("token")).unwrap();
            // Walmart's description says in words that its token goes into a header of its own, and in its scheme that
            // it is a bearer's.
            request.set_header("Authorization", "Bearer token".to_owned());
            let path = request.url.splitn(4, '/').nth(3).unwrap();
            // What begins otherwise is of another description.
            let Some(path) = path.strip_prefix(below) else { continue };
            let (status, body) = prism.sent(&request, path);
            let only = |but: &str| {
                body.matches("\"code\":\"required\"").count() == 1
                    && body.matches("\"severity\"").count() == 1
                    && body.contains(but)
            };
            let is_accepted = (200..300).contains(&status) || but.is_some_and(only);
            assert!(is_accepted, "{adapter}: {}: {status} {body}", &*operation.name);
            sent += 1;
        }
    }
    assert!(sent >= 8, "{sent}");
}

#[test]
fn ebay_accepts_every_request() {
    accepts("ebay", "ebay/sell_fulfillment_v1_oas3.json", "sell/fulfillment/v1/", None);
}

/// The description demands the refunds of a line that is shipped, which its own example has not.
#[test]
fn walmart_accepts_every_request() {
    let refunds = "must have required property 'refunds'";
    accepts("walmart", "walmart/us_mp_orders.json", "", Some(refunds));
}

#[test]
fn etsy_accepts_every_request() {
    accepts("etsy", "etsy/openapi_v3_2021.json", "", None);
}
