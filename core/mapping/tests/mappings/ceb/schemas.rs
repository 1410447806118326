//! Customs' own judgement of what is written: its schemas, as xmllint applies them.

use std::process::Command;

use dragoman_samples::{sample, skip};

use super::corpus::{SIGNED, ceb, published};
use crate::mapped::{canonical, document};

const IMPORT: &str = "海关跨境进口业务节点报文定义202205.xsd";
const EXPORT: &str = "海关跨境出口业务节点报文定义202205.xsd";

/// Errors that are the samples' own: what they lack, and placeholders that no table has.
const LEFT_OUT: [(&str, &[&str]); 3] = [("303", &["currency", "qty"]), ("603", &["POD"]), ("792", &["gnum"])];

#[test]
fn what_is_written_is_valid() {
    let Some(schemas) = sample("china-ceb/2022-05/xsd") else { return };
    if Command::new("xmllint").arg("--version").output().is_err() {
        return skip("there is no xmllint (package libxml2-utils)");
    }
    let folder = std::env::temp_dir().join(format!("dragoman-ceb-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (number, text) in published() {
        let mapped = ceb(number);
        let Some(tree) = mapped.recognised(&text) else { continue };
        let json = canonical(&mapped.get_one(&tree).document);
        let (written, _) = mapped.write(&mapped.put(&document(&json)).tree);
        let file = folder.join(format!("{number}.xml"));
        std::fs::write(&file, written).unwrap();
        let schema = if is_export(number) { EXPORT } else { IMPORT };
        let ran = Command::new("xmllint")
            .arg("--noout")
            .arg("--schema")
            .arg(schemas.join(schema))
            .arg(&file)
            .output();
        let said = String::from_utf8(ran.unwrap().stderr).unwrap();
        let wrong: Vec<&str> = said.lines().filter(|line| line.contains("error")).collect();
        if let Some((_, named)) = LEFT_OUT.iter().find(|(faulty, _)| *faulty == number) {
            assert!(
                !wrong.is_empty() && wrong.iter().all(|line| named.iter().any(|name| line.contains(name))),
                "{number}: {said}"
            );
        } else if SIGNED.contains(&number) {
            assert!(wrong.len() == 1 && wrong[0].contains("Signature"), "{number}: {said}");
        } else {
            assert_eq!(wrong, [""; 0], "{number}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The numbers that stand for imports are those from 11 on in each hundred; 792 is of exports all the same.
fn is_export(number: &str) -> bool {
    number == "792" || number.starts_with('2') || number[1..].starts_with('0') || number == "510"
}
