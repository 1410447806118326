//! One order of each of two platforms to every kind of destination: made on the command line, and through one gateway that
//! declares to simulated offices. What each rejects comes back to the order line, in both.

mod orders;
mod stage;

use std::fs;

use serde_json::{Value, json};

use crate::run::{Folder, Ran, root};
use orders::{Platform, order};
use stage::Stage;

/// A way to a destination.
pub struct Route {
    name: &'static str,
    /// What `declare --to` names.
    to: &'static str,
    /// The account, as the gateway has it.
    account: &'static str,
    /// Who declares, and what no order knows: files of the adapters' examples.
    profile: &'static str,
    consignment: &'static str,
    /// Where the goods go.
    place: Place,
    currency: &'static str,
    is_business: bool,
    /// The order is of low value.
    is_low: bool,
    /// What becomes of a sound declaration.
    ends: &'static str,
}

/// Where a recipient is.
pub struct Place {
    city: &'static str,
    postal_code: &'static str,
    country: &'static str,
}

const LONDON: Place = Place { city: "London", postal_code: "EC1A 1BB", country: "GB" };
const BELFAST: Place = Place { city: "Belfast", postal_code: "BT1 1AA", country: "GB" };
const TIRANA: Place = Place { city: "Tirana", postal_code: "1001", country: "AL" };
const BERLIN: Place = Place { city: "Berlin", postal_code: "10115", country: "DE" };

const UNITED_KINGDOM: Route = Route {
    name: "great-britain",
    to: "gb-cds",
    account: "uk",
    profile: "gb-cds/demo/seller.toml",
    consignment: "gb-cds/demo/parcel.toml",
    place: LONDON,
    currency: "GBP",
    is_business: false,
    is_low: false,
    ends: "cleared",
};

const CHINA: Route = Route {
    name: "export-9610",
    to: "cn-ceb/ceb603",
    account: "china",
    profile: "cn-ceb/example/declarant.toml",
    consignment: "cn-ceb/example/export-consignment.toml",
    place: LONDON,
    currency: "GBP",
    is_business: false,
    is_low: false,
    ends: "released",
};

const ROUTES: [Route; 6] = [
    UNITED_KINGDOM,
    Route { name: "northern-ireland", place: BELFAST, ..UNITED_KINGDOM },
    CHINA,
    Route {
        name: "export-9710",
        consignment: "cn-ceb/example/export-business.toml",
        is_business: true,
        ..CHINA
    },
    Route {
        name: "albania",
        to: "asycuda/sad-al",
        account: "albania",
        profile: "asycuda/example/seller.toml",
        consignment: "asycuda/example/consignment.toml",
        place: TIRANA,
        currency: "EUR",
        is_business: false,
        is_low: false,
        ends: "released",
    },
    Route {
        name: "union",
        to: "handoff",
        account: "carrier",
        profile: "handoff/example/seller.toml",
        consignment: "union.toml",
        place: BERLIN,
        currency: "EUR",
        is_business: false,
        is_low: true,
        ends: "released",
    },
];

/// What parcels into the Union travel as. The platform's number of the one-stop shop comes with the order; a shop's own is
/// stated here.
const UNION: &str = r#"
dispatch = "CN"

[transport]
border_mode = "4"

[[package]]
type = "CT"
count = 1
gross_mass_g = 5200
waybill = "EX000000001CN"
master_waybill = "784-00000011"
"#;

const HEAD: &str = "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from\n";

/// One customs master for all destinations: codes by tariff, names in the language of the customs house. No tariff has the
/// code of the last article.
fn master() -> String {
    let articles = [
        (
            "BAG-22",
            ["4202221000", "4202220000", "42022210", "420222"],
            420,
            "Handbag, of plastic sheeting",
            "手提包",
        ),
        ("SCARF-7", ["6214100000", "6214100000", "62141000", "621410"], 60, "Scarf, woven, of silk", "丝巾"),
        ("LAMP-3", ["8539520000", "8539520000", "85395200", "853952"], 120, "LED lamp, bulb socket", "LED灯"),
        ("PHONE-9", ["8517130000", "8517130000", "8517130001", "851713"], 190, "Smartphone", "手机"),
        ("MUG-1", ["6912002100", "6912001000", "69120021", "691200"], 350, "Mug, of ceramics", "陶瓷杯"),
        ("ODD-1", ["8517120000", "8517120000", "77010000", "770100"], 60, "Something odd", "怪物"),
    ];
    let schedules = ["gb-tariff", "cn-tariff", "national-tariff", "hs"];
    articles.iter().fold(HEAD.to_owned(), |text, (sku, codes, mass, english, chinese)| {
        schedules.iter().zip(codes).fold(text, |text, (schedule, code)| {
            let (name, language) = if *schedule == "cn-tariff" { (chinese, "zh") } else { (english, "en") };
            text + &format!("{sku},{code},{schedule},CN,{mass},\"{name}\",{language},seller,2026-01-01\n")
        })
    })
}

/// A folder with all that declarations are made from.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("master.csv", master());
    folder.write("rates.csv", fs::read(root().join("adapters/gb-cds/demo/rates.csv")).unwrap());
    for route in &ROUTES {
        for file in [route.profile, route.consignment].into_iter().filter(|file| *file != "union.toml") {
            folder.write(file, fs::read(root().join("adapters").join(file)).unwrap());
        }
    }
    folder.write("union.toml", UNION);
    folder
}

