//! Rule packs: every rule has a source, a day and cases, and the cases hold.

use std::collections::BTreeSet;

use dragoman_declare::assess::{Assessment, Case, Pack, PackRule, Parcels, Standing, assess, compare};
use dragoman_declare::{Master, Order, Rates};
use dragoman_mapping::canonical;
use dragoman_model::Document;
use dragoman_syntax::Limits;
use jiff::civil::{Date, date};

use crate::world::CATALOGUE;

/// All packs of the program.
fn packs() -> Vec<Pack> {
    let data = CATALOGUE.data();
    let names = data
        .names("mappings/rules/", ".toml")
        .filter(|name| name.starts_with("to-") || name.starts_with("from-"));
    let packs = names.map(|name| {
        let text = data.get(&format!("mappings/rules/{name}.toml")).unwrap();
        Pack::load(&format!("rules/{name}"), text).unwrap_or_else(|errors| {
            panic!("{}", errors.iter().map(|error| error.render(text)).collect::<String>())
        })
    });
    let packs: Vec<_> = packs.collect();
    assert!(packs.len() >= 15, "{} packs", packs.len());
    packs
}

fn documents(orders: &[String]) -> Vec<Document<'static>> {
    let read = |text: &String| {
        let read = canonical::read(text.as_bytes(), None, &Limits::default());
        assert!(read.findings.is_empty() && read.residue.is_empty(), "{text}: {:?}", read.findings);
        read.document.unwrap().detach()
    };
    orders.iter().map(read).collect()
}

fn assessed(pack: &Pack, case: &Case) -> Assessment {
    let documents = documents(&case.orders);
    let orders: Vec<_> = documents.iter().map(|document| Order { document, offset: 0 }).collect();
    let (master, rates) = (Master::default(), Rates::read(&case.rates));
    let parcels = Parcels {
        orders: &orders,
        master: &master,
        rates: &rates,
        packs: std::slice::from_ref(pack),
        to: None,
        from: Some(&case.from),
        channel: case.channel.as_deref(),
        on: case.on,
    };
    assess(&parcels).into_iter().next().unwrap()
}

/// Whether a rule was applied: it is named by something that the answer says of the parcel.
fn applied(assessment: &Assessment, rule: &PackRule) -> bool {
    assessment.packs.iter().any(|pack| pack.rules.iter().any(|used| *used.rule == *rule.id))
}

#[test]
fn every_rule_has_a_day_a_source_and_cases_that_hold() {
    for pack in packs() {
        assert!(!pack.title().is_empty() && !pack.list.is_empty());
        for rule in &pack.list {
            let place = format!("{}, rule {}", pack.name(), rule.id);
            assert!(!rule.title.is_empty() && rule.source.len() > 10, "{place} has no source");
            assert!(rule.checked >= date(2026, 1, 1), "{place}: checked {}", rule.checked);
            let [applies, not] =
                [true, false].map(|applies| rule.cases.iter().any(|case| case.applies == applies));
            assert!(applies && not, "{place} has no case for each way");
            for case in &rule.cases {
                let assessment = assessed(&pack, case);
                assert_eq!(applied(&assessment, rule), case.applies, "{place}: {case:?}\n{assessment:#?}");
            }
        }
    }
}

/// Ids are those of findings and answers: no two rules of all packs share one, and a rule's regimes are there.
#[test]
fn ids_are_unique_and_regimes_are_known() {
    let mut ids = BTreeSet::new();
    for pack in packs() {
        let regimes: BTreeSet<_> =
            pack.list.iter().filter_map(|rule| rule.regime().map(|regime| &regime.id)).collect();
        for rule in &pack.list {
            assert!(ids.insert(rule.id.clone()), "{} stands twice", rule.id);
            for regime in &rule.regimes {
                assert!(regimes.contains(regime), "{}: no regime {regime}", rule.id);
            }
        }
    }
}

/// On every day somebody can declare the parcel: no pack that opens regimes leaves a hole between its thresholds.
#[test]
fn no_value_falls_between_regimes() {
    for pack in packs() {
        let opens = |rule: &&PackRule| rule.regime().is_some() && rule.status == Standing::Enacted;
        assert!(pack.list.iter().any(|rule| opens(&rule)), "{}", pack.name());
        let case =
            pack.list.iter().filter(opens).flat_map(|rule| &rule.cases).find(|case| case.applies).unwrap();
        for value in ["0.01", "134.99", "149.99", "150.01", "999.99", "1000.01", "4999", "90000"] {
            let text = &case.orders[0];
            let start = text.find("\"price\":{\"amount\":\"").unwrap() + 19;
            let end = start + text[start..].find('"').unwrap();
            let text = format!("{}{value}{}", &text[..start], &text[end..]);
            let case = Case { on: date(2026, 11, 22), orders: vec![text], ..case.clone() };
            let assessment = assessed(&pack, &case);
            let [answer] = assessment.packs.as_slice() else { panic!("{}", pack.name()) };
            assert!(!answer.regimes.is_empty(), "{} of {value}: {answer:#?}", pack.name());
        }
    }
}

