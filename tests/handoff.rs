//! `dragoman handoff`: what the filer gets where we do not file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::run::{Folder, Ran, root};

/// A folder with the example.
fn folder() -> Folder {
    let folder = Folder::new();
    let example = root().join("adapters/handoff/example");
    for file in [
        "master.csv",
        "seller.toml",
        "consignment.toml",
        "rates.csv",
        "orders/1001.json",
        "orders/1002.json",
        "orders/1003.json",
    ] {
        folder.write(file, fs::read(example.join(file)).unwrap());
    }
    folder
}

fn pack(folder: &Folder, more: &str) -> Ran {
    let given = "handoff pack --master master.csv --profile seller.toml --consignment consignment.toml --reference HO \
                 --on 2026-11-30";
    let words: Vec<_> = given.split_whitespace().chain(more.split_whitespace()).collect();
    folder.run(&words)
}

fn whole(folder: &Folder) -> Value {
    let ran = pack(folder, "--rates rates.csv --out pack orders");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    insta::assert_snapshot!("handed_over", ran.stderr);
    serde_json::from_str(&folder.read("pack/manifest.json")).unwrap()
}

fn files(folder: &Path, below: &Path, all: &mut BTreeSet<String>) {
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(folder, &path, all);
        } else {
            all.insert(path.strip_prefix(folder).unwrap().display().to_string());
        }
    }
}

#[test]
fn a_pack_has_what_each_parcel_needs() {
    let folder = folder();
    let manifest = whole(&folder);
    let mut all = BTreeSet::new();
    let pack = folder.path().join("pack");
    files(&pack, &pack, &mut all);
    let mut expected: BTreeSet<String> =
        ["manifest.csv", "manifest.json", "manifest.xlsx"].map(str::to_owned).into();
    for number in 1..=3 {
        let own = ["cn23.pdf", "commercial-invoice.pdf", "parcel.json"];
        expected.extend(own.map(|file| format!("parcels/{number}/{file}")));
    }
    expected.extend(["parcels/1/h7.json".to_owned(), "parcels/3/h1.json".to_owned()]);
    assert_eq!(all, expected);
    for file in all.iter().filter(|file| file.contains(".pdf")) {
        assert!(fs::read(pack.join(file)).unwrap().starts_with(b"%PDF-1"), "{file}");
    }
    let masters = manifest["master_waybills"].as_array().unwrap();
    let numbers: Vec<_> = masters.iter().map(|master| master["number"].clone()).collect();
    assert_eq!(numbers, [json!("784-00000011"), Value::Null]);
    assert_eq!(
        masters[0]["totals"],
        json!({"parcels": 2, "gross_mass_kg": "1.07", "price": [{"amount": "73.99", "currency": "USD"}]})
    );
    let bags: Vec<_> =
        masters[0]["bags"].as_array().unwrap().iter().map(|bag| bag["number"].clone()).collect();
    assert_eq!(bags, [json!("BAG-1"), json!("BAG-2")]);
    let parcel = |master: usize, bag: usize| &masters[master]["bags"][bag]["parcels"][0];
    assert_eq!(parcel(0, 0)["schemes"], json!([{"scheme": "ioss", "number": "IM0000000001"}]));
    assert_eq!(parcel(0, 1)["schemes"], json!([{"scheme": "voec", "number": "2000001"}]));
    assert_eq!(parcel(0, 1)["goods"][0]["value"], json!({"amount": "243.00", "currency": "NOK"}));
    assert_eq!(parcel(1, 0)["goods"][0]["value"], json!({"amount": "249.99", "currency": "EUR"}));
}

