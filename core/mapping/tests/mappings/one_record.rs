//! Shipments of IATA ONE Record: the case, and the published example in which a piece is embedded.

use std::fs;

use dragoman_samples::sample;

use crate::laws::{self, accounted};
use crate::mapped::{file, mapped};
use crate::triples::{Triple, broken};

fn case() -> String {
    file("adapters/iata-one-record/cases/shipment.in").unwrap()
}

#[test]
fn objects_come_back() {
    let published = sample("one-record/API-Security/examples/Shipment_with_Piece.embedded.json");
    let texts = published.map(|path| fs::read_to_string(path).unwrap()).into_iter().chain([case()]);
    for text in texts {
        let mapped = mapped("one-record/shipment");
        let tree = mapped.recognised(&text).unwrap();
        let got = mapped.get_one(&tree);
        laws::counted(&tree, &got);
        assert_eq!(got.counts().residue, 0);
        let put = accounted(mapped.put_over(&got.document, &tree, &got), &got.document);
        assert_eq!(laws::over_differs(mapped, &put, &tree), None);
        assert_eq!(laws::comes_back(mapped, &got.document, Some((&tree, &got))), None);
        assert_eq!(laws::comes_back(mapped, &got.document, None), None);
        assert_eq!(laws::needs_no_message(mapped, &got.document), None);
    }
}

const SHIPMENT: &[Triple] = &[
    ("'@id'", "shipment_number", "https://1r.example.com/logistics-objects/shipment-42"),
    ("'cargo:waybill'.'cargo:waybillNumber'", "house_document.id", "EXH00042"),
    (
        "'cargo:waybill'.'cargo:arrivalLocation'.'cargo:locationCodes'[0].'cargo:code'",
        "transport.unloading.id",
        "TIA",
    ),
    ("'cargo:involvedParties'[1].'cargo:partyDetails'.'cargo:name'", "consignee.name", "Example Imports"),
    ("'cargo:pieces'[0].'@id'", "packages[0].number", "https://1r.example.com/logistics-objects/piece-1"),
    ("'cargo:pieces'[0].'cargo:grossWeight'.'cargo:numericalValue'", "packages[0].gross_mass.value", "5.88"),
    (
        "'cargo:pieces'[0].'cargo:containedItems'[0].'cargo:ofProduct'.'cargo:hsCode'.'cargo:code'",
        "lines[0].commodity",
        "420222",
    ),
    (
        "'cargo:pieces'[0].'cargo:containedItems'[0].'cargo:weight'.'cargo:numericalValue'",
        "lines[0].mass.value",
        "0.84",
    ),
    (
        "'cargo:pieces'[1].'cargo:containedItems'[0].'cargo:ofProduct'.'cargo:uniqueIdentifier'",
        "lines[1].sku",
        "SCARF-7",
    ),
];

#[test]
fn a_shipment_says_what_it_says() {
    assert_eq!(broken(mapped("one-record/shipment"), &case(), "", "", SHIPMENT), [""; 0]);
}
