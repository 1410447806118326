//! Pointers of the authority: those of real rejections, the authority's own tables of them, and one to every element.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use dragoman_mapping::{Base, Confidence, Got, Resolution};
use dragoman_samples::sample;
use dragoman_syntax::Limits;
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::json;
use dragoman_tree::{Kind, NodeId, Tree};

use super::corpus::{Sample, messages};
use crate::mapped::{declaration, notification};

fn resolve(tree: &Tree<'_>, got: &Got<'_>, pointer: &str) -> Resolution {
    let grammar = &declaration().grammar;
    let base = Base { tree, grammar, document: &got.document, carriers: &got.carriers };
    declaration().mapping.resolve(&base, pointer).unwrap()
}

fn point(tree: &Tree<'_>, got: &Got<'_>, near: NodeId) -> Option<String> {
    let grammar = &declaration().grammar;
    let base = Base { tree, grammar, document: &got.document, carriers: &got.carriers };
    declaration().mapping.point(&base, near, got.document.tree().place(near))
}

/// What stands in real rejections: scenario, pointer, element, canonical path. Checked by reading the declarations.
const REJECTED: [(&str, &str, &str, &str); 6] = [
    ("TT_IM001b", "42A.17C#1/R144", "AuthorisationHolder[1]/ID[1]", "authorisations[0].holder.value"),
    ("TT_IM014a", "42A/023", "AcceptanceDateTime[1]/DateTimeString[1]", "accepted_at"),
    (
        "TT_IM014a",
        "42A.67A.68A#1.70A#1/166",
        "GoodsShipment[1]/GovernmentAgencyGoodsItem[1]/GovernmentProcedure[1]/CurrentCode[1]",
        "goods_items[sequence=1].procedure.requested",
    ),
    (
        "TT_IM116a",
        "42A.67A.68A#1.23A.21A#3/145",
        "GoodsShipment[1]/GovernmentAgencyGoodsItem[1]/Commodity[1]/Classification[3]/ID[1]",
        "goods_items[sequence=1].commodity.codes[type=GN].code",
    ),
    (
        "TT_IM116a",
        "42A.67A.68A#1.23A.21A#3/337",
        "GoodsShipment[1]/GovernmentAgencyGoodsItem[1]/Commodity[1]/Classification[3]/IdentificationTypeCode[1]",
        "goods_items[sequence=1].commodity.codes[type=GN].type",
    ),
    (
        "TT_IM014a",
        "42A.67A.68A#1.03A/226",
        "GoodsShipment[1]/GovernmentAgencyGoodsItem[1]/AdditionalInformation[1]/StatementCode[1]",
        "goods_items[sequence=1].additional_information[0].code",
    ),
];

/// The folder of a scenario: what the rejection and the declaration that it is about have in common.
fn scenario(name: &str) -> &str {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.strip_suffix("/Example_Notifications").unwrap_or(folder)
}

/// Every rejection with the declaration of its scenario.
fn rejections() -> Vec<(String, Vec<String>, Sample)> {
    let declarations = messages(declaration());
    let mut found = Vec::new();
    for Sample { name, text } in messages(notification()) {
        let tree = notification().read(&text);
        let got = notification().get_one(&tree);
        let document = &got.document;
        let value = |node: NodeId| document.tree().value(node).map(str::to_owned);
        if document.find("native.code").and_then(value).as_deref() != Some("03") {
            continue;
        }
        let raw = |node: &NodeId| document.tree().name(*node) == "raw";
        let pointers = document.tree().ids().filter(raw).filter_map(value).collect();
        let of = declarations.iter().find(|other| scenario(&other.name) == scenario(&name));
        let Some(Sample { name: of, text }) = of else { panic!("{name}: no declaration of its scenario") };
        found.push((name, pointers, Sample { name: of.clone(), text: text.clone() }));
    }
    found
}