/// What the manifest says in one form it says in the others.
#[test]
fn the_table_says_what_the_manifest_says() {
    let folder = folder();
    let manifest = whole(&folder);
    let mut reader = csv::Reader::from_path(folder.path().join("pack/manifest.csv")).unwrap();
    let head = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| {
        let column = head.iter().position(|one| one == name).unwrap();
        rows[row].get(column).unwrap().to_owned()
    };
    assert_eq!(rows.len(), 4);
    let tea = &manifest["master_waybills"][0]["bags"][0]["parcels"][0];
    assert_eq!(cell(0, "waybill"), tea["waybill"].as_str().unwrap());
    assert_eq!(cell(0, "value"), tea["goods"][0]["value"]["amount"].as_str().unwrap());
    assert_eq!(
        (cell(1, "code"), cell(1, "origin"), cell(1, "schemes")),
        ("621410".into(), "CN".into(), "ioss IM0000000001".into())
    );
    assert_eq!(cell(0, "street"), "Musterweg 12, Hinterhaus");
    assert!(fs::read(folder.path().join("pack/manifest.xlsx")).unwrap().starts_with(b"PK"));
}

/// The generic data set is canonical JSON: what annex B has for it, and no more.
#[test]
fn parcels_to_the_union_have_the_super_reduced_data_set() {
    let folder = folder();
    whole(&folder);
    insta::assert_snapshot!(folder.read("pack/parcels/1/h7.json"));
    let checked = folder.run(&["validate", "--as", "canonical", "pack/parcels/1/h7.json"]);
    assert_eq!((checked.code, checked.stderr.as_str()), (0, ""));
    let other: Value = serde_json::from_str(&folder.read("pack/parcels/3/h1.json")).unwrap();
    assert_eq!((&other["data_set"], &other["lrn"]), (&json!("H1"), &json!("HO-3")));
}

/// The same inputs are the same bytes, in a folder and in a zip.
#[test]
fn a_pack_is_a_folder_or_a_zip() {
    let folder = folder();
    for out in ["one.zip", "two.zip"] {
        let ran = pack(&folder, &format!("--rates rates.csv --out {out} orders"));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("one.zip").starts_with(b"PK"));
    assert!(read("one.zip") == read("two.zip"), "the same inputs, other bytes");
}

#[test]
fn what_is_missing_is_said_and_packed_without() {
    let folder = folder();
    let ran = pack(&folder, "--out pack orders/1002.json");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("there is no rate from USD to NOK for 2026-11-30"), "{}", ran.stderr);
    let manifest: Value = serde_json::from_str(&folder.read("pack/manifest.json")).unwrap();
    assert!(manifest["master_waybills"][0]["bags"][0]["parcels"][0]["goods"][0].get("value").is_none());
    folder.write("master.csv", "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from\n");
    let ran = pack(&folder, "--rates rates.csv --out bare orders/1001.json");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("the customs master does not have TEA-9"), "{}", ran.stderr);
    assert!(folder.path().join("bare/parcels/1/cn23.pdf").is_file());
}

/// What the filer reports is put together by order, in any number of files and in any order.
#[test]
fn reports_come_back_onto_the_orders() {
    let folder = folder();
    whole(&folder);
    let case = |name: &str| fs::read(root().join("adapters/handoff/cases").join(name)).unwrap();
    folder.write("results.csv", case("result.in"));
    let take = |more: &str| {
        let given = format!("handoff take --manifest pack/manifest.json {more}");
        folder.run(&given.split_whitespace().collect::<Vec<_>>())
    };
    let ran = take("results.csv");
    insta::assert_snapshot!(format!("{}--- {}\n{}", ran.stdout, ran.code, ran.stderr));
    folder.write("report.json", r#"{"parcel": "HO-2", "status": "released", "at": "2026-12-04T08:00:00Z"}"#);
    let there = take("--format json report.json results.csv");
    let back = take("--format json results.csv report.json");
    assert_eq!(there.stdout, back.stdout);
    let all: Value = serde_json::from_str(&there.stdout).unwrap();
    assert_eq!((&all[1]["orders"], &all[1]["status"]), (&json!(["1002"]), &json!("released")));
    assert_eq!(all[1]["mrn"], "26NO000000000000B2");
    folder.write("nothing.json", "{}");
    let refused = folder.run(&["handoff", "take", "--manifest", "nothing.json", "results.csv"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("this is no manifest"), "{}", refused.stderr);
}
