//! Declarations: hand-checked triples and planted faults.

use super::support::{CUSDEC, CUSDEC_99B, DIRECTORIES, case_of, reads_otherwise};
use crate::faults;
use crate::mapped::Mapped;
use crate::triples::{Triple, broken};

/// Checked by hand against the code lists of the directories and the canonical model's table.
pub const TRIPLES: &[Triple] = &[
    ("/CUSDEC[1]/UNB[1]/S002[1]/0004[1]", "envelope.sender", "GBTRADER01"),
    ("/CUSDEC[1]/UNB[1]/S004[1]/0017[1]", "envelope.prepared_at", "2611220930"),
    ("/CUSDEC[1]/BGM[1]/C002[1]/1001[1]", "direction", "IM"),
    ("/CUSDEC[1]/BGM[1]/C106[1]/1004[1]", "lrn", "TT-2026-0042"),
    ("/CUSDEC[1]/BGM[1]/1225[1]", "function", "9"),
    ("/CUSDEC[1]/CST[1]/C246[1]/7361[1]", "additional_type", "A"),
    ("/CUSDEC[1]/LOC[1]/C517[1]/3225[1]", "office.declaration.code", "GB000060"),
    ("/CUSDEC[1]/LOC[2]/C517[1]/3225[1]", "office.first_entry.code", "GB000040"),
    ("/CUSDEC[1]/LOC[3]/C517[1]/3225[1]", "office.exit.code", "FR001234"),
    ("/CUSDEC[1]/LOC[4]/C517[1]/3225[1]", "dispatch.country", "CN"),
    ("/CUSDEC[1]/LOC[6]/C517[1]/3225[1]", "destination.country", "GB"),
    ("/CUSDEC[1]/LOC[9]/C517[1]/3225[1]", "itinerary[1].country", "NL"),
    ("/CUSDEC[1]/LOC[10]/C517[1]/3224[1]", "goods_location.name", "Felixstowe"),
    ("/CUSDEC[1]/LOC[12]/C517[1]/3225[1]", "transport.loading.id", "CNSHA"),
    ("/CUSDEC[1]/LOC[13]/C517[1]/3225[1]", "transport.unloading.id", "GBFXT"),
    ("/CUSDEC[1]/DTM[1]/C507[1]/2380[1]", "issued_at", "202611220915"),
    ("/CUSDEC[1]/DTM[2]/C507[1]/2380[1]", "accepted_at", "20261123"),
    ("/CUSDEC[1]/DTM[4]/C507[1]/2380[1]", "transport.arrival_at", "202611240600"),
    ("/CUSDEC[1]/MEA[1]/C174[1]/6314[1]", "totals.gross_mass.value", "125.500"),
    ("/CUSDEC[1]/MEA[2]/C174[1]/6314[1]", "totals.net_mass.value", "110"),
    ("/CUSDEC[1]/EQD[1]/C237[1]/8260[1]", "equipment[0].id", "MSKU1234567"),
    ("/CUSDEC[1]/FTX[3]/C107[1]/4441[1]", "authorisations[0].type", "CGU"),
    ("/CUSDEC[1]/<RFF>[1]/RFF[1]/C506[1]/1154[1]", "mrn", "26GB0000000000ABC1"),
    ("/CUSDEC[1]/<RFF>[2]/RFF[1]/C506[1]/1154[1]", "ucr", "6GB123456789012-PO77"),
    ("/CUSDEC[1]/<RFF>[3]/RFF[1]/C506[1]/1154[1]", "trader_reference", "DECL-77"),
    ("/CUSDEC[1]/<RFF>[4]/DTM[1]/C507[1]/2380[1]", "invoice.date", "20261101"),
    ("/CUSDEC[1]/<TDT>[1]/TDT[1]/C220[1]/8067[1]", "transport.border_mode", "1"),
    ("/CUSDEC[1]/<TDT>[1]/TDT[1]/C222[1]/8453[1]", "transport.border[0].nationality", "PA"),
    ("/CUSDEC[1]/<TDT>[2]/TDT[1]/C222[1]/8213[1]", "transport.arrival[0].id", "AB12CDE"),
    ("/CUSDEC[1]/<TDT>[3]/TDT[1]/C220[1]/8067[1]", "transport.inland_mode", "3"),
    ("/CUSDEC[1]/<DOC>[1]/DOC[1]/C002[1]/1000[1]", "previous_documents[0].type", "DCR"),
    ("/CUSDEC[1]/<DOC>[2]/DOC[1]/C002[1]/1001[1]", "documents[0].type", "935"),
    ("/CUSDEC[1]/<NAD>[1]/NAD[1]/C082[1]/3055[1]", "declarant.ids[0].scheme", "eori"),
    ("/CUSDEC[1]/<NAD>[1]/COM[2]/C076[1]/3148[1]", "declarant.contact.email", "customs@example.com"),
    ("/CUSDEC[1]/<NAD>[3]/NAD[1]/C080[1]/3036[1]", "exporter.name", "Xi'an Silk Co"),
    ("/CUSDEC[1]/<NAD>[4]/NAD[1]/C059[1]/3042[2]", "importer.address.street[1]", "Flat 2"),
    ("/CUSDEC[1]/<NAD>[4]/RFF[1]/C506[1]/1154[1]", "importer.ids[1].value", "GB123456789"),
    ("/CUSDEC[1]/<NAD>[7]/NAD[1]/C080[1]/3036[1]", "seller.name", "Silk Trading"),
    ("/CUSDEC[1]/<NAD>[10]/NAD[1]/3035[1]", "supply_chain_actors[0].role", "FW"),
    ("/CUSDEC[1]/<TOD>[1]/TOD[1]/C100[1]/4053[1]", "delivery_terms.code", "CIF"),
    ("/CUSDEC[1]/<MOA>[1]/MOA[1]/C516[1]/5004[1]", "invoice.amount", "1592.00"),
    ("/CUSDEC[1]/<MOA>[1]/<CUX>[1]/CUX[1]/5402[1]", "invoice.exchange_rate", "1.25"),
    ("/CUSDEC[1]/<MOA>[2]/MOA[1]/C516[1]/5004[1]", "valuation.freight.amount", "120.00"),
    ("/CUSDEC[1]/<CST>[1]/CST[1]/C246[1]/7361[1]", "goods_items[sequence=1].procedure.requested", "40"),
    ("/CUSDEC[1]/<CST>[2]/CST[1]/C246[1]/7361[1]", "goods_items[sequence=2].procedure.previous", "71"),
    ("/CUSDEC[1]/<CST>[1]/CST[1]/C246[3]/7361[1]", "goods_items[0].commodity.codes[0].code", "42022100"),
    ("/CUSDEC[1]/<CST>[1]/CST[1]/C246[3]/1131[1]", "goods_items[0].commodity.codes[0].type", "TSP"),
    ("/CUSDEC[1]/<CST>[2]/FTX[1]/C108[1]/4440[1]", "goods_items[1].description", "Porcelain mugs"),
    ("/CUSDEC[1]/<CST>[1]/LOC[1]/C517[1]/3225[1]", "goods_items[0].origins[0].country", "CN"),
    ("/CUSDEC[1]/<CST>[1]/MEA[1]/C174[1]/6314[1]", "goods_items[0].mass.gross.value", "75.250"),
    ("/CUSDEC[1]/<CST>[1]/MEA[2]/C174[1]/6314[1]", "goods_items[0].mass.net.value", "60"),
    ("/CUSDEC[1]/<CST>[1]/MEA[3]/C174[1]/6411[1]", "goods_items[0].supplementary[0].unit", "PCE"),
    ("/CUSDEC[1]/<CST>[1]/<PAC>[1]/PAC[1]/7224[1]", "goods_items[0].packages[0].count", "10"),
    ("/CUSDEC[1]/<CST>[1]/<MOA>[1]/MOA[1]/C516[1]/5004[1]", "goods_items[0].price.amount", "1000.00"),
    (
        "/CUSDEC[1]/<CST>[1]/<MOA>[3]/MOA[1]/C516[1]/5004[1]",
        "goods_items[0].statistical_value.amount",
        "810.00",
    ),
    ("/CUSDEC[1]/<CST>[1]/<RFF>[2]/RFF[1]/C506[1]/1154[1]", "goods_items[0].quota", "090071"),
    (
        "/CUSDEC[1]/<CST>[1]/<DOC>[3]/DTM[2]/C507[1]/2380[1]",
        "goods_items[0].documents[1].valid_until",
        "20271014",
    ),
    ("/CUSDEC[1]/<CST>[1]/<GIS>[1]/GIS[1]/C529[1]/7365[1]", "goods_items[0].preference", "300"),
    ("/CUSDEC[1]/<CST>[1]/<GIS>[4]/GIS[1]/C529[1]/7365[1]", "goods_items[0].procedure.additional[1]", "1CG"),
    ("/CUSDEC[1]/<CST>[1]/<TAX>[1]/TAX[1]/C243[1]/5278[1]", "goods_items[0].duties[0].rate", "3.7"),
    (
        "/CUSDEC[1]/<CST>[1]/<TAX>[1]/MOA[1]/C516[1]/5004[1]",
        "goods_items[0].duties[0].assessed.amount",
        "30.15",
    ),
    ("/CUSDEC[1]/<CST>[1]/<TAX>[2]/GIS[1]/C529[1]/7365[1]", "goods_items[0].duties[1].method", "G"),
    ("/CUSDEC[1]/CNT[2]/C270[1]/6066[1]", "totals.packages", "15"),
];

