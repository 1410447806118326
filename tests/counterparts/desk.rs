//! The gateway, as a program speaks to it.

use std::path::Path;

use serde_json::Value;

use super::process::until;
use crate::gateway::{Answered, Serving, ask};
use crate::run::Folder;

/// A gateway that runs, and its folder.
pub struct Desk {
    pub folder: Folder,
    serving: Serving,
    bearer: String,
}

impl Desk {
    /// Opens one with the files of a folder.
    pub fn open(folder: Folder, arguments: &[&str]) -> Self {
        let key = folder.run(&["key", "create", "erp", "--scope", "read,write,administer,personal"]);
        assert_eq!(key.code, 0, "{}", key.stderr);
        let bearer = format!("Bearer {}", key.stdout.trim());
        let serving = Serving::start(folder.path(), arguments);
        Self { folder, serving, bearer }
    }

    pub fn ask(&self, method: &str, path: &str, body: &str) -> Answered {
        let headers = [("authorization", self.bearer.as_str()), ("content-type", "application/json")];
        ask(&self.serving.address, method, path, &headers, body.as_bytes()).unwrap()
    }

    pub fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, "");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// All orders that it has: ids and numbers.
    pub fn orders(&self) -> Vec<(String, String)> {
        let listed = self.get("/v1/orders?limit=500");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let rows = listed["data"].as_array().unwrap().iter();
        rows.map(|row| (text(&row["id"]), text(&row["title"]))).collect()
    }

    /// An order as it came last, as the canonical document; none where it did not come yet.
    pub fn order(&self, number: &str) -> Option<Value> {
        let (id, _) = self.orders().into_iter().find(|(_, known)| known == number)?;
        Some(self.get(&format!("/v1/exchanges/{id}/document")))
    }

    /// How often an order came with other content.
    pub fn comings(&self, id: &str) -> usize {
        let seen = self.get(&format!("/v1/orders/{id}"));
        let happened = seen["timeline"].as_array().unwrap().iter();
        happened.filter(|one| one["what"] == "order_received").count()
    }

    /// How the reading of orders stands.
    pub fn sync(&self) -> Value {
        self.get("/v1/sync")["data"][0].clone()
    }

    /// Waits until everything that changed up to now was looked for.
    pub fn caught_up(&self) {
        let now = jiff::Timestamp::now();
        let had = || self.sync()["cursor"]["since"].as_str()?.parse::<jiff::Timestamp>().ok();
        until(|| had().filter(|had| *had > now), || self.sync().to_string());
    }
}

/// Copies an adapter's `adapter.toml` into a folder that is laid over the program's, with some texts in the place of
/// others: a platform is waited for by the minute, a test is not.
pub fn quicken(folder: &Folder, adapter: &Path, changes: &[(&str, &str)]) {
    let name = adapter.file_name().unwrap().to_str().unwrap();
    let mut text = std::fs::read_to_string(adapter.join("adapter.toml")).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    folder.write(&format!("adapters/{name}/adapter.toml"), text);
}
