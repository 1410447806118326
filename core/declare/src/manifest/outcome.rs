//! What filers report of the parcels that were handed over, put together by parcel: the same whatever the order of arrival.

use dragoman_model::{At, CustomsResponseView, Document, Status};
use dragoman_tree::NodeId;
use jiff::Timestamp;
use serde::Serialize;

use super::{Manifest, Parcel};
use crate::assess::Amount;

/// What became of a parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Our reference.
    pub parcel: String,
    /// The orders that it delivers.
    pub orders: Vec<String>,
    /// The number that customs gave its declaration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrn: Option<String>,
    /// What customs made of it, in a word of the canonical model; `draft` where nobody said anything yet.
    pub status: String,
    /// Facts beside the status: `control`, `duty_due` …
    pub flags: Vec<&'static str>,
    /// Duty, tax and fees, each as it was reported last.
    pub duties: Vec<Duty>,
    /// Why, where it was rejected or held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// A duty, tax or fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// `duty`, `tax`, `fee`, or the authority's own word.
    #[serde(rename = "type")]
    pub kind: String,
    /// How much.
    #[serde(flatten)]
    pub amount: Amount,
}

/// A report about a parcel that is not in the manifest: the index of its document, and where its reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The index of the document.
    pub document: usize,
    /// The node of its reference, or of the report.
    pub node: NodeId,
}

/// What became of each parcel of a manifest, in its order, by all reports at hand.
pub fn outcomes(manifest: &Manifest, reports: &[Document<'_>]) -> (Vec<Outcome>, Vec<Stray>) {
    let begun = |parcel: &Parcel| Outcome {
        parcel: parcel.reference.clone(),
        orders: parcel.orders.clone(),
        ..Outcome::default()
    };
    let mut all: Vec<_> = manifest.parcels().map(|parcel| (begun(parcel), Status::default())).collect();
    let mut said: Vec<(Option<Timestamp>, usize, CustomsResponseView<'_>)> = Vec::new();
    for (document, report) in reports.iter().enumerate() {
        for view in CustomsResponseView::all(report) {
            said.push((view.at().time("issued_at").and_then(|at| at.at()), document, view));
        }
    }
    // Of two reports the later counts; of two without a time the one that is read later.
    said.sort_by_key(|(at, ..)| *at);
    let mut strays = Vec::new();
    for (_, document, view) in said {
        match all.iter_mut().find(|(outcome, _)| view.lrn() == Some(outcome.parcel.as_str())) {
            Some((outcome, status)) => hear(outcome, status, &view),
            None => {
                let node = view.at().get("of.lrn").unwrap_or_else(|| view.at()).node();
                strays.push(Stray { document, node });
            }
        }
    }
    let finished = |(outcome, status): (Outcome, Status)| Outcome {
        status: status.state().to_string(),
        flags: status.flags().map(dragoman_model::Flag::word).collect(),
        ..outcome
    };
    (all.into_iter().map(finished).collect(), strays)
}

fn hear(outcome: &mut Outcome, status: &mut Status, view: &CustomsResponseView<'_>) {
    *status = status.join(view.status().0);
    outcome.mrn = view.mrn().map(str::to_owned).or_else(|| outcome.mrn.take());
    for duty in duties(view) {
        outcome.duties.retain(|known| known.kind != duty.kind);
        outcome.duties.push(duty);
    }
    let reasons = view.errors().filter_map(|error| error.text("text").map(str::to_owned));
    outcome.reasons.extend(reasons.collect::<Vec<_>>());
}

/// What is to be paid by a response: duties of the whole declaration, payable or as they were assessed.
pub fn duties(view: &CustomsResponseView<'_>) -> Vec<Duty> {
    let one = |duty: At<'_>| {
        let money = ["payable", "assessed"].into_iter().find_map(|path| duty.get(path))?;
        let currency = money.text("currency").unwrap_or_default().to_owned();
        let amount = Amount { amount: money.text("amount")?.to_owned(), currency };
        Some(Duty { kind: duty.text("type").unwrap_or_default().to_owned(), amount })
    };
    view.at().entries("duties").filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Bag, MasterWaybill};
    use dragoman_model::{DocumentBuilder, EntryId, Origin};

    fn manifest() -> Manifest {
        let parcel = |number: &str| Parcel {
            reference: format!("HO-{number}"),
            orders: vec![number.to_owned()],
            ..Parcel::default()
        };
        let bag = Bag { parcels: vec![parcel("1"), parcel("2")], ..Bag::default() };
        let master = MasterWaybill { bags: vec![bag], ..MasterWaybill::default() };
        Manifest { master_waybills: vec![master], ..Manifest::default() }
    }

    fn report(lrn: &str, at: &str, event: &str, duty: &str) -> Document<'static> {
        let mut build = DocumentBuilder::new("customs_response").unwrap();
        let mut set =
            |at: EntryId, path: &str, value: &str| build.set(at, path, value, Origin::Derived).unwrap();
        set(EntryId::ROOT, "type", "customs_response");
        set(EntryId::ROOT, "of.lrn", lrn);
        set(EntryId::ROOT, "of.mrn", "26DE1");
        set(EntryId::ROOT, "issued_at", at);
        set(EntryId::ROOT, "event", event);
        let entry = build.entry(EntryId::ROOT, "duties", Origin::Derived).unwrap();
        build.set(entry, "type", "duty", Origin::Derived).unwrap();
        build.set(entry, "payable.amount", duty, Origin::Derived).unwrap();
        build.finish()
    }

    #[test]
    fn the_order_of_reports_does_not_matter() {
        let reports = [
            report("HO-1", "2026-12-01T08:00:00Z", "accepted", "3.00"),
            report("HO-1", "2026-12-02T08:00:00Z", "released", "6.00"),
            report("HO-9", "2026-12-02T08:00:00Z", "released", "6.00"),
        ];
        let reversed: Vec<_> = reports.iter().rev().map(Document::detach).collect();
        let (there, strays) = outcomes(&manifest(), &reports);
        let (back, _) = outcomes(&manifest(), &reversed);
        assert_eq!(there, back);
        assert_eq!((there[0].status.as_str(), there[0].mrn.as_deref()), ("released", Some("26DE1")));
        assert_eq!(there[0].duties[0].amount.amount, "6.00", "the later amount counts");
        assert_eq!((there[1].status.as_str(), there[1].mrn.as_deref()), ("draft", None));
        assert_eq!(strays.iter().map(|stray| stray.document).collect::<Vec<_>>(), [2]);
    }
}
