//! `dragoman validate --together`: the documents of one sale, compared as customs compares them.

use serde_json::Value;

use crate::run::{Folder, dragoman, root};

const FILES: [&str; 4] = ["ceb311.xml", "ceb411.xml", "ceb511.xml", "ceb621.xml"];

/// The order, the payment, the waybill and the inventory of one sale.
struct Sale(Folder);

impl Sale {
    fn new() -> Self {
        let folder = Folder::new();
        for file in FILES {
            // An inventory is valid once it is signed, which is not what is looked at here.
            let case = root().join("adapters/cn-ceb/cases").join(file).with_extension("in");
            folder.write(file, std::fs::read_to_string(case).unwrap());
        }
        Self(folder)
    }

    fn change(&self, file: &str, from: &str, to: &str) {
        let text = self.0.read(file);
        assert!(text.contains(from), "{from}");
        self.0.write(file, text.replace(from, to));
    }

    /// What comparing says.
    fn compared(&self, files: &[&str]) -> Vec<Value> {
        let ran = self.0.run(&[&["validate", "--together", "--format", "json"], files].concat());
        let all: Value = serde_json::from_str(&ran.stdout).unwrap();
        let findings = all.as_array().unwrap().iter().flat_map(|file| file["findings"].as_array().unwrap());
        let is_of_comparing =
            |one: &&Value| ["DG-E0806", "DG-E0807"].contains(&one["code"].as_str().unwrap());
        findings.filter(is_of_comparing).cloned().collect()
    }
}

/// The file and the last step of what is found, in order.
fn places(found: &[Value], severity: &str) -> Vec<String> {
    let of = found.iter().filter(|one| one["severity"] == severity);
    let place = |one: &Value| {
        let (file, path) = (one["file"].as_str().unwrap(), one["wire_path"].as_str().unwrap());
        let last = path.rsplit('/').next().unwrap_or_default().trim_end_matches("[1]");
        format!("{file} {last}")
    };
    let mut places: Vec<_> = of.map(place).collect();
    places.sort();
    places
}

/// What differs is shown in both, whatever the order of the files.
#[test]
fn the_documents_of_one_sale_are_compared() {
    let sale = Sale::new();
    assert_eq!(sale.compared(&FILES), [] as [Value; 0]);
    // One of each: amount, person, address, number, goods.
    sale.change("ceb411.xml", "<ceb:amountPaid>25.10<", "<ceb:amountPaid>25.01<");
    sale.change(
        "ceb411.xml",
        "<ceb:payerIdNumber>110101000000000000<",
        "<ceb:payerIdNumber>110101000000000019<",
    );
    sale.change("ceb511.xml", "一号路1号", "一号路2号");
    sale.change("ceb621.xml", "<ceb:logisticsNo>WB20260042<", "<ceb:logisticsNo>WB20260043<");
    sale.change("ceb621.xml", "<ceb:itemName>布包 Tote<", "<ceb:itemName>皮包<");
    let mut turned = FILES;
    turned.reverse();
    for files in [FILES, turned] {
        let found = sale.compared(&files);
        let errors = [
            "ceb411.xml amountPaid",
            "ceb411.xml payerIdNumber",
            "ceb511.xml consigneeAddress",
            "ceb621.xml logisticsNo",
        ];
        assert_eq!(places(&found, "error"), errors);
        assert_eq!(places(&found, "warning"), ["ceb621.xml itemName"]);
        let others = [
            "ceb311.xml acturalPaid",
            "ceb311.xml buyerIdNumber",
            "ceb311.xml consigneeAddress",
            "ceb311.xml itemName",
            "ceb511.xml logisticsNo",
        ];
        assert_eq!(places(&found, "info"), others);
        for one in &found {
            let text = sale.0.read(one["file"].as_str().unwrap());
            let at = |end: &str| one["span"][end].as_u64().unwrap() as usize;
            let value = &text[at("start")..at("end")];
            assert!(one["message"].as_str().unwrap().contains(value), "{one} {value}");
        }
    }
}

#[test]
fn what_lacks_its_document_is_said() {
    let sale = Sale::new();
    sale.change("ceb411.xml", "SO-2026-0042", "SO-2026-0043");
    let lacking = sale.compared(&["ceb311.xml", "ceb411.xml"]);
    let messages: Vec<_> = lacking.iter().map(|one| one["message"].as_str().unwrap()).collect();
    let expected =
        ["no payment has the order number SO-2026-0042", "no order has the order number SO-2026-0043"];
    assert_eq!(messages, expected);
    assert_eq!(
        dragoman(&["validate", "--together", "-"]).code,
        2,
        "what comes by the standard input is one file"
    );
}
