//! Declarations: what the samples say where, checked by reading them.

use super::corpus::sample;
use super::identifiers::disagreements;
use crate::faults;
use crate::mapped::{Mapped, declaration};
use crate::triples::{Triple, broken};

const DECLARATION: &str = "/MetaData[1]/Declaration[1]/";

/// A file, and what it says. `MetaData/Declaration` is left out of the wire paths.
type Checked = (&'static str, &'static [Triple]);

/// A standard import of one item (data set H1).
const IMPORT: Checked = (
    "annotated_XML_samples/TT_IM001a/Step1_TT_IM001a.xml",
    &[
        ("FunctionCode[1]", "function", "9"),
        ("FunctionalReferenceID[1]", "lrn", "7847767E1WB6"),
        ("TypeCode[1]", "direction", "IM"),
        ("TypeCode[1]", "additional_type", "A"),
        ("GoodsItemQuantity[1]", "totals.items", "1"),
        ("TotalPackageQuantity[1]", "totals.packages", "50"),
        ("AdditionalDocument[1]/ID[1]", "deferred_payments[0].id", "1108654"),
        ("Agent[1]/FunctionCode[1]", "representative.status", "2"),
        ("AuthorisationHolder[2]/CategoryCode[1]", "authorisations[1].type", "DPO"),
        ("AuthorisationHolder[2]/ID[1]", "authorisations[1].holder.value", "GB553202734852"),
        ("BorderTransportMeans[1]/ModeCode[1]", "transport.border_mode", "1"),
        ("BorderTransportMeans[1]/RegistrationNationalityCode[1]", "transport.border[0].nationality", "US"),
        ("Declarant[1]/ID[1]", "declarant.ids[0].value", "GB603202734852"),
        ("Exporter[1]/Name[1]", "exporter.name", "US Clipper Inc."),
        ("Exporter[1]/Address[1]/Line[1]", "exporter.address.street[0]", "1 Shaver Street"),
        ("Exporter[1]/Address[1]/PostcodeID[1]", "exporter.address.postal_code", "NY1 234"),
        ("GoodsShipment[1]/Importer[1]/ID[1]", "importer.ids[0].value", "GB553202734852"),
        ("GoodsShipment[1]/TransactionNatureCode[1]", "transaction_nature", "1"),
        ("GoodsShipment[1]/Consignment[1]/ContainerCode[1]", "transport.containerised", "true"),
        (
            "GoodsShipment[1]/Consignment[1]/ArrivalTransportMeans[1]/ID[1]",
            "transport.arrival[0].id",
            "12345",
        ),
        ("GoodsShipment[1]/Consignment[1]/GoodsLocation[1]/Name[1]", "goods_location.name", "WLALONBTW"),
        ("GoodsShipment[1]/Consignment[1]/GoodsLocation[1]/TypeCode[1]", "goods_location.type", "A"),
        (
            "GoodsShipment[1]/Consignment[1]/GoodsLocation[1]/Address[1]/TypeCode[1]",
            "goods_location.qualifier",
            "U",
        ),
        (
            "GoodsShipment[1]/Consignment[1]/TransportEquipment[1]/ID[1]",
            "equipment[sequence=1].id",
            "AD12345",
        ),
        ("GoodsShipment[1]/Destination[1]/CountryCode[1]", "destination.country", "GB"),
        ("GoodsShipment[1]/ExportCountry[1]/ID[1]", "dispatch.country", "US"),
        ("GoodsShipment[1]/TradeTerms[1]/ConditionCode[1]", "delivery_terms.code", "CIF"),
        ("GoodsShipment[1]/TradeTerms[1]/LocationID[1]", "delivery_terms.unlocode", "GBWLA"),
        ("GoodsShipment[1]/PreviousDocument[2]/TypeCode[1]", "previous_documents[1].type", "355"),
        ("GoodsShipment[1]/PreviousDocument[2]/LineNumeric[1]", "previous_documents[1].line", "1"),
        ("ObligationGuarantee[1]/ID[1]", "guarantees[0].other_reference", "GBCGU55320273485220191113093459"),
        ("ObligationGuarantee[1]/SecurityDetailsCode[1]", "guarantees[0].type", "1"),
    ],
);

