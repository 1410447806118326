//! Entry summaries: the authority's own cases, each a message with the list of errors and places that it answers with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use dragoman_adapters::{Catalogue, Data, Ruled, receive};
use dragoman_rules::Checks;
use dragoman_samples::{files, sample};
use dragoman_syntax::validate;
use dragoman_tree::{Finding, Severity};
use jiff::civil::{Date, date};
use regex::Regex;

/// A day on which the checks of the reduced data set are in force, as the cases suppose.
const DAY: Date = date(2026, 6, 10);

/// Cases that we judge otherwise than the authority, and why.
const EXCEPTIONS: [(&str, &str); 1] = [(
    "TOTGROMASHEA307.1.32.ctl",
    "the masses of 999 goods items exceed the total by a gram in a hundred million tonnes; the authority adds them in \
     binary fractions and allows for the error of that, we add them exactly and say so",
)];

fn catalogue() -> Catalogue {
    Catalogue::new(Data::embedded()).unwrap()
}

/// What the checks of a day find in a message, and what its grammar finds.
fn found(catalogue: &Catalogue, name: &str, bytes: &[u8], day: Date) -> (Vec<Finding>, Vec<Finding>) {
    let message = catalogue.message(name).unwrap();
    let ruled = Ruled::of(catalogue, &message, day).unwrap().unwrap();
    let (mut broken, mut form) = (Vec::new(), Vec::new());
    receive(catalogue, &message, bytes, &mut |received| {
        assert!(received.got.is_some(), "{:?}", received.findings);
        broken.extend(ruled.broken(&received));
        form.extend(received.grammar.into_iter().flat_map(|grammar| validate(received.tree, grammar)));
    });
    form.retain(|finding| finding.severity == Severity::Error);
    (broken, form)
}

/// Number and place of each finding, in order.
fn said(findings: &[Finding]) -> Vec<(String, String)> {
    let of = |finding: &Finding| {
        let authority = finding.authority.as_ref().unwrap();
        (authority.number.clone(), authority.location.clone().unwrap())
    };
    let mut said: Vec<_> = findings.iter().map(of).collect();
    said.sort();
    said
}

/// What the authority answers, by the file beside a case.
fn expected(control: &str) -> Vec<(String, String)> {
    let values = |name: &str| -> Vec<String> {
        let element = Regex::new(&format!("<(?:[a-z]+:)?{name}>([^<]*)<")).unwrap();
        element.captures_iter(control).map(|found| found.get(1).unwrap().as_str().to_owned()).collect()
    };
    let mut all: Vec<_> = values("Number").into_iter().zip(values("Location")).collect();
    all.sort();
    all
}

