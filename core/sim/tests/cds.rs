//! The simulator with the knowledge of `adapters/gb-cds/sim.toml`: every check counts, each at the value it is about.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::sync::LazyLock;

use dragoman_adapters::{Catalogue, Data, Layout, Received, receive, send};
use dragoman_mapping::{Base, canonical};
use dragoman_model::{At, CustomsResponseView, State, Timestamp};
use dragoman_sim::{Answer, Counterpart, Moment, Pace, Submitted, load};
use dragoman_syntax::Limits;
use dragoman_syntax::validate::validate;
use dragoman_tree::Finding;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(Data::embedded()).unwrap());

/// An import of two items that passes all checks, as canonical JSON.
const GOOD: &str = r#"{
"type": "declaration", "kind": "declaration", "function": "9", "lrn": "TT-1", "direction": "IM", "additional_type": "A",
"totals": {"items": "2", "packages": "1"},
"declarant": {"ids": [{"scheme": "eori", "value": "GB000000000000"}]},
"importer": {"ids": [{"scheme": "eori", "value": "GB000000000001"}]},
"authorisations": [{"type": "DPO", "holder": {"value": "GB000000000001"}}],
"goods_location": {"name": "AULALONBTW", "type": "A", "qualifier": "U", "address": {"country": "GB"}},
"dispatch": {"country": "CN"}, "destination": {"country": "GB"},
"goods_items": [
 {"sequence": "1", "description": "Handbag", "commodity": {"codes": [{"type": "TSP", "code": "42022210"}]},
  "mass": {"net": {"value": "0.42"}}, "origins": [{"country": "CN"}], "price": {"amount": "19.99", "currency": "GBP"}},
 {"sequence": "2", "description": "Scarf", "commodity": {"codes": [{"type": "TSP", "code": "62141000"}, {"type": "TRC", "code": "00"}]},
  "mass": {"net": {"value": "0.06"}}, "origins": [{"country": "CN"}, {"country": "VN"}], "price": {"amount": "5", "currency": "GBP"}}]
}"#;

/// The smallest change that each check is about, and what it says then.
const CASES: &[(&str, &str, &str)] = &[
    ("\"lrn\": \"TT-1\", ", "", "CDS10001 at 42A/D026"),
    (
        "\"declarant\": {\"ids\": [{\"scheme\": \"eori\", \"value\": \"GB000000000000\"}]},",
        "",
        "CDS10001 at 42A.57B/R123",
    ),
    ("\"GB000000000000\"", "\"GB00\"", "CDS12005 at 42A.57B/R123"),
    ("\"value\": \"GB000000000001\"}]", "\"value\": \"1\"}]", "CDS12005 at 42A.67A.74A/R038"),
    ("{\"value\": \"GB000000000001\"}}]", "{\"value\": \"x\"}}]", "CDS12005 at 42A.17C#1/R144"),
    ("\"name\": \"AULALONBTW\", ", "", "CDS10001 at 42A.67A.28A.64A/L016"),
    (
        "\"destination\": {\"country\": \"GB\"}",
        "\"destination\": {\"country\": \"UK\"}",
        "CDS10020 at 42A.67A.99B/465",
    ),
    (
        "\"dispatch\": {\"country\": \"CN\"}",
        "\"dispatch\": {\"country\": \"YU\"}",
        "CDS10020 at 42A.67A.95B/062",
    ),
    ("\"description\": \"Scarf\", ", "", "CDS10001 at 42A.67A.68A#2.23A/137"),
    ("{\"type\": \"TSP\", \"code\": \"62141000\"}, ", "", "CDS10001 at 42A.67A.68A#2.23A.21A/145"),
    ("62141000", "85171200", "CDS10020 at 42A.67A.68A#2.23A.21A#1/145"),
    ("42022210", "77010000", "CDS10020 at 42A.67A.68A#1.23A.21A#1/145"),
    ("{\"country\": \"VN\"}", "{\"country\": \"UK\"}", "CDS10020 at 42A.67A.68A#2.92A#2/063"),
    ("\"amount\": \"5\"", "\"amount\": \"0\"", "CDS10021 at 42A.67A.68A#2.23A.79A/112"),
    (
        "\"description\": \"Scarf\"",
        "\"description\": \"Scarf\", \"valuation\": {\"customs_value\": {\"amount\": \"-1\", \"currency\": \"GBP\"}}",
        "CDS10021 at 42A.67A.68A#2/108",
    ),
    ("\"value\": \"0.06\"", "\"value\": \"0\"", "CDS10021 at 42A.67A.68A#2.23A.65A/128"),
];

