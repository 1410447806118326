//! `dragoman declare`: orders in, declarations out, and what people do wrong.

use serde_json::Value;

use crate::run::{Folder, Ran, root};

/// A folder with the files of the demonstration.
fn folder() -> Folder {
    let folder = Folder::new();
    let files = [
        "master.csv",
        "seller.toml",
        "consignment.toml",
        "rates.csv",
        "orders/amazon.json",
        "orders/shopify.json",
    ];
    for file in files {
        folder.write(file, std::fs::read(root().join("adapters/gb-cds/demo").join(file)).unwrap());
    }
    folder
}

fn declare(folder: &Folder, more: &[&str]) -> Ran {
    let given = "declare --to gb-cds --master master.csv --profile seller.toml --consignment consignment.toml \
                 --rates rates.csv --on 2026-11-22";
    let arguments: Vec<_> = given.split_whitespace().chain(more.iter().copied()).collect();
    folder.run(&arguments)
}

#[test]
fn an_order_becomes_a_declaration() {
    let folder = folder();
    let ran = declare(&folder, &["--lrn", "TT-1", "orders/shopify.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!(ran.stderr);
    folder.write("declaration.xml", &ran.stdout);
    let checked = folder.run(&["validate", "--as", "gb-cds/declaration", "declaration.xml"]);
    assert_eq!((checked.code, checked.stderr.as_str()), (0, ""), "{}", checked.stdout);
}

#[test]
fn every_value_says_who_supplied_it() {
    let folder = folder();
    let ran = declare(
        &folder,
        &[
            "--lrn",
            "TT-1",
            "--lrn",
            "TT-2",
            "--out",
            "out",
            "--report",
            "report.json",
            "orders/amazon.json",
            "orders/shopify.json",
        ],
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let reports: Value = serde_json::from_str(&folder.read("report.json")).unwrap();
    for (number, report) in (1..).zip(reports.as_array().unwrap()) {
        let message = folder.read(&format!("out/{number}.xml"));
        for leaf in report["leaves"].as_array().unwrap() {
            let value = leaf["value"].as_str().unwrap();
            assert!(leaf["target"].as_str().unwrap().starts_with("/MetaData[1]/"), "{leaf}");
            assert!(message.contains(value) || value.contains(['&', '<', '"', '\'']), "{leaf}");
            let sources = leaf["sources"].as_array().cloned().unwrap_or_default();
            assert_eq!(sources.is_empty(), leaf["by"] == "derived", "{leaf}");
            for source in sources.iter().filter(|source| source["span"].is_object()) {
                let text = folder.read(source["file"].as_str().unwrap());
                let bytes = |end: &str| usize::try_from(source["span"][end].as_u64().unwrap()).unwrap();
                assert!(!text[bytes("start")..bytes("end")].is_empty(), "{leaf}");
            }
        }
    }
    let sets: Vec<_> = reports.as_array().unwrap().iter().map(|report| report["data_set"].clone()).collect();
    assert_eq!(sets, ["H7", "H1"]);
}

#[test]
fn several_declarations_need_a_folder_or_are_lines_of_canonical_json() {
    let folder = folder();
    let several = ["--lrn", "TT-1", "--lrn", "TT-2", "orders/amazon.json", "orders/shopify.json"];
    let ran = declare(&folder, &several);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("--out DIR"), "{}", ran.stderr);
    let ran = declare(&folder, &[&["--canonical"], &several[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|one| one["lrn"].as_str().unwrap()).collect::<Vec<_>>(), ["TT-1", "TT-2"]);
}

#[test]
fn missing_data_are_named_on_the_order_line() {
    let folder = folder();
    folder.write("master.csv", "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from\n");
    let ran = declare(&folder, &["--lrn", "TT-1", "orders/shopify.json"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn mistakes_in_settings_are_shown_at_their_place() {
    let folder = folder();
    folder.write("seller.toml", "[declarent]\neori = \"GB000000000000\"\n");
    folder.write("consignment.toml", "dispatch = [\n");
    let ran = declare(&folder, &["--lrn", "TT-1", "orders/shopify.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(ran.stderr);
    folder.write("master.csv", b"sku,code\nA,\xff\xfe\n");
    assert_eq!(declare(&folder, &["--lrn", "TT-1", "orders/shopify.json"]).code, 1);
}

#[test]
fn wrong_use_is_said() {
    let folder = folder();
    let given = ["--master", "master.csv", "--profile", "seller.toml", "--consignment", "consignment.toml"];
    let to =
        |adapter| folder.run(&[&["declare", "--to", adapter], &given[..], &["orders/shopify.json"]].concat());
    for adapter in ["gb-cdss", "shopify"] {
        let ran = to(adapter);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{adapter}");
        assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains("help: "), "{}", ran.stderr);
    }
    assert_eq!(declare(&folder, &["missing.json"]).code, 2);
}

/// Each profile of one customs system that many countries use: from the orders of two platforms, without a finding, and
/// found sound by its checks.
#[test]
fn a_profile_of_a_system_is_named_behind_its_adapter() {
    let folder = Folder::new();
    for file in ["master.csv", "seller.toml", "consignment.toml", "orders/amazon.json", "orders/shopify.json"]
    {
        folder.write(file, std::fs::read(root().join("adapters/asycuda/example").join(file)).unwrap());
    }
    let given =
        "--master master.csv --profile seller.toml --consignment consignment.toml --on 2026-11-22 --lrn TT-1";
    let given: Vec<_> = given.split_whitespace().collect();
    let profiles = [
        ("asycuda", "asycuda/sad"),
        ("asycuda/sad-al", "asycuda/sad-al"),
        ("asycuda/sad-v10", "asycuda/sad-v10"),
    ];
    for (to, message) in profiles {
        for order in ["orders/amazon.json", "orders/shopify.json"] {
            let ran = folder.run(&[&["declare", "--to", to], &given[..], &[order]].concat());
            assert!(ran.code == 0 && ran.stderr.starts_with("TT-1: import, "), "{to}: {}", ran.stderr);
            folder.write("declaration.xml", &ran.stdout);
            let checked = folder.run(&["validate", "--as", message, "declaration.xml"]);
            assert_eq!((checked.code, checked.stderr.as_str()), (0, ""), "{to}: {}", checked.stdout);
        }
    }
    let ran =
        folder.run(&[&["declare", "--to", "asycuda/sad-xx"], &given[..], &["orders/amazon.json"]].concat());
    assert!(ran.code == 2 && ran.stderr.contains("did you mean `asycuda/sad-al`?"), "{}", ran.stderr);
}

/// What a declaration is changed to, and the box that its checks then name.
const MISTAKES: [(&str, &str, &str); 9] = [
    ("<Sad_flow>I<", "<Sad_flow>E<", "1/flow"),
    ("<Total_number_of_items>2<", "<Total_number_of_items>3<", "5"),
    ("<Total_number_of_packages>3<", "<Total_number_of_packages>4<", "6"),
    ("<Declarant_code>L00000001A<", "<Declarant_code><", "14"),
    (">59.97<", ">60.00<", "22"),
    ("<Commodity_code>42022210<", "<Commodity_code>4202A<", "33/form"),
    ("<Gross_weight>6.30<", "<Gross_weight>7.00<", "35/sum"),
    ("<Extended_customs_procedure>4000<", "<Extended_customs_procedure>40<", "37/form"),
    ("<Net_weight_itm>0.84<", "<Net_weight_itm>9.84<", "38/35"),
];

#[test]
fn boxes_that_do_not_agree_are_found() {
    let folder = Folder::new();
    let sound = std::fs::read_to_string(root().join("adapters/asycuda/cases/sad.in")).unwrap();
    for (had, has, number) in MISTAKES {
        assert!(sound.contains(had), "{had}");
        folder.write("declaration.xml", sound.replace(had, has));
        let ran = folder.run(&["validate", "declaration.xml"]);
        assert!(
            ran.code == 1 && ran.stderr.contains(&format!("asycuda {number} at ")),
            "{has}: {}",
            ran.stderr
        );
    }
}
