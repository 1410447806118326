//! Responses: what the samples say where, checked by reading them.

use super::corpus::sample;
use crate::faults;
use crate::mapped::{Mapped, notification};
use crate::triples::{Triple, broken};

const RESPONSE: &str = "/MetaData[1]/Response[1]/";

/// A file, and what it says. `MetaData/Response` is left out of the wire paths.
type Checked = (&'static str, &'static [Triple]);

/// Accepted.
const ACCEPTED: Checked = (
    "annotated_XML_samples/TT_IM001a/Example_Notifications/01_DMSACC.xml",
    &[
        ("FunctionCode[1]", "native.code", "01"),
        ("FunctionalReferenceID[1]", "response_number", "42e66025ad574258b8a980ca3aec101e"),
        ("IssueDateTime[1]/DateTimeString[1]", "issued_at", "20240222100938Z"),
        ("IssueDateTime[1]/DateTimeString[1]/@formatCode", "issued_at_format", "304"),
        ("Declaration[1]/AcceptanceDateTime[1]/DateTimeString[1]", "accepted_at", "20240222100937Z"),
        ("Declaration[1]/FunctionalReferenceID[1]", "of.lrn", "7847767E1WB6"),
        ("Declaration[1]/ID[1]", "of.mrn", "24GB22WOA1EV2P6AR5"),
        ("Declaration[1]/VersionID[1]", "of.version", "1"),
    ],
);

/// Duties of the item, with the trader's account.
const TAX: Checked = (
    "annotated_XML_samples/TT_IM001a/Example_Notifications/03_DMSTAX.xml",
    &[
        ("Bank[1]/ReferenceID[1]", "payment.bank", "BARCGB22"),
        ("Bank[1]/ID[1]", "payment.account", "GB16BARC20051723372545"),
        ("Status[1]/NameCode[1]", "events[0].native.code", "4"),
    ],
);

/// Its item, below `Declaration/GoodsShipment/GovernmentAgencyGoodsItem`.
const DUTIES: Checked = (
    "annotated_XML_samples/TT_IM001a/Example_Notifications/03_DMSTAX.xml",
    &[
        ("SequenceNumeric[1]", "sequence", "1"),
        ("Commodity[1]/DutyTaxFee[1]/AdValoremTaxBaseAmount[1]", "duties[0].base_amount.amount", "1000.00"),
        (
            "Commodity[1]/DutyTaxFee[1]/AdValoremTaxBaseAmount[1]/@currencyID",
            "duties[0].base_amount.currency",
            "GBP",
        ),
        ("Commodity[1]/DutyTaxFee[1]/DeductAmount[1]", "duties[0].deducted.amount", "0.00"),
        ("Commodity[1]/DutyTaxFee[1]/DutyRegimeCode[1]", "duties[0].regime", "100"),
        ("Commodity[1]/DutyTaxFee[1]/TaxRateNumeric[1]", "duties[0].rate", "2.00"),
        ("Commodity[1]/DutyTaxFee[1]/TypeCode[1]", "duties[0].type", "A00"),
        ("Commodity[1]/DutyTaxFee[2]/TypeCode[1]", "duties[1].type", "B00"),
        ("Commodity[1]/DutyTaxFee[2]/Payment[1]/TaxAssessedAmount[1]", "duties[1].assessed.amount", "204.00"),
        ("Commodity[1]/DutyTaxFee[2]/Payment[1]/PaymentAmount[1]", "duties[1].payable.amount", "204.00"),
    ],
);

/// Rejected at the third commodity code of item 1.
const REJECTED: Checked = (
    "annotated_XML_samples/TT_IM116a/Example_Notifications/DMSREJ.xml",
    &[
        ("Error[1]/ValidationCode[1]", "errors[0].code", "CDS12056"),
        ("Error[1]/Pointer[1]", "errors[0].pointers[0].raw", "42A.67A.68A#1.23A.21A#3/337"),
        ("Error[2]/Pointer[1]", "errors[1].pointers[0].raw", "42A.67A.68A#1.23A.21A#3/145"),
        ("Declaration[1]/RejectionDateTime[1]/DateTimeString[1]", "rejected_at", "20230705160303Z"),
    ],
);

/// Documents wanted by a day.
const DOCUMENTS: Checked = (
    "annotated_XML_samples/TT_IM017a/Example_Notifications/03._DMSDOC.xml",
    &[
        ("AdditionalInformation[1]/StatementCode[1]", "information[0].code", "ACA"),
        ("AdditionalInformation[1]/StatementTypeCode[1]", "information[0].type", "ACA"),
        ("AdditionalInformation[1]/StatementDescription[1]", "information[0].text", ""),
        (
            "AdditionalInformation[1]/LimitDateTime[1]/DateTimeString[1]",
            "information[0].limit_at",
            "20240508145535Z",
        ),
    ],
);

