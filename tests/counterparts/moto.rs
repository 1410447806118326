//! Moto as the queue that a platform's notifications go to: every question is signed as its own check of signatures wants it.

use std::process::Command;

use serde_json::{Value, json};

use super::desk::Desk;
use super::process::{Process, until};
use crate::office::Office;
use crate::run::{Folder, root};

const CONFIG: &str = r#"
[[account]]
adapter = "amazon"
name = "shop"
environment = "sandbox"
region = "eu"
marketplaces = "A1F83G8C2ARO7P"
client_id = "id"
client_secret_file = "secret"
refresh_token_file = "secret"
base_url = "PLATFORM"
token_url = "PLATFORM/auth/o2/token"
limits = false
queue_url = "QUEUE"
queue_region = "eu-west-1"
queue_key = "KEY"
queue_secret_file = "queue-secret"
"#;

/// A queue, and who reads it.
struct Queue {
    process: Process,
    url: String,
    key: String,
    secret: String,
}

impl Queue {
    /// Opens one; none where moto is not installed.
    fn open() -> Option<Self> {
        let installed = dragoman_samples::counterpart("moto")?;
        let mut python = Command::new(installed.join("venv/bin/python"));
        python.arg(root().join("tests/counterparts/moto/server.py"));
        let (process, said) = Process::start(&mut python, "ready ");
        let mut words = said.split(' ').map(str::to_owned);
        let mut word = || words.next().unwrap();
        Some(Self { process, url: word(), key: word(), secret: word() })
    }

    /// Puts a message in.
    fn put(&mut self, message: &str) {
        self.process.tell(message, "queued ");
    }

    /// How many messages are in it, given or not.
    fn count(&mut self) -> u32 {
        self.process.tell("count", "queued ").parse().unwrap()
    }
}

/// Orders of the platform. They are new: no list shows them within the next minutes.
const ORDERS: [&str; 3] = ["026-0000001-0000001", "026-0000001-0000002", "026-0000001-0000003"];

fn platform(folder: &Folder) -> Office {
    let office = Office::start(folder, "amazon", "[orders]\nmake = 0\n");
    let text = std::fs::read_to_string(root().join("adapters/amazon/cases/complete.in")).unwrap();
    for order in ORDERS {
        let answer: Value = serde_json::from_str(&text.replace(ORDERS[0], order)).unwrap();
        office.told(&json!({ "orders": { "place": [answer["order"]] } }));
    }
    office
}

/// The notification of an order, as its schema has it.
fn changed(order: &str, event: &str) -> Value {
    json!({
        "NotificationVersion": "1.0", "NotificationType": "ORDER_CHANGE", "PayloadVersion": "1.0",
        "EventTime": "2026-11-22T09:15:00.109Z",
        "Payload": { "OrderChangeNotification": {
            "NotificationLevel": "OrderLevel", "SellerId": "A0SAMPLE", "AmazonOrderId": order,
            "OrderChangeType": "OrderStatusChange",
        } },
        "NotificationMetadata": {
            "ApplicationId": "app", "SubscriptionId": "subscription", "PublishTime": "2026-11-22T09:15:01Z",
            "NotificationId": event,
        },
    })
}

#[test]
fn what_a_queue_tells_of_is_had_at_once_and_the_queue_is_empty() {
    let Some(mut queue) = Queue::open() else { return };
    let folder = Folder::new();
    let office = platform(&folder);
    let platform = format!("http://{}", office.address);
    let config = CONFIG.replace("PLATFORM", &platform).replace("QUEUE", &queue.url);
    folder.write("dragoman.toml", config.replace("KEY", &queue.key));
    folder.write("secret", "secret\n");
    folder.write("queue-secret", format!("{}\n", queue.secret));
    let examined = folder.run(&["adapter", "doctor", "shop"]);
    for well in ["ok       queue: it gives messages", "ok       queue, deleting: messages may be deleted"] {
        assert!(examined.stdout.contains(well), "{}{}", examined.stdout, examined.stderr);
    }
    for (number, order) in ORDERS.iter().enumerate() {
        let message = changed(order, &format!("event-{number}")).to_string();
        queue.put(&message);
        // Queues give some messages twice.
        queue.put(&message);
    }
    queue.put("nothing that could be read");
    let desk = Desk::open(folder, &[]);
    until(
        || (desk.orders().len() == ORDERS.len()).then_some(()),
        || format!("{:?} {}", desk.orders(), desk.sync()),
    );
    until(|| (queue.count() == 0).then_some(()), || desk.sync().to_string());
    let sync = desk.sync();
    assert!(sync["asks"].as_array().is_some_and(|asks| asks.len() == 1), "one is put aside: {sync}");
    assert_eq!(sync["queues"][0]["happened"], "2026-11-22T09:15:00.109Z", "{sync}");
    assert!(sync["queues"][0]["trouble"].is_null(), "{sync}");
    let had: Vec<_> = desk.orders().into_iter().map(|(id, _)| desk.comings(&id)).collect();
    assert_eq!(had, [1; ORDERS.len()], "each is had once");
    // What changes while it runs comes as soon.
    office.told(&json!({ "act": [{ "order": ORDERS[0], "does": "edit", "text": "7 Moved Street" }] }));
    queue.put(&changed(ORDERS[0], "event-9").to_string());
    let moved = || desk.order(ORDERS[0]).filter(|order| order.to_string().contains("7 Moved Street"));
    until(moved, || desk.sync().to_string());
    assert_eq!(queue.count(), 0);
}

#[test]
fn a_queue_that_the_key_is_not_for_is_said_to_be() {
    let Some(queue) = Queue::open() else { return };
    let folder = Folder::new();
    let office = platform(&folder);
    let platform = format!("http://{}", office.address);
    let config = CONFIG.replace("PLATFORM", &platform).replace("QUEUE", &queue.url);
    folder.write("dragoman.toml", config.replace("KEY", &queue.key));
    folder.write("secret", "secret\n");
    folder.write("queue-secret", "another\n");
    let examined = folder.run(&["adapter", "doctor", "shop"]);
    assert!(examined.stdout.contains("wrong    queue: SignatureDoesNotMatch"), "{}", examined.stdout);
    assert!(examined.stdout.contains("look at the access key"), "{}", examined.stdout);
    assert!(!examined.stdout.contains("another"), "no secret is shown");
}
