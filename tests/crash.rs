//! A gateway under load that is killed at random moments: nothing that it answered is lost, and nothing goes out twice.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs, thread};

use serde_json::{Value, json};

use crate::gateway::{Answered, Serving, ask};
use crate::office::Office;
use crate::run::{Folder, root};

/// So many times it is killed; more where somebody says so.
const KILLS: &str = "DRAGOMAN_KILLS";
const SEED: &str = "DRAGOMAN_KILLS_SEED";
/// So many programs hand orders in at once.
const PROGRAMS: u64 = 4;
/// The longest that it lives once it listens, in milliseconds.
const LIFE: u64 = 700;
/// So long it may take until everything has come to its end.
const SETTLING: Duration = Duration::from_mins(5);

const CONFIG: &str = r#"
[[account]]
adapter = "gb-cds"
name = "acme"
profile = "seller.toml"
client_id = "id"
client_secret_file = "secret"
push_token_file = "pushed"
api_version = "1.0"
base_url = "http://OFFICE"
token_url = "http://OFFICE/oauth/token"
authorize_url = "http://OFFICE/oauth/authorize"
limits = false

[[flow]]
name = "uk"
to = "acme"
consignment = "consignment.toml"
rates = "rates.csv"
master = "master.csv"
"#;

/// What customs is told to do beside what is usual.
const SCRIPT: &str = r#"
limits = false

[callback]
url = "http://GATEWAY/v1/notifications/acme"
headers = [["Authorization", "Bearer pushed"]]

[[play]]
behaviour = "hang up after"
times = 3

[[play]]
behaviour = "throttle"
times = 3

[[play]]
behaviour = "twice"
times = 20

[[play]]
behaviour = "reordered"
times = 20
"#;

#[test]
fn nothing_answered_is_lost_and_nothing_goes_out_twice() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse().ok());
    let clock = u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos());
    let (kills, seed) = (number(KILLS).unwrap_or(6), number(SEED).unwrap_or(clock));
    println!("{SEED}={seed} {KILLS}={kills}");
    let mut chance = Chance(seed);
    let stage = Stage::new(&mut chance);
    let first = stage.serve();
    stage.authorise();
    let (load, begin) = (Load::default(), Instant::now());
    let serving = thread::scope(|scope| {
        for program in 0..PROGRAMS {
            let (stage, load) = (&stage, &load);
            scope.spawn(move || load.run(stage, program));
        }
        let mut serving = first;
        for _ in 0..kills {
            thread::sleep(Duration::from_millis(chance.below(LIFE)));
            // SIGKILL, where there are signals.
            drop(serving);
            // Now and then it does not even come up.
            while chance.below(8) == 0 {
                let begun = Serving::begin(stage.folder.path(), &stage.address, &[]);
                thread::sleep(Duration::from_millis(chance.below(LIFE)));
                drop(begun);
            }
            serving = stage.serve();
        }
        load.ends.store(true, Ordering::SeqCst);
        serving
    });
    let handed = load.handed.into_inner().unwrap_or_else(PoisonError::into_inner);
    let elapsed = begin.elapsed();
    println!("{} declarations were handed in and answered within {elapsed:.1?}", handed.declarations.len());
    assert!(handed.declarations.len() >= 20, "it was killed before it did anything");
    stage.settle();
    println!("and had come to their ends after {:.1?}", begin.elapsed());
    let listed = stage.listed("declarations");
    for (id, lrn) in &handed.declarations {
        let row = listed.get(id).unwrap_or_else(|| panic!("{lrn} was answered and is lost"));
        assert_eq!((&row["state"], &row["status"]), (&json!("delivered"), &json!("cleared")), "{lrn}");
    }
    let orders = stage.listed("orders");
    assert!(handed.orders.iter().all(|id| orders.contains_key(id)), "an order was answered and is lost");
    // What was not answered before it was killed may be there: then under the key it came with, and answered in the end.
    let known: BTreeSet<_> = handed.declarations.keys().cloned().collect();
    assert_eq!(listed.keys().cloned().collect::<BTreeSet<_>>(), known, "nothing is there twice");
    let ledger = stage.get("/v1/ledger");
    assert_eq!((&ledger["accepted"], &ledger["delivered"]), (&json!(known.len()), &json!(known.len())));
    assert_eq!(ledger["balances"], true, "{ledger}");
    assert_eq!(stage.listed("exchanges?kind=parked&needs=match"), BTreeMap::new());
    assert_eq!(stage.office.seen()["twice"], json!([]));
    let mut taken = stage.office.taken();
    taken.sort_unstable();
    let lrns: BTreeSet<_> = handed.declarations.values().cloned().collect();
    assert_eq!(taken, lrns.into_iter().collect::<Vec<_>>(), "customs has each reference once");
    serving.signal("TERM");
    assert!(serving.end().0.success());
    let verified = stage.folder.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    println!("{}", verified.stdout);
}

