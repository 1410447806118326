//! Peak memory of the program while it reads a long interchange from its standard input.

use std::io::{BufWriter, Write};
use std::process::{Child, Command, ExitCode, Stdio};

use crate::cusdec::declaration;
use crate::root;

/// What the program may take, in MB.
const MOST: f64 = 64.0;

/// Streams an interchange of that many megabytes through `dragoman validate` and tells its peak memory.
pub fn measure(megabytes: usize) -> ExitCode {
    let binary = root().join("target/release/dragoman");
    let built =
        Command::new("cargo").args(["build", "--release", "-p", "dragoman-cli"]).current_dir(root()).status();
    if !built.is_ok_and(|status| status.success()) {
        println!("FAILED: the program cannot be built");
        return ExitCode::FAILURE;
    }
    let started = Command::new(binary).arg("validate").arg("-").stdin(Stdio::piped()).spawn();
    match started.map_err(|error| error.to_string()).and_then(|mut child| stream(&mut child, megabytes)) {
        Ok(peak) => {
            let verdict = if peak <= MOST { "reached" } else { "MISSED" };
            println!("peak memory for {megabytes} MB of CUSDEC: {peak:.1} MB (target {MOST}, {verdict})");
            if peak <= MOST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            println!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the interchange, and asks for the peak before its end.
fn stream(child: &mut Child, megabytes: usize) -> Result<f64, String> {
    let input = child.stdin.take().ok_or("the program has no standard input")?;
    let mut input = BufWriter::new(input);
    let mut send = |text: &str| input.write_all(text.as_bytes()).map_err(|error| error.to_string());
    send("UNB+UNOC:3+DECLARANT:ZZ+CUSTOMS:ZZ+261122:1200+R1'")?;
    let (mut sent, mut messages, mut text) = (0, 0, String::new());
    while sent < megabytes * 1_000_000 {
        messages += 1;
        text.clear();
        declaration(messages, &mut text);
        send(&text)?;
        sent += text.len();
    }
    let peak = peak(child.id());
    send(&format!("UNZ+{messages}+R1'"))?;
    drop(input);
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() { peak } else { Err(format!("the program ended with {status}")) }
}

/// The peak of the resident memory of a process, in MB.
fn peak(process: u32) -> Result<f64, String> {
    let kilobytes = kilobytes(&process.to_string(), "VmHWM").ok_or("the system does not tell")?;
    Ok(kilobytes as f64 * 1024.0 / 1e6)
}

/// Forgets the most memory that this process ever had (`proc_pid_clear_refs(5)`).
pub fn forget_most() {
    // Where that cannot be, the most is that of the whole run.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that this process ever had, in megabytes; 0 where the machine does not say.
pub fn most() -> u64 {
    kilobytes("self", "VmHWM").unwrap_or(0) / 1024
}

/// The memory that this process has, in megabytes; 0 where the machine does not say.
pub fn resident() -> u64 {
    kilobytes("self", "VmRSS").unwrap_or(0) / 1024
}

/// What Linux says of the memory of a process.
fn kilobytes(process: &str, what: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