fn german(on: Date, value: &str, rates: &str) -> Assessment {
    let order = format!(
        r#"{{"type":"order","order_number":"7","order_kind":"b2c","recipient":{{"name":"R","address":{{"city":"Berlin","postal_code":"10115","country":"DE"}}}},"currency":"USD","lines":[{{"line":"1","sku":"A","quantity":{{"value":"1"}},"price":{{"amount":"{value}","currency":"USD"}},"customs":{{"code":"610910"}}}},{{"line":"2","sku":"B","quantity":{{"value":"1"}},"price":{{"amount":"1","currency":"USD"}}}}]}}"#
    );
    let documents = documents(&[order]);
    let orders: Vec<_> = documents.iter().map(|document| Order { document, offset: 0 }).collect();
    let (master, rates, packs) = (Master::default(), Rates::read(rates), packs());
    let parcels = Parcels {
        orders: &orders,
        master: &master,
        rates: &rates,
        packs: &packs,
        to: None,
        from: Some("CN"),
        channel: None,
        on,
    };
    assess(&parcels).remove(0)
}

const RATES: &str = "date,purpose,from,to,rate,source
2026-06-01,customs-month,USD,EUR,0.9,x
2026-07-01,customs-month,USD,EUR,0.9,x
";

/// A corridor is what both of its ends ask: leaving China and entering the Union.
#[test]
fn both_ends_of_a_corridor_are_asked() {
    let assessment = german(date(2026, 7, 1), "100", RATES);
    let packs: Vec<_> = assessment.packs.iter().map(|pack| pack.pack.as_str()).collect();
    assert_eq!(packs, ["rules/from-cn", "rules/to-eu"]);
    let eu = &assessment.packs[1];
    let regimes: Vec<_> = eu.regimes.iter().map(|regime| regime.regime.as_str()).collect();
    assert_eq!(regimes, ["ioss", "special", "standard"]);
    let missing: Vec<_> =
        eu.regimes[0].remarks.iter().map(|said| (said.text.as_str(), said.line.as_deref())).collect();
    assert!(missing.contains(&("the IOSS number of this sale is missing", None)), "{missing:?}");
    assert!(missing.contains(&("the commodity code (six digits) is missing", Some("2"))), "{missing:?}");
    let used = eu.rates.iter().find(|rate| rate.rule == "eu-ioss").unwrap();
    assert_eq!((used.from.as_str(), used.to.as_str(), used.date.as_str()), ("USD", "EUR", "2026-07-01"));
    let finding = assessment.findings.iter().find(|finding| finding.message.contains("six digits")).unwrap();
    assert_eq!(finding.order_line.as_ref().unwrap().line, "2");
    assert!(finding.span.is_some());
}

/// The same order on another day gets that day's answer; what differs is said.
#[test]
fn another_day_another_answer() {
    let [june, july] = [date(2026, 6, 30), date(2026, 7, 1)].map(|on| german(on, "100", RATES));
    let changes = compare(&june, &july);
    let has =
        |rule: &str, comes: bool| changes.iter().any(|change| change.rule == rule && change.comes == comes);
    assert!(has("eu-duty-relief", false) && has("eu-flat-duty", true), "{changes:#?}");
    assert!(!changes.iter().any(|change| change.rule == "eu-ioss"), "{changes:#?}");
    assert_eq!(compare(&july, &july), []);
    let soon: Vec<_> =
        june.packs[1].upcoming.iter().map(|change| (change.rule.as_str(), change.begins)).collect();
    assert!(soon.contains(&("eu-duty-relief", false)), "{soon:?}");
}

/// 150 EUR are 166.67 USD at 0.9: a value near that is said to be near, and one without a rate is not decided.
#[test]
fn near_a_threshold_and_without_a_rate() {
    let close = |assessment: &Assessment| assessment.remarks().any(|said| said.kind == "close");
    assert!(close(&german(date(2026, 7, 1), "164", RATES)), "below");
    assert!(close(&german(date(2026, 7, 1), "167", RATES)), "above");
    assert!(!close(&german(date(2026, 7, 1), "100", RATES)));
    let undecided = german(date(2026, 8, 1), "100", RATES);
    assert!(undecided.remarks().any(|said| said.kind == "undecided" && said.text.contains("USD to EUR")));
    assert!(undecided.packs[1].regimes.iter().all(|regime| regime.regime == "standard"));
}

#[test]
fn mistakes_have_their_place() {
    let said = |text: &str| {
        let errors = Pack::load("rules/to-xx", text).unwrap_err();
        errors
            .iter()
            .map(|error| (text[error.at.clone()].to_owned(), error.message.clone()))
            .collect::<Vec<_>>()
    };
    let pack = |rule: &str| {
        format!(
            "title = \"X\"\nlanguage = \"en\"\nschedules = []\nto = [\"DE\"]\n[[rule]]\nid = \"a\"\ntitle = \"t\"\nsource = \"s\"\nchecked = 2026-01-01\nvalid_from = 2026-01-01\n{rule}"
        )
    };
    assert_eq!(said(&pack("")), [("\"a\"".into(), "the rule says nothing".into())]);
    let wrong =
        said(&pack("note = { text = \"x\" }\nwhen = [{ value = \"importer.name\", present = true }]"));
    assert!(wrong[0].1.contains("asks about a declaration"), "{wrong:?}");
    let wrong = said(&pack("tax = { name = \"T\", collector = \"king\", base = \"b\" }"));
    assert_eq!(wrong[0].0, "\"king\"");
    let wrong =
        said(&pack("duty = { name = \"T\", collector = \"seller\", base = \"b\", flat = \"3 XYZ\" }"));
    assert_eq!(wrong[0], ("\"3 XYZ\"".into(), "is no amount, such as `3 EUR`".into()));
    let wrong = said(&pack("note = { text = \"x\" }\nvalid_to = 2025-01-01"));
    assert!(wrong[0].1.contains("ends before it begins"), "{wrong:?}");
    assert!(
        said(&pack("note = { text = \"x\" }").replace("\"DE\"", "\"Germany\""))[0].1.contains("country code")
    );
}
