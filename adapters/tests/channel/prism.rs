//! Amazon's own descriptions, served by Prism (npm `@stoplight/prism-cli`), accept every request that the sync and the
//! confirmation make. Skipped where `DRAGOMAN_PRISM` does not name the program.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dragoman_channel::{By, Cursor, Next, Outcome, Plan, Request};
use dragoman_samples::sample;

use crate::amazon::{account, parcel};
use crate::{answer, at, channel, outcome, request};

struct Prism {
    process: Child,
    port: u16,
}

impl Prism {
    /// Serves a description; none where there is no Prism, or no description.
    #[expect(clippy::print_stdout, reason = "a skip has to be seen")]
    fn serve(description: &str) -> Option<Self> {
        let Some(program) = std::env::var_os("DRAGOMAN_PRISM") else {
            println!("skipped: DRAGOMAN_PRISM does not name Prism");
            return None;
        };
        let file = sample(&format!("marketplaces/amazon/{description}"))?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        command.args(["mock", "-h", "127.0.0.1", "-p"]).arg(port.to_string()).arg(file);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let prism = Self { process, port };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_mins(1), "Prism does not come up");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(prism)
    }

    /// Sends a request, and gives the status and the body of the answer.
    fn send(&self, request: &Request) -> (u16, String) {
        let path = request.url.splitn(4, '/').nth(3).unwrap();
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
        assert!(!head.to_lowercase().contains("sl-violations"), "{answer}");
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
fn every_request_of_the_sync_is_accepted() {
    let Some(prism) = Prism::serve("orders_2026-01-01.json") else { return };
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
fn every_confirmation_is_accepted() {
    let Some(prism) = Prism::serve("ordersV0.json") else { return };
    let amazon = channel("amazon");
    let full = parcel().with("shipment.carrier_name", "FedEx").with("shipment.service", "Ground");
    for values in [parcel(), full] {
        let (status, body) = prism.send(&request(&amazon, "ship", &values, None));
        assert_eq!(status, 204, "{body}");
        assert!(matches!(outcome(&amazon, "ship", &answer(status, &[], &body)), Outcome::Done(_)));
    }
}
