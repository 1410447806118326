//! Transit as people run it: `dragoman serve` declares to `dragoman sim eu-ncts`, both processes of their own.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::gateway::{Serving, ask};
use crate::office::Office;
use crate::run::{Folder, root};

const CONFIG: &str = r#"
[[account]]
adapter = "eu-ncts"
name = "customs"
profile = "seller.toml"
client_id = "id"
client_secret_file = "secret"
push_secret_file = "box"
api_version = "3.0"
base_url = "http://OFFICE"
token_url = "http://OFFICE/oauth/token"
authorize_url = "http://OFFICE/oauth/authorize"
limits = false

[[flow]]
name = "transit"
to = "customs"
consignment = "consignment.toml"
rates = "rates.csv"
master = "master.csv"
"#;

/// Nothing here takes longer.
const LONG: Duration = Duration::from_mins(2);

/// The MRN of the cases.
const MRN: &str = "26GB1234567890ABK5";

#[test]
fn a_declaration_is_released_another_rejected_at_its_order_line_and_the_goods_arrive() {
    let stage = Stage::new();
    let mut serving = Serving::start(stage.folder.path(), &[]);
    stage.authorise(&serving);
    let bags = stage.declare(&serving, "bags");
    let phones = stage.declare(&serving, "phones");
    stage.delivered(&serving, &[&bags, &phones]);
    // Answers are fetched once a minute, and when it starts.
    serving = stage.again(serving, 4);
    let released = stage.until(&serving, &bags, "released");
    let rejected = stage.until(&serving, &phones, "rejected");
    let lines = rejected["lines"].as_array().unwrap();
    let pointed = lines.iter().find(|line| line["rejections"][0].is_object()).unwrap();
    assert_eq!((&pointed["order"], &pointed["line"]), (&json!("S-2002"), &json!("2")), "{pointed}");
    let path = "goods_items[sequence=2].commodity.codes[type=TSP].code";
    assert_eq!(pointed["rejections"][0]["finding"]["path"], path);
    let mrn = released["mrn"].as_str().unwrap();
    let arrival = case("CC007C").replace(MRN, mrn);
    let arrival = stage.posted(&serving, "/v1/declarations?account=customs", &arrival);
    stage.delivered(&serving, &[&arrival]);
    serving = stage.again(serving, 5);
    stage.until(&serving, &arrival, "accepted");
    let remarks = case("CC044C").replace(MRN, mrn).replace("22001<", "22002<");
    stage.posted(&serving, &format!("/v1/declarations/{arrival}/messages"), &remarks);
    stage.delivered(&serving, &[&arrival]);
    serving = stage.again(serving, 6);
    stage.until(&serving, &arrival, "released");
}

/// What the office pushes is heard without being asked for; nobody else can push.
#[test]
fn what_the_office_pushes_is_heard_at_once() {
    let stage = Stage::new();
    let serving = Serving::start(stage.folder.path(), &[]);
    stage.authorise(&serving);
    let path = "/v1/notifications/customs";
    let asked = ask(&serving.address, "GET", &format!("{path}?challenge=c-1"), &[], b"").unwrap();
    assert_eq!((asked.status, asked.json()), (200, json!({ "challenge": "c-1" })));
    assert_eq!(ask(&serving.address, "GET", path, &[], b"").unwrap().status, 400);
    let forged = [("X-Hub-Signature", "0000000000000000000000000000000000000000")];
    assert_eq!(ask(&serving.address, "POST", path, &forged, b"{}").unwrap().status, 401);
    let url = format!("http://{}{path}", serving.address);
    stage.office.told(&json!({ "callback": { "url": url, "secret": "box" } }));
    let bags = stage.declare(&serving, "bags");
    stage.until(&serving, &bags, "released");
    let seen = stage.wait(|| {
        let seen = stage.office.seen();
        (seen["notifications"]["pushed"].as_u64()? >= 3).then_some(seen)
    });
    let fetched = |one: &&Value| one["route"] == "get_departure_message";
    assert_eq!(seen["requests"].as_array().unwrap().iter().find(fetched), None);
}

