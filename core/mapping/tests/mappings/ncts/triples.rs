//! What messages of transit say where, checked by reading them.

use super::corpus::{PHASES, cases};
use crate::triples::{Triple, broken};

const HOUSE: &str = "Consignment[1]/HouseConsignment[1]/";

/// Below the root; the item's below its house.
const DECLARATION: &[Triple] = &[
    ("messageSender[1]", "envelope.sender", "GB123456789000"),
    ("preparationDateAndTime[1]", "envelope.prepared_at", "2026-11-22T09:30:00"),
    ("messageIdentification[1]", "envelope.message_id", "TRANSIT20261122001"),
    ("TransitOperation[1]/LRN[1]", "lrn", "TR2026112200001"),
    ("TransitOperation[1]/declarationType[1]", "direction", "T1"),
    ("TransitOperation[1]/additionalDeclarationType[1]", "additional_type", "A"),
    ("TransitOperation[1]/security[1]", "security", "2"),
    ("TransitOperation[1]/reducedDatasetIndicator[1]", "reduced_data_set", "false"),
    ("TransitOperation[1]/bindingItinerary[1]", "binding_itinerary", "false"),
    ("TransitOperation[1]/limitDate[1]", "limit_date", "2026-12-01"),
    ("Authorisation[1]/referenceNumber[1]", "authorisations[0].number", "GBACR123456"),
    ("CustomsOfficeOfDeparture[1]/referenceNumber[1]", "office.departure.code", "GB000060"),
    ("CustomsOfficeOfDestinationDeclared[1]/referenceNumber[1]", "office.destination.code", "DE004851"),
    (
        "CustomsOfficeOfTransitDeclared[1]/arrivalDateAndTimeEstimated[1]",
        "office.transit[0].arrival_at",
        "2026-11-24T08:00:00",
    ),
    (
        "HolderOfTheTransitProcedure[1]/identificationNumber[1]",
        "transit_holder.ids[0].value",
        "GB123456789000",
    ),
    ("HolderOfTheTransitProcedure[1]/Address[1]/city[1]", "transit_holder.address.city", "Dover"),
    ("Representative[1]/status[1]", "representative.status", "2"),
    ("Guarantee[1]/GuaranteeReference[1]/GRN[1]", "guarantees[0].references[0].grn", "26GB0000010000017"),
    (
        "Guarantee[1]/GuaranteeReference[1]/amountToBeCovered[1]",
        "guarantees[0].references[0].amount.amount",
        "12500.00",
    ),
    ("Guarantee[1]/GuaranteeReference[1]/currency[1]", "guarantees[0].references[0].amount.currency", "GBP"),
    ("Consignment[1]/containerIndicator[1]", "transport.containerised", "true"),
    ("Consignment[1]/grossMass[1]", "totals.gross_mass.value", "2140.5"),
    (
        "Consignment[1]/TransportEquipment[1]/Seal[1]/identifier[1]",
        "equipment[sequence=1].seals[0].id",
        "SEAL-0042",
    ),
    ("Consignment[1]/LocationOfGoods[1]/UNLocode[1]", "goods_location.id", "GBDVR"),
    (
        "Consignment[1]/ActiveBorderTransportMeans[1]/conveyanceReferenceNumber[1]",
        "transport.border[0].conveyance_reference",
        "P042",
    ),
    ("Consignment[1]/TransportCharges[1]/methodOfPayment[1]", "transport.charges_payment", "A"),
    ("Consignment[1]/PreviousDocument[1]/type[1]", "previous_documents[0].type", "N830"),
    ("Consignment[1]/HouseConsignment[1]/grossMass[1]", "houses[sequence=1].gross_mass.value", "2140.5"),
];

