//! The importer of UN directories: ten vintages, and the files that are checked in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use dragoman_samples::sample;
use dragoman_syntax::grammar::{Grammar, parse};
use dragoman_syntax::import::unece::{Directory, ImportError, Item, Use};
use dragoman_tree::{Kind, PlaceId};

/// Each with its segments, composites, elements, coded elements, codes and batch messages, as counted with
/// other means.
const VINTAGES: [(&str, [usize; 6]); 10] = [
    ("d95b", [126, 160, 459, 204, 5817, 115]),
    ("d96a", [127, 161, 462, 207, 6149, 125]),
    ("d96b", [136, 174, 496, 227, 6345, 136]),
    ("d99b", [152, 194, 622, 258, 9635, 180]),
    ("d01b", [158, 200, 641, 268, 10228, 194]),
    ("d05a", [156, 198, 650, 268, 10083, 193]),
    ("d08a", [156, 196, 648, 270, 10311, 193]),
    ("d13b", [156, 198, 649, 272, 10948, 194]),
    ("d18b", [156, 198, 646, 272, 11439, 195]),
    ("d21a", [156, 199, 649, 272, 11603, 195]),
];

/// The directories that are checked in, and their messages; GOVCBR is in those from D.13B on.
const SHIPPED: [&str; 8] = ["d96a", "d96b", "d99b", "d01b", "d05a", "d13b", "d18b", "d21a"];
const MESSAGES: [&str; 13] = [
    "APERAK", "CUSCAR", "CUSDEC", "CUSREP", "CUSRES", "DESADV", "GOVCBR", "IFTMIN", "IFTSTA", "INVOIC",
    "ORDERS", "ORDRSP", "SANCRT",
];

/// Segments that the service directory defines.
const SERVICE: [&str; 5] = ["UNH", "UNT", "UNS", "UGH", "UGT"];

fn directory(vintage: &str) -> Option<Directory> {
    let path = sample("edi/directories/unece-zips")?.join(format!("{vintage}.zip"));
    Some(Directory::read(&std::fs::read(path).unwrap()).unwrap())
}

fn mappings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings")
}

/// Importing again gives the files that are checked in. With `DRAGOMAN_IMPORT=write` they are written first.
#[test]
fn the_files_come_back() {
    for vintage in SHIPPED {
        let Some(directory) = directory(vintage) else { return };
        let messages: Vec<&str> =
            MESSAGES.into_iter().filter(|name| directory.messages.contains_key(*name)).collect();
        assert!(messages.len() >= MESSAGES.len() - 1, "{vintage}: {messages:?}");
        for file in directory.files(&messages).unwrap() {
            let path = mappings().join(&file.path);
            if std::env::var("DRAGOMAN_IMPORT").is_ok_and(|value| value == "write") {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &file.text).unwrap();
            }
            let written = std::fs::read_to_string(&path).unwrap();
            assert!(written == file.text, "{} differs from what is imported", file.path);
        }
    }
}

#[test]
fn every_vintage_is_read_whole() {
    for (vintage, counts) in VINTAGES {
        let Some(directory) = directory(vintage) else { return };
        let Directory { segments, composites, elements, codes, messages, .. } = &directory;
        let values = codes.values().map(Vec::len).sum();
        let found = [segments.len(), composites.len(), elements.len(), codes.len(), values, messages.len()];
        assert_eq!(found, counts, "{vintage}");
        for (tag, segment) in segments {
            assert!(!segment.uses.is_empty(), "{vintage} {tag}");
            segment.uses.iter().for_each(|one| exists(&directory, one, tag));
        }
        for (number, composite) in composites {
            assert!(!composite.uses.is_empty(), "{vintage} {number}");
            composite.uses.iter().for_each(|one| exists(&directory, one, number));
        }
        for (element, codes) in codes {
            // UNCL D.96B lists codes of elements that its element directory lacks and nothing uses.
            let spare = ["2155", "3457", "5261", "5267", "5501", "7133", "9039", "9043"];
            let spare = vintage == "d96b" && spare.contains(&element.as_str());
            assert!(elements.contains_key(element) != spare, "{vintage}: codes of {element}");
            let distinct: BTreeSet<_> = codes.iter().map(|(code, _)| code).collect();
            assert_eq!(distinct.len(), codes.len(), "{vintage}: codes of {element}");
            assert!(codes.iter().all(|(_, name)| !name.is_empty()));
        }
    }
}

