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

/// Comma separated values (RFC 4180).
pub const CSV: &str = "text/csv";

/// The media type that a syntax is written as.
pub const fn of(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Json => JSON,
        Syntax::Xml => XML,
        Syntax::Edifact => EDIFACT,
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
        // X12 is told from its content, with a finding of its own.
        "application/edi-x12" | "application/octet-stream" | "text/plain" => Stated::Nothing,
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

/// True where `Accept` names a media type, not only everything.
pub fn names(headers: &HeaderMap, media_type: &str) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|range| essence(range) == media_type)
}

/// The one of some media types that `Accept` likes best; the first of equals, and the first of all without `Accept`.
pub fn preferred<'m>(headers: &HeaderMap, offered: &[&'m str]) -> Option<&'m str> {
    let mut ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if ranges.peek().is_none() {
        return offered.first().copied();
    }
    let ranges: Vec<_> = ranges.flat_map(|value| value.split(',')).collect();
    let mut best = None;
    for media_type in offered {
        let liked = liking(&ranges, media_type);
        if liked > best.map_or(0, |(liked, _)| liked) {
            best = Some((liked, *media_type));
        }
    }
    best.map(|(_, media_type)| media_type)
}

/// How much some ranges like a media type, from 0 to 1000: what the most specific of them says.
fn liking(ranges: &[&str], media_type: &str) -> u16 {
    let fits = |range: &&&str| {
        let range = essence(range);
        let specific = match range.strip_suffix("/*") {
            _ if range.eq_ignore_ascii_case(media_type) => 2,
            Some("*") => 0,
            Some(class) if media_type.to_ascii_lowercase().starts_with(&format!("{class}/")) => 1,
            _ => return None,
        };
        Some(specific)
    };
    let said = ranges.iter().filter_map(|range| Some((fits(&range)?, quality(range))));
    said.max_by_key(|(specific, _)| *specific).map_or(0, |(_, quality)| quality)
}

/// The weight of a range in thousandths.
fn quality(range: &str) -> u16 {
    let stated = range.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("q="));
    let Some((whole, decimals)) = stated.map(|text| text.split_once('.').unwrap_or((text, ""))) else {
        return 1000;
    };
    if whole.trim() != "0" {
        return 1000;
    }
    format!("{decimals:0<3}").get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(0)
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
            ("application/EDI-X12", Stated::Nothing),
            ("application/octet-stream", Stated::Nothing),
            ("application/pdf", Stated::Other),
            ("json", Stated::Other),
        ];
        for (value, expected) in cases {
            assert_eq!(stated(&headers(CONTENT_TYPE, value)), expected, "{value}");
        }
        assert_eq!(stated(&HeaderMap::new()), Stated::Nothing);
    }

    #[test]
    fn accept_chooses() {
        let chosen = |accept: &str| preferred(&headers(ACCEPT, accept), &[JSON, XML]);
        assert_eq!(preferred(&HeaderMap::new(), &[JSON, XML]), Some(JSON));
        assert_eq!(chosen("*/*"), Some(JSON));
        assert_eq!(chosen("application/xml"), Some(XML));
        assert_eq!(chosen("text/html, application/*;q=0.1"), Some(JSON));
        assert_eq!(chosen("application/json;q=0.5, */*;q=0.8"), Some(XML));
        assert_eq!(chosen("application/json;q=0, application/*"), Some(XML));
        assert_eq!(chosen("application/json;q=0.25, application/xml;q=0.251"), Some(XML));
        assert_eq!(chosen("text/html"), None);
        assert_eq!(chosen(""), None);
    }
}