/// Declares an order on the command line.
fn declare(folder: &Folder, route: &Route, text: &str, lrn: &str, more: &[&str]) -> Ran {
    folder.write("order.json", text);
    let given = ["declare", "--to", route.to, "--master", "master.csv", "--profile", route.profile];
    let also = ["--consignment", route.consignment, "--rates", "rates.csv", "--on", "2026-11-30"];
    folder.run(&[&given[..], &also[..], &["--lrn", lrn], more, &["order.json"]].concat())
}

#[test]
fn the_command_line_declares_to_every_destination() {
    let folder = folder();
    for (route, platform) in ROUTES.iter().flat_map(|route| Platform::ALL.map(|platform| (route, platform))) {
        let place = format!("{platform:?} to {}", route.name);
        let ran = declare(&folder, route, &order(route, platform, 1, "PHONE-9"), "TT-1", &["--out", "out"]);
        assert!(ran.code == 0 && ran.stderr.contains("TT-1: "), "{place}: {}", ran.stderr);
        for file in fs::read_dir(folder.path().join("out")).unwrap() {
            let path = file.unwrap().path();
            let checked = folder.run(&["validate", path.to_str().unwrap()]);
            assert_eq!((checked.code, checked.stderr.as_str()), (0, ""), "{place}: {}", checked.stdout);
        }
        fs::remove_dir_all(folder.path().join("out")).unwrap();
    }
}

/// Into the Union by the one-stop shop: the number is the platform's, which came with its order, or the shop's own.
#[test]
fn parcels_into_the_union_bear_the_number_of_their_sale() {
    let folder = folder();
    let route = ROUTES.iter().find(|route| route.name == "union").unwrap();
    let own =
        "fiscal_references = [{ role = \"FR5\", id = { scheme = \"ioss\", value = \"IM0000000009\" } }]\n";
    for (platform, number) in [(Platform::Amazon, "IM0000000001"), (Platform::Shopify, "IM0000000009")] {
        folder.write("order.json", order(route, platform, 1, "PHONE-9"));
        let stated = if platform == Platform::Shopify { own } else { "" };
        folder.write("union.toml", format!("{stated}{UNION}"));
        let given =
            ["handoff", "pack", "--master", "master.csv", "--profile", route.profile, "--consignment"];
        let more = ["union.toml", "--reference", "HO", "--on", "2026-11-30", "--out", "pack", "order.json"];
        let ran = folder.run(&[&given[..], &more[..]].concat());
        assert_eq!(ran.code, 0, "{platform:?}: {}", ran.stderr);
        let manifest: Value = serde_json::from_str(&folder.read("pack/manifest.json")).unwrap();
        let parcel = &manifest["master_waybills"][0]["bags"][0]["parcels"][0];
        assert_eq!(parcel["schemes"], json!([{"scheme": "ioss", "number": number}]), "{platform:?}");
        let low: Value = serde_json::from_str(&folder.read("pack/parcels/1/h7.json")).unwrap();
        assert_eq!(
            (&low["data_set"], &low["fiscal_references"][0]["id"]["value"]),
            (&json!("H7"), &json!(number))
        );
        fs::remove_dir_all(folder.path().join("pack")).unwrap();
    }
}

/// Every destination through one gateway, which runs as people run it: what is sound is released, what is not comes back
/// to the order line; and the command line finds the same line by what customs said.
#[test]
fn one_gateway_declares_to_every_destination() {
    let stage = Stage::new(folder());
    let mut waiting = Vec::new();
    for (number, (route, platform)) in
        (1..).zip(ROUTES.iter().flat_map(|route| Platform::ALL.map(|platform| (route, platform))))
    {
        for (sku, end) in [("PHONE-9", route.ends), ("ODD-1", "rejected")] {
            let text = order(route, platform, 2 * number + u32::from(end == "rejected"), sku);
            let taken = stage.declare(route, &text);
            waiting.push((route, platform, end, text, taken));
        }
    }
    for (route, platform, end, text, taken) in waiting {
        let place = format!("{platform:?} to {}, to be {end}", route.name);
        if route.account == "carrier" {
            stage.report(&taken, end);
        }
        let seen = stage.until(&taken, end, &place);
        let line = pointed(&seen);
        if end != "rejected" {
            assert_eq!(line, None, "{place}");
            continue;
        }
        let line = line.unwrap_or_else(|| panic!("{place}: {seen:#}"));
        assert_eq!(line, platform.second_line(), "{place}");
        let said = stage.answers(&taken);
        let names: Vec<_> = (1..=said.len()).map(|number| format!("said-{number}")).collect();
        names.iter().zip(&said).for_each(|(name, said)| stage.folder.write(name, said));
        let answers: Vec<_> = names.iter().flat_map(|name| ["--answer", name]).collect();
        let ran = declare(&stage.folder, route, &text, seen["lrn"].as_str().unwrap(), &answers);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{place}: {}", ran.stderr);
        assert!(ran.stderr.contains(&format!("line {line}")), "{place}: {}", ran.stderr);
    }
}

/// The order line that a rejection is shown at.
fn pointed(declaration: &Value) -> Option<String> {
    let lines = declaration["lines"].as_array()?;
    let line = lines.iter().find(|line| line["rejections"][0].is_object() && line["line"].is_string())?;
    line["line"].as_str().map(str::to_owned)
}
