//! Validation, finding by finding.

#![expect(clippy::unwrap_used, reason = "test support")]

use std::sync::Arc;

use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::{Limits, edifact, json, validate, xml};
use dragoman_tree::{Finding, Severity};

const GRAMMAR: &str = r#"grammar 1 test/order
syntax xml
namespace default = urn:order
list unit = GRM KGM
Order *  @version *  token
  Code *  token2
  Name  text..5 nonblank
  Weight 0..2  decimal..6,2 min 0 max 5000  @unit  text in unit
  Date  date
  Kind  token /[A-Z]\d/  fixed "A1"
  Line 1..
    Text  text
  Cash  token  choice 1
  Card  token  choice 1
  From *  token  choice 2
  To *  token  choice 2
"#;

const GOOD: &str = "<Order xmlns='urn:order' version='1'><Code> GB </Code><Name>Wood</Name><Weight unit='KGM'>12.50</Weight>\
    <Date>2026-11-22</Date><Kind>A1</Kind><Line><Text/></Line><Cash/><To>x</To></Order>";

fn grammar() -> Grammar {
    grammar::parse(GRAMMAR, &|_| None).unwrap()
}

/// The findings of the good order with one change, as `code path message (hint)`.
fn found(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    let grammar = grammar();
    let read = xml::read(text.as_bytes(), Some(&grammar), &Limits::default());
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    let findings = validate(&read.tree, &grammar);
    assert!(findings.iter().all(|finding| finding.span.is_some() && finding.severity == Severity::Error));
    findings.iter().map(row).collect()
}

fn row(finding: &Finding) -> String {
    let hint = finding.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("{} {} {}{hint}", finding.code, finding.wire_path.as_deref().unwrap_or_default(), finding.message)
}

#[test]
fn a_good_message_has_no_findings() {
    assert_eq!(found("GB", "GB"), Vec::<String>::new());
}

/// What is written in place of what, and the finding about it.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "<Order ",
        "<Ordre ",
        "DG-E0401 /Ordre[1] the message is `Ordre`, not `Order` (read it with another grammar than test/order)",
    ),
    (
        "<Name>Wood</Name>",
        "<Nome>Wood</Nome>",
        "DG-E0402 /Order[1]/Nome[1] `Nome` is not known here (did you mean `Name`?)",
    ),
    ("<Name>", "<Name lang='en'>", "DG-E0402 /Order[1]/Name[1]/@lang `lang` is not known here"),
    (
        "<Name>Wood</Name>",
        "<x:Name xmlns:x='urn:x'/>",
        "DG-E0402 /Order[1]/Name[1] `Name` is not known here (its namespace is another one here)",
    ),
    (
        "<Code> GB </Code><Name>Wood</Name>",
        "<Name>Wood</Name><Code>GB</Code>",
        "DG-E0403 /Order[1]/Code[1] `Code` stands after `Name` (put it before `Name`)",
    ),
    (
        "<Weight unit='KGM'>12.50</Weight>",
        "<Weight>1</Weight><Weight>2</Weight><Weight>3</Weight>",
        "DG-E0404 /Order[1]/Weight[3] `Weight` occurs 3 times, at most 2 are allowed",
    ),
    ("<Code> GB </Code>", "", "DG-E0405 /Order[1]/Code[1] `Code` is missing"),
    (" version='1'", "", "DG-E0405 /Order[1]/@version the attribute `version` is missing"),
    ("<Line><Text/></Line>", "", "DG-E0405 /Order[1]/Line[1] `Line` is missing"),
    ("<To>x</To>", "", "DG-E0405 /Order[1] one of `From`, `To` is missing"),
    (
        "<Cash/>",
        "<Cash/><Card/>",
        "DG-E0406 /Order[1]/Card[1] `Cash` and `Card` exclude each other (keep one of them)",
    ),
    (
        "<Text/>",
        "text",
        "DG-E0407 /Order[1]/Line[1] `Line` holds text; it is for other elements (remove the text)",
    ),
    (
        "<Text/>",
        "<Text/>text",
        "DG-E0407 /Order[1]/Line[1]/text()[1] text stands between elements (remove it)",
    ),
    ("12.50", "12,50", "DG-E0408 /Order[1]/Weight[1] `12,50` is not a decimal number"),
    ("12.50", "", "DG-E0408 /Order[1]/Weight[1] `Weight` is empty, not a decimal number"),
    ("2026-11-22", "2026-02-29", "DG-E0408 /Order[1]/Date[1] `2026-02-29` is not a date, YYYY-MM-DD"),
    ("GB", "GBR", "DG-E0409 /Order[1]/Code[1] the value has 3 characters, it must have 2"),
    ("Wood", "Wöoden", "DG-E0409 /Order[1]/Name[1] the value has 6 characters, at most 5 are allowed"),
    (
        "12.50",
        "12.505",
        "DG-E0410 /Order[1]/Weight[1] `12.505` has 3 digits after the point, at most 2 are allowed",
    ),
    ("12.50", "-1", "DG-E0411 /Order[1]/Weight[1] `-1` is less than 0"),
    ("12.50", "5000.01", "DG-E0411 /Order[1]/Weight[1] `5000.01` is more than 5000"),
    (
        "Wood",
        " ",
        "DG-E0413 /Order[1]/Name[1] the value is blank (leave the element out, or say something in one line)",
    ),
    ("KGM", "LBR", "DG-E0414 /Order[1]/Weight[1]/@unit `LBR` is not in the list unit (one of GRM, KGM)"),
    ("A1", "B2", "DG-E0415 /Order[1]/Kind[1] `B2` stands where only `A1` may"),
];