fn script() -> &'static str {
    CATALOGUE.data().get("adapters/gb-cds/sim.toml").unwrap()
}

fn counterpart(seed: u64) -> Counterpart {
    Counterpart::new(load("gb-cds", script()).unwrap().authority.unwrap(), seed).unwrap()
}

/// The message that a canonical declaration is sent as.
fn written(declaration: &str) -> Vec<u8> {
    let read = canonical::read(declaration.as_bytes(), None, &Limits::default());
    let message = CATALOGUE.message("gb-cds/declaration").unwrap();
    let put = message.put(&read.document.unwrap()).unwrap();
    let grammar = message.written().map(|grammar| &**grammar);
    send(message.syntax(), &[&put.tree], grammar, Layout::Pretty).bytes
}

/// What a counterpart answers to bytes, or what is wrong with their form.
fn submit(to: &Counterpart, bytes: &[u8]) -> Result<Vec<Answer>, Vec<Finding>> {
    let message = CATALOGUE.message("gb-cds/declaration").unwrap();
    let now: Timestamp = "2026-11-22T16:24:00Z".parse().unwrap();
    let mut replies = Vec::new();
    receive(&CATALOGUE, &message, bytes, &mut |received| {
        let Received { tree, grammar: Some(grammar), got: Some(got), findings, .. } = received else {
            return;
        };
        let base = Base { tree, grammar, document: &got.document, carriers: &got.carriers };
        let mapping = message.mapping().unwrap();
        let submitted = Submitted {
            base,
            mapping,
            findings: &findings,
            message: "declaration",
            broken: &[],
            agreement: None,
        };
        let malformed = to.malformed(&submitted);
        let moment = Moment { now, pace: Pace(1), plays: None };
        let answers = || to.take(&submitted, moment).unwrap().answers;
        replies.push(if malformed.is_empty() { Ok(answers()) } else { Err(malformed) });
    });
    assert_eq!(replies.len(), 1);
    replies.pop().unwrap()
}

fn answers(to: &Counterpart, declaration: &str) -> Vec<Answer> {
    submit(to, &written(declaration)).unwrap()
}

fn names(answers: &[Answer]) -> Vec<&str> {
    answers.iter().map(|answer| &*answer.name).collect()
}

/// The value at a path of an answer.
fn said<'a>(answer: &'a Answer, path: &str) -> Option<&'a str> {
    answer.document.find(path).and_then(|at| answer.document.tree().value(at))
}

/// The errors of the one answer, as `CODE at POINTER`; none where it is accepted.
fn errors(declaration: &str) -> Vec<String> {
    let answers = answers(&counterpart(0), declaration);
    let error = |at: At<'_>| {
        let pointed = at.entries("pointers").next();
        let raw = pointed.and_then(|pointer| pointer.text("raw")).unwrap_or("nowhere");
        format!("{} at {raw}", at.text("code").unwrap())
    };
    let views = answers.iter().map(|answer| CustomsResponseView::new(&answer.document).unwrap());
    views.flat_map(|view| view.errors().map(error).collect::<Vec<_>>()).collect()
}

#[test]
fn what_passes_all_checks_is_accepted_and_cleared() {
    let answers = answers(&counterpart(0), GOOD);
    assert_eq!(names(&answers), ["DMSACC", "DMSCLE"]);
    assert!(answers[0].at < answers[1].at);
    assert!(said(&answers[0], "of.mrn").is_some_and(|mrn| mrn.starts_with("26GB") && mrn.len() == 18));
    assert_eq!(said(&answers[0], "of.mrn"), said(&answers[1], "of.mrn"));
    assert_ne!(said(&answers[0], "response_number"), said(&answers[1], "response_number"));
    assert_eq!(said(&answers[0], "of.lrn"), Some("TT-1"));
    assert_eq!(said(&answers[0], "accepted_at"), Some("20261122162402Z"));
}

