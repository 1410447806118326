//! The cases of the adapters, in `adapters/NAME/cases`.
//!
//! `CASE.in` is a message. Beside it stand `CASE.json`, the documents that are read from it; `CASE.findings`, what is
//! said about it, where there is anything to say; and `CASE.out`, what the documents are written as, where that is
//! not what the message holds.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use dragoman_adapters::{Catalogue, Data};
use serde_json::Value;

use crate::run::{dragoman_in, root};

struct Case {
    adapter: String,
    folder: PathBuf,
    name: String,
}

impl Case {
    fn file(&self, ending: &str) -> String {
        format!("{}.{ending}", self.name)
    }

    /// What a file of the case says; `None` where there is none.
    fn text(&self, ending: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(self.file(ending))).ok()
    }

    /// What the message is recognised as.
    fn message(&self) -> String {
        let ran = dragoman_in(&self.folder, &["validate", &self.file("in")], b"");
        ran.stdout.split(": ").nth(1).unwrap_or_default().to_owned()
    }

    fn told(&self) -> String {
        format!("{}/cases/{}", self.adapter, self.name)
    }
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for adapter in Catalogue::new(Data::embedded()).unwrap().adapters() {
        let folder = root().join("adapters").join(&adapter.name).join("cases");
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            if let Some(name) = file.strip_suffix(".in") {
                let (adapter, folder) = (adapter.name.clone(), folder.clone());
                cases.push(Case { adapter, folder, name: name.to_owned() });
            }
        }
    }
    cases
}

#[test]
fn every_message_has_a_case_and_every_file_is_of_one() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let cases = cases();
    let have: BTreeSet<_> = cases.iter().map(Case::message).collect();
    assert_eq!(have, catalogue.message_names().collect());
    for case in &cases {
        assert!(case.message().starts_with(&format!("{}/", case.adapter)), "{}", case.told());
        for entry in fs::read_dir(&case.folder).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            let (name, ending) = file.rsplit_once('.').unwrap();
            let of_one = case.folder.join(format!("{name}.in")).is_file();
            assert!(
                of_one && ["in", "json", "out", "findings"].contains(&ending),
                "{}: {file}",
                case.adapter
            );
        }
    }
}

#[test]
fn every_message_is_read_as_its_case_says() {
    for case in cases() {
        let file = case.file("in");
        let ran =
            dragoman_in(&case.folder, &["translate", "--from", "auto", "--to", "canonical", &file], b"");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(case.folder.join(case.file("json")), &ran.stdout).unwrap();
        }
        let findings = case.text("findings").unwrap_or_default();
        assert_eq!(Some(&ran.stdout), case.text("json").as_ref(), "{}", case.told());
        assert_eq!(ran.stderr, findings, "{}", case.told());
        assert_eq!(ran.code, i32::from(findings.contains("error[")), "{}", case.told());
    }
}

/// Over the message it was read from, a document gives that message; alone, what the message holds, which reads as
/// the same document again.
#[test]
fn every_document_is_written_as_its_case_says() {
    for case in cases() {
        let (original, json) = (case.file("in"), case.file("json"));
        let message = case.message();
        let write = |rest: &[&str]| {
            let arguments =
                [&["translate", "--from", "canonical", "--to", &message], rest, &[&json]].concat();
            let ran = dragoman_in(&case.folder, &arguments, b"");
            let is_sound = ran.stderr.is_empty() || case.text("findings").is_some();
            assert!(ran.code == 0 && is_sound, "{}: {}", case.told(), ran.stderr);
            ran.stdout
        };
        let (had, alone) = (case.text("in").unwrap(), write(&[]));
        match case.text("out") {
            Some(out) => assert_eq!(alone, out, "{}", case.told()),
            None => assert!(holds(&had, &alone), "{}: without {}.out, {alone}", case.told(), case.name),
        }
        let arguments = ["translate", "--from", &message, "--to", "canonical"];
        let again = dragoman_in(&case.folder, &arguments, alone.as_bytes());
        // Members that no model has stand in the order of the message, which another way of writing it may turn.
        assert_eq!(documents(&again.stdout), documents(&case.text("json").unwrap()), "{}", case.told());
        if documents(&case.text("json").unwrap()).len() == 1 {
            let over = write(&["--over", &original]);
            assert!(holds(&had, &over) && holds(&over, &had), "{}: {over}", case.told());
        }
    }
}

/// True where a message is all of another one or, in JSON, the values in it.
fn holds(whole: &str, part: &str) -> bool {
    let Ok(tree) = serde_json::from_str(whole) else { return whole == part };
    documents(part).iter().all(|document| is_in(document, &tree))
}

fn is_in(part: &Value, whole: &Value) -> bool {
    let mut inner: Vec<&Value> = match whole {
        Value::Object(members) => members.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    part == whole || inner.drain(..).any(|inner| is_in(part, inner))
}

/// The JSON texts of a text.
fn documents(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text).into_iter().map(Result::unwrap).collect()
}