#[test]
fn each_fault_has_its_finding() {
    for &(from, to, expected) in FAULTS {
        let text = if from == "<Order " { GOOD.replace("</Order>", "</Ordre>") } else { GOOD.into() };
        if text == GOOD {
            assert_eq!(found(from, to), [expected]);
        } else {
            let text = text.replacen(from, to, 1);
            let read = xml::read(text.as_bytes(), Some(&grammar()), &Limits::default());
            assert_eq!(validate(&read.tree, &grammar()).iter().map(row).collect::<Vec<_>>(), [expected]);
        }
    }
    let pattern = found("A1", "a1");
    assert_eq!(
        pattern[0],
        "DG-E0412 /Order[1]/Kind[1] `a1` is not of the form demanded (it must match [A-Z]\\d)"
    );
}

#[test]
fn findings_are_capped() {
    let many = "<Text>a</Text>".repeat(3000);
    let text = GOOD.replace("<Text/>", &many.replace("Text", "Odd"));
    let read = xml::read(text.as_bytes(), Some(&grammar()), &Limits::default());
    let found = validate(&read.tree, &grammar());
    assert_eq!((found.len(), found[1000].code.as_ref()), (1001, "DG-E0416"));
}

const JSON: &str = "grammar 1 test/json\nsyntax json\nOrder *\n  id *  string..5\n  total *  number min 0\n  count  integer\n  \
    buyer nullable\n    email  string nullable\n  lines[] *\n    sku *  string\n  tags[]  string\n  extra  any\n\
    Page\n  orders[] *  is Order\n  next  string\n";

fn json(text: &str) -> Vec<String> {
    let grammar = grammar::parse(JSON, &|_| None).unwrap();
    let read = json::read(text.as_bytes(), Some(&grammar), Grammar::ROOT, &Limits::default());
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    validate(&read.tree, &grammar).iter().map(row).collect()
}

