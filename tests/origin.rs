//! Origin under RCEP: every rule has a certificate that breaks it, and one that keeps it.

use std::collections::BTreeSet;
use std::fs;

use dragoman_adapters::{Catalogue, Data, Message, Ruled, receive};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::run::{Folder, root};

/// A chair of Chinese make with parts of three countries, to Japan: by change of heading.
fn chair() -> Value {
    json!({
        "type": "origin_certificate", "certificate_number": "RC-1", "scheme": "RCEP", "proof_kind": "certificate",
        "exporter": {"name": "Examplia Goods Ltd", "address": {"country": "CN"}},
        "importer": {"name": "Example KK", "address": {"country": "JP"}},
        "items": [{
            "number": "1", "hs6": "940161", "criterion": "CTC", "criterion_rule": "CTH", "further_criteria": ["ACU"],
            "origin": "CN", "mass": {"value": "10", "unit": "KGM"},
            "fob_value": {"amount": "100", "currency": "USD"},
            "materials": [
                {"hs6": "440710", "origin": "BR", "originating": false, "value": {"amount": "30", "currency": "USD"},
                 "mass": {"value": "5", "unit": "KGM"}},
                {"hs6": "520811", "origin": "VN", "originating": true, "value": {"amount": "10", "currency": "USD"}}
            ],
            "contributions": [
                {"country": "CN", "materials": {"amount": "20", "currency": "USD"}, "added": {"amount": "40", "currency": "USD"}},
                {"country": "VN", "materials": {"amount": "10", "currency": "USD"}, "added": {"amount": "0", "currency": "USD"}}
            ]
        }]
    })
}

/// The same, with values at JSON pointers; null takes one away.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut certificate = chair();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let members = certificate.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.to_owned(), value.clone());
        }
    }
    certificate
}

/// The numbers of the rules that a certificate breaks on a day.
fn broken(catalogue: &Catalogue, certificate: &Value, day: Date) -> BTreeSet<String> {
    let ruled = Ruled::of(catalogue, &Message::Canonical, day).unwrap().unwrap();
    let mut numbers = BTreeSet::new();
    receive(catalogue, &Message::Canonical, certificate.to_string().as_bytes(), &mut |received| {
        let got = received.got.as_ref().unwrap();
        assert!(got.findings.is_empty(), "{:?}", got.findings);
        let found = ruled.broken(&received).into_iter().filter_map(|finding| finding.authority);
        numbers.extend(found.map(|authority| authority.number));
    });
    numbers
}

