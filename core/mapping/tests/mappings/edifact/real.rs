//! The one real declaration, and declarations of another format there and back.

use std::collections::BTreeMap;

use dragoman_model::Document;
use dragoman_samples::{files, sample};
use dragoman_syntax::grammar::Grammar;

use super::support::{CUSDEC, CUSDEC_99B};
use crate::mapped::{declaration, mapped};

#[test]
fn the_australian_declaration_maps_and_comes_back() {
    let Some(path) = sample("edi/corpus/edifact/CUSDEC/ts-edifact__au_d99b_cusdec.edi") else { return };
    let bytes = std::fs::read(path).unwrap();
    let (tree, grammar) = CUSDEC.one(&bytes);
    let got = CUSDEC.get(&tree, &grammar);
    let counts = got.counts();
    assert_eq!((counts.leaves, counts.carried, counts.checked, counts.residue), (85, 37, 16, 28));
    let over = CUSDEC.mapping.put_over(&got.document, &tree, &got, &grammar).unwrap();
    assert_eq!(CUSDEC.difference(&tree, &over.tree), None);
    let value = |path: &str| got.document.find(path).and_then(|node| got.document.tree().value(node));
    for (path, expected) in [
        ("direction", "EX"),
        ("data_set", "EXD"),
        ("lrn", "200401270001"),
        ("transport.loading.id", "AUMEL"),
        ("transport.unloading.id", "USLAX"),
        ("destination.country", "US"),
        ("transport.exit_at", "20030128"),
        ("consignee.address.city", "MELBOURNE"),
        ("invoice.currency", "AUD"),
        ("goods_items[0].commodity.codes[0].code", "03026200"),
        ("goods_items[0].additional_references[0].id", "PIF9999999"),
        ("extensions.edifact.main_carriage.means_type", "11"),
    ] {
        assert_eq!(value(path), Some(expected), "{path}");
    }
    let mut residue: BTreeMap<String, usize> = BTreeMap::new();
    for node in got.residue() {
        let path = CUSDEC_99B.path(&tree, node);
        let segment =
            path.split('/').rfind(|step| step.starts_with(char::is_uppercase) && step.len() == 6).unwrap();
        *residue.entry(segment[..3].to_owned()).or_default() += 1;
    }
    let expected = [("CST", 2), ("GIS", 6), ("LOC", 6), ("MEA", 6), ("PAC", 6), ("UNB", 2)];
    assert_eq!(residue, expected.map(|(tag, count)| (tag.to_owned(), count)).into());
}

/// A document has these values.
fn says(document: &Document<'_>, values: &[(&str, &str)]) {
    for (path, expected) in values {
        let value = document.find(path).and_then(|node| document.tree().value(node));
        assert_eq!(value, Some(*expected), "{path}");
    }
}

/// The overlay of its dialect leaves nothing of it beside the document.
#[test]
fn the_australian_overlay_reads_all_of_it() {
    let Some(path) = sample("edi/corpus/edifact/CUSDEC/ts-edifact__au_d99b_cusdec.edi") else { return };
    let bytes = std::fs::read(path).unwrap();
    let overlay = mapped("edifact/au/cusdec");
    let tree = overlay.read(&bytes);
    let got = overlay.get_one(&tree);
    let counts = got.counts();
    assert_eq!((counts.leaves, counts.carried, counts.checked, counts.residue), (85, 49, 32, 0));
    let over = overlay.put_over(&got.document, &tree, &got);
    assert_eq!(CUSDEC.difference(&tree, &over.tree), None);
    says(
        &got.document,
        &[
            ("transport.loading.id_scheme", "unlocode"),
            ("warehouse.id", "ABC123"),
            ("goods_items[0].mass.gross.value", "10"),
            ("goods_items[0].supplementary[0].unit", "KG"),
            ("goods_items[0].extensions.au_ics.status", "I"),
            ("extensions.au_ics.flag_146", "OT"),
            ("extensions.au_ics.indicator_79", "N"),
        ],
    );
}

/// The overlay of the South African dialect of cargo reports, by the examples of its guide.
#[test]
fn the_south_african_overlay_reads_the_examples_of_its_guide() {
    let message = "UNB+UNOB:4+EXRAIL+SARSMAN+20190501:1327+1'UNH+1+CUSCAR:D:13B:UN'BGM+785+M1+9'GEI+5+22:71:ZZZ'\
        CNI+1'RFF+BM:W1'LOC+11+1820:37:ZZZ:BUSHTICK'TDT+1'RFF+XP:12345678XYZ'GID+1'UNT+10+1'UNZ+1+1'";
    let overlay = mapped("edifact/za/cuscar");
    let tree = overlay.read(message);
    let got = overlay.get_one(&tree);
    assert_eq!(got.counts().residue, 0);
    let over = overlay.put_over(&got.document, &tree, &got);
    assert_eq!(CUSDEC.difference(&tree, &over.tree), None);
    says(
        &got.document,
        &[
            ("extensions.za_sars.manifest_type", "22"),
            ("bills[0].unloading.id", "1820"),
            ("bills[0].unloading.qualifier", "37"),
            ("bills[0].unloading.name", "BUSHTICK"),
            ("bills[0].extensions.za_sars.previous_document", "12345678XYZ"),
        ],
    );
}

/// Every declaration of the British samples becomes a message of either directory that is valid, and what was not
/// reported as lost comes back.
#[test]
fn british_declarations_go_there_and_back() {
    let Some(folder) = sample("uk-cds/samples") else { return };
    let (mut declarations, mut leaves, mut lost) = (0, 0, 0);
    for path in files(&folder, &["xml"]) {
        let bytes = std::fs::read(path).unwrap();
        let Some(tree) = declaration().recognised(&bytes) else { continue };
        let document = declaration().get_one(&tree).document;
        let kind = document.find("kind").and_then(|node| document.tree().value(node));
        if kind != Some("declaration") {
            continue;
        }
        declarations += 1;
        for format in [&*CUSDEC, &*CUSDEC_99B] {
            let put = format.put(&document);
            super::generated::comes_back(format, &document, &put);
            (leaves, lost) = (leaves + put.counts.leaves, lost + put.counts.reported);
        }
    }
    assert!(
        declarations >= 100 && lost * 5 < leaves,
        "{declarations} declarations, {lost} of {leaves} leaves lost"
    );
}

/// The grammar of both directories is that of the mapping.
#[test]
fn both_directories_are_read() {
    let names: Vec<&str> =
        CUSDEC.mapping.grammars().map(|grammar: &std::sync::Arc<Grammar>| grammar.name()).collect();
    assert_eq!(names, ["edifact/d96b/cusdec", "edifact/d99b/cusdec"]);
    assert_eq!(CUSDEC_99B.grammar.name(), "edifact/d99b/cusdec");
}