fn case(name: &str) -> String {
    fs::read_to_string(root().join(format!("adapters/eu-ncts/cases/{name}.in"))).unwrap()
}

/// The gateway's folder, and the office that it declares to.
struct Stage {
    folder: Folder,
    office: Office,
    bearer: String,
}

impl Stage {
    fn new() -> Self {
        let folder = Folder::new();
        let demo = root().join("adapters/eu-ncts/demo");
        for file in ["seller.toml", "consignment.toml", "rates.csv", "master.csv"] {
            folder.write(file, fs::read(demo.join(file)).unwrap());
        }
        folder.write("secret", "secret\n");
        folder.write("box", "box\n");
        let office = Office::start(&folder, "eu-ncts", "limits = false\n");
        folder.write("dragoman.toml", CONFIG.replace("OFFICE", &office.address));
        let key = folder.run(&["key", "create", "erp", "--scope", "read,write,administer"]);
        assert_eq!(key.code, 0, "{}", key.stderr);
        let bearer = format!("Bearer {}", key.stdout.trim());
        Self { folder, office, bearer }
    }

    fn ask(&self, serving: &Serving, method: &str, path: &str, body: &str) -> crate::gateway::Answered {
        let headers = [("authorization", self.bearer.as_str())];
        ask(&serving.address, method, path, &headers, body.as_bytes()).unwrap()
    }

    /// A person authorises the gateway, before time goes faster: what is given then holds to the end.
    fn authorise(&self, serving: &Serving) {
        let left = self.ask(serving, "POST", "/v1/accounts/customs/authorisation", "").json();
        let url = left["url"].as_str().unwrap();
        let state = url.split(['?', '&']).find_map(|one| one.strip_prefix("state=")).unwrap();
        let end = format!("/v1/authorised/end?state={state}&code=code");
        assert_eq!(self.ask(serving, "GET", &end, "").status, 303);
        self.office.told(&json!({ "faster": 1000 }));
    }

    /// Declares an order of the demonstration, and gives the declaration.
    fn declare(&self, serving: &Serving, order: &str) -> String {
        let order = root().join(format!("adapters/eu-ncts/demo/orders/{order}.json"));
        self.posted(serving, "/v1/orders?declare_to=customs", &fs::read_to_string(order).unwrap())
    }

    /// Hands something in, and gives the declaration.
    fn posted(&self, serving: &Serving, path: &str, body: &str) -> String {
        let taken = self.ask(serving, "POST", path, body);
        assert_eq!(taken.status, 201, "{}", taken.body);
        taken.json()["declarations"][0]["id"].as_str().unwrap().to_owned()
    }

    fn seen(&self, serving: &Serving, id: &str) -> Value {
        self.ask(serving, "GET", &format!("/v1/declarations/{id}"), "").json()
    }

    /// Waits until the office has the last message of each.
    fn delivered(&self, serving: &Serving, ids: &[&str]) {
        for id in ids {
            self.wait(|| Some(self.seen(serving, id)).filter(|seen| seen["state"] == "delivered"));
        }
    }

    /// Waits until the office has said so much, and starts the gateway again: the first thing that it does is to fetch.
    fn again(&self, serving: Serving, answers: u64) -> Serving {
        self.wait(|| {
            let waiting = self.office.seen()["notifications"]["waiting"].as_u64();
            (waiting? >= answers).then_some(())
        });
        // Those of later are among them: the office is a thousand times faster, and none is later than ten seconds.
        std::thread::sleep(Duration::from_millis(50));
        serving.signal("TERM");
        assert!(serving.end().0.success());
        Serving::start(self.folder.path(), &[])
    }

    fn until(&self, serving: &Serving, id: &str, status: &str) -> Value {
        self.wait(|| Some(self.seen(serving, id)).filter(|seen| seen["status"] == status))
    }

    fn wait<T>(&self, mut found: impl FnMut() -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            if let Some(found) = found() {
                return found;
            }
            assert!(begin.elapsed() < LONG, "{}", self.office.seen());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
