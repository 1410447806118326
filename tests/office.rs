//! A simulated customs service that runs: `dragoman sim`, a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::gateway::ask;
use crate::run::{BINARY, Folder};

/// The service.
pub struct Office {
    child: Child,
    /// Where it listens, without `http://`.
    pub address: String,
}

impl Office {
    /// Starts that of an adapter, which plays a script, and waits until it says where it listens.
    pub fn start(folder: &Folder, adapter: &str, script: &str) -> Self {
        folder.write("script.toml", script);
        let mut child = Command::new(&*BINARY)
            .args(["sim", adapter, "--script", "script.toml"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut lines = said.lines().map_while(Result::ok);
        let address =
            lines.find_map(|line| Some(line.split_once("at http://")?.1.split(". ").next()?.to_owned()));
        // Whatever it still says goes nowhere, and holds nobody up.
        std::thread::spawn(move || lines.for_each(drop));
        Self { address: address.expect("it says where it listens"), child }
    }

    /// Tells it something, and gives its state.
    pub fn told(&self, change: &Value) -> Value {
        ask(&self.address, "POST", "/_sim", &[], change.to_string().as_bytes()).unwrap().json()
    }

    /// Its state.
    pub fn seen(&self) -> Value {
        ask(&self.address, "GET", "/_sim", &[], b"").unwrap().json()
    }

    /// The references of all messages that it took, each as often as it took it.
    pub fn taken(&self) -> Vec<String> {
        let (mut taken, mut after) = (Vec::new(), 0);
        loop {
            let page = ask(&self.address, "GET", &format!("/_sim/requests?after={after}"), &[], b"");
            let page = page.unwrap().json();
            let entries = page.as_array().unwrap();
            let Some(last) = entries.last() else { return taken };
            after = last["number"].as_u64().unwrap();
            let is_taken = |entry: &&Value| entry["taken"] == true;
            taken.extend(entries.iter().filter(is_taken).map(|one| one["lrn"].as_str().unwrap().to_owned()));
        }
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
