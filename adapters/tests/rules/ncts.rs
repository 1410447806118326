//! Transit: each condition and rule, broken by one change of a message that breaks none.

use std::collections::BTreeSet;
use std::fs;

use dragoman_adapters::{Catalogue, Data, Ruled, receive};
use dragoman_samples::{files, sample};
use dragoman_syntax::validate;
use dragoman_tree::Severity;
use jiff::civil::{Date, date};

const DAY: Date = date(2026, 6, 10);

/// The numbers of the rules that a message breaks, and whether its form is broken.
fn broken(catalogue: &Catalogue, name: &str, text: &[u8]) -> (BTreeSet<String>, bool) {
    let message = catalogue.message(name).unwrap();
    let ruled = Ruled::of(catalogue, &message, DAY).unwrap();
    let (mut numbers, mut form) = (BTreeSet::new(), false);
    receive(catalogue, &message, text, &mut |received| {
        let found = ruled.as_ref().map(|ruled| ruled.broken(&received)).unwrap_or_default();
        for finding in found {
            assert!(
                finding.span.is_some() && finding.wire_path.is_some() && finding.hint.is_some(),
                "{finding:?}"
            );
            numbers.insert(finding.authority.unwrap().number);
        }
        let findings = received.grammar.into_iter().flat_map(|grammar| validate(received.tree, grammar));
        form |= findings.into_iter().any(|finding| finding.severity == Severity::Error);
    });
    (numbers, form)
}

fn case(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/eu-ncts/cases");
    fs::read_to_string(format!("{folder}/{name}.in")).unwrap()
}

