//! `dragoman assess`: which rules parcels meet, and what changes between two days.

use insta::assert_snapshot;
use serde_json::Value;

use crate::run::{Folder, Ran, root};

fn folder() -> Folder {
    let folder = Folder::new();
    for file in ["master.csv", "rates.csv", "orders/amazon.json", "orders/shopify.json"] {
        folder.write(file, std::fs::read(root().join("adapters/gb-cds/demo").join(file)).unwrap());
    }
    folder
}

fn assess(folder: &Folder, arguments: &str) -> Ran {
    let given = "assess --master master.csv --rates rates.csv --from CN";
    let all: Vec<_> = given.split_whitespace().chain(arguments.split_whitespace()).collect();
    folder.run(&all)
}

#[test]
fn a_parcel_is_assessed_for_two_ends() {
    let ran = assess(&folder(), "--to DE --on 2026-11-22 orders/amazon.json");
    assert_snapshot!(format!("{}--- {}\n{}", ran.stdout, ran.code, ran.stderr));
}

#[test]
fn what_changes_between_two_days() {
    let folder = folder();
    let ran =
        assess(&folder, "--to DE --on 2026-06-22 --compare 2026-07-22 --xlsx changes.xlsx --orders orders");
    assert_snapshot!(format!("{}--- {}\n{}", ran.stdout, ran.code, ran.stderr));
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let bytes = read("changes.xlsx");
    assert!(bytes.starts_with(b"PK"), "no workbook");
    let again =
        assess(&folder, "--to DE --on 2026-06-22 --compare 2026-07-22 --xlsx again.xlsx --orders orders");
    assert_eq!((again.code, read("again.xlsx") == bytes), (ran.code, true), "the same changes, other bytes");
}

#[test]
fn programs_read_the_same() {
    let ran = assess(&folder(), "--on 2026-11-22 --format json orders/amazon.json orders/shopify.json");
    let all: Value = serde_json::from_str(&ran.stdout).unwrap();
    let packs = |index: usize| -> Vec<&str> {
        let packs = all[index]["packs"].as_array().unwrap();
        packs.iter().map(|pack| pack["pack"].as_str().unwrap()).collect()
    };
    assert_eq!(packs(0), ["rules/from-cn", "rules/to-xi"], "Belfast");
    assert_eq!(packs(1), ["rules/from-cn", "rules/to-gb"], "London");
    assert_eq!(all[0]["packs"][1]["regimes"][0]["declaration"], "H7");
    assert_eq!(all[1]["packs"][1]["regimes"][0]["declaration"], "H1");
}

#[test]
fn without_rules_or_rates_that_is_said() {
    let folder = folder();
    let ran = assess(&folder, "--to BR --on 2026-11-22 orders/amazon.json");
    assert!(ran.stdout.contains("China: exports"), "{}{}", ran.stdout, ran.stderr);
    let ran = folder.run(&["assess", "--to", "BR", "--on", "2026-11-22", "orders/amazon.json"]);
    assert!(ran.stderr.contains("no rules for parcels to BR"), "{}", ran.stderr);
    let ran = folder.run(&["assess", "--to", "DE", "--on", "2026-11-22", "orders/amazon.json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("purpose customs-month, from GBP, to EUR"), "{}", ran.stderr);
}