#[test]
fn json_is_validated_without_order() {
    let good = [
        r#"{"lines": [{"sku": "a"}, {"sku": "b"}], "buyer": null, "total": 1.5e2, "id": "1", "tags": [], "extra": {"a": [1]}}"#,
        r#"{"id": "1", "total": 0, "lines": [], "buyer": {"email": null}, "count": 3}"#,
        r#"[{"id": "1", "total": 0, "lines": []}]"#,
        r#"{"orders": [{"id": "1", "total": 0, "lines": []}], "next": "x"}"#,
    ];
    for text in good {
        assert_eq!(json(text), Vec::<String>::new(), "{text}");
    }
    let cases = [
        (
            r#"{"id": "1", "lines": [{}]}"#,
            vec!["DG-E0405 total `total` is missing", "DG-E0405 lines[0].sku `sku` is missing"],
        ),
        (
            r#"{"id": 1, "total": "1", "lines": {"sku": "a"}, "tags": "x", "count": 1.5}"#,
            vec![
                "DG-E0408 id `id` is a number, not a string",
                "DG-E0408 total `total` is a string, not a number",
                "DG-E0408 lines `lines` is an object, not an array",
                "DG-E0408 tags `tags` is a string, not an array",
                "DG-E0408 count `1.5` is not a whole number",
            ],
        ),
        (
            r#"{"id": null, "total": [1], "lines": [1], "buyer": []}"#,
            vec![
                "DG-E0408 id `id` is null, not a string",
                "DG-E0408 total[0] `total` is an array, not a number",
                "DG-E0408 lines[0] `lines` is a number, not an object",
                "DG-E0408 buyer `buyer` is an array, not an object",
            ],
        ),
        (
            r#"{"id": "123456", "total": -1, "lines": [], "more": {"id": 1}}"#,
            vec![
                "DG-E0409 id the value has 6 characters, at most 5 are allowed",
                "DG-E0411 total `-1` is less than 0",
                "DG-E0402 more the member `more` is not known here",
            ],
        ),
        (r#"{"orders": [{"id": "1", "total": 0}]}"#, vec!["DG-E0405 orders[0].lines `lines` is missing"]),
    ];
    for (text, expected) in cases {
        let mut found = json(text);
        let mut expected: Vec<_> = expected.into_iter().map(str::to_owned).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{text}");
    }
}

const EDIFACT: &str = "grammar 1 test/edifact\nsyntax edifact\nmessage SMALL D 96B UN\n\
    segment UNH  0062* an..14  S009*{0065* an..6, 0052* an..3, 0054* an..3, 0051* an..3}\n\
    segment RFF  C506*{1153* an..3, 1154 an..5}\nsegment MEA  6311* an..3  6314 n..3\n\
    0010 UNH *\n0020 RFF *\n0030 <MEA> 0..1\n  0040 MEA *\n";

#[test]
fn edifact_is_validated_as_it_was_read() {
    let grammar = Arc::new(grammar::parse(EDIFACT, &|_| None).unwrap());
    let find = |_: &edifact::MessageType| Some(grammar.clone());
    let found = |body: &str| {
        let text = format!("UNB+UNOA:1+A+B+260101:1200+1'UNH+1+SMALL:D:96B:UN'{body}UNT+3+1'UNZ+1+1'");
        let message = edifact::messages(text.as_bytes(), &find).next().unwrap();
        validate(message.tree(), &grammar).iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(found("RFF+ABC:12345'MEA+WT+-1.25'"), Vec::<String>::new());
    assert_eq!(found("MEA+WT'"), ["DG-E0405 /SMALL[1]/RFF[1] `RFF` is missing"]);
    let expected = [
        "DG-E0405 /SMALL[1]/RFF[1]/C506[1]/1153[1] `1153` is missing",
        "DG-E0409 /SMALL[1]/RFF[1]/C506[1]/1154[1] the value has 6 characters, at most 5 are allowed",
        "DG-E0408 /SMALL[1]/<MEA>[1]/MEA[1]/6314[1] `1x` is not a number",
    ];
    assert_eq!(found("RFF+:123456'MEA+WT+1x'"), expected);
    assert_eq!(found("RFF'"), ["DG-E0405 /SMALL[1]/RFF[1]/C506[1] `C506` is missing"]);
    assert_eq!(
        found("RFF+ABC'MEA++12345'"),
        [
            "DG-E0405 /SMALL[1]/<MEA>[1]/MEA[1]/6311[1] `6311` is missing",
            "DG-E0409 /SMALL[1]/<MEA>[1]/MEA[1]/6314[1] the value has 5 digits, at most 3 are allowed",
        ]
    );
}
