//! `dragoman map`.

use insta::assert_snapshot;
use serde_json::Value;

use crate::run::{Folder, case, dragoman};

#[test]
fn all_mappings_of_the_program_are_sound() {
    let ran = dragoman(&["map", "check"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("wco/declaration: declaration, xml by wco/dms-3.6\n"), "{}", ran.stdout);
}

#[test]
fn a_file_is_checked_before_it_is_in_use() {
    let folder = Folder::new();
    let good = "mapping 1 own/ack\nmodel CustomsResponse\nwire xml MetaData grammar wco/res-dms-2\n\
                native.code <=> Response/FunctionCode\nresponse_number <=> Response/FunctionalReferenceID\n\
                of.mrn <=> Response/Declaration/ID\n";
    folder.write("ack.map", good);
    let ran = folder.run(&["map", "check", "ack.map"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "own/ack: customs_response, xml by wco/res-dms-2\n"),
        "{}",
        ran.stderr
    );
    folder.write("ack.map", good.replace("response_number", "respons_number"));
    let ran = folder.run(&["map", "check", "ack.map"]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stderr);
    folder.write("ack.map", "nonsense\n");
    let ran = folder.run(&["map", "check", "ack.map"]);
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.stderr);
}

#[test]
fn a_mapping_is_shown_as_it_counts() {
    let ran = dragoman(&["map", "show", "gb-cds/notification"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(
        ran.stdout.contains("response_number") && ran.stdout.contains("wco/notification"),
        "{}",
        ran.stdout
    );
}

#[test]
fn mappings_have_one_layout() {
    let folder = Folder::new();
    folder.write("a.map", "mapping 1 own/a\nmodel   Order\nwire json grammar own/a\n");
    let check = folder.run(&["map", "fmt", "--check", "a.map"]);
    assert_eq!((check.code, check.stdout.as_str()), (1, "a.map\n"));
    assert_eq!(folder.run(&["map", "fmt", "a.map"]).code, 0);
    assert_eq!(folder.run(&["map", "fmt", "--check", "a.map"]).code, 0);
}

#[test]
fn a_mapping_that_cannot_be_read_is_not_laid_out() {
    let folder = Folder::new();
    let text = "mapping 1 toy\nmodel   Order\nwire json Order grammar\n";
    folder.write("a.map", text);
    for arguments in [&["map", "fmt", "a.map"][..], &["map", "fmt", "--check", "a.map"]] {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
        assert!(ran.stderr.contains("a.map:3:"), "{}", ran.stderr);
    }
    assert_eq!(folder.read("a.map"), text);
}

#[test]
fn coverage_counts_what_comes_back() {
    let folder = Folder::new();
    folder.write("in/a.xml", case("declaration.in"));
    let more = case("declaration.in").replace("<Declaration>", "<Declaration><Extra>1</Extra>");
    folder.write("in/b.xml", more.replace("<GoodsItemQuantity>1<", "<GoodsItemQuantity>2<"));
    folder.write("in/n.xml", case("notification.in"));
    folder.write("in/cut.xml", &case("declaration.in")[..900]);
    let ran = folder.run(&["map", "cover", "gb-cds/declaration", "in", "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let coverage: Value = serde_json::from_str(&ran.stdout).unwrap();
    let count = |name: &str| coverage[name].as_u64().unwrap();
    assert_eq!((count("files"), count("equal_over_original"), count("equal_alone")), (2, 2, 1));
    let skipped: Vec<_> =
        coverage["skipped"].as_array().unwrap().iter().map(|one| one["file"].as_str().unwrap()).collect();
    assert_eq!(skipped, ["cut.xml", "n.xml"]);
    assert!(coverage["skipped"][1]["why"].as_str().unwrap().contains("gb-cds/notification"));
    let different = coverage["different"].as_array().unwrap();
    assert_eq!((different.len(), &different[0]["file"]), (1, &"b.xml".into()));
    let difference = different[0]["first_difference"].as_str().unwrap();
    assert!(difference.starts_with("alone: ") && difference.contains("Extra"), "{difference}");
    assert_eq!(coverage["read"]["residue"], 1);
    let said = &coverage["findings"]["DG-E0606"];
    assert_eq!((&said["count"], &said["files"], &said["file"]), (&1.into(), &1.into(), &"b.xml".into()));
    let text = folder.run(&["map", "cover", "gb-cds/declaration", "in"]).stdout;
    assert!(text.contains("equal alone              1 of 2"), "{text}");
    assert!(text.contains("said DG-E0606 1 time in 1 file\n    b.xml: `2` is stated"), "{text}");
}
