//! What is sent and what comes back, plainly: the transport sends a [`Request`] and brings an [`Answer`].

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Ask.
    Get,
    /// Hand over.
    Post,
    /// Set.
    Put,
    /// Change a part.
    Patch,
    /// Take away.
    Delete,
}

impl Method {
    /// As it stands in a request.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request that is ready to be sent, but for an access token: [`Auth::authorise`](crate::Auth::authorise).
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The operation's name: with the account it is the lane.
    pub operation: String,
    /// The method.
    pub method: Method,
    /// The whole address, encoded.
    pub url: String,
    /// Headers in the order in which they are declared; no name twice.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// Whose standing is to be shown.
    pub standing: Standing,
    /// True where it is to be signed, if the counterpart wants that: [`Channel::sign`](crate::Channel::sign).
    pub signed: bool,
}

/// Whose standing a request shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// The account's, in the way of `[channel.auth]`.
    #[default]
    Account,
    /// The application's own: an access token for its id and secret (RFC 6749, 4.4).
    Application,
    /// Nobody's.
    None,
}

/// The body of a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// None at all.
    None,
    /// These bytes; their type stands in the headers.
    Bytes(Vec<u8>),
    /// A form of `multipart/form-data`, its parts in this order. The transport chooses the boundary and sets the type.
    Multipart(Vec<Part>),
}

/// One part of a form.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The file's name, where it is one.
    pub file: Option<String>,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its content.
    pub content: Vec<u8>,
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// Sets a header, in the place of one of the same name.
    pub fn set_header(&mut self, name: &str, value: String) {
        match self.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, known)) => *known = value,
            None => self.headers.push((name.to_owned(), value)),
        }
    }

    /// The body's bytes, where it is bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.body {
            Body::Bytes(bytes) => bytes,
            Body::None | Body::Multipart(_) => &[],
        }
    }
}

/// What a counterpart answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// All headers, as they came.
    pub headers: Vec<(String, String)>,
    /// The body, decoded as far as `Content-Encoding` goes.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header; the first, where there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

/// The first value of a header in a list of them; names are the same in any case.
pub(crate) fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

// Headers hold tokens and bodies hold payloads: neither belongs into a log.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &names)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no body"),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Multipart(parts) => f.debug_list().entries(parts).finish(),
        }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} bytes", self.name, self.content.len())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        write!(f, "Answer({}, {names:?}, {} bytes)", self.status, self.body.len())
    }
}
