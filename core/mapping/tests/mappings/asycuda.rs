//! Declarations of ASYCUDA World: its files as their structure is known, and the schemas that were inferred from them.

use std::fs;

use dragoman_samples::sample;

use crate::laws::{self, accounted};
use crate::mapped::{Mapped, canonical, document, file, mapped};
use crate::triples::{Triple, broken};
use crate::xmllint::Xmllint;

/// The files whose structure is known, and the mapping that reads each.
const SKELETONS: [(&str, &str); 3] = [
    ("skeleton_421_a.xml", "asycuda/sad"),
    ("skeleton_421_b.xml", "asycuda/sad"),
    ("skeleton_al_multi_item.xml", "asycuda/al/sad"),
];

/// The profiles, the cases of each, and the schema that it is judged by.
const PROFILES: [(&str, &str, &str); 3] = [
    ("asycuda/sad", "sad", "Asycuda421.xsd"),
    ("asycuda/al/sad", "sad-al", "Asycuda421.xsd"),
    ("asycuda/v10/sad", "sad-v10", "Asycuda10.xsd"),
];

fn case(name: &str) -> String {
    file(&format!("adapters/asycuda/cases/{name}.in")).unwrap()
}

/// What is written of a document alone.
fn alone(mapped: &Mapped, text: &str) -> String {
    let tree = mapped.read(text);
    let alone = canonical(&mapped.get_one(&tree).document);
    let (bytes, findings) = mapped.write(&mapped.put(&document(&alone)).tree);
    assert_eq!(findings, []);
    String::from_utf8(bytes).unwrap()
}

/// A message of the profile of Albania as the schema knows it, which lacks the one group.
fn without_quota(text: &str) -> String {
    let mut text = text.to_owned();
    while let (Some(start), Some(end)) = (text.find("<Quota>"), text.find("</Quota>")) {
        text.replace_range(start..end + "</Quota>".len(), "");
    }
    text
}

#[test]
fn files_come_back() {
    for (name, profile) in SKELETONS {
        let Some(path) = sample(&format!("asycuda/{name}")) else { return };
        let (mapped, text) = (mapped(profile), fs::read_to_string(path).unwrap());
        let tree = mapped.recognised(&text).unwrap_or_else(|| panic!("{name}"));
        let got = mapped.get_one(&tree);
        laws::counted(&tree, &got);
        assert_eq!(got.counts().residue, 0, "{name}");
        let put = accounted(mapped.put_over(&got.document, &tree, &got), &got.document);
        assert_eq!(laws::over_differs(mapped, &put, &tree), None, "{name}");
        assert_eq!(laws::comes_back(mapped, &got.document, Some((&tree, &got))), None, "{name}");
        assert_eq!(laws::comes_back(mapped, &got.document, None), None, "{name}");
        assert_eq!(laws::needs_no_message(mapped, &got.document), None, "{name}");
        let other = if profile == "asycuda/sad" { "asycuda/al/sad" } else { "asycuda/sad" };
        assert!(crate::mapped::mapped(other).recognised(&text).is_none(), "{name} as {other}");
    }
}

/// Every element in the order of the schema, and nothing that it does not know. What is read of one release is written for
/// the other too, though names differ.
#[test]
fn what_is_written_is_valid() {
    for (profile, name, schema) in PROFILES {
        let Some(schema) = sample(&format!("asycuda/{schema}")) else { return };
        let Some(mut judge) = Xmllint::by(&schema) else { return };
        let is_read = |of: &str| of == profile || profile == "asycuda/v10/sad" && of == "asycuda/sad";
        let mut texts = vec![(profile, case(name))];
        for (file, of) in SKELETONS.into_iter().filter(|(_, of)| is_read(of)) {
            texts.push((of, fs::read_to_string(sample(&format!("asycuda/{file}")).unwrap()).unwrap()));
        }
        for (of, text) in &texts {
            let tree = mapped(of).read(text);
            let document = canonical(&mapped(of).get_one(&tree).document);
            let (written, findings) =
                mapped(profile).write(&mapped(profile).put(&self::document(&document)).tree);
            assert_eq!(findings, []);
            judge.add(without_quota(&String::from_utf8(written).unwrap()));
        }
        for verdict in judge.verdicts() {
            assert_eq!(verdict, [""; 0], "{profile}");
        }
    }
}

/// Every element that may stand once stands, whatever there is to say.
#[test]
fn a_message_is_written_whole() {
    let text = alone(mapped("asycuda/sad"), "<ASYCUDA><Identification><Type/></Identification></ASYCUDA>");
    for element in
        ["<Serial_number><null/></Serial_number>", "<Number/>", "<Deffered_payment_reference><null/>"]
    {
        assert!(text.contains(element), "{element} in {text}");
    }
    assert!(!text.contains("<Item>") && !text.contains("Container_flag"), "{text}");
}

/// A text, `<null/>` and an empty element are told apart, wherever they stand.
#[test]
fn no_value_is_read_in_every_spelling() {
    for nothing in [
        "<Exporter_name><null/></Exporter_name>",
        "<Exporter_name/>",
        "<Exporter_name> <null></null> </Exporter_name>",
        "",
    ] {
        let text = format!(
            "<ASYCUDA><Identification><Type/></Identification><Traders><Exporter>{nothing}</Exporter></Traders></ASYCUDA>"
        );
        let mapped = mapped("asycuda/sad");
        let tree = mapped.read(&text);
        let got = mapped.get_one(&tree);
        assert_eq!((got.document.find("exporter.name"), got.counts().residue), (None, 0), "{nothing}");
        let put = mapped.put_over(&got.document, &tree, &got);
        assert_eq!(laws::over_differs(mapped, &put, &tree), None, "{nothing}");
    }
}

