//! Responses: hand-checked triples, planted faults, and the event that codes stand for.

use super::support::{CUSRES, CUSRES_99B, DIRECTORIES, case_of, reads_otherwise};
use crate::faults;
use crate::mapped::{Mapped, document};
use crate::triples::{Triple, broken};

const REJECTED: &[Triple] = &[
    ("/CUSRES[1]/UNB[1]/S002[1]/0004[1]", "envelope.sender", "GBCUSTOMS"),
    ("/CUSRES[1]/UNB[1]/S003[1]/0010[1]", "envelope.recipient", "GBTRADER01"),
    ("/CUSRES[1]/UNH[1]/0062[1]", "envelope.message_id", "R1"),
    ("/CUSRES[1]/BGM[1]/C106[1]/1004[1]", "response_number", "REJ-7"),
    ("/CUSRES[1]/BGM[1]/1225[1]", "extensions.edifact.function", "27"),
    ("/CUSRES[1]/BGM[1]/4343[1]", "extensions.edifact.response_type", "RE"),
    ("/CUSRES[1]/DTM[1]/C507[1]/2380[1]", "issued_at", "202611221005"),
    ("/CUSRES[1]/DTM[1]/C507[1]/2379[1]", "issued_at_format", "203"),
    ("/CUSRES[1]/FTX[1]/C107[1]/4441[1]", "information[0].code", "R01"),
    (
        "/CUSRES[1]/FTX[1]/C108[1]/4440[1]",
        "information[0].text",
        "Two errors were found\nnothing was accepted",
    ),
    ("/CUSRES[1]/GIS[1]/C529[1]/7365[1]", "native.code", "33"),
    ("/CUSRES[1]/GIS[1]/C529[1]/7365[1]", "event", "rejected"),
    ("/CUSRES[1]/<RFF>[1]/RFF[1]/C506[1]/1154[1]", "of.lrn", "TT-2026-0042"),
    ("/CUSRES[1]/<ERP>[1]/ERP[1]/C701[1]/1049[1]", "errors[0].pointers[0].raw", "10:1+LOC:75:5"),
    ("/CUSRES[1]/<ERP>[1]/ERC[1]/C901[1]/9321[1]", "errors[0].code", "E1017"),
    ("/CUSRES[1]/<ERP>[1]/ERC[1]/C901[1]/1131[1]", "errors[0].list", "109"),
    ("/CUSRES[1]/<ERP>[1]/FTX[1]/C108[1]/4440[1]", "errors[0].text", "The country of origin is not known"),
    ("/CUSRES[1]/<ERP>[2]/ERC[1]/C901[1]/9321[1]", "errors[1].code", "E2003"),
];

const RELEASED: &[Triple] = &[
    ("/CUSRES[1]/DTM[1]/C507[1]/2380[1]", "released_at", "202611231200"),
    ("/CUSRES[1]/DTM[2]/C507[1]/2380[1]", "payment.due_on", "20261215"),
    ("/CUSRES[1]/LOC[1]/C517[1]/3225[1]", "offices[0].code", "GB000060"),
    ("/CUSRES[1]/LOC[1]/C517[1]/3224[1]", "offices[0].name", "Dover"),
    ("/CUSRES[1]/GIS[1]/C529[1]/7365[1]", "event", "released"),
    ("/CUSRES[1]/<RFF>[1]/RFF[1]/C506[1]/1154[1]", "of.mrn", "26GB0000000000ABC1"),
    ("/CUSRES[1]/<RFF>[3]/RFF[1]/C506[1]/1154[1]", "payment.reference", "1234567"),
    ("/CUSRES[1]/<TAX>[1]/TAX[1]/C241[1]/5153[1]", "duties[0].type", "A00"),
    ("/CUSRES[1]/<TAX>[1]/MOA[1]/C516[1]/5004[1]", "duties[0].assessed.amount", "30.15"),
    ("/CUSRES[1]/<TAX>[1]/MOA[2]/C516[1]/5004[1]", "duties[0].payable.amount", "30.15"),
    ("/CUSRES[1]/<DOC>[1]/<MOA>[1]/MOA[1]/C516[1]/5004[1]", "payment.amount.amount", "30.15"),
    ("/CUSRES[1]/<DOC>[1]/<CST>[1]/CST[1]/1496[1]", "items[0].sequence", "1"),
    (
        "/CUSRES[1]/<DOC>[1]/<CST>[1]/<TAX>[1]/TAX[1]/C243[1]/5278[1]",
        "items[sequence=1].duties[0].rate",
        "3.7",
    ),
    ("/CUSRES[1]/<DOC>[1]/<CST>[1]/<TAX>[1]/GIS[1]/C529[1]/7365[1]", "items[0].duties[0].method", "E"),
];

fn all_broken(mapped: &Mapped, directory: &str) -> Vec<String> {
    let of = |case: &str, triples| broken(mapped, &case_of(case, directory), "", "", triples);
    [of("rejected", REJECTED), of("released", RELEASED)].concat()
}

