//! `dragoman explain`.

use insta::assert_snapshot;

use crate::run::{Ran, case, dragoman};

#[test]
fn every_leaf_is_a_line() {
    let Ran { code, stdout, stderr } =
        dragoman(&["explain", "--from", "auto", "--to", "gb-cds/declaration", "declaration.in"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_snapshot!(stdout);
    let text = case("declaration.in");
    for line in stdout.lines() {
        let cells: Vec<_> = line.split('\t').collect();
        assert_eq!(cells.len(), 6, "{line}");
        if let Some((start, end)) = cells[0].split_once("..") {
            let bytes = &text[start.parse().unwrap()..end.parse().unwrap()];
            assert_eq!(cells[1], format!("{:?}", bytes.replace("&amp;", "&")));
        }
    }
}

#[test]
fn another_document_is_refused() {
    let ran = dragoman(&["explain", "--from", "auto", "--to", "gb-cds/notification", "declaration.in"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
}
