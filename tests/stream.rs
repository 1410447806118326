//! Long interchanges: read as they come, with one message in memory.

use std::fmt::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::run::{BINARY, Folder};

const GRAMMAR: &str = "grammar 1 toy/ack
syntax edifact
use edifact/service
message TOYACK D 96B UN
segment BGM 1225 an..3 1004 an..35
0000 UNB
0010 UNH *
0020 BGM *
";

const MAPPING: &str = "mapping 1 toy/ack
model CustomsResponse
wire edifact TOYACK grammar toy/ack
ignore UNB because \"the envelope\"
ignore UNH because \"the envelope\"
response_number <=> BGM/1004
native.code <=> BGM/1225
";

const ADAPTER: &str = "title = \"Toy\"
[[message]]
name = \"ack\"
mapping = \"toy/ack\"
direction = \"in\"
";

/// A format of its own, laid over the program's data.
fn toy() -> Folder {
    let folder = Folder::new();
    folder.write("m/toy/ack.gram", GRAMMAR);
    folder.write("m/toy/ack.map", MAPPING);
    folder.write("a/toy/adapter.toml", ADAPTER);
    folder
}

fn interchange(messages: usize) -> String {
    let mut text = "UNB+UNOC:3+A+B+261101:0900+1'".to_owned();
    for number in 1..=messages {
        let _ = write!(text, "UNH+{number}+TOYACK:D:96B:UN'\r\nBGM+9+R{number}'\r\nUNT+3+{number}'\r\n");
    }
    text + &format!("UNZ+{messages}+1'")
}

const DATA: [&str; 4] = ["--mappings", "m", "--adapters", "a"];

#[test]
fn every_message_is_a_document() {
    let folder = toy();
    folder.write("a.edi", interchange(3));
    for name in ["auto", "toy/ack"] {
        let ran =
            folder.run(&[&DATA[..], &["translate", "--from", name, "--to", "canonical", "a.edi"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let numbers: Vec<Value> =
            ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let numbers: Vec<_> = numbers.iter().map(|one| one["response_number"].as_str().unwrap()).collect();
        assert_eq!(numbers, ["R1", "R2", "R3"]);
    }
    folder.write("one.edi", interchange(1));
    let ran =
        folder.run(&[&DATA[..], &["translate", "--from", "auto", "--to", "canonical", "one.edi"]].concat());
    assert!(ran.stdout.starts_with("{\n"), "{}", ran.stdout);
}

#[test]
fn places_are_those_of_the_file_however_far() {
    let folder = toy();
    let count = 60_000;
    let text = interchange(count)
        .replace("BGM+9+R59999'", "BGM+9999+R59999'")
        .replace("UNT+3+60000'", "UNT+4+60000'");
    folder.write("a.edi", &text);
    let ran = folder.run(&[&DATA[..], &["validate", "--format", "json", "a.edi"]].concat());
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let file: Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = file["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "{file}");
    for finding in findings {
        let start = finding["span"]["start"].as_u64().unwrap() as usize;
        assert!(start > 2_000_000);
        assert_eq!(finding["span"]["line"], text[..start].matches('\n').count() as u64 + 1, "{finding}");
        let column = text[..start].rsplit('\n').next().unwrap().len() as u64 + 1;
        assert_eq!(finding["span"]["column"], column, "{finding}");
    }
    let shown = folder.run(&[&DATA[..], &["validate", "a.edi"]].concat());
    assert!(shown.stderr.contains("9999") && shown.stderr.contains("a.edi:"), "{}", shown.stderr);
}

#[test]
fn who_reads_only_the_beginning_is_no_error() {
    let folder = toy();
    folder.write("a.edi", interchange(50_000));
    let arguments = [&DATA[..], &["translate", "--from", "auto", "--to", "canonical", "a.edi"]].concat();
    let mut child = Command::new(&*BINARY)
        .args(arguments)
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

/// An interchange of 28 MB, or of as many as `DRAGOMAN_STREAM_MB` says (2000 for two gigabytes), takes no more memory than
/// a third of it, and no more than 64 MB besides the program's own file, which is mapped as it is run.
#[test]
#[cfg(target_os = "linux")]
fn a_long_interchange_takes_little_memory() {
    let folder = toy();
    folder.write("m/toy/ack.gram", GRAMMAR.replace("an..35", "an..900"));
    let wanted = std::env::var("DRAGOMAN_STREAM_MB").ok().and_then(|size| size.parse().ok());
    let rounds = wanted.unwrap_or(28_usize).div_ceil(28);
    let (part, all) = (peak(&folder, 10_000, 1), peak(&folder, 30_000, rounds));
    assert!(all < 64_000 && all < part + 8_000, "{all} kB for all, {part} kB for a part");
}

/// The most memory of its own, in kB, that reading an interchange of so many messages took at once.
#[cfg(target_os = "linux")]
fn peak(folder: &Folder, count: usize, rounds: usize) -> u64 {
    use std::io::Write as _;
    let mut child = Command::new(&*BINARY)
        .args([&DATA[..], &["validate", "-"]].concat())
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = interchange(count).replace("9+R", &format!("9+{}", "X".repeat(880)));
    let (header, messages) = text.split_at(text.find("UNH").unwrap());
    let messages = &messages[..messages.rfind("UNZ").unwrap()];
    input.write_all(header.as_bytes()).unwrap();
    for _ in 0..rounds {
        input.write_all(messages.as_bytes()).unwrap();
    }
    // More than a pipe holds: once it is taken, all before it was read.
    input.write_all(&b"\r\n".repeat(100_000)).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let kilobytes = |name: &str| -> u64 {
        let stated = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        stated.trim().trim_end_matches("kB").trim().parse().unwrap()
    };
    let own = kilobytes("VmHWM:") - kilobytes("RssFile:");
    input.write_all(format!("UNZ+{}+1'", count * rounds).as_bytes()).unwrap();
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    own
}