/// A rule, a day, and a certificate that breaks it alone.
type Broken = (&'static str, Date, Value);

const DAY: Date = date(2026, 11, 30);

fn one(number: &'static str, changes: &[(String, Value)]) -> Broken {
    let changes: Vec<_> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    (number, DAY, with(&changes))
}

/// A member of the product.
fn at(member: &str) -> String {
    format!("/items/0/{member}")
}

/// A member of the material that does not originate.
fn material(member: &str) -> String {
    format!("/items/0/materials/0/{member}")
}

/// The same from another Party.
fn from(country: &str) -> Value {
    with(&[
        ("/exporter/address/country", json!(country)),
        ("/items/0/origin", json!(country)),
        ("/items/0/contributions", Value::Null),
    ])
}

/// A product to a Party that asks for 20 %.
fn to(country: &str, hs6: &str, more: &[(String, Value)]) -> Vec<(String, Value)> {
    let mut changes = vec![("/importer/address/country".to_owned(), json!(country)), (at("hs6"), json!(hs6))];
    changes.extend(more.iter().cloned());
    changes
}

fn of_parties() -> Vec<Broken> {
    vec![
        one(
            "20.6-1",
            &[("/exporter/address/country".into(), json!("BR")), ("/back_to_back".into(), json!(true))],
        ),
        ("20.6-KR", date(2022, 1, 31), from("KR")),
        ("20.6-MY", date(2022, 3, 17), from("MY")),
        ("20.6-ID", date(2023, 1, 1), from("ID")),
        ("20.6-PH", date(2023, 6, 1), from("PH")),
    ]
}

fn of_what_is_stated() -> Vec<Broken> {
    vec![
        one("3B-1", &[(at("hs6"), json!("9401"))]),
        one("3B-2", &[(at("hs6"), json!("870899")), (at("criterion"), json!("XX"))]),
        one("3B-3", &[(at("origin"), json!("BR")), ("/back_to_back".into(), json!(true))]),
        one(
            "3B-4",
            &[
                (at("criterion"), json!("RVC")),
                (at("fob_value"), Value::Null),
                (at("materials"), Value::Null),
                (at("further_criteria"), Value::Null),
            ],
        ),
        one("3A-1", &[(at("hs6"), json!("870899")), (at("criterion_rule"), Value::Null)]),
        one("3A-2", &[(at("criterion_rule"), json!("CTSH"))]),
    ]
}

fn of_materials() -> Vec<Broken> {
    vec![
        one("3.2-1", &[(at("criterion"), json!("PE"))]),
        one("3A-CC", &[(at("criterion_rule"), json!("CC")), (material("hs6"), json!("940390"))]),
        one("3A-CTH", &[(material("hs6"), json!("940190"))]),
        one(
            "3A-CTSH",
            &[
                (at("hs6"), json!("870899")),
                (at("criterion_rule"), json!("CTSH")),
                (material("hs6"), json!("870899")),
            ],
        ),
        one(
            "3.7-CC",
            &[
                (at("criterion_rule"), json!("CC")),
                (at("further_criteria"), json!(["ACU", "DMI"])),
                (material("hs6"), json!("940390")),
            ],
        ),
        one(
            "3.7-CTH",
            &[(at("further_criteria"), json!(["ACU", "DMI"])), (material("hs6"), json!("940190"))],
        ),
        one(
            "3.7-CTSH",
            &[
                (at("hs6"), json!("870899")),
                (at("criterion_rule"), json!("CTSH")),
                (at("further_criteria"), json!(["ACU", "DMI"])),
                (material("hs6"), json!("870899")),
            ],
        ),
        one(
            "3.5",
            &[
                (at("criterion"), json!("RVC")),
                (material("value"), json!({"amount": "60.01", "currency": "USD"})),
            ],
        ),
        one("3.4-1", &[("/items/0/materials/1/origin".into(), json!("IN"))]),
        one("3.4-2", &[("/items/0/materials/1/origin".into(), json!("CN"))]),
        one("3.4-3", &[(at("further_criteria"), Value::Null)]),
    ]
}

fn of_the_country_of_origin() -> Vec<Broken> {
    let little = (at("contributions/0/added"), json!({"amount": "19.99", "currency": "USD"}));
    vec![
        one(
            "2.6.2-1",
            &[
                (at("criterion"), json!("PE")),
                (at("minimal_operations"), json!(true)),
                (material("originating"), json!(true)),
                (material("origin"), json!("VN")),
            ],
        ),
        one("2.6.2-2", &[(at("origin"), json!("VN")), (at("contributions"), Value::Null)]),
        one(
            "2.6.3-CN-1",
            &to(
                "CN",
                "390210",
                &[
                    ("/exporter/address/country".into(), json!("VN")),
                    (at("origin"), json!("VN")),
                    (at("further_criteria"), Value::Null),
                    (at("contributions"), Value::Null),
                ],
            ),
        ),
        one("2.6.3-PH-1", &to("PH", "350691", &[(at("contributions"), Value::Null)])),
        one("2.6.3-PH-2", &to("PH", "350691", std::slice::from_ref(&little))),
        one(
            "2.6.3-CN-2",
            &to(
                "CN",
                "390210",
                &[
                    ("/exporter/address/country".into(), json!("VN")),
                    (at("origin"), json!("VN")),
                    (at("further_criteria"), Value::Null),
                ],
            ),
        ),
        one("2.6.4", &to("PH", "350691", &[(at("origin"), json!("VN"))])),
    ]
}

/// What an approved exporter declares, and nothing else: who signed, when, by which authorisation.
fn approved(more: &[(&str, Value)]) -> Value {
    let declaration = json!({"signer": "L. Chen", "on": "20261130", "authorisation": "CN-AEX-000042"});
    let own = [("/proof_kind", json!("approved_exporter")), ("/declaration", declaration)];
    with(&[&own[..], more].concat())
}

fn of_declarations() -> Vec<Broken> {
    let without = |member: &str| approved(&[(&format!("/declaration/{member}"), Value::Null)]);
    let body = json!({"authority": "Example Council of Trade"});
    vec![
        ("3.18-1", DAY, without("authorisation")),
        ("3.18-2", DAY, without("signer")),
        ("3.18-2", DAY, without("on")),
        ("3.18-3", DAY, approved(&[("/proof_kind", json!("certificate"))])),
        ("3.17", DAY, with(&[("/certification", body)])),
        ("3.16", DAY, approved(&[("/proof_kind", json!("self_declaration"))])),
    ]
}

fn cases() -> Vec<Broken> {
    [of_parties(), of_what_is_stated(), of_materials(), of_declarations(), of_the_country_of_origin()]
        .concat()
}

#[test]
fn an_approved_exporter_declares_and_prints_it() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let declared = approved(&[]);
    assert_eq!(broken(&catalogue, &declared, DAY), BTreeSet::new());
    let folder = Folder::new();
    folder.write("declaration.json", declared.to_string());
    let print = |form: &str| folder.run(&["print", "--form", form, "--out", "out.pdf", "declaration.json"]);
    let ran = print("rcep/declaration");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(fs::read(folder.path().join("out.pdf")).unwrap().starts_with(b"%PDF-1"));
    let ran = print("rcep/certificate");
    assert!(ran.code != 0 && ran.stderr.contains("proof_kind"), "{}", ran.stderr);
}