fn all_broken(mapped: &Mapped, directory: &str) -> Vec<String> {
    broken(mapped, &case_of("import", directory), "", "", TRIPLES)
}

#[test]
fn triples_hold_in_both_directories() {
    assert_eq!(all_broken(&CUSDEC, DIRECTORIES[0]), [""; 0]);
    assert_eq!(all_broken(&CUSDEC_99B, DIRECTORIES[1]), [""; 0]);
}

/// The triples alone find the faults in every line that they are about.
#[test]
fn planted_faults_break_triples() {
    let unfound = faults::unfound("edifact/cusdec", &|mapped| !all_broken(mapped, DIRECTORIES[0]).is_empty());
    for about in [
        "lrn       <=>",
        "office.exit            <=>",
        "LOC[3227 = \"41\"] use office` and",
        "DTM[2005 = \"137\"]@(2380, 2379) edidate` and",
        "mrn                 <=>",
        "<NAD>[NAD/3035 = \"EX\"] use trader` and",
        "<MOA>[MOA/5025 = \"123\"]",
        "(procedure.requested, procedure.previous) <=>",
        "MEA[6311 = \"WT\" and 6313 = \"AAB\"]",
        "assessed           <=>",
    ] {
        assert!(!unfound.iter().any(|fault| fault.contains(about)), "{about}");
    }
}

/// With the documents of the cases, which were read by hand, every fault is found.
#[test]
fn planted_faults_are_found_out() {
    let finds = |mapped: &Mapped| {
        !all_broken(mapped, DIRECTORIES[0]).is_empty()
            || ["import", "low-value", "export"].into_iter().any(|case| reads_otherwise(mapped, case))
    };
    assert_eq!(faults::unfound("edifact/cusdec", &finds), [""; 0]);
}
