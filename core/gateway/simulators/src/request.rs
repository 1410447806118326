//! What is asked and answered, apart from the connection.

use std::time::Duration;

use bytes::Bytes;

/// A request.
#[derive(Debug)]
pub(crate) struct Request {
    pub method: String,
    pub path: String,
    /// What stands behind `?`.
    pub query: String,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The parameters of the address.
    pub fn parameters(&self) -> Vec<(String, String)> {
        form(self.query.as_bytes())
    }
}

/// Pairs of a form or an address (WHATWG URL, `application/x-www-form-urlencoded`).
pub(crate) fn form(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// The value of a parameter.
pub(crate) fn value<'p>(parameters: &'p [(String, String)], name: &str) -> Option<&'p str> {
    parameters.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
}

/// An answer, and how it goes out.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// How long it takes.
    pub after: Duration,
    /// After how many bytes the line is cut.
    pub cut_after: Option<usize>,
}