const DECLARATION: &[Triple] = &[
    ("Property[1]/Nbers[1]/Total_number_of_items[1]", "totals.items", "2"),
    (
        "Identification[1]/Office_segment[1]/Customs_clearance_office_code[1]",
        "office.declaration.code",
        "AL0001",
    ),
    ("Identification[1]/Type[1]/Type_of_declaration[1]", "direction", "IM"),
    ("Identification[1]/Type[1]/Declaration_gen_procedure_code[1]", "additional_type", "4"),
    ("Traders[1]/Exporter[1]/Exporter_name[1]", "exporter.name", "Examplia Goods Ltd"),
    ("Traders[1]/Exporter[1]/Exporter_name[1]", "exporter.address.text", "1 Export Road\nShenzhen\nCN"),
    ("Traders[1]/Consignee[1]/Consignee_code[1]", "importer.ids[0].value", "L00000002B"),
    ("Declarant[1]/Declarant_code[1]", "declarant.ids[0].value", "L00000001A"),
    ("Declarant[1]/Reference[1]/Number[1]", "lrn", "TT-1"),
    ("General_information[1]/Country[1]/Export[1]/Export_country_code[1]", "dispatch.country", "CN"),
    (
        "General_information[1]/Country[1]/Destination[1]/Destination_country_code[1]",
        "destination.country",
        "AL",
    ),
    ("Transport[1]/Means_of_transport[1]/Border_information[1]/Mode[1]", "transport.border_mode", "4"),
    ("Transport[1]/Border_office[1]/Code[1]", "office.first_entry.code", "AL0001"),
    ("Valuation[1]/Gs_Invoice[1]/Amount_foreign_currency[1]", "invoice.amount", "59.97"),
    ("Item[1]/Packages[1]/Number_of_packages[1]", "goods_items[0].packages[0].count", "3"),
    (
        "Item[1]/Tarification[1]/HScode[1]/Commodity_code[1]",
        "goods_items[0].commodity.codes[type=TSP].code",
        "42022210",
    ),
    ("Item[1]/Tarification[1]/Extended_customs_procedure[1]", "goods_items[0].procedure.requested", "40"),
    ("Item[1]/Tarification[1]/Extended_customs_procedure[1]", "goods_items[0].procedure.previous", "00"),
    (
        "Item[1]/Tarification[1]/National_customs_procedure[1]",
        "goods_items[0].procedure.additional[0]",
        "000",
    ),
    ("Item[1]/Tarification[1]/Item_price[1]", "goods_items[0].price.amount", "39.98"),
    ("Item[1]/Goods_description[1]/Country_of_origin_code[1]", "goods_items[0].origins[0].country", "CN"),
    (
        "Item[1]/Previous_doc[1]/Summary_declaration[1]",
        "goods_items[0].transport_documents[0].id",
        "000-00000001",
    ),
    (
        "Item[2]/Valuation_item[1]/Weight_itm[1]/Gross_weight_itm[1]",
        "goods_items[1].mass.gross.value",
        "0.42",
    ),
    ("Item[2]/Valuation_item[1]/Weight_itm[1]/Net_weight_itm[1]", "goods_items[1].mass.net.value", "0.06"),
];

#[test]
fn a_declaration_says_what_it_says() {
    assert_eq!(broken(mapped("asycuda/sad"), &case("sad"), "/ASYCUDA[1]/", "", DECLARATION), [""; 0]);
}

const MANIFEST: &[Triple] = &[
    ("General_segment[1]/Totals_segment[1]/Total_gross_mass[1]", "totals.gross_mass.value", "186.30"),
    ("General_segment[1]/Transport_information[1]/Carrier[1]/Carrier_code[1]", "carrier.reference", "C0042"),
    ("General_segment[1]/Load_unload_place[1]/Place_of_destination_code[1]", "unloading.id", "ALDRZ"),
    ("Bol_segment[1]/Bol_id[1]/Bol_reference[1]", "bills[line=1].number", "EXL0000001"),
    ("Bol_segment[1]/ctn_segment[1]/Ctn_reference[1]", "bills[line=1].equipment[0].id", "EXMU0000001"),
    ("Bol_segment[1]/Goods_segment[1]/Gross_mass[1]", "bills[line=1].goods.gross_mass.value", "180.00"),
    (
        "Bol_segment[1]/Split_segment[1]/Container[1]/Reference[1]",
        "bills[line=1].splits[0].equipment",
        "EXMU0000001",
    ),
    (
        "Bol_segment[1]/Value_segment[1]/Customs_segment[1]/Customs_value[1]",
        "bills[line=1].declared_value.amount",
        "560.00",
    ),
    (
        "Bol_segment[2]/Traders_segment[1]/Consignee[1]/Consignee_name[1]",
        "bills[line=2].consignee.name",
        "Sample Stores",
    ),
];

#[test]
fn a_manifest_says_what_it_says() {
    assert_eq!(broken(mapped("asycuda/awmds"), &case("awmds"), "/Awmds[1]/", "", MANIFEST), [""; 0]);
}
