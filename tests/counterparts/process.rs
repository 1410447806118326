//! A program that runs beside a test.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Nothing that is awaited takes longer, however much else the machine does.
const LONG: Duration = Duration::from_mins(4);

/// Waits until something is there; `seen` says what was seen instead.
pub fn until<T>(mut found: impl FnMut() -> Option<T>, seen: impl Fn() -> String) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(begin.elapsed() < LONG, "{}", seen());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A program; it is gone when this is, or when the test is.
pub struct Process {
    child: Child,
    /// Some programs end when nobody can tell them anything any more.
    stdin: ChildStdin,
    /// What it says.
    lines: Mutex<Receiver<String>>,
}

impl Process {
    /// Starts one, and waits for a line of its output that begins with a word: gives what follows it.
    pub fn start(command: &mut Command, word: &str) -> (Self, String) {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (said, lines) = channel();
        std::thread::spawn(move || {
            // What it says later goes nowhere, and holds it up nowhere.
            stdout.lines().map_while(Result::ok).for_each(|line| drop(said.send(line)));
        });
        let process = Self { child, stdin, lines: Mutex::new(lines) };
        let said = process.hear(word);
        (process, said)
    }

    /// Waits for a line that begins with a word: gives what follows it.
    fn hear(&self, word: &str) -> String {
        let lines = self.lines.lock().unwrap();
        loop {
            let line = lines.recv_timeout(LONG).unwrap_or_else(|_| panic!("it did not say `{word}`"));
            if let Some(rest) = line.strip_prefix(word) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Tells it something, and waits until it says a word.
    pub fn tell(&mut self, line: &str, word: &str) {
        writeln!(self.stdin, "{line}").unwrap();
        self.hear(word);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
