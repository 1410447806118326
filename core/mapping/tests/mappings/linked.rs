//! JSON-LD in all its forms: the same message says the same, whichever its form; the published examples; the ontology.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use dragoman_mapping::canonical;
use dragoman_samples::{files, sample};
use dragoman_syntax::json::{Style, linked};
use serde_json::{Map, Value, json};

use crate::mapped::{Mapped, file, mapped};

const CARGO: &str = "https://onerecord.iata.org/ns/cargo#";
const API: &str = "https://onerecord.iata.org/ns/api#";

fn case() -> Value {
    serde_json::from_str(&file("adapters/iata-one-record/cases/shipment.in").unwrap()).unwrap()
}

fn shipments() -> &'static Mapped {
    mapped("one-record/shipment")
}

/// The documents of a text, and what is left beside them.
fn read(text: &str) -> (Vec<String>, usize) {
    let mapped = shipments();
    let tree = mapped.read(text);
    let all = mapped.get(&tree);
    let left = all.iter().map(|got| got.counts().residue).sum();
    (all.iter().map(|got| canonical::write(&got.document, Style::Pretty)).collect(), left)
}

/// A value in which names are others.
fn renamed(value: &Value, name: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Object(members) => {
            let one = |(key, value): (&String, &Value)| {
                let is_name = matches!(&**key, "@id" | "@type");
                let value = match value {
                    Value::String(text) if is_name => Value::String(name(text)),
                    value => renamed(value, name),
                };
                (name(key), value)
            };
            members.iter().filter(|(key, _)| *key != "@context").map(one).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| renamed(item, name)).collect(),
        other => other.clone(),
    }
}

fn whole(name: &str) -> String {
    match name.split_once(':') {
        Some(("cargo", rest)) => format!("{CARGO}{rest}"),
        Some(("api", rest)) => format!("{API}{rest}"),
        _ => name.to_owned(),
    }
}

/// Everything in lists, and values as objects: the expanded form of the algorithms of JSON-LD.
fn listed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let one = |(key, value): (&String, &Value)| {
                let value = match (&**key, value) {
                    ("@id", value) => value.clone(),
                    (_, Value::Array(items)) => items.iter().map(listed).collect(),
                    ("@type", value) => json!([value]),
                    (_, value) => json!([listed(value)]),
                };
                (key.clone(), value)
            };
            members.iter().map(one).collect::<Map<_, _>>().into()
        }
        scalar => json!({ "@value": scalar }),
    }
}

/// Every object by itself in a list, and named where it stood: the flattened form.
fn flattened(value: &Value, graph: &mut Vec<Value>) -> Value {
    match value {
        Value::Object(members)
            if members.keys().any(|key| !matches!(&**key, "@id" | "@type" | "@context")) =>
        {
            let number = graph.len();
            graph.push(Value::Null);
            let id = members.get("@id").cloned().unwrap_or_else(|| json!(format!("_:b{number}")));
            let mut own: Map<_, _> =
                members.iter().map(|(key, value)| (key.clone(), flattened(value, graph))).collect();
            own.insert("@id".to_owned(), id.clone());
            graph[number] = own.into();
            json!({ "@id": id })
        }
        Value::Array(items) => items.iter().map(|item| flattened(item, graph)).collect(),
        other => other.clone(),
    }
}

/// What one case is in all forms, by their names.
fn forms() -> BTreeMap<&'static str, Value> {
    let case = case();
    let expanded = renamed(&case, &whole);
    let mut graph = Vec::new();
    flattened(&renamed(&case, &|name| name.to_owned()), &mut graph);
    let context = json!({ "cargo": CARGO, "api": API });
    let backwards: Vec<_> = graph.iter().rev().cloned().collect();
    let mut prefixed = renamed(&case, &|name| name.replace("cargo:", "c:").replace("api:", "a:"));
    prefixed["@context"] = json!([{ "c": CARGO }, { "a": API }]);
    let mut plain = renamed(&case, &|name| name.trim_start_matches("cargo:").to_owned());
    plain["@context"] = json!({ "@vocab": CARGO, "api": API, "MASTER": null });
    // What an `@id` is relative to is no vocabulary.
    for path in ["/waybill/waybillType/@id", "/waybill/masterWaybill/waybillType/@id"] {
        let kind = plain.pointer_mut(path).unwrap();
        *kind = json!(format!("{CARGO}{}", kind.as_str().unwrap()));
    }
    BTreeMap::from([
        ("expanded", json!([listed(&expanded)])),
        ("whole names", expanded),
        ("other prefixes", prefixed),
        ("a vocabulary", plain),
        ("a graph", json!({ "@context": context, "@graph": graph })),
        ("a graph from its end", json!({ "@context": context, "@graph": backwards })),
    ])
}

