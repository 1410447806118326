//! Which media types stand for which syntax, and what a request asks for.

use dragoman_syntax::grammar::Syntax;
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};

/// JSON.
pub const JSON: &str = "application/json";

/// XML (RFC 7303).
pub const XML: &str = "application/xml";

/// EDIFACT (RFC 1767).
pub const EDIFACT: &str = "application/EDIFACT";

/// X12 (RFC 1767).
pub const X12: &str = "application/EDI-X12";

/// A flat file.
pub const TEXT: &str = "text/plain";

/// Comma separated values (RFC 4180).
pub const CSV: &str = "text/csv";

/// The media type that a syntax is written as.
pub const fn of(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Json => JSON,
        Syntax::Xml => XML,
        Syntax::Edifact => EDIFACT,
        Syntax::X12 => X12,
        Syntax::Flat => TEXT,
    }
}

/// What a content type says about a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// Nothing: the content decides.
    Nothing,
    /// That syntax.
    Syntax(Syntax),
    /// Something that is not taken as a message.
    Other,
}

/// What the `Content-Type` of a request says.
pub fn stated(headers: &HeaderMap) -> Stated {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Stated::Nothing };
    let essence = essence(value.to_str().unwrap_or_default());
    let suffix = essence.rsplit('+').next().unwrap_or_default();
    match essence.as_str() {
        "application/json" | "application/x-ndjson" | "text/json" => Stated::Syntax(Syntax::Json),
        "application/xml" | "text/xml" => Stated::Syntax(Syntax::Xml),
        "application/edifact" => Stated::Syntax(Syntax::Edifact),
        "application/edi-x12" => Stated::Syntax(Syntax::X12),
        "application/octet-stream" | "text/plain" => Stated::Nothing,
        _ if essence.contains('+') && suffix == "json" => Stated::Syntax(Syntax::Json),
        _ if essence.contains('+') && suffix == "xml" => Stated::Syntax(Syntax::Xml),
        _ => Stated::Other,
    }
}

/// True where the `Content-Type` of a request is that media type.
pub fn is(headers: &HeaderMap, media_type: &str) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    essence(value).eq_ignore_ascii_case(media_type)
}

/// True where `Accept` names the media type of a syntax, or an older name of it.
pub fn asks_for(headers: &HeaderMap, syntax: Syntax) -> bool {
    names(headers, &of(syntax).to_ascii_lowercase()) || syntax == Syntax::Xml && names(headers, "text/xml")
}

/// True where `Accept` names a media type, not only everything.
pub fn names(headers: &HeaderMap, media_type: &str) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|range| essence(range) == media_type)
}

/// A media type without its parameters, in lower case.
fn essence(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn content_types_name_syntaxes() {
        let cases = [
            ("application/json; charset=utf-8", Stated::Syntax(Syntax::Json)),
            ("application/vnd.shop+json", Stated::Syntax(Syntax::Json)),
            ("TEXT/XML", Stated::Syntax(Syntax::Xml)),
            ("application/soap+xml", Stated::Syntax(Syntax::Xml)),
            ("application/EDIFACT", Stated::Syntax(Syntax::Edifact)),
            ("application/EDI-X12", Stated::Syntax(Syntax::X12)),
            ("application/octet-stream", Stated::Nothing),
            ("application/pdf", Stated::Other),
            ("json", Stated::Other),
        ];
        for (value, expected) in cases {
            assert_eq!(stated(&headers(CONTENT_TYPE, value)), expected, "{value}");
        }
        assert_eq!(stated(&HeaderMap::new()), Stated::Nothing);
    }
}
