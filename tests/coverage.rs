//! Real messages, there and back.

use std::path::Path;

use dragoman_samples::sample;
use serde_json::Value;

use crate::run::dragoman;

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
    for (message, files, alone) in [("gb-cds/declaration", 222, 221), ("gb-cds/notification", 277, 276)] {
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
