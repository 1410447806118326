//! `dragoman declare --to cn-ceb`: from an order with its payment and waybill to the documents that customs compares.

use std::fs;
use std::process::Command;

use crate::run::{Folder, Ran, root};

/// A folder with the files of the example.
fn folder() -> Folder {
    let folder = Folder::new();
    for entry in fs::read_dir(root().join("adapters/cn-ceb/example")).unwrap() {
        let path = entry.unwrap().path();
        folder.write(path.file_name().unwrap().to_str().unwrap(), fs::read(&path).unwrap());
    }
    folder
}

fn declare(folder: &Folder, more: &[&str]) -> Ran {
    let given = "declare --to cn-ceb --master master.csv --profile declarant.toml --consignment consignment.toml \
                 --on 2026-11-22 --lrn COP-2026-0042 --out out";
    let arguments: Vec<_> = given.split_whitespace().chain(more.iter().copied()).collect();
    folder.run(&arguments)
}

const MADE: [&str; 4] = ["ceb311", "ceb411", "ceb511", "ceb621"];

/// The three documents and the inventory are made, agree, are what the published schema takes, and their checks hold.
#[test]
fn an_order_with_payment_and_waybill_becomes_what_customs_compares() {
    let folder = folder();
    let ran = declare(&folder, &["order.json", "payment.json", "waybill.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("with ceb311, ceb411, ceb511"), "{}", ran.stderr);
    let text = |name: &str| folder.read(&format!("out/1-{name}.xml"));
    let value = |name: &str, element: &str| {
        let text = text(name);
        let (_, rest) =
            text.split_once(&format!("<ceb:{element}>")).unwrap_or_else(|| panic!("{element}: {text}"));
        rest.split_once('<').unwrap().0.to_owned()
    };
    // What each document had of the others only.
    assert_eq!(value("ceb411", "amountPaid"), "63.28");
    assert_eq!(value("ceb411", "payerIdNumber"), "110101000000000000");
    assert_eq!(value("ceb511", "consigneeAddress"), "北京市海淀区一号路1号");
    assert_eq!(value("ceb311", "payTransactionId"), "PAY-0042");
    assert_eq!(value("ceb621", "logisticsNo"), "WB20260042");
    assert_eq!(value("ceb621", "grossWeight"), "1.4");
    assert_eq!(value("ceb621", "netWeight"), "1.19");
    let files = MADE.map(|name| format!("out/1-{name}.xml"));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let valid = folder.run(&[&["validate", "--together"], files.as_slice()].concat());
    // An inventory that is declared is valid once it is signed.
    let unsigned = valid.stderr.matches("Signature").count();
    assert!(unsigned <= 2 && !valid.stderr.contains("DG-E080"), "{}", valid.stderr);
    let Some(samples) = dragoman_samples::sample("china-ceb/2022-05") else { return };
    let schema = samples.join("xsd/海关跨境进口业务节点报文定义202205.xsd").display().to_string();
    for file in files.iter().filter(|file| !file.contains("621")) {
        let arguments = ["--noout", "--schema", &schema, file];
        let Ok(judged) = Command::new("xmllint").args(arguments).current_dir(folder.path()).output() else {
            return dragoman_samples::skip("xmllint (libxml2-utils) is not installed");
        };
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    }
}

/// What the inputs do not agree in is said where it stands, and nothing that was stated is changed.
#[test]
fn what_does_not_agree_is_said_and_stays() {
    let folder = folder();
    let waybill = folder
        .read("waybill.json")
        .replace("\"lines\"", "\"consignee\": { \"name\": \"李小明\" }, \"lines\"");
    folder.write("waybill.json", waybill);
    let payment = folder.read("payment.json");
    let payment = payment.replace(
        "\"transaction\"",
        "\"amount\": { \"amount\": \"63.82\", \"currency\": \"CNY\" }, \"transaction\"",
    );
    folder.write("payment.json", payment);
    let ran = declare(&folder, &["order.json", "payment.json", "waybill.json"]);
    assert_eq!(ran.code, 1);
    for said in [
        "the amount paid is `63.82` here, but `63.28` in the order",
        "the name of the consignee is `李小明` here",
    ] {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    assert!(folder.read("out/1-ceb411.xml").contains("<ceb:amountPaid>63.82<"));
    assert!(folder.read("out/1-ceb511.xml").contains("<ceb:consignee>李小明<"));
}

/// Each order is an inventory of its own, also those of one buyer; a payment of none of them is said.
#[test]
fn every_order_is_an_inventory_of_its_own() {
    let folder = folder();
    folder.write("second.json", folder.read("order.json").replace("SO-2026-0042", "SO-2026-0043"));
    let ran = declare(&folder, &["--lrn", "COP-2026-0043", "order.json", "second.json", "payment.json"]);
    assert!(ran.stderr.contains("no payment has the order number SO-2026-0043"), "{}", ran.stderr);
    let made = |number: usize| {
        MADE.iter().filter(|name| folder.path().join(format!("out/{number}-{name}.xml")).exists()).count()
    };
    assert_eq!((ran.code, made(1), made(2)), (1, 3, 2), "{}", ran.stderr);
}
