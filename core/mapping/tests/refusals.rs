//! Every mistake that the loader refuses, with the message it prints.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Arc;

use dragoman_mapping::{Sources, load};
use dragoman_syntax::grammar::{self, Grammar};

const XML: &str = "grammar 1 toy/xml
syntax xml
Root *
  Code  token..3
  Type  token..3
  Number  decimal
  Amount  decimal  @currency  token3
  When  @format  token
  Party 0..9
    Role *  token..3
    Name  text..35
    Second  text..35
  Part 0..9
    Id  text
  Box
    Mark *  token
    Content  text
  Either  text
  Or  text
";

const EDI: &str = "grammar 1 toy/edi
syntax edifact
message TOY D 96B UN
segment BGM 1004 an..35
segment MEA 6311 an..3 C502{6313 an..3} C174{6411 an..3 6313 an..3}
segment GIS 7365 an..3
segment GEI 7365 an..3
segment FTX 4441 an..3 C108{4440* an..70 x5}
segment CST C246{7361 an..18} x5
0010 BGM *
0020 MEA
0030 GIS
0040 GEI
0050 FTX
0060 CST
";

const JSON: &str = "grammar 1 toy/json
syntax json
Order *
  id  string
  lines[]
    first  string
    second  string
    parcel
      weight  number
";