/// Numbers that follow from a seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// The gateway's folder, its address, and the office that it declares to.
struct Stage {
    folder: Folder,
    address: String,
    office: Office,
    bearer: String,
    order: String,
    /// A declaration that is handed in as it is.
    declaration: String,
}

impl Stage {
    fn new(chance: &mut Chance) -> Self {
        let folder = Folder::new();
        let demo = |name: &str| fs::read_to_string(root().join("adapters/gb-cds/demo").join(name)).unwrap();
        for file in ["seller.toml", "rates.csv", "master.csv"] {
            folder.write(file, demo(file));
        }
        // For orders of any number.
        let consignment = demo("consignment.toml");
        let lines = consignment.lines().filter(|line| !line.starts_with("orders = "));
        folder.write("consignment.toml", lines.collect::<Vec<_>>().join("\n"));
        folder.write("secret", "secret\n");
        folder.write("pushed", "Bearer pushed\n");
        folder.write("order.json", demo("orders/amazon.json"));
        let declared = folder.run(&[
            "declare",
            "--to",
            "gb-cds",
            "--master",
            "master.csv",
            "--profile",
            "seller.toml",
            "--consignment",
            "consignment.toml",
            "--rates",
            "rates.csv",
            "--lrn",
            "REFERENCE",
            "order.json",
        ]);
        assert_eq!(declared.code, 0, "{}", declared.stderr);
        // Not one of those that connections are given by themselves: it has to be free again and again.
        let is_free = |port: &u64| TcpListener::bind(("127.0.0.1", *port as u16)).is_ok();
        let port = (0..100).map(|_| 20_000 + chance.below(10_000)).find(is_free).unwrap();
        let address = format!("127.0.0.1:{port}");
        let office = Office::start(&folder, "gb-cds", &SCRIPT.replace("GATEWAY", &address));
        folder.write("dragoman.toml", CONFIG.replace("OFFICE", &office.address));
        let key = folder.run(&["key", "create", "erp", "--scope", "read,write,administer"]);
        assert_eq!(key.code, 0, "{}", key.stderr);
        let bearer = format!("Bearer {}", key.stdout.trim());
        Self {
            folder,
            address,
            office,
            bearer,
            order: demo("orders/amazon.json"),
            declaration: declared.stdout,
        }
    }

    /// Starts the gateway on its folder, and waits until it listens.
    fn serve(&self) -> Serving {
        let mut serving = Serving::begin(self.folder.path(), &self.address, &[]);
        serving.wait_for("listening");
        serving
    }

    fn ask(&self, method: &str, path: &str, key: &str, body: &str) -> std::io::Result<Answered> {
        let headers = [("authorization", self.bearer.as_str()), ("idempotency-key", key)];
        let json = [("content-type", "application/json")];
        let more = if body.starts_with('{') { &json[..] } else { &[] };
        ask(
            &self.address,
            method,
            path,
            &[&headers[..if key.is_empty() { 1 } else { 2 }], more].concat(),
            body.as_bytes(),
        )
    }

    fn get(&self, path: &str) -> Value {
        self.ask("GET", path, "", "").unwrap().json()
    }

    /// A person authorises the gateway, before time goes faster: what is given then holds to the end.
    fn authorise(&self) {
        let left = self.ask("POST", "/v1/accounts/acme/authorisation", "", "").unwrap().json();
        let url = left["url"].as_str().unwrap();
        let state = url.split(['?', '&']).find_map(|one| one.strip_prefix("state=")).unwrap();
        let end = format!("/v1/authorised/end?state={state}&code=code");
        assert_eq!(self.ask("GET", &end, "", "").unwrap().status, 303);
        self.office.told(&json!({ "faster": 1000 }));
    }

