//! The identifiers of `fields.csv` against the dictionaries of the published schemas, and against real
//! messages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dragoman_samples::{files, sample};
use dragoman_tree::PlaceId;
use quick_xml::events::Event;

use crate::{Schema, Type};

/// The published schema gives the class's chain to this attribute, whose id in the WCO Data Model is 337.
const CLASSIFICATION_TYPE: &str = "42A.67A.68A.23A.21A.337";

/// A class or attribute of the dictionaries.
struct Entry {
    path: String,
    attribute: bool,
    tded: String,
}

/// Both dictionaries by chain.
fn dictionary() -> Option<BTreeMap<String, Entry>> {
    let folder = sample("uk-cds/derived")?;
    let mut entries = BTreeMap::new();
    for file in ["wco_dec_dictionary.csv", "wco_res_dictionary.csv"] {
        let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
        for row in reader.records().map(Result::unwrap) {
            let (path, attribute) = (row[0].to_owned(), &row[1] == "attribute");
            if path == "/Response/od:Declaration" {
                continue;
            }
            let alias = path.ends_with("/Classification/IdentificationTypeCode");
            let chain = if alias { CLASSIFICATION_TYPE } else { &row[2] };
            let tded = row[6].replace('?', "");
            entries.entry(chain.to_owned()).or_insert(Entry { path, attribute, tded });
        }
    }
    Some(entries)
}

fn places() -> impl Iterator<Item = PlaceId> {
    (0..Schema::standard().len() as u32).map(PlaceId)
}

/// The places of each chain, by document and path.
fn chains() -> BTreeMap<&'static str, Vec<(PlaceId, String)>> {
    let schema = Schema::standard();
    let mut chains: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for place in places() {
        let document = schema.document_of(place).map_or("", |root| schema.name_of(root));
        for chain in schema.get(place).unwrap().ids.wco.iter() {
            chains.entry(chain).or_default().push((place, format!("{document} {}", schema.path(place))));
        }
    }
    chains
}