/// Corrected: what was asked, and what changed.
const CORRECTED: Checked = (
    "annotated_XML_samples/TT_IM082a/Example_Notifications/10_DMSRES.xml",
    &[
        (
            "AdditionalInformation[3]/StatementDescription[1]",
            "information[2].text",
            "Amend Exporter Name Tag R031",
        ),
        ("AdditionalInformation[3]/Pointer[1]", "information[2].pointer.raw", "07B#1.06A#2"),
        ("Amendment[2]/ChangeReasonCode[1]", "delta.amendments[1].reason", "28"),
        ("{od}Declaration[1]/TotalPackageQuantity[1]", "delta.totals.packages", "53"),
        ("{od}Declaration[1]/Exporter[1]/Name[1]", "delta.exporter.name", "Detroit Cocoa Company"),
        ("Amendment[4]/Pointer[1]", "delta.amendments[3].target.raw", "42A.57A.04A/241"),
    ],
);

/// A hint of the authority, an export that left, and a duty by quantity.
const HINT: Checked = (
    "annotated_XML_samples/TT_IM116a/Example_Notifications/01_DMSACC.xml",
    &[
        ("Error[1]/Description[1]", "errors[0].text", "Weight appears too low per item"),
        ("AdditionalInformation[1]/StatementTypeCode[1]", "information[0].type", "1"),
    ],
);
const EXIT: Checked = (
    "annotated_XML_samples/TT_EX026a/Example_Notifications/05_DMSEOG.xml",
    &[("Status[1]/EffectiveDateTime[1]/DateTimeString[1]", "events[0].at", "20240125000000Z")],
);
const QUANTITY: Checked = (
    "annotated_XML_samples/TT_IM134a/Example_Notifications/06_DMSTAX(2).xml",
    &[(
        "Declaration[1]/GoodsShipment[1]/GovernmentAgencyGoodsItem[1]/Commodity[1]/DutyTaxFee[1]/SpecificTaxBaseQuantity[1]",
        "items[0].duties[0].base_quantity.value",
        "200.000000",
    )],
);

/// What none of the samples says: a cancellation's moment, a duty of the whole declaration, when and how to pay it.
const WRITTEN: &str = "<MetaData><Response><Declaration>\
    <CancellationDateTime><DateTimeString>20260101000000Z</DateTimeString></CancellationDateTime>\
    <DutyTaxFee><Payment><DueDateTime><DateTimeString>20260102000000Z</DateTimeString>\
    </DueDateTime><ReferenceID>P1</ReferenceID></Payment></DutyTaxFee>\
    </Declaration></Response></MetaData>";
const PAID: &[Triple] = &[
    ("Declaration[1]/CancellationDateTime[1]/DateTimeString[1]", "cancelled_at", "20260101000000Z"),
    (
        "Declaration[1]/DutyTaxFee[1]/Payment[1]/DueDateTime[1]/DateTimeString[1]",
        "duties[0].due_on",
        "20260102000000Z",
    ),
    ("Declaration[1]/DutyTaxFee[1]/Payment[1]/ReferenceID[1]", "duties[0].reference", "P1"),
];

/// The triples that do not hold; none where there are no samples.
fn all_broken(mapped: &Mapped) -> Vec<String> {
    let item = ("Declaration[1]/GoodsShipment[1]/GovernmentAgencyGoodsItem[1]/", "items[sequence=1].");
    let whole =
        [ACCEPTED, TAX, REJECTED, DOCUMENTS, CORRECTED, HINT, EXIT, QUANTITY].map(|file| (file, ("", "")));
    let broken = whole.into_iter().chain([(DUTIES, item)]).map(|((file, triples), (wire, canonical))| {
        let wire = format!("{RESPONSE}{wire}");
        sample(file).map(|text| broken(mapped, &text, &wire, canonical, triples)).unwrap_or_default()
    });
    let paid = crate::triples::broken(mapped, WRITTEN, RESPONSE, "", PAID);
    broken.flatten().chain(paid).collect()
}

#[test]
fn triples_hold() {
    assert_eq!(all_broken(notification()), [""; 0]);
}

/// The triples find every line that is left out and every two that are swapped.
#[test]
fn planted_faults_are_found() {
    if sample(ACCEPTED.0).is_none() {
        return;
    }
    let unfound = faults::unfound("wco/notification", &|mapped| !all_broken(mapped).is_empty());
    assert_eq!(unfound, [""; 0]);
}