    /// Everything of a list, by id.
    fn listed(&self, list: &str) -> BTreeMap<String, Value> {
        let (mut all, mut after) = (BTreeMap::new(), String::new());
        let begin = if list.contains('?') { '&' } else { '?' };
        loop {
            let page = self.get(&format!("/v1/{list}{begin}limit=500{after}"));
            for row in page["data"].as_array().unwrap() {
                all.insert(row["id"].as_str().unwrap().to_owned(), row.clone());
            }
            let Some(next) = page["next"].as_str() else { return all };
            after = format!("&after={next}");
        }
    }

    /// Waits until everything came to its end. What nobody knows and customs does not have, a person sends again.
    fn settle(&self) {
        let begin = Instant::now();
        loop {
            let unknown = self.listed("declarations?state=unknown");
            // What customs took before this moment is proved by its answer, if that takes a while.
            let taken: BTreeSet<_> = self.office.taken().into_iter().collect();
            for (id, row) in &unknown {
                if !taken.contains(row["title"].as_str().unwrap()) {
                    let body = json!({ "decision": "resend" }).to_string();
                    let decided = self.ask("POST", &format!("/v1/exchanges/{id}/decide"), "", &body).unwrap();
                    assert!(matches!(decided.status, 204 | 409), "{}", decided.body);
                }
            }
            let ledger = self.get("/v1/ledger");
            let seen = self.office.seen();
            if ledger["open"] == 0 && seen["notifications"]["pushing"] == 0 {
                return;
            }
            assert!(begin.elapsed() < SETTLING, "{ledger} {} {unknown:?}", seen["notifications"]);
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// What was handed in and answered.
#[derive(Default)]
struct Handed {
    orders: Vec<String>,
    /// The reference of each declaration.
    declarations: BTreeMap<String, String>,
}

/// Programs that hand orders and declarations in.
#[derive(Default)]
struct Load {
    ends: AtomicBool,
    count: AtomicU64,
    handed: Mutex<Handed>,
}

impl Load {
    /// Hands in one after the other, each until it is answered.
    fn run(&self, stage: &Stage, program: u64) {
        while !self.ends.load(Ordering::SeqCst) {
            let number = self.count.fetch_add(1, Ordering::SeqCst);
            let order = stage.order.replace("026-1000001-1000001", &format!("026-{number:07}-0000001"));
            let key = format!("key-{number}");
            match program % 3 {
                // An order that is declared at once, in one step.
                0 => drop(self.hand(stage, "/v1/orders?declare_to=acme", &key, &order)),
                // One that is kept, and declared then.
                1 => {
                    let ids = self.hand(stage, "/v1/orders", &key, &order);
                    let body = json!({ "orders": ids, "account": "acme" }).to_string();
                    self.hand(stage, "/v1/consignments", &format!("{key}-declared"), &body);
                }
                _ => {
                    let declaration = stage.declaration.replace("REFERENCE", &format!("OWN{number:07}"));
                    self.hand(stage, "/v1/declarations?account=acme", &key, &declaration);
                }
            }
        }
    }

    /// Hands something in until it is answered, and gives the ids of its orders.
    fn hand(&self, stage: &Stage, path: &str, key: &str, body: &str) -> Vec<String> {
        let begin = Instant::now();
        let taken = loop {
            assert!(begin.elapsed() < SETTLING, "{path} is not answered");
            // It is killed while it reads, works or answers, or is not there: the same again, with the same key.
            match stage.ask("POST", path, key, body) {
                Ok(answer) if answer.status == 201 && serde_json::from_str::<Value>(&answer.body).is_ok() => {
                    break answer.json();
                }
                Ok(answer) => assert!(matches!(answer.status, 201 | 503), "{path}: {answer:?}"),
                Err(_) => {}
            }
            thread::sleep(Duration::from_millis(10));
        };
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let all = |name: &str| taken[name].as_array().cloned().unwrap_or_default();
        let orders: Vec<_> = all("orders").iter().map(|order| text(&order["id"])).collect();
        let mut handed = self.handed.lock().unwrap();
        handed.orders.extend(orders.iter().cloned());
        for declared in all("declarations") {
            assert_eq!(declared["state"], "queued", "{declared}");
            handed.declarations.insert(text(&declared["id"]), text(&declared["lrn"]));
        }
        orders
    }
}