/// Its item, below `GoodsShipment/GovernmentAgencyGoodsItem`.
const ITEM: Checked = (
    "annotated_XML_samples/TT_IM001a/Step1_TT_IM001a.xml",
    &[
        ("SequenceNumeric[1]", "sequence", "1"),
        ("AdditionalDocument[2]/CategoryCode[1]", "documents[1].category", "N"),
        ("AdditionalDocument[2]/TypeCode[1]", "documents[1].type", "935"),
        ("AdditionalDocument[2]/LPCOExemptionCode[1]", "documents[1].status", "AC"),
        ("Commodity[1]/Classification[1]/ID[1]", "commodity.codes[0].code", "85109000"),
        ("Commodity[1]/Classification[2]/IdentificationTypeCode[1]", "commodity.codes[1].type", "TRC"),
        ("Commodity[1]/DutyTaxFee[1]/DutyRegimeCode[1]", "duties[0].regime", "100"),
        ("Commodity[1]/DutyTaxFee[1]/TypeCode[1]", "duties[0].type", "A00"),
        ("Commodity[1]/DutyTaxFee[2]/Payment[1]/MethodCode[1]", "duties[1].method", "E"),
        ("Commodity[1]/GoodsMeasure[1]/GrossMassMeasure[1]", "mass.gross.value", "150"),
        ("Commodity[1]/GoodsMeasure[1]/NetNetWeightMeasure[1]", "mass.net.value", "100"),
        ("Commodity[1]/InvoiceLine[1]/ItemChargeAmount[1]", "price.amount", "1000"),
        ("Commodity[1]/InvoiceLine[1]/ItemChargeAmount[1]/@currencyID", "price.currency", "GBP"),
        ("CustomsValuation[1]/MethodCode[1]", "valuation.method", "1"),
        ("ValuationAdjustment[1]/AdditionCode[1]", "valuation.indicators", "0000"),
        ("GovernmentProcedure[1]/CurrentCode[1]", "procedure.requested", "40"),
        ("GovernmentProcedure[1]/PreviousCode[1]", "procedure.previous", "00"),
        ("GovernmentProcedure[2]/CurrentCode[1]", "procedure.additional[0]", "000"),
        ("Origin[1]/CountryCode[1]", "origins[0].country", "US"),
        ("Origin[1]/TypeCode[1]", "origins[0].type", "1"),
        ("Packaging[1]/MarksNumbersID[1]", "packages[0].marks", "BX-1234228/34"),
        ("Packaging[1]/QuantityQuantity[1]", "packages[0].count", "50"),
        ("Packaging[1]/TypeCode[1]", "packages[0].type", "BX"),
    ],
);

/// A pre-lodged export (data set B1).
const EXPORT: Checked = (
    "annotated_XML_samples/TT_EX001a/TT_EX001a.xml",
    &[
        ("TypeCode[1]", "direction", "EX"),
        ("TypeCode[1]", "additional_type", "D"),
        ("BorderTransportMeans[1]/ID[1]", "transport.border[0].id", "CSCLGLOBE"),
        ("BorderTransportMeans[1]/IdentificationTypeCode[1]", "transport.border[0].id_type", "11"),
        ("Consignment[1]/Carrier[1]/ID[1]", "carrier.ids[0].value", "GB025115100010"),
        ("Consignment[1]/Freight[1]/PaymentMethodCode[1]", "transport.charges_payment", "D"),
        ("Consignment[1]/Itinerary[2]/RoutingCountryCode[1]", "itinerary[1].country", "CA"),
        ("ExitOffice[1]/ID[1]", "office.exit.code", "GB000040"),
        ("GoodsShipment[1]/Consignee[1]/Address[1]/CityName[1]", "consignee.address.city", "New York"),
        (
            "GoodsShipment[1]/Consignment[1]/DepartureTransportMeans[1]/ID[1]",
            "transport.departure[0].id",
            "CSCLGLOBE",
        ),
        (
            "GoodsShipment[1]/Consignment[1]/TransportEquipment[1]/Seal[1]/ID[1]",
            "equipment[0].seals[0].id",
            "333",
        ),
    ],
);