/// A message, the rule, and the change that breaks it: the first of the two texts becomes the second.
const CHANGES: [(&str, &str, &str, &str); 68] = [
    ("CC015C", "C0411", "<declarationType>T1<", "<declarationType>TIR<"),
    ("CC015C", "C0904", "<declarationType>T1<", "<declarationType>TIR<"),
    ("CC015C", "C0101", "<Authorisation>", ""),
    ("CC015C", "R0350", "<inlandModeOfTransport>3<", "<inlandModeOfTransport>4<"),
    ("CC013C", "C0467", "<LRN>TR2026112200001</LRN>", ""),
    (
        "CC015C",
        "C0250",
        "<identificationNumber>GB123456789000</identificationNumber>\n      <name>Silk &amp; Co</name>",
        "",
    ),
    ("CC015C", "C0542", "<HouseConsignment>", "<HouseConsignment><Consignor/>"),
    ("CC015C", "C0001", "<HouseConsignment>", "<HouseConsignment><Consignee/>"),
    ("CC015C", "C0130", "<guaranteeType>1<", "<guaranteeType>8<"),
    ("CC015C", "R0318", "<GRN>26GB0000010000017<", "<GRN>26GB00000100000171<"),
    ("CC015C", "C0599", "<modeOfTransportAtTheBorder>1</modeOfTransportAtTheBorder>", ""),
    ("CC015C", "C0806", "<modeOfTransportAtTheBorder>1<", "<modeOfTransportAtTheBorder>5<"),
    ("CC015C", "C0531", "<conveyanceReferenceNumber>P042</conveyanceReferenceNumber>", ""),
    ("CC015C", "R0315", ">P042<", ">FLIGHT<"),
    ("CC015C", "C0403", "<PlaceOfLoading>", "<Gone>"),
    ("CC015C", "C0586", "<CountryOfRoutingOfConsignment>", "<Gone>"),
    ("CC015C", "R3061", "\n          <code>20300<", "\n          <code>30600<"),
    ("CC015C", "C0191", "<security>2<", "<security>0<"),
    ("CC015C", "C0186", "<security>2<", "<security>0<"),
    ("CC015C", "C0387", "<UNLocode>GBDVR</UNLocode>\n      <country>GB</country>", ""),
    (
        "CC015C",
        "C0337",
        "</HouseConsignment>",
        "<TransportCharges><methodOfPayment>A</methodOfPayment></TransportCharges></HouseConsignment>",
    ),
    ("CC015C", "C0394", "<qualifierOfIdentification>U<", "<qualifierOfIdentification>Z<"),
    (
        "CC015C",
        "C0671",
        "<UNLocode>GBDVR</UNLocode>",
        "<additionalIdentifier>A1</additionalIdentifier><UNLocode>GBDVR</UNLocode>",
    ),
    ("CC015C", "C0055", "<containerIndicator>1<", "<containerIndicator>0<"),
    ("CC015C", "C0569", "<numberOfSeals>1<", "<numberOfSeals>0<"),
    ("CC015C", "R0106", "<numberOfSeals>1<", "<numberOfSeals>2<"),
    (
        "CC015C",
        "R0448",
        "<containerIdentificationNumber>MSCU1234566</containerIdentificationNumber>\n      <numberOfSeals>1<",
        "<numberOfSeals>0<",
    ),
    ("CC015C", "C0670", "<TransportEquipment>", "<TransportEquipment/><TransportEquipment>"),
    ("CC015C", "R0473", "<identificationNumber>AB12 CDE<", "<identificationNumber>ab12 cde<"),
    ("CC015C", "R0472", "<inlandModeOfTransport>3<", "<inlandModeOfTransport>1<"),
    ("CC015C", "C0502", "<HouseConsignment>", "<HouseConsignment><referenceNumberUCR>7</referenceNumberUCR>"),
    (
        "CC015C",
        "R0416",
        "\n        <type>N830</type>\n        <referenceNumber>26GB0123456789ABA1<",
        "\n        <type>N830</type>\n        <referenceNumber>26GB0123456789ABC1<",
    ),
    ("CC015C", "R0994", "<grossMass>2140.5<", "<grossMass>2140.4<"),
    ("CC015C", "R0983", "<grossMass>2000<", "<grossMass>2001<"),
    ("CC015C", "R0223", "<netMass>120.25<", "<netMass>140.51<"),
    ("CC015C", "R0221", "<grossMass>140.5</grossMass>\n", "<grossMass>0</grossMass>\n"),
    ("CC015C", "C0045", "<ConsignmentItem>", "<ConsignmentItem><declarationType>T1</declarationType>"),
    ("CC015C", "C0343", "<countryOfDestination>DE</countryOfDestination>", ""),
    ("CC015C", "C0153", "<CommodityCode>", "<Gone>"),
    (
        "CC015C",
        "C0060",
        "<numberOfPackages>10</numberOfPackages>\n          <shippingMarks>",
        "<shippingMarks>",
    ),
    ("CC015C", "C0298", "<quantity>120.25</quantity>", ""),
    (
        "CC015C",
        "R0987",
        "<HouseConsignment>\n      <sequenceNumber>1<",
        "<HouseConsignment>\n      <sequenceNumber>2<",
    ),
    (
        "CC015C",
        "R0988",
        "<goodsItemNumber>2</goodsItemNumber>\n        <declaration",
        "<goodsItemNumber>3</goodsItemNumber>\n        <declaration",
    ),
    ("CC015C", "R0007", "<declarationGoodsItemNumber>2<", "<declarationGoodsItemNumber>3<"),
    ("CC015C", "recipient", "<messageRecipient>NTA.GB<", "<messageRecipient>HMRC<"),
    ("CC015C", "office", "<messageRecipient>NTA.GB<", "<messageRecipient>NTA.XI<"),
    ("CC014C", "C0129", "<initiatedByCustoms>0<", "<initiatedByCustoms>1<"),
    ("CC014C", "C0137", "<justification>the goods were sold before they left</justification>", ""),
    ("CC014C", "C0128", "<initiatedByCustoms>", "<decision>1</decision><initiatedByCustoms>"),
    ("CC007C", "C0102", "<simplifiedProcedure>0<", "<simplifiedProcedure>1<"),
    ("CC015C", "CL171", ">GB000060<", ">GB000061<"),
    // The list has it, but not for that.
    ("CC015C", "CL172", ">DE004851<", ">DE004600<"),
    ("CC015C", "CL173", ">FR620001<", ">GB000246<"),
    (
        "CC015C",
        "CL175",
        "<CustomsOfficeOfExitForTransitDeclared>\n    <sequenceNumber>1</sequenceNumber>\n    <referenceNumber>FR620001<",
        "<CustomsOfficeOfExitForTransitDeclared><referenceNumber>GB000060<",
    ),
    ("CC015C", "CL141", "AtBorderReferenceNumber>FR620001<", "AtBorderReferenceNumber>FR620009<"),
    ("CC015C", "CL008", "<countryOfDispatch>GB<", "<countryOfDispatch>UK<"),
    ("CC015C", "CL248", "<country>GB<", "<country>UK<"),
    (
        "CC015C",
        "CL190",
        "<UNLocode>GBDVR</UNLocode>",
        "<PostcodeAddress><country>UK</country></PostcodeAddress>",
    ),
    ("CC015C", "CL009", "<UNLocode>GBDVR</UNLocode>", "<Address><country>US</country></Address>"),
    ("CC015C", "CL244", "<UNLocode>GBDVR<", "<UNLocode>GBDRV<"),
    ("CC014C", "CL171", ">GB000060<", ">GB000061<"),
    ("CC007C", "CL172", ">DE004851<", ">DE004600<"),
    ("CC170C", "CL141", "AtBorderReferenceNumber>FR620001<", "AtBorderReferenceNumber>FR620009<"),
    ("CC170C", "CL008", "<country>GB</country>\n      <location>", "<country>UK</country><location>"),
    ("CC170C", "CL248", "<country>GB<", "<country>UK<"),
    (
        "CC007C",
        "CL190",
        "<UNLocode>GBDVR</UNLocode>",
        "<PostcodeAddress><country>UK</country></PostcodeAddress>",
    ),
    ("CC007C", "CL009", "<UNLocode>GBDVR</UNLocode>", "<Address><country>US</country></Address>"),
    ("CC007C", "CL244", "<UNLocode>GBDVR<", "<UNLocode>GBDRV<"),
];

