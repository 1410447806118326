//! Error points against the declaration they are about.

use dragoman_mapping::{Base, Confidence, Resolution};

use super::support::{CUSDEC, DIRECTORIES, case_of};

fn resolved(directory: &str, pointer: &str) -> Resolution {
    let message = case_of("import", directory);
    let (tree, grammar) = CUSDEC.one(message.as_bytes());
    let got = CUSDEC.get(&tree, &grammar);
    let base = Base { tree: &tree, grammar: &grammar, document: &got.document, carriers: &got.carriers };
    CUSDEC.mapping.resolve(&base, pointer).unwrap()
}

#[test]
fn number_tag_and_item_lead_to_wire_and_document() {
    for directory in DIRECTORIES {
        let found = resolved(directory, "10:1+LOC:75:5");
        assert_eq!(found.confidence, Confidence::Exact, "{directory}: {found:?}");
        assert_eq!(found.wire_paths, ["/CUSDEC[1]/<CST>[1]/LOC[1]"]);
        let origin = "goods_items[sequence=1].origins[0]";
        let paths = [origin.to_owned(), format!("{origin}.country"), format!("{origin}.region")];
        assert_eq!(found.paths, paths);
        let mugs = resolved(directory, "10:2+FTX");
        assert_eq!(
            (mugs.confidence, mugs.wire_paths),
            (Confidence::Exact, vec!["/CUSDEC[1]/<CST>[2]/FTX[1]".into()])
        );
        assert_eq!(mugs.paths, ["goods_items[sequence=2].description"]);
        let item = resolved(directory, "10:2");
        assert_eq!(
            (item.confidence, item.paths),
            (Confidence::Exact, vec!["goods_items[sequence=2]".into()])
        );
    }
}

#[test]
fn what_does_not_agree_is_not_decided() {
    let of = |pointer: &str| resolved("D:96B", pointer);
    let two = of("10:1+MEA:75:5");
    assert_eq!(two.confidence, Confidence::RepeatUnknown);
    assert!(two.wire_paths.contains(&"/CUSDEC[1]/<CST>[1]/LOC[1]".into()), "{two:?}");
    assert!(two.wire_paths.contains(&"/CUSDEC[1]/<CST>[1]/MEA[1]".into()), "{two:?}");
    assert_eq!(of("10:2+LOC:75:5").confidence, Confidence::RepeatUnknown, "the number is in another item");
    assert_eq!(of("10:1+NAD").confidence, Confidence::RepeatUnknown);
    assert_eq!(of("10:2+NAD").confidence, Confidence::Missing);
    assert_eq!(of("10:2+NAD").wire_paths, ["/CUSDEC[1]/<CST>[2]/NAD"]);
    assert_eq!(of("10:7+NAD").confidence, Confidence::NotFound);
    assert_eq!(of("1+ZZZ").confidence, Confidence::NotFound);
}

/// The position of the directory, by element 1159 = 6.
#[test]
fn a_published_position_is_a_position() {
    let found = resolved("D:96B", "1+BGM:20:6");
    assert_eq!((found.confidence, found.wire_paths), (Confidence::Exact, vec!["/CUSDEC[1]/BGM[1]".into()]));
    assert_eq!(resolved("D:96B", "10:2+FTX:1230:6").wire_paths, ["/CUSDEC[1]/<CST>[2]/FTX[1]"]);
}

#[test]
fn what_is_pointed_at_is_found_again() {
    let message = case_of("import", "D:96B");
    let (tree, grammar) = CUSDEC.one(message.as_bytes());
    let got = CUSDEC.get(&tree, &grammar);
    let base = Base { tree: &tree, grammar: &grammar, document: &got.document, carriers: &got.carriers };
    let mut asked = 0;
    for node in got.document.leaves() {
        let carried = got.carriers.contains(&node);
        if !carried || got.document.path(node).starts_with("envelope") {
            continue;
        }
        let pointer = CUSDEC.mapping.point(&base, node, got.document.tree().place(node)).unwrap();
        let found = CUSDEC.mapping.resolve(&base, &pointer).unwrap();
        assert_eq!(found.confidence, Confidence::Exact, "{pointer}");
        assert!(found.carriers.contains(&node), "{pointer}: {}", got.document.path(node));
        asked += 1;
    }
    assert!(asked > 150, "{asked}");
}
