//! Excise messages of both versions, on every published sample.

use std::fs;
use std::path::PathBuf;

use dragoman_samples::{files, sample};

use crate::laws::{self, accounted};
use crate::mapped::{Mapped, canonical, document, mapped};
use crate::triples::{Triple, broken};
use crate::xmllint::Xmllint;

const ALL: [&str; 14] = [
    "IE704", "IE717", "IE801", "IE802", "IE807", "IE810", "IE813", "IE815", "IE818", "IE819", "IE837",
    "IE839", "IE871", "IE905",
];

/// A version: the folder of its mappings, that of its schemas, and what it has in the place of `V3.13`.
const VERSIONS: [(&str, &str, &str); 2] = [("emcs", "v1", "V3.13"), ("emcs/v2", "v2", "V3.23")];

fn of(folder: &str, message: &str) -> &'static Mapped {
    mapped(String::leak(format!("{folder}/{message}")))
}

/// Messages by their name: the published samples, and the cases of the adapter.
fn messages() -> Vec<(String, String)> {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../../adapters/eu-emcs/cases");
    let mut paths: Vec<PathBuf> =
        ALL.iter().map(|name| PathBuf::from(format!("{cases}/{name}.in"))).collect();
    if let Some(folder) = sample("uk-emcs/samples") {
        let samples = files(&folder, &["xml"]);
        assert_eq!(samples.len(), 13);
        paths.extend(samples);
    }
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().get(..5).unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// The message in another version, where both have the same elements.
fn in_version(text: &str, version: &str) -> String {
    let text = text.replace("V3.13", version);
    if version == "V3.13" { text } else { text.replace("ImportSad", "ImportCustomsDeclaration") }
}

/// Over itself, and of its canonical document alone; no leaf is left over; as valid as before.
#[test]
fn messages_of_both_versions_come_back() {
    for (folder, schemas, version) in VERSIONS {
        for (name, text) in messages() {
            let (mapped, text) = (of(folder, &name), in_version(&text, version));
            let tree = mapped.recognised(&text).unwrap_or_else(|| panic!("{name} {version}"));
            let got = mapped.get_one(&tree);
            laws::counted(&tree, &got);
            assert_eq!(got.counts().residue, 0, "{name} {version}");
            let put = accounted(mapped.put_over(&got.document, &tree, &got), &got.document);
            assert_eq!(laws::over_differs(mapped, &put, &tree), None, "{name} {version}");
            assert_eq!(
                laws::comes_back(mapped, &got.document, Some((&tree, &got))),
                None,
                "{name} {version}"
            );
            assert_eq!(laws::comes_back(mapped, &got.document, None), None, "{name} {version}");
            assert_eq!(laws::needs_no_message(mapped, &got.document), None, "{name} {version}");
            assert_eq!(laws::alone_differs(mapped, &got, &tree), None, "{name} {version}");
            let schema = if name == "IE704" { "ie704uk".to_owned() } else { name.to_lowercase() };
            let Some(schema) = sample(&format!("uk-emcs/xsd/{schemas}/{schema}.xsd")) else { continue };
            let Some(mut judge) = Xmllint::by(&schema) else { continue };
            let alone = canonical(&got.document);
            judge.add(&text);
            judge.add(mapped.write(&mapped.put(&document(&alone)).tree).0);
            let verdicts = judge.verdicts();
            assert_eq!(verdicts[0], [""; 0], "{name} {version}");
            assert_eq!(verdicts[1], [""; 0], "{name} {version}");
        }
    }
}

/// Each is read as what it is, and as nothing else.
#[test]
fn a_version_is_told_by_its_namespace() {
    let (_, text) = messages().into_iter().find(|(name, _)| name == "IE815").unwrap();
    let later = in_version(&text, "V3.23");
    assert!(of("emcs/v2", "IE815").recognised(&later).is_some());
    assert!(of("emcs/v2", "IE815").recognised(&text).is_none());
}

const DRAFT: &[Triple] = &[
    ("EadEsadDraft[1]/LocalReferenceNumber[1]", "lrn", "EX2026112200001"),
    ("EadEsadDraft[1]/InvoiceNumber[1]", "invoice.number", "INV-2026-0042"),
    ("HeaderEadEsad[1]/DestinationTypeCode[1]", "additional_type", "1"),
    ("ConsigneeTrader[1]/Traderid[1]", "consignee.ids[0].value", "XI00000467014"),
    ("ConsignorTrader[1]/TraderExciseNumber[1]", "consignor.ids[0].value", "XIWK000467015"),
    ("ConsignorTrader[1]/StreetNumber[1]", "consignor.address.house_number", "7"),
    ("PlaceOfDispatchTrader[1]/ReferenceOfTaxWarehouse[1]", "goods_location.id", "XI00000467014"),
    ("TransportMode[1]/TransportModeCode[1]", "transport.inland_mode", "3"),
    ("BodyEadEsad[1]/CnCode[1]", "goods_items[sequence=1].commodity.codes[type=TSP].code", "22030001"),
    (
        "BodyEadEsad[1]/ExciseProductCode[1]",
        "goods_items[sequence=1].commodity.codes[type=excise].code",
        "B000",
    ),
    ("BodyEadEsad[1]/Quantity[1]", "goods_items[sequence=1].quantity.value", "120.5"),
    ("BodyEadEsad[1]/NetMass[1]", "goods_items[sequence=1].mass.net.value", "120.25"),
    ("BodyEadEsad[1]/Package[1]/NumberOfPackages[1]", "goods_items[sequence=1].packages[0].count", "10"),
    ("TransportDetails[1]/CommercialSealIdentification[1]", "equipment[0].seals[0].id", "SEAL-42"),
];

#[test]
fn a_draft_says_what_it_says() {
    let (_, text) = messages().into_iter().find(|(name, _)| name == "IE815").unwrap();
    let wire = "/IE815[1]/Body[1]/SubmittedDraftOfEADESAD[1]/";
    assert_eq!(broken(of("emcs", "IE815"), &text, wire, "", DRAFT), [""; 0]);
}
