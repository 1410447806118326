//! The published messages of UK CDS, without a grammar.

mod samples;

use std::fs;

use dragoman_syntax::{Limits, xml};
use dragoman_tree::Severity;

#[test]
fn well_formed_samples_come_back() {
    let Some(folder) = samples::folder("uk-cds/samples") else { return };
    let (mut read_well, mut broken) = (0, Vec::new());
    for file in samples::files(&folder, "xml") {
        let bytes = fs::read(&file).unwrap();
        let first = xml::read(&bytes, None, &Limits::default());
        if first.findings.iter().any(|finding| finding.severity == Severity::Error) {
            broken.push((file.file_name().unwrap().to_owned(), first.findings[0].message.clone()));
            continue;
        }
        read_well += 1;
        for options in [xml::WriteOptions::default(), xml::WriteOptions { indent: None, declaration: false }]
        {
            let written = xml::write(&first.tree, None, &options);
            assert!(written.findings.is_empty(), "{}: {:?}", file.display(), written.findings);
            let again = xml::read(&written.bytes, None, &Limits::default());
            assert!(again.findings.is_empty(), "{}: {:?}", file.display(), again.findings);
            if let Some(difference) = xml::difference(&first.tree, &again.tree, None) {
                panic!("{}: {difference}", file.display());
            }
        }
    }
    println!("{read_well} documents came back, {} are broken: {broken:?}", broken.len());
    assert!(read_well > 500);
}
