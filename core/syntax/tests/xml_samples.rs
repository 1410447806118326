//! The published messages of UK CDS, read and written with and without their grammars.

#![expect(clippy::unwrap_used, reason = "test support")]

use std::fs;
use std::path::Path;

use dragoman_samples::{files, sample};
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::{Limits, xml};
use dragoman_tree::Severity;

fn load(name: &str) -> Grammar {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings").join(name);
    grammar::parse(&fs::read_to_string(file).unwrap(), &|_| None).unwrap()
}

/// Reads, writes and reads again. False for a document that is broken.
fn comes_back(bytes: &[u8], grammar: Option<&Grammar>, file: &Path) -> bool {
    let first = xml::read(bytes, grammar, &Limits::default());
    if first.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return false;
    }
    for options in [xml::WriteOptions::default(), xml::WriteOptions { indent: None, declaration: false }] {
        let written = xml::write(&first.tree, grammar, &options);
        assert!(written.findings.is_empty(), "{}: {:?}", file.display(), written.findings);
        let again = xml::read(&written.bytes, grammar, &Limits::default());
        assert!(again.findings.is_empty(), "{}: {:?}", file.display(), again.findings);
        let difference = xml::difference(&first.tree, &again.tree, grammar);
        assert!(difference.is_none(), "{}: {}", file.display(), difference.unwrap());
        assert!(
            first
                .tree
                .ids()
                .map(|id| first.tree.place(id))
                .eq(again.tree.ids().map(|id| again.tree.place(id)))
        );
    }
    true
}

#[test]
fn well_formed_samples_come_back() {
    let Some(folder) = sample("uk-cds/samples") else { return };
    let grammars = [None, Some(load("wco/dms-3.6.gram")), Some(load("wco/res-dms-2.gram"))];
    let (mut well, mut broken) = (0, Vec::new());
    for file in files(&folder, &["xml"]) {
        let bytes = fs::read(&file).unwrap();
        let came_back = grammars.iter().filter(|grammar| comes_back(&bytes, grammar.as_ref(), &file)).count();
        match came_back {
            3 => well += 1,
            _ => broken.push(file.file_name().unwrap().to_owned()),
        }
    }
    println!("{well} documents came back, {} are broken: {broken:?}", broken.len());
    assert!(well > 500 && broken.len() == 10);
}
