//! Real messages, there and back.

use std::path::Path;

use dragoman_samples::sample;
use serde_json::Value;

use crate::run::{Folder, case, dragoman};

fn cover(message: &str, folder: &Path) -> Value {
    let ran = dragoman(&["map", "cover", message, &folder.display().to_string(), "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let coverage: Value = serde_json::from_str(&ran.stdout).unwrap();
    for side in ["read", "written"] {
        let count = |name: &str| coverage[side][name].as_u64().unwrap();
        assert_eq!(
            count("leaves"),
            ["carried", "checked", "residue", "reported"].map(count).iter().sum::<u64>()
        );
    }
    coverage
}

#[test]
fn declarations_and_notifications_come_back() {
    let Some(folder) = sample("uk-cds/samples") else { return };
    for (message, files, alone) in [("gb-cds/declaration", 230, 229), ("gb-cds/notification", 277, 276)] {
        let coverage = cover(message, &folder);
        let count = |name: &str| coverage[name].as_u64().unwrap();
        assert!(count("files") >= files, "{message}: {} files", count("files"));
        assert_eq!(count("equal_over_original"), count("files"), "{message}: {}", coverage["different"]);
        assert!(
            count("files") - count("equal_alone") <= files - alone,
            "{message}: {}",
            coverage["different"]
        );
    }
}

/// Entry summaries and their amendments come back, whatever rules of the authority they break; from the document alone but
/// for those that hold empty elements, which is what they are published for.
#[test]
fn entry_summaries_come_back() {
    let Some(folder) = sample("uk-ens/samples") else { return };
    for (message, files, empty) in [("gb-ens/CC315A", 1_240, 24), ("gb-ens/CC313A", 4, 24)] {
        let coverage = cover(message, &folder);
        let count = |name: &str| coverage[name].as_u64().unwrap();
        assert!(count("files") >= files, "{message}: {} files", count("files"));
        assert_eq!(count("equal_over_original"), count("files"), "{message}: {}", coverage["different"]);
        let other = count("files") - count("equal_alone");
        assert!(other <= empty, "{message}: {other}, {}", coverage["different"]);
    }
}

#[test]
fn every_file_in_a_folder_has_a_verdict() {
    let Some(folder) = sample("uk-cds/samples") else { return };
    let ran = dragoman(&["validate", &folder.display().to_string(), "--format", "json"]);
    assert_eq!(ran.code, 1);
    let files: Value = serde_json::from_str(&ran.stdout).unwrap();
    let files = files.as_array().unwrap();
    let is = |name: &str| files.iter().filter(|file| file["message"] == name).count();
    assert!(is("gb-cds/declaration") >= 222 && is("gb-cds/notification") >= 277, "{}", files.len());
    let clean = files.iter().filter(|file| {
        let errors = |finding: &&Value| finding["severity"] == "error";
        file["message"].is_string() && file["findings"].as_array().unwrap().iter().filter(errors).count() == 0
    });
    assert!(clean.count() >= 480);
}

/// What `interfaces` promise of the JSON, and what people read: files that are skipped are grouped by the reason.
#[test]
fn a_folder_is_summed_up() {
    let folder = Folder::new();
    folder.write("a.xml", case("notification.in"));
    for name in ["b.xml", "c.xml", "d.xml", "e.xml"] {
        folder.write(name, "<Invoice/>");
    }
    folder.write("f.xml", "<MetaData><Response></MetaData>");
    let text = folder.run(&["map", "cover", "gb-cds/notification", "."]);
    assert_eq!(text.code, 0);
    insta::assert_snapshot!(text.stdout);
    let json = folder.run(&["map", "cover", "gb-cds/notification", ".", "--format", "json"]);
    let coverage: Value = serde_json::from_str(&json.stdout).unwrap();
    let keys: Vec<_> = coverage.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "different",
        "equal_alone",
        "equal_over_original",
        "files",
        "findings",
        "read",
        "skipped",
        "written",
    ];
    assert!(keys.iter().all(|key| expected.contains(key)) && keys.len() == expected.len(), "{keys:?}");
    assert_eq!(coverage["skipped"].as_array().unwrap().len(), 5);
    let skipped = coverage["skipped"][0].as_object().unwrap();
    assert!(skipped.keys().eq(["file", "why"]), "{skipped:?}");
}