const ITEM: &[Triple] = &[
    ("declarationGoodsItemNumber[1]", "sequence", "2"),
    ("goodsItemNumber[1]", "sequence_in_house", "2"),
    ("Commodity[1]/descriptionOfGoods[1]", "description", "Tableware of plastics"),
    ("Commodity[1]/DangerousGoods[1]/UNNumber[1]", "commodity.dangerous[0].un_number", "1263"),
    ("Commodity[1]/GoodsMeasure[1]/grossMass[1]", "mass.gross.value", "2000"),
    ("Commodity[1]/GoodsMeasure[1]/netMass[1]", "mass.net.value", "120.25"),
    ("Packaging[1]/numberOfPackages[1]", "packages[0].count", "10"),
    ("PreviousDocument[1]/quantity[1]", "previous_documents[0].quantity.value", "120.25"),
    ("PreviousDocument[1]/measurementUnitAndQualifier[1]", "previous_documents[0].quantity.unit", "KGM"),
    ("SupportingDocument[1]/documentLineItemNumber[1]", "documents[0].line", "1"),
];

const REJECTION: &[Triple] = &[
    ("TransitOperation[1]/LRN[1]", "of.lrn", "TR2026112200001"),
    ("TransitOperation[1]/rejectionDateAndTime[1]", "rejected_at", "2026-11-22T09:31:00"),
    ("TransitOperation[1]/rejectionReason[1]", "native.text", "the declaration breaks a rule"),
    ("TransitOperation[1]/businessRejectionType[1]", "extensions.eu_ncts.rejected_message", "015"),
    ("FunctionalError[1]/errorCode[1]", "errors[0].code", "14"),
    ("FunctionalError[1]/errorReason[1]", "errors[0].text", "R0221"),
    ("FunctionalError[1]/originalAttributeValue[1]", "errors[0].original_value", "2140.5"),
    ("CustomsOfficeOfDeparture[1]/referenceNumber[1]", "office.departure.code", "GB000060"),
];

const RELEASE: &[Triple] = &[
    ("TransitOperation[1]/MRN[1]", "of.mrn", "26GB1234567890ABK5"),
    ("TransitOperation[1]/releaseDate[1]", "released_at", "2026-11-22"),
    ("TransitOperation[1]/declarationType[1]", "declaration.direction", "T1"),
    ("ControlResult[1]/code[1]", "controls[0].result", "A3"),
    ("Guarantee[1]/guaranteeType[1]", "declaration.guarantees[0].type", "1"),
    (
        "Consignment[1]/HouseConsignment[1]/ConsignmentItem[1]/Commodity[1]/GoodsMeasure[1]/grossMass[1]",
        "declaration.goods_items[sequence=1].mass.gross.value",
        "140.5",
    ),
];

const INVALIDATION: &[Triple] = &[
    ("Invalidation[1]/decision[1]", "decisions[0].outcome", "granted"),
    ("Invalidation[1]/decisionDateAndTime[1]", "decisions[0].at", "2026-11-22T12:00:00"),
    ("Invalidation[1]/initiatedByCustoms[1]", "decisions[0].by_customs", "false"),
    ("Invalidation[1]/justification[1]", "decisions[0].reason", "the goods were sold before they left"),
];

#[test]
fn messages_say_what_they_say() {
    let [_, phase] = PHASES;
    let item = format!("{HOUSE}ConsignmentItem[2]/");
    let checked: [(&str, &str, &str, &[Triple]); 5] = [
        ("CC015C", "", "", DECLARATION),
        ("CC015C", &item, "goods_items[sequence=2].", ITEM),
        ("CC056C", "", "", REJECTION),
        ("CC029C", "", "", RELEASE),
        ("CC009C", "", "", INVALIDATION),
    ];
    let cases = cases();
    for (message, wire, path, triples) in checked {
        let case = cases.iter().find(|case| case.message == message).unwrap();
        let wire = format!("/{message}[1]/{wire}");
        assert_eq!(broken(phase.mapped(message), &case.text, &wire, path, triples), [""; 0]);
    }
}
