//! A gateway that runs: the built binary, spoken to over HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::run::BINARY;

/// Nothing here takes longer.
const LONG: Duration = Duration::from_mins(1);

/// `dragoman serve`, running.
pub struct Serving {
    child: Child,
    /// Where it listens, without `http://`.
    pub address: String,
    lines: Receiver<String>,
    log: Vec<String>,
}

/// What a gateway answers.
#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answered {
    /// A header; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Serving {
    /// Starts one in a folder, and waits until it listens.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut serving = Self::begin(folder, "127.0.0.1:0", arguments);
        let line = serving.wait_for("listening");
        let line: Value = serde_json::from_str(&line).unwrap();
        line["address"].as_str().unwrap().trim_start_matches("http://").clone_into(&mut serving.address);
        serving
    }

    /// Starts one that is to listen at an address, and does not wait for it.
    pub fn begin(folder: &Path, address: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(&*BINARY)
            .args(["serve", "--listen", address])
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (said, lines) = channel();
        std::thread::spawn(move || {
            // Nobody listens any more where the test has ended.
            stderr.lines().map_while(Result::ok).try_for_each(|line| said.send(line))
        });
        Self { child, address: address.to_owned(), lines, log: Vec::new() }
    }

    /// Waits for a line of the log that holds a text.
    pub fn wait_for(&mut self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(LONG);
            let line = line.unwrap_or_else(|_| panic!("it did not say `{text}`: {:#?}", self.log));
            self.log.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end, and gives its log.
    pub fn end(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.child.wait().unwrap();
        while let Ok(line) = self.lines.recv() {
            self.log.push(line);
        }
        (status, std::mem::take(&mut self.log))
    }

    /// Asks with GET.
    pub fn get(&self, path: &str) -> Answered {
        ask(&self.address, "GET", path, &[], b"").unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request on a connection of its own.
pub fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Answered> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LONG))?;
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let whole = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(whole)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(whole)?;
    Ok(Answered { status, head: head.to_owned(), body: body.to_owned() })
}