/// As EDIFACT a declaration of origin travels with its authorisation. The directories have no code for who is approved, and
/// that is said.
#[test]
fn a_declaration_of_origin_travels_as_edifact() {
    let folder = Folder::new();
    let written = |declared: &Value| {
        folder.write("declaration.json", declared.to_string());
        let to = ["translate", "--from", "canonical", "--to", "edifact/certificate-of-origin"];
        folder.run(&[&to[..], &["declaration.json"]].concat())
    };
    let declared = approved(&[("/proof_kind", json!("self_declaration"))]);
    let ran = written(&declared);
    let has = |text: &str| assert!(ran.stdout.contains(text), "{text}: {ran:?}");
    has("BGM+862:::RCEP+RC-1");
    has("FTX+AAY++AEX+CN-AEX-000042");
    folder.write("declaration.edi", &ran.stdout);
    let back = folder.run(&["translate", "--from", "auto", "--to", "canonical", "declaration.edi"]);
    let back: Value = serde_json::from_str(&back.stdout).unwrap();
    for pointer in ["/proof_kind", "/declaration/authorisation", "/declaration/signer"] {
        assert_eq!(back.pointer(pointer), declared.pointer(pointer), "{pointer}");
    }
    let lost = written(&approved(&[]));
    assert!(lost.code == 1 && lost.stderr.contains("approved_exporter"), "{}", lost.stderr);
}

#[test]
fn every_rule_has_a_certificate_that_breaks_it_alone() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let day = DAY;
    assert_eq!(broken(&catalogue, &chair(), day), BTreeSet::new());
    let cases = cases();
    for (number, day, certificate) in &cases {
        assert_eq!(
            broken(&catalogue, certificate, *day),
            BTreeSet::from([(*number).to_owned()]),
            "{certificate}"
        );
    }
    let checks = catalogue.checks("rules/rcep").unwrap();
    let all: BTreeSet<_> = checks.list.iter().map(|check| check.number.to_string()).collect();
    let tried: BTreeSet<_> = cases.iter().map(|(number, ..)| (*number).to_owned()).collect();
    assert_eq!(all, tried);
    assert!(checks.list.iter().all(|check| check.source.is_some()), "every rule says where it comes from");
}

/// Just at a threshold a rule holds, and on the day on which the Agreement comes into force.
#[test]
fn thresholds_and_days_are_met_exactly() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let day = DAY;
    let none = BTreeSet::new();
    let forty = with(&[
        ("/items/0/criterion", json!("RVC")),
        ("/items/0/materials/0/value", json!({"amount": "60", "currency": "USD"})),
    ]);
    assert_eq!(broken(&catalogue, &forty, day), none, "40 % is enough");
    let ten = with(&[
        ("/items/0/further_criteria", json!(["ACU", "DMI"])),
        ("/items/0/materials/0/hs6", json!("940190")),
        ("/items/0/materials/0/value", json!({"amount": "10", "currency": "USD"})),
    ]);
    assert_eq!(broken(&catalogue, &ten, day), none, "10 % is within the tolerance");
    let twenty = with(&[
        ("/importer/address/country", json!("PH")),
        ("/items/0/hs6", json!("350691")),
        ("/items/0/contributions/0/added", json!({"amount": "20", "currency": "USD"})),
    ]);
    assert_eq!(broken(&catalogue, &twenty, day), none, "20 % is enough");
    let korea = with(&[
        ("/exporter/address/country", json!("KR")),
        ("/items/0/origin", json!("KR")),
        ("/items/0/contributions", Value::Null),
    ]);
    assert_eq!(broken(&catalogue, &korea, date(2022, 2, 1)), none);
    assert_eq!(
        broken(&catalogue, &with(&[("/scheme", json!("AKFTA")), ("/items/0/origin", json!("BR"))]), day),
        none,
        "another agreement"
    );
}

/// A certificate as canonical JSON and as EDIFACT: the same rules.
#[test]
fn a_certificate_is_checked_on_the_command_line() {
    let folder = Folder::new();
    folder.write("certificate.json", chair().to_string());
    let ran = folder.run(&["validate", "certificate.json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let text = serde_json::to_string_pretty(&with(&[("/items/0/origin", json!("VN"))])).unwrap();
    folder.write("certificate.json", text);
    let ran = folder.run(&["validate", "certificate.json"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stderr);
    let edifact = fs::read_to_string(root().join("adapters/edifact/cases/certificate-of-origin.in")).unwrap();
    folder.write("certificate.edi", edifact);
    let ran = folder.run(&["validate", "certificate.edi"]);
    assert!(ran.code < 2, "{}", ran.stderr);
}
