//! What a request may speak of: values by name, and the names that there are.

use std::collections::BTreeMap;
use std::fmt;

/// Values by name, and lists of such by name: what fills the templates of a request. Built by the gateway for each
/// request; secrets are among them, so its `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Values {
    texts: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<Values>>,
}

impl Values {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value. An empty one is as good as none.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.texts.insert(name.into(), value.into());
        self
    }

    /// The same, for building in one expression.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a list, whose entries have names of their own: `shipment.lines` has entries with `id` and `quantity`.
    pub fn set_list(&mut self, name: impl Into<String>, entries: Vec<Self>) -> &mut Self {
        self.lists.insert(name.into(), entries);
        self
    }

    /// A value, where there is one that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The entries of a list; none where there is none.
    pub fn list(&self, name: &str) -> &[Self] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// Adds all values and lists of others to these; theirs win.
    pub fn extend(&mut self, others: &Self) -> &mut Self {
        self.texts.extend(others.texts.iter().map(|(name, value)| (name.clone(), value.clone())));
        self.lists.extend(others.lists.iter().map(|(name, list)| (name.clone(), list.clone())));
        self
    }

    /// The values by name, for what is not secret: what an answer gave.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(name, value)| (&**name, &**value))
    }

    /// These values with those of an entry of a list before them, each under `list.name`.
    pub(crate) fn within(&self, list: &str, entry: &Self) -> Self {
        let mut all = self.clone();
        for (name, value) in &entry.texts {
            all.texts.insert(format!("{list}.{name}"), value.clone());
        }
        for (name, entries) in &entry.lists {
            all.lists.insert(format!("{list}.{name}"), entries.clone());
        }
        all
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.texts.keys()).entries(self.lists.keys()).finish()
    }
}

/// A value that the gateway gives, with what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The name, as templates have it.
    pub name: &'static str,
    /// What it is.
    pub meaning: &'static str,
}

const fn known(name: &'static str, meaning: &'static str) -> Known {
    Known { name, meaning }
}

/// The message that is handed in, in base64: for what stands around it.
pub(crate) const BASE64: &str = "message.base64";

/// The message that is handed in, as it is: for a field of a form.
pub(crate) const TEXT: &str = "message.text";

/// What templates may name beside `account.…`, what the adapter's own settings are, and what an earlier answer gave.
pub const KNOWN: &[Known] = &[
    known("base", "the counterpart's address, without a slash at the end"),
    known("now", "the moment, as 2026-11-22T09:15:00Z"),
    known("now.utc", "the same without its zone, as 2026-11-22T09:15:00"),
    known("now.milliseconds", "the milliseconds since 1970-01-01T00:00:00Z"),
    known("request.id", "a UUID for this request"),
    known("request.guid", "the same in capital letters"),
    known(
        BASE64,
        "the message that is handed in, in base64 (RFC 4648, section 4): for what stands `around` it",
    ),
    known(TEXT, "the message that is handed in, as it is: for a field of a `form`"),
    known("conversation", "what the counterpart called the conversation when it took the declaration"),
    known("declaration.lrn", "the declaration's local reference number"),
    known("declaration.mrn", "the number that customs gave it"),
    known("declaration.version", "its version"),
    known("declaration.status", "where it stands: `accepted`, `released`, `cleared` …"),
    known(
        "declaration.representative",
        "the number of who submits it: the representative's, else the declarant's",
    ),
    known("request.lrn", "the reference of the request itself: of an amendment, a cancellation, an arrival"),
    known("request.reason", "the authority's code for why it is asked for"),
    known("request.text", "why, in words"),
    known("document.name", "the name of the file that is handed in"),
    known("document.media_type", "its media type"),
    known("document.type", "what kind of document it is"),
    known("order.id", "the platform's own id of the order"),
    known("order.number", "the order's number, as people see it"),
    known("order.marketplace", "the marketplace that the order was placed in"),
    known("order.lines", "a list: the lines of an order that somebody asks about, or whose parts are told"),
    known("order.lines.id", "the platform's id of the line"),
    known("order.lines.sku", "the seller's article number, where the order is asked about"),
    known("order.lines.title", "what was sold, where the order is asked about"),
    known("order.lines.parts", "a list: the goods that the line consists of"),
    known("order.lines.parts.id", "the platform's id of the article"),
    known("order.lines.parts.quantity", "how many pieces of it"),
    known("order.lines.parts.share", "its part of the line's value; those of a line sum to 1"),
    known("order.lines.parts.percent", "the same in hundredths"),
    known("shipment.number", "the number of the parcel within its order: 1, 2, …; it never changes"),
    known("shipment.carrier", "the carrier's code at the platform"),
    known("shipment.carrier_name", "the carrier's name"),
    known("shipment.service", "the carrier's service"),
    known("shipment.tracking_number", "the tracking number"),
    known("shipment.tracking_url", "where the parcel can be followed"),
    known("shipment.shipped_at", "when it was handed over, as 2026-11-22T09:15:00Z"),
    known("shipment.extent", "`all` where everything that was ordered is in the parcel, else `part`"),
    known("shipment.lines", "a list: what is in the parcel"),
    known("shipment.lines.id", "the platform's id of the order line"),
    known("shipment.lines.quantity", "how many pieces of it"),
    known("shared", "a list: what `share` made of the parcel's lines"),
    known("shared.by", "what its parts have in common"),
    known("shared.parts", "a list: the parts"),
    known("shared.parts.id", "the open part's id"),
    known("shared.parts.quantity", "how many pieces of it"),
    known("inquiry.id", "what a counterpart that asks for something calls its question"),
    known("inquiry.order", "the number of the order that it asks about"),
    known("inquiry.fault", "why it is no question that can be answered"),
    known("window.since", "the begin of the window, in the stream's format"),
    known("window.until", "its end, in the stream's format"),
    known("page.token", "where the next page begins; none for the first"),
    known("notification.id", "the id of a notification that waits to be fetched"),
    known("pulled.since", "up to when lists of notifications were read"),
    known("signature.kid", "the id of the public key that a webhook says it is signed with"),
    known("objects.base", "the address below which our linked objects are, without a slash at the end"),
    known("object.id", "the address of a linked object"),
    known("object.name", "its name among the objects of its server"),
    known("object.number", "what others than we know a linked object by"),
    known("topic.kind", "of what kind a topic is that we may want to be told of"),
    known("topic.name", "its name"),
    known("problem.status", "the status of HTTP where something cannot be done"),
    known("problem.title", "what cannot be done, in a few words"),
    known("problem.text", "what happened this time"),
    known("problem.at", "the address that was asked for"),
    known("token.refresh", "the refresh token"),
    known("token.code", "the code that an authorisation ended with"),
    known("token.redirect", "where the counterpart sends the person back to"),
    known("token.verifier", "what shows that who has the code is who asked for it"),
];

/// What every account has, whatever its adapter.
pub const ACCOUNT: &[Known] = &[
    known("account.name", "the account's name in the configuration"),
    known("account.environment", "production, sandbox, …"),
    known("account.client_id", "the application's id at the counterpart"),
    known("account.client_secret", "its secret"),
    known("account.base_url", "another address of the counterpart, such as a simulator's"),
    known("account.token_url", "another address that gives access tokens"),
    known("account.authorize_url", "another address at which a person authorises"),
    known("account.client_certificate", "our certificate with its chain, and its key, as PEM"),
    known("account.signing_key", "our private key as PEM, where messages themselves are signed"),
    known("account.signing_certificate", "the certificate of that key, as PEM"),
    known("account.authorities", "certificate authorities that are trusted besides the machine's, as PEM"),
];