#[test]
fn triples_hold_in_both_directories() {
    assert_eq!(all_broken(&CUSRES, DIRECTORIES[0]), [""; 0]);
    assert_eq!(all_broken(&CUSRES_99B, DIRECTORIES[1]), [""; 0]);
}

/// By the triples, and by the documents of the cases, which were read by hand.
#[test]
fn planted_faults_are_found_out() {
    let finds = |mapped: &Mapped| {
        !all_broken(mapped, DIRECTORIES[0]).is_empty()
            || ["accepted", "rejected", "released", "controlled"]
                .into_iter()
                .any(|case| reads_otherwise(mapped, case))
    };
    assert_eq!(faults::unfound("edifact/cusres", &finds), [""; 0]);
}

fn event(indicators: &str, bgm: &str) -> (Option<String>, usize) {
    let text = format!("UNH+1+CUSRES:D:96B:UN'BGM+961+R1{bgm}'{indicators}UNT+3+1'");
    let (tree, grammar) = CUSRES.one(text.as_bytes());
    let got = CUSRES.get(&tree, &grammar);
    let event =
        got.document.find("event").and_then(|node| got.document.tree().value(node)).map(str::to_owned);
    let over = CUSRES.mapping.put_over(&got.document, &tree, &got, &grammar).unwrap();
    assert_eq!(CUSRES.difference(&tree, &over.tree), None);
    (event, got.document.find("events[1]").map_or(0, |_| 2))
}

/// By the canonical model's table; nothing is guessed.
#[test]
fn an_indicator_is_an_event_and_an_unknown_one_is_pending() {
    let of = |code: &str| event(&format!("GIS+{code}'"), "").0;
    let some = |event: &str| Some(event.to_owned());
    for (codes, expected) in [
        (&["1", "32", "66"][..], some("accepted")),
        (&["2", "3", "14", "33"], some("rejected")),
        (&["4"], some("released")),
        (&["5"], some("+control")),
        (&["6"], some("+documents_wanted")),
        (&["7"], some("+detained")),
        (&["9"], some("registered")),
        (&["17"], some("received")),
        (&["38"], some("+manual")),
        (&["30", "34", "12", "ZZZ", "999"], None),
    ] {
        for code in codes {
            assert_eq!(of(code), expected, "{code}");
        }
    }
    assert_eq!(event("", "+27").0, some("rejected"));
    assert_eq!(event("", "+11+RE").0, some("rejected"));
    assert_eq!(event("", "+11+AP").0, some("accepted"));
    assert_eq!(event("", "+11").0, None);
    assert_eq!(event("GIS+34'", "+27+RE").0, None, "an indicator that says pending counts");
    assert_eq!(event("GIS+32'GIS+9'GIS+5'", "").1, 2);
}

/// What an authority has to be able to say, written from canonical documents alone.
#[test]
fn responses_are_written_from_canonical_documents() {
    let texts = [
        r#"{"type":"customs_response","of":{"lrn":"L1","mrn":"M1"},"native":{"code":"32"},"accepted_at":"2026-11-22T10:05:00Z"}"#,
        r#"{"type":"customs_response","of":{"lrn":"L1"},"native":{"code":"33"},"errors":[{"code":"E1","text":"no","pointers":[{"spelling":"erp","raw":"10:1+LOC:34:5"}]},{"code":"E2"}]}"#,
        r#"{"type":"customs_response","of":{"mrn":"M1"},"native":{"code":"4"},"released_at":"2026-11-23","items":[{"sequence":"1","duties":[{"type":"A00","assessed":{"amount":"1.00","currency":"GBP"}}]}]}"#,
    ];
    for text in texts {
        let document = document(text);
        let put = CUSRES.put(&document);
        assert_eq!(put.lost, []);
        let bytes = CUSRES.bytes(&put.tree).unwrap();
        let (tree, grammar) = CUSRES.one(&bytes);
        let got = CUSRES.get(&tree, &grammar);
        assert_eq!(got.residue().count(), 0, "{}", String::from_utf8_lossy(&bytes));
        super::generated::comes_back(&CUSRES, &document, &put);
    }
}

/// Errors that stand with the declaration they are about stay there.
#[test]
fn errors_stay_where_they_stood() {
    let text = "UNH+1+CUSRES:D:99B:UN'BGM+963+R'GIS+33'DOC+929+L1'ERP+10:1+LOC'ERC+E1'ERP+10:2'ERC+E2'ERC+E3'UNT+9+1'";
    let (tree, grammar) = CUSRES.one(text.as_bytes());
    let got = CUSRES.get(&tree, &grammar);
    let residue: Vec<String> = got.residue().map(|node| CUSRES.path(&tree, node)).collect();
    assert_eq!(residue, ["/CUSRES[1]/<DOC>[1]/<ERP>[2]/ERC[2]/C901[1]/9321[1]"]);
    let over = CUSRES.mapping.put_over(&got.document, &tree, &got, &grammar).unwrap();
    assert_eq!(CUSRES.difference(&tree, &over.tree), None);
}