#[test]
fn every_wco_chain_is_in_the_dictionaries_with_its_tded_number() {
    let Some(dictionary) = dictionary() else { return };
    let mut wrong = Vec::new();
    for (chain, found) in chains() {
        let Some(entry) = dictionary.get(chain) else {
            wrong.push(format!("{chain} is in no dictionary"));
            continue;
        };
        for (place, path) in found {
            let field = Schema::standard().get(place).unwrap();
            let numbers: Vec<_> = field.ids.tded().map(|tded| tded.number).collect();
            if entry.attribute && !entry.tded.is_empty() && !numbers.contains(&entry.tded.as_str()) {
                wrong.push(format!("{path}: {chain} has TDED {}, not {numbers:?}", entry.tded));
            }
            if entry.attribute
                && field.ty.is_branch()
                && !field.ty.is_value()
                && field.ty != Type::Shape("Pointer")
            {
                wrong.push(format!("{path}: {chain} is an attribute, {} an object", field.ty));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_wco_attribute_has_a_place() {
    let Some(dictionary) = dictionary() else { return };
    let chains = chains();
    let attributes = dictionary.iter().filter(|(_, entry)| entry.attribute);
    let (placed, missing): (Vec<_>, Vec<_>) =
        attributes.partition(|(chain, _)| chains.contains_key(chain.as_str()));
    let missing: Vec<_> = missing.iter().map(|(_, entry)| entry.path.as_str()).collect();
    assert_eq!(missing, [""; 0]);
    assert_eq!(placed.len(), 394);
}

/// A chain at several places of one document is either told apart by a list position, a slice of the value or
/// a type code, or stands for a part of the same party.
#[test]
fn chains_with_several_places_are_known() {
    let several: BTreeSet<_> = chains()
        .into_iter()
        .filter(|(chain, _)| !chain.contains(".25A"))
        .filter_map(|(chain, found)| {
            let declared: Vec<_> = found
                .into_iter()
                .filter_map(|(_, path)| path.strip_prefix("declaration ").map(str::to_owned))
                .collect();
            (declared.len() > 1).then(|| format!("{chain} {}", declared.join(" ")))
        })
        .collect();
    let several: Vec<_> = several.iter().map(String::as_str).collect();
    assert_eq!(
        several,
        [
            "42A.67A.68A.70A.166 goods_items[].procedure.requested goods_items[].procedure.additional[]",
            "42A.D013 direction additional_type",
        ]
    );
}

#[test]
fn every_tded_number_is_well_formed() {
    for place in places() {
        for tded in Schema::standard().get(place).unwrap().ids.tded() {
            assert!(tded.number.len() == 4 && tded.number.bytes().all(|b| b.is_ascii_digit()), "{tded:?}");
        }
    }
}

/// The leaves of a message with their element paths from `root` on, and their texts.
fn leaves(file: &Path, root: &str) -> Vec<(String, String)> {
    let bytes = std::fs::read(file).unwrap();
    let mut reader = quick_xml::Reader::from_reader(bytes.as_slice());
    let (mut path, mut found, mut text, mut is_leaf) = (Vec::new(), Vec::new(), String::new(), false);
    loop {
        let event = reader.read_event();
        match &event {
            Ok(Event::Start(start) | Event::Empty(start)) => {
                path.push(start.local_name().as_ref().to_owned());
                (is_leaf, text) = (true, String::new());
            }
            Ok(Event::Text(more)) => text.push_str(more),
            Ok(Event::Eof) | Err(_) => return found,
            _ => {}
        }
        if matches!(event, Ok(Event::End(_) | Event::Empty(_))) {
            if let (true, Some(from)) = (is_leaf, path.iter().position(|step| step == root)) {
                let steps = path[from..].join("/").replace("DateTime/DateTimeString", "DateTime");
                found.push((format!("/{steps}"), text.trim().to_owned()));
            }
            is_leaf = false;
            path.pop();
        }
    }
}

/// What has no place is in the wire grammar's own extensions (status queries) or no element of the published
/// schema at all: placeholders, misspelt names, sequence numbers, groups without members.
#[test]
fn the_leaves_of_real_declarations_have_places() {
    let (Some(dictionary), Some(folder)) = (dictionary(), sample("uk-cds/samples")) else { return };
    let chains = chains();
    let has_place =
        |(chain, entry): &(&String, &Entry)| entry.attribute && chains.contains_key(chain.as_str());
    let placed: BTreeSet<_> =
        dictionary.iter().filter(has_place).map(|(_, entry)| entry.path.as_str()).collect();
    let (mut messages, mut total, mut homeless) = (0, 0, BTreeMap::<String, usize>::new());
    for file in files(&folder, &["xml"]) {
        let found = leaves(&file, "Declaration");
        if found.is_empty() || !leaves(&file, "Response").is_empty() {
            continue;
        }
        messages += 1;
        total += found.len();
        for (path, _) in found.into_iter().filter(|(path, _)| !placed.contains(path.as_str())) {
            *homeless.entry(path).or_default() += 1;
        }
    }
    println!("{messages} declarations, {total} leaves, without a place: {homeless:#?}");
    assert!(messages >= 230 && total >= 19_000, "{messages} declarations, {total} leaves");
    assert!(homeless.values().sum::<usize>() * 1000 <= total * 3, "{homeless:#?}");
}

/// Published examples are valid, so that a finding about one of their values is most likely a mistake of
/// ours.
#[test]
fn the_values_of_real_declarations_fit_their_types() {
    let (Some(dictionary), Some(folder)) = (dictionary(), sample("uk-cds/samples")) else { return };
    let places: BTreeMap<_, _> = chains()
        .into_iter()
        .filter_map(|(chain, found)| Some((dictionary.get(chain)?.path.as_str(), found.first()?.0)))
        .collect();
    let (mut checked, mut odd) = (0, BTreeMap::<_, usize>::new());
    for file in files(&folder, &["xml"]) {
        for (path, text) in leaves(&file, "Declaration").into_iter().filter(|(_, text)| !text.is_empty()) {
            let Some(place) = places.get(path.as_str()) else { continue };
            let value = schema_value(*place);
            checked += 1;
            if let Some(finding) = crate::check(value, &text) {
                *odd.entry(format!("{path}: {}", finding.message)).or_default() += 1;
            }
        }
    }
    // The wire says 1 and 0 where the model says true and false; the samples make up countries (ZF, ZG, ZU
    // ...).
    odd.retain(|message, _| !message.contains("ContainerCode: ") && !message.contains(": `Z"));
    println!("{checked} values, {odd:#?}");
    assert!(checked > 20_000 && odd.is_empty(), "{checked} values, {odd:#?}");
}

/// The place of the literal, where the identified place is an amount or a quantity.
fn schema_value(place: PlaceId) -> PlaceId {
    let schema = Schema::standard();
    schema.child(place, "amount").or_else(|| schema.child(place, "value")).unwrap_or(place)
}

/// The EU data element numbers in the comments of a message, each with the path of the element behind it.
fn commented(file: &Path) -> Vec<(String, String)> {
    let bytes = std::fs::read(file).unwrap();
    let mut reader = quick_xml::Reader::from_reader(bytes.as_slice());
    let (mut path, mut said, mut found) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        match reader.read_event() {
            Ok(Event::Comment(comment)) => said.extend(numbers(&comment)),
            Ok(Event::Start(start)) => {
                path.push(start.local_name().as_ref().to_owned());
                let from = path.iter().position(|step| step == "Declaration").unwrap_or(path.len());
                let steps = format!("/{}", path[from..].join("/"));
                found.extend(said.drain(..).map(|number| (steps.clone(), number)));
            }
            Ok(Event::End(_)) => {
                path.pop();
                said.clear();
            }
            Ok(Event::Eof) | Err(_) => return found,
            _ => {}
        }
    }
}

/// Words such as `6/8:` in a comment.
fn numbers(comment: &str) -> Vec<String> {
    let words = comment.split([' ', '\n', '\t', ':', '.', ',', ';', '(', ')', '-']);
    let is_number = |word: &&str| {
        let parts = word.split_once('/').map(|(group, number)| (group.parse::<u8>(), number.parse::<u8>()));
        matches!(parts, Some((Ok(1..=8), Ok(1..=40))))
    };
    words.filter(is_number).map(str::to_owned).collect()
}

#[test]
fn eu_numbers_are_confirmed_by_the_comments_of_real_declarations() {
    let (Some(dictionary), Some(folder)) = (dictionary(), sample("uk-cds/samples")) else { return };
    let by_path: BTreeMap<_, _> =
        dictionary.iter().map(|(chain, entry)| (entry.path.as_str(), chain.as_str())).collect();
    let mut confirmed = BTreeSet::new();
    for file in files(&folder, &["xml"]) {
        let known =
            commented(&file).into_iter().filter_map(|(path, de)| Some((*by_path.get(path.as_str())?, de)));
        confirmed.extend(known);
    }
    let at_or_near = |chain: &str, number: &str| {
        let near = |own: &str| {
            own == chain || chain.starts_with(&format!("{own}.")) || own.starts_with(&format!("{chain}."))
        };
        confirmed.iter().any(|(own, de)| de == number && *own != "42A" && near(own))
    };
    let (mut count, mut open) = (0, BTreeSet::new());
    for (chain, found) in chains() {
        for (place, path) in found.iter().filter(|(_, path)| path.starts_with("declaration ")) {
            let numbers = Schema::standard().get(*place).unwrap().ids.de;
            count += numbers.iter().count();
            open.extend(numbers.iter().filter(|de| !at_or_near(chain, de)).map(|de| format!("{de} {path}")));
        }
    }
    let open: BTreeSet<_> = open.iter().map(|line| line.split(' ').next().unwrap()).collect();
    // These come from the list of data elements: no sample states them at their WCO place.
    let listed =
        ["1/6", "1/7", "2/4", "3/24", "3/25", "3/26", "3/27", "3/37", "3/7", "4/15", "4/6", "5/26", "5/8"];
    assert_eq!(open.into_iter().collect::<Vec<_>>(), listed);
    assert!(count > 130, "{count}");
}
