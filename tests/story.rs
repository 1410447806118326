//! What people do while `dragoman demo` runs: a rejected declaration is corrected and clears, by a program and in the pages;
//! and what many declarations have in common is mended once.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::gateway::{Answered, ask};
use crate::run::{BINARY, Folder, root};

/// Nothing here takes longer.
const LONG: Duration = Duration::from_mins(1);

/// `dragoman demo`, running.
struct Performance {
    child: Child,
    /// Where its pages are, without `http://`.
    address: String,
    lines: Receiver<String>,
}

impl Performance {
    /// Starts one, and waits until its play is over and its pages stay.
    fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let mut child = Command::new(&*BINARY)
            .args(["demo", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (said, lines) = channel();
        std::thread::spawn(move || {
            // Nobody listens any more where the test has ended.
            stdout.lines().map_while(Result::ok).try_for_each(|line| said.send(line))
        });
        let mut performance = Self { child, address: String::new(), lines };
        let line = performance.wait_for("The pages are at ");
        let (_, address) = line.split_once("http://").unwrap();
        address.trim_end_matches('/').clone_into(&mut performance.address);
        performance
    }

    /// Waits for a line that holds a text.
    fn wait_for(&self, text: &str) -> String {
        let mut before = Vec::new();
        loop {
            let line = self.lines.recv_timeout(LONG);
            let line = line.unwrap_or_else(|_| panic!("it did not say `{text}`: {before:#?}"));
            if line.contains(text) {
                return line;
            }
            before.push(line);
        }
    }

    fn get(&self, path: &str) -> Value {
        let answered = ask(&self.address, "GET", path, &[], b"").unwrap();
        assert_eq!(answered.status, 200, "{path}: {}", answered.body);
        answered.json()
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Answered {
        let headers = [("content-type", "application/json")];
        ask(&self.address, method, path, &headers, body.to_string().as_bytes()).unwrap()
    }

    /// The ids of declarations that were rejected.
    fn rejected(&self) -> Vec<String> {
        let listed = self.get("/v1/declarations?status=rejected");
        let ids = listed["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
        ids.collect()
    }

    /// Waits until a declaration has a status.
    fn until(&self, id: &str, status: &str) -> Value {
        let begin = Instant::now();
        loop {
            let view = self.get(&format!("/v1/declarations/{id}"));
            if view["status"] == status {
                return view;
            }
            assert!(begin.elapsed() < LONG, "{} instead of {status}", view["status"]);
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Performance {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is rejected in a declaration: canonical paths and order lines.
fn rejections(view: &Value) -> Vec<(String, String)> {
    let lines = view["lines"].as_array().unwrap();
    let all = lines.iter().flat_map(|line| line["rejections"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|one| (text(&one["finding"]["path"]), text(&one["lines"][0]["line"]))).collect()
}

/// The value at a canonical path.
fn value(view: &Value, path: &str) -> String {
    let lines = view["panes"]["canonical"]["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["path"] == path).unwrap();
    line["value"].as_str().unwrap().to_owned()
}

#[test]
fn a_program_corrects_what_was_rejected_and_it_clears() {
    let folder = Folder::new();
    let performance = Performance::start(&folder, &["--data", "kept"]);
    let [id] = performance.rejected().try_into().unwrap();
    let own = format!("/v1/declarations/{id}");
    let view = performance.get(&own);
    let rejected = rejections(&view);
    assert_eq!(rejected.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    let news = ["85395200", "85171300"];
    let changes: Vec<_> = rejected
        .iter()
        .zip(news)
        .map(|((path, _), new)| json!({"path": path, "old": value(&view, path), "new": new}))
        .collect();
    let body = json!({ "revision": view["revision"], "changes": changes });
    let corrected = performance.send("PATCH", &own, &body);
    assert_eq!(corrected.status, 200, "{}", corrected.body);
    let body = json!({ "revision": corrected.json()["revision"] });
    let sent = performance.send("POST", &format!("{own}/submissions"), &body);
    assert!((200..300).contains(&sent.status), "{}", sent.body);
    let cleared = performance.until(&id, "cleared");
    assert_ne!(cleared["lrn"], view["lrn"], "it went out under a reference of its own");
    assert_eq!(rejections(&cleared), []);
    // What happened is told as it happens, and who did it.
    performance.wait_for("corrected by you");
    performance.wait_for("cleared");
    drop(performance);
    let ran = folder.run(&["verify", "--data", "kept"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let again = folder.run(&["demo", "--once", "--data", "kept"]);
    assert_eq!(again.code, 2, "{}", again.stderr);
    // Where it was played before, it goes on.
    let on = Performance::start(&folder, &["--data", "kept"]);
    assert_eq!(on.get(&own)["status"], "cleared");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_corrects_what_was_rejected_in_its_page_and_it_clears() {
    let Some(browser) = Browser::start().await else { return };
    let folder = Folder::new();
    let performance = Performance::start(&folder, &[]);
    let [id] = performance.rejected().try_into().unwrap();
    let page = format!("http://{}/declarations/{id}", performance.address);
    let corrections = [("1", "85395000", "85395200", "save"), ("2", "85171200", "85171300", "resubmit")];
    for (item, was, is, then) in corrections {
        browser.open(&page).await;
        browser.click(&format!("a[href*='part={item}'][href*='edit=1'][href*='#v']")).await;
        browser.write(&format!("input[name='new'][value='{was}']"), is).await;
        browser.click("#panes form button.main").await;
        browser.until("location.pathname.endsWith('/correct')").await;
        let text = browser.text().await;
        assert!(text.contains(was) && text.contains(is), "both are seen before anything is sent: {text}");
        browser.click(&format!("button[value='{then}']")).await;
        browser.until("location.search.includes('done=')").await;
    }
    // The page follows by itself.
    browser.until("document.getElementById('standing').innerText.toLowerCase().includes('cleared')").await;
    assert_eq!(performance.get(&format!("/v1/declarations/{id}"))["status"], "cleared");
    browser.end().await;
}

/// An order without the mistake that is its own.
fn order(number: u32) -> String {
    let path = root().join("adapters/gb-cds/demo/orders/shopify.json");
    let mut message: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let order = &mut message["data"]["order"];
    order["id"] = json!(format!("gid://shopify/Order/{number}"));
    order["name"] = json!(format!("#{number}"));
    order["lineItems"]["nodes"].as_array_mut().unwrap().remove(1);
    message.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cause_that_declarations_share_is_mended_once() {
    let Some(browser) = Browser::start().await else { return };
    let folder = Folder::new();
    for number in [2001, 2002, 2003] {
        folder.write(&format!("{number}.json"), order(number));
    }
    let performance = Performance::start(&folder, &["2001.json", "2002.json", "2003.json"]);
    let rejected = performance.rejected();
    assert_eq!(rejected.len(), 3);
    browser.open(&format!("http://{}/declarations/{}", performance.address, rejected[0])).await;
    browser.click("a[href^='/causes/']").await;
    browser.until("location.pathname.startsWith('/causes/')").await;
    browser.write("input[name='code']", "8539520000").await;
    browser.click("button[data-key='s']").await;
    browser.until("location.search.includes('done=saved')").await;
    let text = browser.text().await;
    assert!(text.matches("85395200").count() > 3 && text.matches("85395000").count() >= 3, "{text}");
    browser.click("button[data-key='r']").await;
    for id in &rejected {
        performance.until(id, "cleared");
    }
    assert_eq!(performance.rejected(), Vec::<String>::new());
    browser.end().await;
}