#[test]
fn rejections_resolve_to_what_they_name() {
    let rejections = rejections();
    let mut checked = BTreeSet::new();
    for (name, pointers, sample) in &rejections {
        let tree = declaration().read(&sample.text);
        let got = declaration().get_one(&tree);
        assert!(!pointers.is_empty(), "{name}");
        for pointer in pointers {
            let found = resolve(&tree, &got, pointer);
            let (walked, whole) = walk(&tree, pointer);
            assert_eq!(found.confidence == Confidence::Missing, !whole, "{name} {pointer}: {found:?}");
            assert!(are(&tree, &found.nodes, &walked), "{name} {pointer}: {found:?}");
            assert!(!found.paths.is_empty(), "{name} {pointer}: {found:?}");
            for (scenario, _, wire, canonical) in
                REJECTED.iter().filter(|row| name.contains(row.0) && *pointer == row.1)
            {
                let wire = format!("/MetaData[1]/Declaration[1]/{wire}");
                assert_eq!(
                    (&found.wire_paths[..], &found.paths[..]),
                    (&[wire][..], &[(*canonical).to_owned()][..])
                );
                checked.insert((*scenario, pointer.clone()));
            }
        }
    }
    assert!(rejections.is_empty() || checked.len() == REJECTED.len(), "{checked:?}");
}

/// True where what was found are those elements, or of each the one text that is all there is to it: a moment is
/// pointed at by its number, and its text is meant.
fn are(tree: &Tree<'_>, found: &[NodeId], named: &BTreeSet<NodeId>) -> bool {
    let texts = |node: NodeId| {
        let is_text = |at: &NodeId| tree.node(*at).kind == Kind::Element && tree.value(*at).is_some();
        tree.subtree(node).filter(is_text).collect::<Vec<_>>()
    };
    let is = |(found, named): (&NodeId, &NodeId)| found == named || texts(*named) == [*found];
    found.len() == named.len() && found.iter().zip(named).all(is)
}

/// Follows a chain by hand: the elements of the last row that is there, and whether all are.
fn walk(tree: &Tree<'_>, pointer: &str) -> (BTreeSet<NodeId>, bool) {
    let grammar = &*declaration().grammar;
    let is = |node: NodeId, id: &str| {
        grammar.get(tree.place(node)).is_some_and(|at| at.wco.as_deref() == Some(id))
    };
    let root = tree.ids().find(|node| tree.place(*node) == Grammar::ROOT).unwrap();
    let mut at: Vec<NodeId> = vec![root];
    for row in pointer.split('.') {
        let (row, tag) = row.split_once('/').map_or((row, None), |(row, tag)| (row, Some(tag)));
        let (class, number) =
            row.split_once('#').map_or((row, None), |(class, number)| (class, Some(number)));
        let mut next: Vec<NodeId> =
            at.iter().flat_map(|node| tree.children(*node)).filter(|node| is(*node, class)).collect();
        if let Some(number) =
            number.filter(|_| next.iter().any(|node| grammar.place(tree.place(*node)).max > 1))
        {
            let sequence = |node: &NodeId| {
                let key = tree.child(*node, "SequenceNumeric").and_then(|key| tree.value(key));
                key.map_or_else(|| tree.occurrence(*node).to_string(), str::to_owned)
            };
            next.retain(|node| sequence(node) == number);
        }
        if next.is_empty() {
            return (at.into_iter().collect(), false);
        }
        at = next;
        if let Some(tag) = tag {
            let alias = |node: NodeId| tag == "337" && tree.name(node) == "IdentificationTypeCode";
            let below = at.iter().flat_map(|node| tree.children(*node));
            let leaves: Vec<NodeId> = below.filter(|node| is(*node, tag) || alias(*node)).collect();
            return if leaves.is_empty() {
                (at.into_iter().collect(), false)
            } else {
                (leaves.into_iter().collect(), true)
            };
        }
    }
    (at.into_iter().collect(), true)
}

