//! What a notification says, as far as the gateway needs to know it.

use dragoman_adapters::{Catalogue, Message, Received, receive};
use dragoman_model::{CustomsResponseView, Document, Timestamp};

/// A notification as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// The document.
    pub document: Document<'static>,
    /// Which of the responses in it, from 0: a batch has several.
    pub entry: usize,
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
        let document = got.document.detach();
        let views = CustomsResponseView::all(&document).into_iter().enumerate();
        notices.extend(views.map(|(entry, view)| notice(document.clone(), entry, &view)));
    });
    notices
}

impl Notice {
    /// What it says, in full.
    pub fn view(&self) -> Option<CustomsResponseView<'_>> {
        CustomsResponseView::all(&self.document).into_iter().nth(self.entry)
    }
}

fn notice(document: Document<'static>, entry: usize, view: &CustomsResponseView<'_>) -> Notice {
    let text = |path: &str| view.at().text(path).map(str::to_owned);
    let issued_at = view.at().time("issued_at").and_then(|at| at.at());
    let own = view.at().text("event").unwrap_or_default().to_owned();
    let listed = view.at().entries("events").map(|entry| {
        let at = entry.time("at").and_then(|at| at.at()).or(issued_at);
        (entry.text("event").unwrap_or_default().to_owned(), at)
    });
    let events = std::iter::once((own, issued_at)).chain(listed).collect();
    let errors = view.complaints().len();
    let [correlation, lrn, mrn, version, code, name] =
        ["envelope.correlation_id", "of.lrn", "of.mrn", "of.version", "native.code", "native.text"].map(text);
    Notice { document, entry, correlation, lrn, mrn, version, code, name, issued_at, events, errors }
}