#[test]
fn any_form_says_the_same() {
    let said = read(&case().to_string());
    assert_eq!((said.0.len(), said.1), (1, 0));
    for (form, text) in forms() {
        let (documents, left) = read(&text.to_string());
        // A flattened text names what has no name: that is one more leaf of each.
        let named =
            |text: &str| text.lines().filter(|line| !line.contains("\"_:b")).collect::<Vec<_>>().join("\n");
        let (documents, expected) =
            (documents.iter().map(|text| named(text)).collect::<Vec<_>>(), named(&said.0[0]));
        assert_eq!(documents.len(), 1, "{form}");
        similar(&documents[0], &expected, form);
        assert!(left == 0 || form.starts_with("a graph"), "{form}: {left}");
    }
}

fn similar(left: &str, right: &str, form: &str) {
    let trimmed = |text: &str| -> BTreeSet<String> {
        text.lines().map(|line| line.trim().trim_end_matches(',').to_owned()).collect()
    };
    assert_eq!(trimmed(left), trimmed(right), "{form}");
}

/// A waybill that names its shipment, pieces that say of which they are: what begins elsewhere is the same shipment.
#[test]
fn what_is_said_from_the_other_side_is_said() {
    let mut shipment = case();
    let expected = read(&shipment.to_string()).0;
    let members = shipment.as_object_mut().unwrap();
    let id = json!({ "@id": members["@id"] });
    let context = members.remove("@context").unwrap();
    let mut waybill = members.remove("cargo:waybill").unwrap();
    let mut pieces = members.remove("cargo:pieces").unwrap();
    for piece in pieces.as_array_mut().unwrap() {
        piece["cargo:ofShipment"] = id.clone();
    }
    waybill["cargo:shipment"] = shipment;
    let graph = std::iter::once(waybill).chain(pieces.as_array().unwrap().clone()).collect::<Vec<_>>();
    let (documents, left) = read(&json!({ "@context": context, "@graph": graph }).to_string());
    similar(&documents[0], &expected[0], "the other side");
    assert_eq!((documents.len(), left), (1, 0));
}

/// Two texts put together may call what has no id the same.
#[test]
fn what_has_no_id_is_of_its_text() {
    let context = json!({ "cargo": CARGO });
    let weight = |value: i32| json!({ "@id": "_:b0", "@type": "cargo:Value", "cargo:numericalValue": value });
    let piece = |name: &str, value: i32| {
        let piece = json!({ "@id": name, "@type": "cargo:Piece", "cargo:grossWeight": { "@id": "_:b0" } });
        json!({ "@context": context, "@graph": [piece, weight(value)] })
    };
    let pieces = json!([{ "@id": "urn:a" }, { "@id": "urn:b" }]);
    let shipment = json!({ "@context": context, "@type": "cargo:Shipment", "cargo:pieces": pieces });
    let whole = json!({ "@graph": [shipment, piece("urn:a", 1), piece("urn:b", 2)] });
    let said: Value = serde_json::from_str(&read(&whole.to_string()).0[0]).unwrap();
    let masses = [&said["packages"][0]["gross_mass"]["value"], &said["packages"][1]["gross_mass"]["value"]];
    assert_eq!(masses, ["1", "2"], "{said:#}");
}

#[test]
fn what_is_only_named_is_wanted() {
    let mapped = shipments();
    let wanted = |text: Value| linked::wanted(&mapped.read(&text.to_string()), &mapped.grammar);
    let at = |name: &str| format!("https://1r.example.com/logistics-objects/{name}");
    let mut shipment = case();
    assert_eq!(wanted(shipment.clone()), [""; 0]);
    shipment["cargo:pieces"][1] = json!({ "@id": at("piece-2") });
    shipment["cargo:waybill"] = json!({ "@id": at("waybill-42"), "@type": "cargo:Waybill" });
    assert_eq!(wanted(shipment), [at("piece-2"), at("waybill-42")]);
    let waybill = json!({ "@id": at("w"), "@type": "cargo:Waybill", "cargo:waybillNumber": "1", "cargo:shipment": { "@id": at("s") } });
    assert_eq!(wanted(waybill), [at("s")]);
    // What names itself in a circle has an end.
    let circle = json!({ "@graph": [
        { "@id": at("s"), "@type": "cargo:Shipment", "cargo:waybill": { "@id": at("w") } },
        { "@id": at("w"), "@type": "cargo:Waybill", "cargo:waybillNumber": "1", "cargo:masterWaybill": { "@id": at("w") }, "cargo:shipment": { "@id": at("s") } },
    ] });
    assert_eq!(wanted(circle), [""; 0]);
}