/// The chain to an element, made by hand; none of what has no number of its own.
fn chain(tree: &Tree<'_>, node: NodeId) -> Option<String> {
    let grammar = &*declaration().grammar;
    let mut around: Vec<NodeId> = tree.ancestors(node).filter(|at| tree.place(*at).is_known()).collect();
    around.reverse();
    let mut rows = String::new();
    for at in around.into_iter().chain([node]) {
        let place = grammar.place(tree.place(at));
        let alias = (tree.name(at) == "IdentificationTypeCode").then_some("337");
        let Some(id) = place.wco.as_deref().or(alias) else { continue };
        if !id.ends_with(|c: char| c.is_ascii_uppercase()) {
            let _ = write!(rows, "/{id}");
            return (at == node).then_some(rows);
        }
        rows += if rows.is_empty() { "" } else { "." };
        rows += id;
        if place.max > 1 {
            let key = place.key.and_then(|key| tree.child_at(at, grammar.child_named(tree.place(at), key)?));
            let key = key.and_then(|key| tree.value(key)).map(|key| key.trim().to_owned());
            let _ = write!(rows, "#{}", key.unwrap_or_else(|| tree.occurrence(at).to_string()));
        }
    }
    grammar.place(tree.place(node)).wco.is_some().then_some(rows)
}

/// Of every element that has a number, by a chain that is made here, and by the one that the mapping makes.
#[test]
fn every_element_is_pointed_at_and_found() {
    let mut lost = Vec::new();
    let mut pointed = 0;
    for Sample { name, text } in messages(declaration()) {
        let tree = declaration().read(&text);
        let got = declaration().get_one(&tree);
        let elements =
            tree.ids().filter(|node| tree.node(*node).kind == Kind::Element && tree.place(*node).is_known());
        for node in elements {
            let Some(chain) = chain(&tree, node) else { continue };
            let found = resolve(&tree, &got, &chain);
            if found.confidence != Confidence::Exact || !are(&tree, &found.nodes, &BTreeSet::from([node])) {
                lost.push(format!("{name} {chain}: {:?} {:?}", found.confidence, found.wire_paths));
            }
            let carrier = got.carriers[node.index()];
            if carrier == NodeId::ROOT {
                continue;
            }
            pointed += 1;
            let own = point(&tree, &got, carrier);
            let back = own.as_deref().map(|own| resolve(&tree, &got, own));
            let exact = back
                .as_ref()
                .is_some_and(|back| back.confidence == Confidence::Exact && back.carriers == [carrier]);
            if !exact {
                lost.push(format!("{name} {}: {own:?} {back:?}", got.document.path(carrier)));
            }
        }
    }
    lost.truncate(30);
    assert_eq!(lost, [""; 0], "of {pointed}");
}

/// Every path of the authority's dictionary that a sample has is found by the dictionary's own number.
#[test]
fn the_dictionarys_numbers_resolve() {
    let Some(dictionary) = sample("uk-cds/derived/wco_dec_dictionary.csv") else { return };
    let dictionary = fs::read_to_string(dictionary).unwrap();
    let numbers: BTreeMap<String, &str> = dictionary
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',');
            let (path, _, pointer) = (cells.next()?, cells.next()?, cells.next()?);
            Some((format!("/MetaData{path}"), pointer))
        })
        .collect();
    let mut used = BTreeSet::new();
    for Sample { name, text } in messages(declaration()) {
        let tree = declaration().read(&text);
        let got = declaration().get_one(&tree);
        for node in tree.ids().filter(|node| tree.place(*node).is_known()) {
            let path = declaration().grammar.path(tree.place(node));
            // The published schema leaves out the number of one attribute, 337.
            let has_number = declaration().grammar.place(tree.place(node)).wco.is_some();
            let Some(pointer) = numbers.get(&path).filter(|_| has_number) else { continue };
            let (rows, tag) = pointer.rsplit_once('.').unwrap_or((pointer, ""));
            let is_class =
                tag.is_empty() || tag.len() == 3 && tag.ends_with(|c: char| c.is_ascii_uppercase());
            let pointer = if is_class { (*pointer).to_owned() } else { format!("{rows}/{tag}") };
            let found = resolve(&tree, &got, &pointer);
            assert!(
                matches!(found.confidence, Confidence::Exact | Confidence::RepeatUnknown)
                    && found.nodes.iter().any(|one| are(&tree, &[*one], &BTreeSet::from([node]))),
                "{name} {path} {pointer}: {found:?}"
            );
            used.insert(pointer);
        }
    }
    assert!(used.is_empty() || used.len() > 200, "{}", used.len());
}