#[test]
fn what_is_lodged_before_the_goods_arrive_is_only_registered() {
    let lodged = GOOD.replace("\"additional_type\": \"A\"", "\"additional_type\": \"D\"");
    assert_eq!(names(&answers(&counterpart(0), &lodged)), ["DMSRCV"]);
}

/// Each answer is a message of the authority's own form, and says what it should to who reads it.
#[test]
fn answers_are_valid_and_understood() {
    let message = CATALOGUE.message("gb-cds/notification").unwrap();
    let grammar = message.written().unwrap();
    let rejected = GOOD.replace("62141000", "85171200");
    let cases = [(GOOD, vec![State::Accepted, State::Cleared]), (&rejected, vec![State::Rejected])];
    for (declaration, states) in cases {
        let answers = answers(&counterpart(0), declaration);
        assert_eq!(answers.len(), states.len());
        for (answer, state) in answers.iter().zip(states) {
            let put = message.put(&answer.document).unwrap();
            assert_eq!(put.lost, []);
            let bytes = send(message.syntax(), &[&put.tree], Some(grammar), Layout::Line).bytes;
            let mut heard = Vec::new();
            receive(&CATALOGUE, &message, &bytes, &mut |received| {
                assert_eq!(validate(received.tree, received.grammar.unwrap()), []);
                let got = received.got.unwrap();
                assert_eq!((got.residue().count(), &got.findings), (0, &vec![]));
                heard.push(CustomsResponseView::new(&got.document).unwrap().status().0.state());
            });
            assert_eq!(heard, [state], "{}", answer.name);
        }
    }
}

#[test]
fn every_check_counts_at_the_value_it_is_about() {
    assert_eq!(errors(GOOD), [""; 0]);
    let mut wrong = Vec::new();
    for (from, to, expected) in CASES {
        let changed = GOOD.replacen(from, to, 1);
        assert_ne!(changed, GOOD, "{from}");
        let found = errors(&changed);
        if found != [*expected] {
            wrong.push(format!("{from}: {found:?}, not {expected}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
    // The reference that was used before, and the number that is none, have tests of their own.
    assert_eq!(script().matches("[[check]]").count(), CASES.len() + 2);
}

#[test]
fn a_reference_is_good_for_one_declaration() {
    let counterpart = counterpart(0);
    assert_eq!(names(&answers(&counterpart, GOOD)), ["DMSACC", "DMSCLE"]);
    let again = answers(&counterpart, GOOD);
    assert_eq!(names(&again), ["DMSREJ"]);
    assert_eq!(said(&again[0], "errors[0].code"), Some("CDS12003"));
    let other = GOOD.replace("TT-1", "TT-2");
    assert_eq!(names(&answers(&counterpart, &other)), ["DMSACC", "DMSCLE"]);
}

#[test]
fn what_is_not_in_the_published_form_is_not_taken() {
    let bytes = String::from_utf8(written(GOOD)).unwrap();
    let long = bytes.replace("TT-1", &"x".repeat(36));
    let findings = submit(&counterpart(0), long.as_bytes()).unwrap_err();
    assert!(findings[0].wire_path.as_ref().unwrap().contains("FunctionalReferenceID"), "{findings:?}");
}

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let number = |seed: u64| said(&answers(&counterpart(seed), GOOD)[0], "of.mrn").unwrap().to_owned();
    assert_eq!(number(1), number(1));
    assert_ne!(number(1), number(2));
}

#[test]
fn mistakes_in_a_script_are_found_at_their_place() {
    let refused = |from: &str, to: &str| {
        let text = script().replacen(from, to, 1);
        let errors = load("gb-cds", &text).unwrap_err();
        text[errors[0].at.clone()].to_owned()
    };
    assert_eq!(refused("at = \"lrn\"", "at = \"lrm\""), "\"lrm\"");
    assert_eq!(refused("\"${fact.mrn}\"", "\"${fact.nrm}\""), "\"${fact.nrm}\"");
    assert_eq!(refused("\"of.lrn\"", "\"of.lrm\""), "\"of.lrm\"");
    assert_eq!(refused("to = \"refused\"", "to = \"lost\""), "\"lost\"");
}