fn shown(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn the_published_cases_get_the_answer_of_the_authority() {
    let Some(folder) = sample("uk-ens/samples/ruleTestCases315New") else { return };
    let catalogue = catalogue();
    let (mut cases, mut other, mut numbers) = (0, BTreeMap::new(), BTreeSet::new());
    for path in files(&folder, &["ctl"]) {
        let message = fs::read(path.with_extension("xml")).unwrap();
        let expected = expected(&fs::read_to_string(&path).unwrap());
        let (broken, form) = found(&catalogue, "gb-ens/CC315A", &message, DAY);
        assert!(form.is_empty(), "{}: {form:?}", path.display());
        for finding in &broken {
            assert!(finding.span.is_some() && finding.wire_path.is_some(), "{finding:?}");
        }
        cases += 1;
        numbers.extend(expected.iter().map(|(number, _)| number.clone()));
        let ours = said(&broken);
        if ours != expected {
            other.insert(shown(&path), (ours, expected));
        }
    }
    assert!(cases >= 1_000 && numbers.len() >= 140, "{cases} cases of {} rules", numbers.len());
    other.retain(|name, _| !EXCEPTIONS.iter().any(|(known, _)| known == name));
    assert!(other.is_empty(), "{} of {cases} cases: {other:#?}", other.len());
    assert!(EXCEPTIONS.len() * 200 <= cases, "more exceptions than one case in two hundred");
}

/// What is found in the header alone, with one value changed.
fn altered(day: Date, from: &str, to: &str) -> Vec<(String, String)> {
    let text = include_str!("../../gb-ens/cases/CC315A.in");
    assert!(text.contains(from), "{from}");
    let (broken, _) = found(&catalogue(), "gb-ens/CC315A", text.replace(from, to).as_bytes(), day);
    said(&broken)
}

#[test]
fn checks_hold_on_their_days() {
    let (from, to) = ("<TotNumOfPacHEA306>11<", "<TotNumOfPacHEA306>12<");
    assert_eq!(altered(DAY, from, to), []);
    let place = "/ie:CC315A[1]/HEAHEA[1]".to_owned();
    assert_eq!(altered(date(2025, 1, 30), from, to), [("8117".to_owned(), place)]);
    assert_eq!(altered(date(2025, 1, 31), from, to), []);
}

#[test]
fn a_finding_says_where_what_and_what_to_do() {
    let text = include_str!("../../gb-ens/cases/CC315A.in");
    let without = Regex::new(r"\s*<CitCE224>.*?</CitCE224>").unwrap();
    let text = without.replace_all(text, "");
    let (broken, _) = found(&catalogue(), "gb-ens/CC315A", text.as_bytes(), DAY);
    let [finding] = broken.as_slice() else { panic!("{broken:#?}") };
    assert_eq!(
        finding.message,
        "the goods item's consignee is given without an EORI number, and the city is missing (rule C501)"
    );
    assert_eq!(
        finding.hint.as_deref(),
        Some("give the EORI number, or name, street, postcode, city and country")
    );
    assert_eq!(finding.wire_path.as_deref(), Some("/CC315A[1]/GOOITEGDS[1]/TRACONCE2[1]/CitCE224"));
    assert_eq!(finding.path.as_deref(), Some("goods_items[sequence=1].consignee.address.city"));
    let authority = finding.authority.as_ref().unwrap();
    assert_eq!((authority.scheme.as_str(), authority.number.as_str()), ("gb-ens", "8145"));
    assert_eq!(authority.location.as_deref(), Some("/ie:CC315A[1]/GOOITEGDS[1]/TRACONCE2[1]"));
}

/// Repeats that no grammar allows do not multiply.
#[test]
fn hostile_repeats_come_to_an_end() {
    let text = include_str!("../../gb-ens/cases/CC315A.in");
    let (before, rest) = text.split_once("<PACGS2>").unwrap();
    let (one, after) = rest.split_once("</PACGS2>").unwrap();
    let packages = format!("<PACGS2>{}</PACGS2>", one.replace(">10<", ">0<")).repeat(20_000);
    let mentions = "<SPEMENMT2><AddInfCodMT23>1</AddInfCodMT23></SPEMENMT2>".repeat(20_000);
    let text = format!("{before}{mentions}{packages}{after}");
    let (broken, _) = found(&catalogue(), "gb-ens/CC315A", text.as_bytes(), DAY);
    assert!((250..=252).contains(&broken.len()), "{}", broken.len());
}

/// One number may stand for one error at several places, but never twice at one.
#[test]
fn every_number_is_checked_once_a_place() {
    let catalogue = catalogue();
    let checks: std::sync::Arc<Checks> = catalogue.checks("rules/ens").unwrap();
    let mut seen = BTreeSet::new();
    for check in checks.list.iter().filter(|check| check.holds_on(DAY)) {
        assert!(seen.insert((&check.number, &check.at)), "{} at {}", check.number, check.at);
        assert!(check.help.is_some(), "{} says nothing of what to do", check.number);
        assert!(!check.text.contains("${") && !check.holds.contains("${"), "{}", check.number);
    }
    assert!(seen.len() >= 180);
}
