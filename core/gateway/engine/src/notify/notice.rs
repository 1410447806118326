//! What a notification says, as far as the gateway needs to know it.

use dragoman_adapters::{Catalogue, Message, Received, receive};
use dragoman_model::{CustomsResponseView, Document, Timestamp};
use dragoman_tree::Finding;

/// A notification as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// The document.
    pub document: Document<'static>,
    /// The own reference of what is answered.
    pub lrn: Option<String>,
    /// The number that customs gave it.
    pub mrn: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The authority's code of what happened.
    pub code: Option<String>,
    /// The authority's name of what happened, where it has one.
    pub name: Option<String>,
    /// When it was issued.
    pub issued_at: Option<Timestamp>,
    /// Events that it stands for, as the status lattice reads them, each with its time.
    pub events: Vec<(String, Option<Timestamp>)>,
    /// How many errors it lists.
    pub errors: usize,
}

/// Reads what a notification says; nothing, with the findings, where the bytes are none.
pub(crate) fn notices(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> (Vec<Notice>, Vec<Finding>) {
    let (mut notices, mut all) = (Vec::new(), Vec::new());
    receive(catalogue, message, bytes, &mut |received| {
        let Received { got, findings, .. } = received;
        all.extend(findings);
        let Some(got) = got else { return };
        all.extend(got.findings);
        notices.extend(notice(got.document.detach()));
    });
    (notices, all)
}

fn notice(document: Document<'static>) -> Option<Notice> {
    let view = CustomsResponseView::new(&document)?;
    let text = |path: &str| view.at().text(path).map(str::to_owned);
    let issued_at = view.at().time("issued_at").and_then(|at| at.at());
    let own = view.at().text("event").unwrap_or_default().to_owned();
    let listed = view.at().entries("events").map(|entry| {
        let at = entry.time("at").and_then(|at| at.at()).or(issued_at);
        (entry.text("event").unwrap_or_default().to_owned(), at)
    });
    let events = std::iter::once((own, issued_at)).chain(listed).collect();
    let errors = view.errors().count();
    let [lrn, mrn, version, code, name] =
        ["of.lrn", "of.mrn", "of.version", "native.code", "native.text"].map(text);
    Some(Notice { document, lrn, mrn, version, code, name, issued_at, events, errors })
}