/// What the published examples hold that the grammar speaks of; each is read, and those that are shipments as that.
#[test]
fn published_examples_are_read() {
    let Some(folder) = sample("one-record") else { return };
    let mapped = shipments();
    let (mut shipments, mut seen) = (Vec::new(), 0);
    for path in files(&folder, &["json"]) {
        let text = fs::read_to_string(&path).unwrap();
        let (tree, findings) = mapped.read_with_findings(&text);
        let leaves: Vec<_> = tree.ids().filter(|node| tree.is_leaf(*node)).collect();
        let known = leaves.iter().filter(|node| tree.place(**node).is_known()).count();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        println!("{name}: {known} of {} leaves are of a shipment, {} findings", leaves.len(), findings.len());
        // Nothing that is said goes: every text of the file is in the tree, or says what another stands for.
        let said: BTreeSet<_> = leaves.iter().filter_map(|node| tree.value(*node)).collect();
        let unsaid: Vec<_> = texts(&text).into_iter().filter(|text| !said.contains(&**text)).collect();
        assert_eq!(unsaid, [""; 0], "{name}");
        if mapped.mapping.recognises(&tree) {
            let got = mapped.get(&tree);
            println!("  a shipment: {:?}", got.iter().map(dragoman_mapping::Got::counts).collect::<Vec<_>>());
            shipments.push(name);
        }
        seen += 1;
    }
    shipments.sort_unstable();
    assert_eq!(
        shipments,
        ["Notification_example2.json", "Shipment_with_Piece.embedded.json", "Shipment_with_Piece.json"]
    );
    assert!(seen > 50, "{seen}");
}

/// The texts of members that are no keywords.
fn texts(text: &str) -> Vec<String> {
    fn within(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                let own = members
                    .iter()
                    .filter(|(key, _)| !matches!(&***key, "@context" | "@id" | "@type" | "@language"));
                own.for_each(|(_, value)| within(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| within(item, found)),
            // A text where the grammar has an object names one.
            Value::String(text) if !text.starts_with("cargo:") => found.push(text.clone()),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(text) {
        within(&value, &mut found);
    }
    found
}

/// Every member and every type that is written is one of the ontology, and of the class that the type is of or one above.
#[test]
fn what_is_written_is_in_the_ontology() {
    let (Some(data), Some(api)) =
        (sample("one-record/IATA-1R-DM-Ontology.ttl"), sample("one-record/ONE-Record-API-Ontology.ttl"))
    else {
        return;
    };
    let (data, api) = (fs::read_to_string(data).unwrap(), fs::read_to_string(api).unwrap());
    let defined = |text: &str, prefix: &str, name: &str| {
        let heads = [
            format!("\n:{name} rdf:type owl:"),
            format!("\n{prefix}:{name} rdf:type owl:"),
            format!("\n<https://onerecord.iata.org/ns/{prefix}#{name}> rdf:type owl:"),
        ];
        heads.iter().any(|head| text.contains(head.as_str()))
    };
    let grammar = &shipments().grammar;
    let mut checked = 0;
    for place in (0..grammar.len() as u32).map(dragoman_tree::PlaceId) {
        let Some((prefix, name)) = grammar.name_of(place).split_once(':') else { continue };
        let text = if prefix == "cargo" { &data } else { &api };
        assert!(defined(text, prefix, name), "{prefix}:{name} is not in the ontology");
        checked += 1;
    }
    assert!(checked > 80, "{checked}");
    let mapping = file("mappings/one-record/shipment.map").unwrap();
    let types = mapping
        .lines()
        .filter_map(|line| line.split_once("'@type'")?.1.split_once("\"cargo:")?.1.split('"').next());
    let types: BTreeSet<_> = types.collect();
    assert!(types.len() > 10, "{types:?}");
    for name in types {
        assert!(defined(&data, "cargo", name), "the type {name} is not in the ontology");
    }
    let linked = grammar.header.linked.as_ref().unwrap();
    for (own, back) in &linked.inverses {
        let name = |name: &str| name.trim_start_matches("cargo:").to_owned();
        let (own, back) = (name(own), name(back));
        let class = data.split(&format!("\n:{own} rdf:type")).nth(1).unwrap();
        let inverse = class.split(" .\n").next().unwrap();
        assert!(inverse.contains(&format!(":{back}")), "{own} is not the other side of {back}");
    }
}
