//! What a notification says, as far as the gateway needs to know it.

use dragoman_adapters::{Catalogue, Message, Received, receive};
use dragoman_model::{CustomsResponseView, Document, Timestamp};

/// A notification as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// The document.
    pub document: Document<'static>,
    /// Our own id of the message that is answered.
    pub correlation: Option<String>,
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

/// Reads what a notification says; nothing where the bytes are none.
pub(crate) fn notices(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> Vec<Notice> {
    let mut notices = Vec::new();
    receive(catalogue, message, bytes, &mut |received| {
        let Received { got: Some(got), .. } = received else { return };
        notices.extend(notice(got.document.detach()));
    });
    notices
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
    let [correlation, lrn, mrn, version, code, name] =
        ["envelope.correlation_id", "of.lrn", "of.mrn", "of.version", "native.code", "native.text"].map(text);
    Some(Notice { document, correlation, lrn, mrn, version, code, name, issued_at, events, errors })
}