/// A pointer to what is not there ends at the last element on its way that is, and names the rest.
#[test]
fn what_is_missing_resolves_to_what_is_around_it() {
    let text = "<MetaData><Declaration><GoodsShipment>\
        <GovernmentAgencyGoodsItem><SequenceNumeric>7</SequenceNumeric></GovernmentAgencyGoodsItem>\
        <GovernmentAgencyGoodsItem><SequenceNumeric>2</SequenceNumeric><Origin/></GovernmentAgencyGoodsItem>\
        </GoodsShipment></Declaration></MetaData>";
    let tree = declaration().read(text);
    let got = declaration().get_one(&tree);
    let shipment = "/MetaData[1]/Declaration[1]/GoodsShipment[1]";
    let expected = [
        (
            "42A.67A.68A#2.92A#1/063",
            "/GovernmentAgencyGoodsItem[2]/Origin[1]/CountryCode",
            "goods_items[sequence=2].origins[0].country",
        ),
        (
            "42A.67A.68A#7.23A.21A#1/145",
            "/GovernmentAgencyGoodsItem[1]/Commodity/Classification/ID",
            "goods_items[sequence=7].commodity.codes[].code",
        ),
        (
            "42A.67A.68A#1.23A.137",
            "/GovernmentAgencyGoodsItem/Commodity/Description",
            "goods_items[].description",
        ),
        ("42A.67A.74A/R038", "/Importer/ID", "importer.ids[]"),
    ];
    for (pointer, wire, canonical) in expected {
        let found = resolve(&tree, &got, pointer);
        let is = (found.confidence, &found.wire_paths[..], &found.paths[..]);
        assert_eq!(
            is,
            (Confidence::Missing, &[format!("{shipment}{wire}")][..], &[canonical.to_owned()][..]),
            "{pointer}"
        );
    }
    // The authority points at means of departure with the numbers of means of arrival.
    let other = resolve(&tree, &got, "42A.67A.28A.46A/T034");
    assert_eq!(
        other.wire_paths,
        [format!("{shipment}/Consignment/DepartureTransportMeans/IdentificationTypeCode")]
    );
    for unknown in ["42A/R144", "", "99Z", "42A.67A.99Z#1", "42A/000", "42A.67A.68A#1/999"] {
        assert_eq!(resolve(&tree, &got, unknown).confidence, Confidence::NotFound, "{unknown}");
    }
}

/// What the authority's tables call otherwise than its schema, which has no such class or attribute there.
const NOT_OF_THE_SCHEMA: [&str; 3] =
    ["42A.28A.62A.$1.64", "42A.67A.68A.$1.02A.$2.276.276", "42A.67A.68A.$1.23A.337"];

/// Every pointer of the authority's own tables names a place of the format.
#[test]
fn the_authoritys_tables_resolve() {
    let Some(folder) = sample("uk-cds/pointers") else { return };
    let text = "<MetaData><Declaration/></MetaData>";
    let tree = declaration().read(text);
    let got = declaration().get_one(&tree);
    let mut unknown = BTreeSet::new();
    let mut tried = 0;
    for file in ["wco-to-exports-mapping.json", "exports-wco-mapping.json"] {
        let table = fs::read(folder.join(file)).unwrap();
        let table = json::read(&table, None, Grammar::ROOT, &Limits::default()).tree;
        for node in table.ids().filter(|node| table.name(*node) == "wco") {
            let stated = table.value(node).unwrap();
            tried += 1;
            if resolve(&tree, &got, &spelt(stated)).confidence == Confidence::NotFound {
                unknown.insert(stated.to_owned());
            }
        }
    }
    assert!(tried > 200, "{tried}");
    assert_eq!(unknown, NOT_OF_THE_SCHEMA.map(str::to_owned).into());
}

/// The tables write `42A.17C.$1.R144` for the chain `42A.17C#1/R144`.
fn spelt(pointer: &str) -> String {
    let is_class = |step: &str| step.len() == 3 && step.ends_with(|c: char| c.is_ascii_uppercase());
    pointer.split('.').fold(String::new(), |chain, step| match step.strip_prefix('$') {
        Some(number) => format!("{chain}#{number}"),
        None if chain.is_empty() => step.to_owned(),
        None if is_class(step) => format!("{chain}.{step}"),
        None => format!("{chain}/{step}"),
    })
}
