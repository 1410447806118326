//! Goods items are one flat list; the message nests them in house consignments, which they name.

use super::corpus::PHASES;
use crate::laws;
use crate::mapped::{canonical, document};

fn item(number: u32, declared: u32) -> String {
    format!(
        "<ConsignmentItem><goodsItemNumber>{number}</goodsItemNumber><declarationGoodsItemNumber>{declared}</declarationGoodsItemNumber></ConsignmentItem>"
    )
}

fn message(houses: &[(&str, String)]) -> String {
    let house = |(key, items): &(&str, String)| {
        let key =
            if key.is_empty() { String::new() } else { format!("<sequenceNumber>{key}</sequenceNumber>") };
        format!("<HouseConsignment>{key}{items}</HouseConsignment>")
    };
    let houses: String = houses.iter().map(house).collect();
    format!(
        "<n:CC015C xmlns:n='http://ncts.dgtaxud.ec'><messageType>CC015C</messageType><HolderOfTheTransitProcedure/><Consignment>{houses}</Consignment></n:CC015C>"
    )
}

#[test]
fn items_of_all_houses_are_one_list_and_go_back_to_their_house() {
    let mapped = PHASES[1].mapped("CC015C");
    let text = message(&[("7", item(1, 1) + &item(2, 3)), ("66710", String::new()), ("2", item(1, 2))]);
    let tree = mapped.read(&text);
    let got = mapped.get_one(&tree);
    let told = |path: &str| got.document.find(path).and_then(|node| got.document.tree().value(node));
    assert_eq!(told("goods_items[sequence=3].house"), Some("7"));
    assert_eq!(told("goods_items[sequence=3].sequence_in_house"), Some("2"));
    assert_eq!(told("goods_items[sequence=2].house"), Some("2"));
    assert_eq!(got.findings, []);
    assert_eq!(got.counts().residue, 0);
    assert_eq!(laws::alone_differs(mapped, &got, &tree), None);
    let put = mapped.put_over(&got.document, &tree, &got);
    assert_eq!(laws::over_differs(mapped, &put, &tree), None);
}

#[test]
fn items_of_a_house_without_a_key_of_its_own_stay_beside_the_document() {
    let mapped = PHASES[1].mapped("CC015C");
    for houses in [[("1", item(1, 1)), ("1", item(1, 2))], [("1", item(1, 1)), ("", item(1, 2))]] {
        let text = message(&houses);
        let tree = mapped.read(&text);
        let got = mapped.get_one(&tree);
        assert!(got.findings.iter().any(|finding| finding.code == "DG-E0612"), "{:?}", got.findings);
        assert_eq!(got.counts().residue, 2);
        assert!(got.document.find("goods_items[sequence=1]").is_some());
        assert!(got.document.find("goods_items[sequence=2]").is_none());
        let put = mapped.put_over(&got.document, &tree, &got);
        assert_eq!(laws::over_differs(mapped, &put, &tree), None);
    }
}

#[test]
fn an_item_that_names_no_house_is_lost_and_numbers_are_made_where_none_are_stated() {
    let mapped = PHASES[1].mapped("CC015C");
    let own = document(
        r#"{"type":"declaration","kind":"transit","houses":[{"sequence":"4"}],"goods_items":[
            {"sequence":"9","house":"4","packages":[{"type":"CT"},{"type":"BX"}]},{"sequence":"8","house":"4"},
            {"sequence":"10","house":"5"},{"sequence":"11"}]}"#,
    );
    let put = laws::accounted(mapped.put(&own), &own);
    let mut lost: Vec<_> = put.lost.iter().map(|lost| own.path(lost.node)).collect();
    lost.sort();
    let expected = [
        "goods_items[sequence=10].house",
        "goods_items[sequence=10].sequence",
        "goods_items[sequence=11].sequence",
    ];
    assert_eq!(lost, expected);
    let (text, _) = mapped.write(&put.tree);
    let tree = mapped.read(&text);
    let again = mapped.get_one(&tree);
    let told = |path: &str| again.document.find(path).and_then(|node| again.document.tree().value(node));
    assert_eq!(told("goods_items[sequence=9].sequence_in_house"), Some("1"));
    assert_eq!(told("goods_items[sequence=8].sequence_in_house"), Some("2"));
    assert_eq!(told("goods_items[sequence=9].packages[1].sequence"), Some("2"));
    assert_eq!(told("goods_items[sequence=10].house"), None, "{}", canonical(&again.document));
}