/// An amendment of one price, and a cancellation.
const AMENDMENT: Checked = (
    "annotated_XML_samples/TT_IM002b/TT_IM002b_Amendment.xml",
    &[
        ("FunctionCode[1]", "function", "13"),
        ("ID[1]", "mrn", "20GB32VVZI0YMFGVR0"),
        ("TypeCode[1]", "kind", "amendment"),
        ("AdditionalInformation[1]/StatementTypeCode[1]", "additional_information[0].type", "AES"),
        ("Amendment[1]/ChangeReasonCode[1]", "amendments[0].reason", "21"),
        ("Amendment[1]/Pointer[1]", "amendments[0].target.raw", "42A#1.67A#1.68A#1.23A#1.79A#1/112"),
    ],
);
const CANCELLATION: Checked = (
    "annotated_XML_samples/TT_IM011a/TT_IM011a_Cancellation.xml",
    &[
        ("TypeCode[1]", "kind", "cancellation"),
        ("Submitter[1]/ID[1]", "submitter.ids[0].value", "GB427168118378"),
        (
            "AdditionalInformation[1]/StatementDescription[1]",
            "additional_information[0].text",
            "This is a duplicate declaration, please cancel",
        ),
    ],
);

/// Modes inland, of an import and an export.
const INWARD: Checked = (
    "annotated_XML_samples/TT_IM034b/TT_IM034b.xml",
    &[("GoodsShipment[1]/Consignment[1]/ArrivalTransportMeans[1]/ModeCode[1]", "transport.inland_mode", "3")],
);
const OUTWARD: Checked = (
    "annotated_XML_samples/TT_EX005a/TT_EX005a.xml",
    &[(
        "GoodsShipment[1]/Consignment[1]/DepartureTransportMeans[1]/ModeCode[1]",
        "transport.inland_mode",
        "3",
    )],
);

/// What none of the samples says: how to reach parties, by the codes of UN/CEFACT's list 3155.
const COMMUNICATIONS: &str = "<MetaData><Declaration>\
    <Declarant><Communication><ID>+44 1632 960001</ID><TypeCode>TE</TypeCode></Communication></Declarant>\
    <Exporter><Communication><ID>a@example.com</ID><TypeCode>EM</TypeCode></Communication></Exporter>\
    <GoodsShipment><Importer><Communication><ID>2</ID><TypeCode>FX</TypeCode></Communication></Importer></GoodsShipment>\
    </Declaration></MetaData>";
const REACHED: &[Triple] = &[
    ("Declarant[1]/Communication[1]/ID[1]", "declarant.contact.phone", "+44 1632 960001"),
    ("Exporter[1]/Communication[1]/ID[1]", "exporter.contact.email", "a@example.com"),
    ("GoodsShipment[1]/Importer[1]/Communication[1]/ID[1]", "importer.contact.fax", "2"),
];

/// The triples that do not hold; none where there are no samples.
fn all_broken(mapped: &Mapped) -> Vec<String> {
    let item = ("GoodsShipment[1]/GovernmentAgencyGoodsItem[1]/", "goods_items[sequence=1].");
    let whole = [IMPORT, EXPORT, AMENDMENT, CANCELLATION, INWARD, OUTWARD].map(|file| (file, ("", "")));
    let reached = broken(mapped, COMMUNICATIONS, DECLARATION, "", REACHED);
    let broken = whole.into_iter().chain([(ITEM, item)]).map(|((file, triples), (wire, canonical))| {
        let wire = format!("{DECLARATION}{wire}");
        sample(file).map(|text| broken(mapped, &text, &wire, canonical, triples)).unwrap_or_default()
    });
    broken.flatten().chain(reached).collect()
}

#[test]
fn triples_hold() {
    assert_eq!(all_broken(declaration()), [""; 0]);
}

/// The triples or the numbers of the dictionary find every line that is left out and every two that are swapped.
#[test]
fn planted_faults_are_found() {
    if sample(IMPORT.0).is_none() {
        return;
    }
    let finds = |mapped: &Mapped| !all_broken(mapped).is_empty() || !disagreements(mapped).is_empty();
    let unfound = faults::unfound("wco/declaration", &finds);
    assert_eq!(unfound, [""; 0]);
}