#[test]
fn the_cases_break_no_rule() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    for name in ["CC007C", "CC013C", "CC014C", "CC015C", "CC044C", "CC170C"] {
        let (numbers, form) = broken(&catalogue, &format!("eu-ncts/{name}"), case(name).as_bytes());
        assert!(numbers.is_empty() && !form, "{name}: {numbers:?}");
    }
}

#[test]
fn each_rule_is_broken_by_its_change() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    for (name, number, from, to) in CHANGES {
        let text = case(name);
        // Some rules need another change besides.
        let text = match number {
            "C0101" | "R0350" => text.replace("Indicator>0</reduced", "Indicator>1</reduced"),
            "C0403" => text.replace("</PlaceOfLoading>", "</Gone>"),
            "C0586" => text.replace("</CountryOfRoutingOfConsignment>", "</Gone>"),
            "C0531" | "R0315" => text.replace("AtTheBorder>1<", "AtTheBorder>4<"),
            _ => text,
        };
        assert!(text.contains(from), "{number}: {from}");
        let mut changed = text.replacen(from, to, 1);
        if number == "C0101" {
            let (start, rest) = text.split_once("<Authorisation>").unwrap();
            let (_, end) = rest.split_once("</Authorisation>").unwrap();
            changed = format!("{start}{end}");
        }
        let (numbers, _) = broken(&catalogue, &format!("eu-ncts/{name}"), changed.as_bytes());
        assert!(numbers.contains(number), "{number}: {numbers:?}");
    }
}

/// No rule is without a change that breaks it.
#[test]
fn each_rule_is_tried() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    for (file, requests) in [("rules/ncts", false), ("rules/ncts-requests", true)] {
        let tried = |number: &str| {
            CHANGES
                .iter()
                .any(|(name, known, ..)| *known == number && requests != ["CC013C", "CC015C"].contains(name))
        };
        // C0467 of a request is that of an amendment, and the two about recipients are those of a declaration.
        let same = ["C0467", "C0671", "recipient", "office"];
        for check in &catalogue.checks(file).unwrap().list {
            let is_same = requests && same.contains(&&*check.number);
            assert!(tried(&check.number) || is_same, "{file}: {}", check.number);
        }
    }
}

/// What a code list lacks is told with what is near it there, or with what the list says of it.
#[test]
fn an_unknown_code_is_told_with_the_nearest() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let message = catalogue.message("eu-ncts/CC015C").unwrap();
    let ruled = Ruled::of(&catalogue, &message, DAY).unwrap().unwrap();
    let text = case("CC015C").replace(">GB000060<", ">GB000061<").replace(">DE004851<", ">DE004600<");
    let mut hints = Vec::new();
    receive(&catalogue, &message, text.as_bytes(), &mut |received| {
        hints.extend(ruled.broken(&received).into_iter().map(|finding| {
            assert_eq!(finding.severity, Severity::Warning);
            (finding.authority.unwrap().number, finding.hint.unwrap())
        }));
    });
    let hint = |number: &str| &hints.iter().find(|(known, _)| known == number).unwrap().1;
    let near = "near it in the list of 2024-11-05: GB000060 (Dover/Folkestone Eurotunnel Freight)";
    assert!(hint("CL171").contains(near), "{}", hint("CL171"));
    let said = "the list of 2024-11-05 says of DE004600 (Hamburg): ";
    assert!(hint("CL172").contains(said) && !hint("CL172").contains(" DES "), "{}", hint("CL172"));
}

/// Messages that are published as invalid get an error, of their form or of a rule.
#[test]
fn what_is_named_invalid_is_found() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let Some(folder) = sample("uk-ncts/samples-v2_1-phase5") else { return };
    let mut invalid = 0;
    for path in files(&folder, &["xml"]) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.contains("invalid") {
            let message = format!("eu-ncts/{}", name.get(..6).unwrap().to_uppercase());
            let (numbers, form) = broken(&catalogue, &message, &fs::read(&path).unwrap());
            assert!(!numbers.is_empty() || form, "{name}");
            invalid += 1;
        }
    }
    assert_eq!(invalid, 14);
}
