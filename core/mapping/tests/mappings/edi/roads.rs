//! From one syntax to the other through the canonical document: what both can say arrives, all else is reported.

use dragoman_model::Document;

use super::read;
use crate::mapped::{Mapped, canonical, document, file, mapped};

fn value<'d>(document: &'d Document<'_>, path: &str) -> Option<&'d str> {
    document.find(path).and_then(|node| document.tree().value(node))
}

/// What a message says, as another one; with the paths of what was lost.
fn road(from: &Mapped, text: &str, to: &Mapped) -> (String, Vec<String>) {
    let [(tree, grammar)] = read(from, text.as_bytes()).try_into().unwrap();
    let got = from.mapping.get(&tree, dragoman_tree::NodeId::ROOT, &grammar).unwrap();
    let json = canonical(&got.document);
    let own = document(&json);
    let put = to.put(&own);
    let lost = put.lost.iter().map(|lost| own.path(lost.node)).collect();
    let (bytes, _) = to.write(&put.tree);
    (String::from_utf8(bytes).unwrap(), lost)
}

fn case(path: &str) -> String {
    file(&format!("adapters/{path}.in")).unwrap()
}

/// The paths that differ between the documents of two messages of a mapping, of those that are asked for.
fn differ(mapped: &Mapped, one: &str, other: &str, paths: &[&str]) -> Vec<String> {
    let [(one, one_as)] = read(mapped, one.as_bytes()).try_into().unwrap();
    let [(other, other_as)] = read(mapped, other.as_bytes()).try_into().unwrap();
    let one = mapped.mapping.get(&one, dragoman_tree::NodeId::ROOT, &one_as).unwrap();
    let other = mapped.mapping.get(&other, dragoman_tree::NodeId::ROOT, &other_as).unwrap();
    let differs = |path: &&&str| {
        let had = value(&one.document, path);
        assert!(had.is_some(), "{path}");
        had != value(&other.document, path)
    };
    paths.iter().filter(differs).map(|path| (*path).to_owned()).collect()
}

const ORDER: &[&str] = &[
    "envelope.sender",
    "envelope.recipient",
    "order_number",
    "created_at",
    "currency",
    "deliver_by.from",
    "deliver_by.to",
    "buyer.ids[0].value",
    "buyer.name",
    "buyer.address.street[0]",
    "buyer.address.postal_code",
    "seller.ids[0].scheme",
    "recipient.name",
    "recipient.address.city",
    "recipient.address.country",
    "lines[0].line",
    "lines[0].gtin",
    "lines[0].sku",
    "lines[0].title",
    "lines[0].quantity.value",
    "lines[0].quantity.unit",
    "lines[0].unit_price.amount",
    "lines[1].sku",
    "lines[1].platform_item",
    "lines[1].quantity.value",
];

#[test]
fn an_order_goes_from_edifact_to_x12_and_back() {
    let (orders, purchase) = (mapped("edifact/orders"), mapped("x12/850"));
    // Control numbers and units of X12 are shorter: nine digits, two characters.
    let original = case("edifact/cases/order").replace("+R1'", "+000001001'").replace(":PCE'", ":EA'");
    let (written, lost) = road(orders, &original, purchase);
    assert!(written.contains("BEG*00*SA*PO-1001**20261129~"), "{written}");
    assert!(written.contains("PO1*1*12*EA*19.90**VN*BAG-22*UP*4012345678901~"), "{written}");
    for path in ["delivery_note", "buyer_reference", "buyer.contact.phone"] {
        assert!(lost.iter().any(|lost| lost == path), "{path} of {lost:?}");
    }
    let (back, lost) = road(purchase, &written, orders);
    let is_own = |path: &String| path.starts_with("extensions.x12") || path == "platform.name";
    assert!(lost.iter().all(is_own), "{lost:?}");
    assert_eq!(differ(orders, &original, &back, ORDER), [""; 0], "{back}");
}

#[test]
fn an_order_goes_from_x12_to_edifact_and_back() {
    let (orders, purchase) = (mapped("edifact/orders"), mapped("x12/850"));
    let original = case("x12/cases/order");
    let (written, _) = road(purchase, &original, orders);
    let (back, _) = road(orders, &written, purchase);
    let paths =
        ["order_number", "created_at", "buyer.ids[0].value", "lines[0].sku", "lines[0].quantity.value"];
    assert_eq!(differ(purchase, &original, &back, &paths), [""; 0], "{back}");
}