/// What a segment or composite uses is in the directory, in the same form.
fn exists(directory: &Directory, one: &Use, by: &str) {
    if one.form.is_empty() {
        assert!(directory.composites.contains_key(&one.id), "{} in {by}", one.id);
    } else {
        let element = directory.elements.get(&one.id);
        assert_eq!(element.map(|element| &element.form), Some(&one.form), "{} in {by}", one.id);
    }
}

#[test]
fn every_message_has_a_sane_table() {
    for (vintage, _) in VINTAGES {
        let Some(directory) = directory(vintage) else { return };
        let mut totals = [0; 2];
        for message in directory.messages.values() {
            let mut table = Vec::new();
            flatten(&message.items, &mut table);
            let place = format!("{} D.{vintage}", message.name);
            assert!(table.is_sorted_by(|one, two| one.position < two.position), "{place}");
            let groups: Vec<u16> = table.iter().filter_map(|item| Some(item.group.as_ref()?.0)).collect();
            assert!(groups.iter().copied().eq(1..=groups.len() as u16), "{place}: {groups:?}");
            for item in &table {
                let known = directory.segments.contains_key(&item.tag) || SERVICE.contains(&&*item.tag);
                assert!(known && item.times > 0, "{place}: {}", item.tag);
                if let Some((_, items)) = &item.group {
                    assert!(items[0].mandatory && items[0].tag == item.tag, "{place}: {}", item.position);
                }
            }
            assert!(table.len() > 3 && message.items.last().is_some_and(|last| last.tag == "UNT"), "{place}");
            totals = [totals[0] + table.len() - groups.len(), totals[1] + groups.len()];
        }
        println!(
            "{vintage}: {} messages, {} segments, {} groups",
            directory.messages.len(),
            totals[0],
            totals[1]
        );
    }
}

fn flatten<'m>(items: &'m [Item], table: &mut Vec<&'m Item>) {
    for item in items {
        table.push(item);
        if let Some((_, items)) = &item.group {
            flatten(items, table);
        }
    }
}

/// Every message of every vintage gives a grammar that loads, with a place for each row of its table.
#[test]
fn every_message_gives_a_grammar() {
    for (vintage, _) in VINTAGES {
        let Some(directory) = directory(vintage) else { return };
        let names: Vec<&str> = directory.messages.keys().map(String::as_str).collect();
        let files = directory.files(&names).unwrap();
        let service = std::fs::read_to_string(mappings().join("edifact/service.gram")).unwrap();
        let resolve = |name: &str| match name {
            "edifact/service" => Some(service.as_str()),
            name => {
                let path = if name.contains('.') { name.to_owned() } else { format!("{name}.gram") };
                files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
            }
        };
        for name in names {
            let path = format!("edifact/{vintage}/{}.gram", name.to_ascii_lowercase());
            let file = files.iter().find(|file| file.path == path).unwrap();
            let grammar = parse(&file.text, &resolve).unwrap();
            let kind = |place: &PlaceId| grammar.place(*place).kind;
            let places = (0..grammar.len() as u32).map(PlaceId);
            let rows = places.filter(|place| matches!(kind(place), Kind::Segment | Kind::Group)).count();
            let mut table = Vec::new();
            flatten(&directory.messages[name].items, &mut table);
            // UNB and UNG are there, UNT is not.
            assert_eq!(rows, table.len() + 1, "{path}");
            assert!(grammar.child(Grammar::ROOT, "UNH").is_some());
        }
    }
}

#[test]
fn what_is_no_directory_is_refused() {
    assert!(matches!(Directory::read(b"PK"), Err(ImportError::Archive(_))));
    let Some(directory) = directory("d96b") else { return };
    assert!(matches!(directory.files(&["CUSXXX"]), Err(ImportError::NoMessage(name)) if name == "CUSXXX"));
}