fn errors(mapping: &str) -> String {
    let grammar = |name: &str| -> Option<Arc<Grammar>> {
        let text = [("toy/xml", XML), ("toy/edi", EDI), ("toy/json", JSON)]
            .into_iter()
            .find(|(known, _)| *known == name)?
            .1;
        Some(Arc::new(grammar::parse(text, &|_| None).unwrap()))
    };
    let sources = Sources { mapping: &|_| Some(mapping.to_owned()), grammar: &grammar, table: &|_| None };
    match load("toy/map", &sources) {
        Ok(_) => "accepted".into(),
        Err(errors) => {
            let lines = errors.iter().map(|error| {
                let (line, column) = error.position(mapping);
                let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
                format!("{line}:{column} {}{hint}", error.message)
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

fn xml(rules: &str) -> String {
    errors(&format!("mapping 1 toy/map\nmodel Declaration\nwire xml Root grammar toy/xml\n{rules}\n"))
}

fn edi(rules: &str) -> String {
    errors(&format!("mapping 1 toy/map\nmodel Declaration\nwire edifact TOY grammar toy/edi\n{rules}\n"))
}

fn json(rules: &str) -> String {
    errors(&format!("mapping 1 toy/map\nmodel Order\nwire json Order grammar toy/json\n{rules}\n"))
}

/// What is tried, and the rules or file that must be refused.
#[expect(clippy::too_many_lines, reason = "a table")]
fn attempts() -> Vec<(&'static str, String)> {
    vec![
        ("accepted", xml("lrn <=> Code")),
        ("canonical", xml("lnr <=> Code")),
        ("type", errors("mapping 1 toy/map\nmodel Declaratoin\nwire xml Root grammar toy/xml\n")),
        ("wire", xml("lrn <=> Cde")),
        ("two writers", xml("lrn <=> Code\nmrn <=> Code")),
        ("two readers", xml("lrn <=> Code\nlrn <=> Type")),
        ("arms", xml("choose kind <=> Code { amendment = \"COR\" ; declaration = /CO[A-Z]/ }")),
        ("one extension", edi("const GIS/7365 = \"1\" keep\nconst GEI/7365 = \"2\" keep")),
        ("kept in a list", xml("goods_items[] <=> Part {\n    const Id = \"A\" keep\n}")),
        ("text without cells", edi("statement <=> FTX/4441 text(cut)")),
        ("spread with others", edi("statement <=> FTX >> 4440 text(cut)\nlrn <=> FTX/4441")),
        ("repeats left out", edi("lrn <=> CST/7361")),
        ("no error point", edi("amendments[] <=> FTX { target <=> . pointer(erp) }")),
        (
            "predicates",
            xml(
                "seller.name <=> Party[Role = \"A\"]/Name\nbuyer.name <=> Party[Role in (\"A\", \"B\")]/Name",
            ),
        ),
        (
            "predicates of blocks",
            xml(
                "seller <=> Party[Role = \"A\"] {\n    name <=> Name\n}\nbuyer <=> Party[Role in (\"A\", \"B\")] {\n    name <=> Name\n}",
            ),
        ),
        (
            "ranges",
            xml("seller.name <=> Party[2]/Name\nsupply_chain_actors[] <=> Party[1..] { role <=> Role }"),
        ),
        (
            "rest twice",
            xml(
                "supply_chain_actors[] <=> Party[rest] { role <=> Role }\nfiscal_references[] <=> Party[rest] { role <=> Role }",
            ),
        ),
        (
            "rest without",
            xml(
                "seller.name <=> Party[Role = \"A\"]/Name\nsupply_chain_actors[] <=> Party[rest] { id.value <=> Name }",
            ),
        ),
        ("cannot construct", xml("seller.name <=> Party[Role in (\"A\", \"B\")]/Name")),
        (
            "mapped again",
            xml("supply_chain_actors[] <=> Party[Role = \"A\"] { role <=> Role; id.value <=> Name }"),
        ),
        ("mandatory", xml("seller.name <=> Box/Content")),
        ("mandatory in list", xml("supply_chain_actors[] <=> Party { id.value <=> Name }")),
        ("repeats", xml("seller.name <=> Party/Name")),
        ("from two", xml("supply_chain_actors[] <=> Party[2..] { role <=> Role }")),
        ("five leaves", xml("lrn <= @(Code, Type, Number, Amount, When) text(first) because \"a test\"")),
        ("open widths", xml("(direction, additional_type) <=> Type split(.., ..)")),
        ("constant alone", xml("lrn <=> Code\nconst Box/Mark = \"X\"")),
        (
            "derived in sparse",
            xml(
                "choose kind <=> Code { amendment = \"COR\" : sparse { totals.items <=> Number int derived count(goods_items) } }",
            ),
        ),
        ("key", xml("supply_chain_actors[] key nothing <=> Party { role <=> Role }")),
        ("ref", xml("lrn <=> Code ref(supply_chain_actors)")),
        ("codec domain", xml("transport.containerised <=> Number int")),
        ("codec members", xml("lrn <=> Amount money(@currency)")),
        ("codec object", xml("invoice <=> Amount")),
        ("split width", xml("(direction, additional_type) <=> Type split(2, 2)")),
        ("unknown codec", xml("lrn <=> Code mony")),
        ("later codec", xml("lrn <=> Code hs(6)")),
        ("unique composite", edi("lrn <=> BGM/1004\nmrn <=> MEA/6313")),
        ("alias", edi("alias IND = GIS | GEI\nlrn <=> BGM/1004\nmrn <=> IND/7365")),
        (
            "cycle",
            xml(
                "choose direction { inward = \"IM\" { direction <=> Code } outward = \"EX\" { mrn <=> Code } }",
            ),
        ),
        ("one way", xml("lrn <= Code")),
        ("ignore", xml("ignore Code")),
        ("drop", xml("drop lrn")),
        ("not a list", xml("lrn[] <=> Party { . <=> Name }")),
        ("no part", xml("seller <=> Box use prty\npart party { name <=> Content }")),
        ("part uses itself", xml("part a { use a }\nuse a")),
        ("later construct", xml("tree lrn <=> Code id Code parent Type root absent { }")),
        ("later setting", xml("outside Signature")),
        ("wrapper of JSON", json("inside Envelope")),
        ("wrapper with a selection", xml("inside Envelope/Body[2] ?")),
        (
            "wrapper without root",
            errors(
                "mapping 1 toy/map\nmodel Declaration\nwire xml grammar toy/xml\ninside Envelope ?\nlrn <=> Code\n",
            ),
        ),
        ("two rules", xml("lrn <=> Code mrn <=> Type")),
        ("mixed", xml("lrn <=> Box/Content.Mark")),
        ("unclosed", xml("seller <=> Box {\nname <=> Content")),
        ("literal", xml("const Code = \"x")),
        ("version", errors("mapping 2 toy/map\n")),
        ("no grammar", errors("mapping 1 toy/map\nmodel Declaration\nwire xml Root grammar toy/none\n")),
        ("wrong grammar", errors("mapping 1 toy/map\nmodel Declaration\nwire xml Root grammar toy/edi\n")),
    ]
}

/// What only lists over leaves, extensions and lines that look can have wrong.
fn more_attempts() -> Vec<(&'static str, String)> {
    vec![
        ("slots", json("lines[] <=> lines { serials[] <=> @(first, second) slots(3) }")),
        ("slots of one", json("order_number <=> id slots(1)")),
        (
            "slots with a codec",
            json("lines[] <=> lines { serials[] <=> @(first, second) slots(2) prefix(\"x\") }"),
        ),
        ("extension with a codec", json("extensions.toy.id <=> id prefix(\"x\")")),
        ("extension one way", json("extensions.toy.id <= id because \"why\"")),
        ("extension of no adapter", json("extensions.id <=> id")),
        ("extension twice", json("extensions.toy.id <=> id\nextensions.toy.id.part <=> lines")),
        ("extension and line", json("extensions.toy.id <=> id\norder_number <=> id")),
        (
            "extension above",
            json(
                "lines[] <=> lines { extensions.toy.parcel <=> parcel; customs.net_mass.value <=> parcel.weight }",
            ),
        ),
        ("extension of a branch", edi("extensions.toy.box <=> GIS")),
        ("extension beside", json("extensions.toy.id <=> id | lines[1].first")),
        ("look", json("order_number <= lines[2].first because \"why\"")),
        (
            "first of several",
            json("lines[] <=> lines { sku <= first | second prefix(\"x\") because \"why\" }"),
        ),
    ]
}

#[test]
fn every_mistake_is_refused_with_its_message() {
    let all: Vec<String> = attempts()
        .into_iter()
        .chain(more_attempts())
        .map(|(name, got)| format!("# {name}\n{got}\n"))
        .collect();
    let accepted = all.iter().filter(|text| text.contains("accepted")).count();
    assert_eq!(accepted, 1, "only the correct mapping is accepted");
    insta::assert_snapshot!(all.join("\n"));
}