#[test]
fn a_ship_notice_becomes_a_despatch_advice() {
    let original = case("x12/cases/ship-notice");
    let (written, lost) = road(mapped("x12/856"), &original, mapped("edifact/desadv"));
    let expected = [
        "BGM+351+SHP-501+9",
        "DTM+11:20261203:102",
        "RFF+ON:PO-1001",
        "DTM+171:20261129:102",
        "RFF+CN:1Z999AA10123456784",
        "TDT+20++3++UPSN::182",
        "CPS+1",
        "MEA+PD+AAB+KGM:42.5",
        "CPS+3+1",
        "GIN+BJ+00340123450000000018",
        "QTY+12:10:EA",
        "QTY+21:12:EA",
        "RFF+ON:PO-1002:1",
    ];
    for segment in expected {
        assert!(written.contains(&format!("'{segment}'")), "{segment} in {written}");
    }
    let is_known = |path: &String| path.starts_with("extensions.x12") || path == "consignee.ids[0].scheme";
    assert!(lost.iter().all(is_known), "{lost:?}");
}

const MANIFEST: &[&str] = &[
    "envelope.sender",
    "manifest_number",
    "conveyance.mode",
    "conveyance.name",
    "conveyance.nationality",
    "conveyance.id",
    "conveyance.id_type",
    "conveyance.conveyance_reference",
    "carrier.ids[0].value",
    "unloading.id",
    "arrival_at",
    "totals.bills",
    "bills[0].line",
    "bills[0].number",
    "bills[0].carrier.ids[0].value",
    "bills[0].loading.id",
    "bills[0].exporter.name",
    "bills[0].consignee.address.street[0]",
    "bills[0].consignee.address.region_code",
    "bills[0].notify.address.city",
    "bills[0].goods.packages.count",
    "bills[0].goods.gross_mass.value",
    "bills[0].goods.gross_mass.unit",
    "bills[0].goods.volume.value",
    "bills[0].splits[0].equipment",
    "bills[0].splits[0].packages.count",
    "bills[0].splits[0].packages.type",
    "bills[0].splits[0].description",
    "bills[0].splits[0].marks",
    "bills[0].splits[0].gross_mass.value",
    "bills[0].splits[0].commodity",
    "bills[1].number",
    "bills[1].splits[0].description",
];

#[test]
fn a_cargo_report_becomes_a_manifest_of_x12_and_comes_back() {
    let (cargo, manifest) = (mapped("edifact/cuscar"), mapped("x12/309"));
    let original = case("edifact/cases/cargo-report");
    let (written, lost) = road(cargo, &original, manifest);
    let expected = [
        "M10*EXSC*O*SG*9123456*EXAMPLE CARRIER*026E*M26001*2*W*L",
        "P4*2704*20261220",
        "M11*EXL2600001*58201*390*PKG*14404*K*46*X****EXSC",
        "N1*CN*EXAMPLE TIRES INC",
        "N4*LOS ANGELES*CA*90001*US",
        "VID*CN*EXLU*1234567",
        "N10*390*TRUCK TYRES, NEW*EX 1-390*J*401120**K*14404**PKG",
    ];
    for segment in expected {
        assert!(written.contains(&format!("~{segment}~")), "{segment} in {written}");
    }
    // A manifest of X12 has no place for containers of the whole manifest, and one container for goods.
    for path in ["equipment[0].seals[0].id", "bills[line=2].splits[0].placements[0].equipment", "agent.name"]
    {
        assert!(lost.iter().any(|lost| lost == path), "{path} of {lost:?}");
    }
    let (back, lost) = road(manifest, &written, cargo);
    let is_own = |path: &String| {
        let is_unit = path.contains(".unit.") || path.ends_with("goods.packages.type");
        is_unit || path.contains("extensions.x12")
    };
    assert!(lost.iter().all(is_own), "{lost:?}");
    assert_eq!(differ(cargo, &original, &back, MANIFEST), [""; 0], "{back}");
}

#[test]
fn a_manifest_of_x12_becomes_a_cargo_report_and_comes_back() {
    let (cargo, manifest) = (mapped("edifact/cuscar"), mapped("x12/309"));
    let original = case("x12/cases/manifest");
    let (written, lost) = road(manifest, &original, cargo);
    // In a cargo report units are described for the whole manifest, packages of a whole bill have no kind, and a buyer's
    // numbering no agency.
    let known = |path: &String| {
        let is_own = path.contains("extensions.x12") || path.contains(".unit.");
        is_own || path.ends_with("goods.packages.type") || path.ends_with("consignee.ids[0].scheme")
    };
    assert!(lost.iter().all(known), "{lost:?}");
    let (back, _) = road(cargo, &written, manifest);
    assert_eq!(differ(manifest, &original, &back, MANIFEST), [""; 0], "{back}");
}
