//! Bytes to text: the encoding of an XML document, by its byte order mark or its declaration (XML 1.0, 4.3.3
//! and appendix F). UTF-8 is borrowed, everything else is converted.

use std::borrow::Cow;

use dragoman_tree::{Code, Finding, Span};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The text of a document.
#[derive(Clone, Debug)]
pub struct Decoded<'i> {
    /// The text without its byte order mark: the input itself where that is UTF-8, up to the first bytes that
    /// are none; else the whole input converted.
    pub text: Cow<'i, str>,
    /// Where the text begins in the input; 0 for a converted one.
    pub base: u64,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// The document was converted to UTF-8.
pub const CONVERTED: Code = Code {
    id: "DG-E0101",
    title: "the document was converted to UTF-8",
    help: "The document is in another encoding than UTF-8. It was converted before it was read, so positions \
           count bytes of the converted text. Nothing has to be done; sending UTF-8 makes positions exact.",
};

/// Bytes that are no text of the document's encoding.
pub const BROKEN_ENCODING: Code = Code {
    id: "DG-E0102",
    title: "bytes that are not text in the document's encoding",
    help: "Some bytes cannot be read in the encoding that the document has or declares. A UTF-8 document is \
           read up to there; in another encoding the bytes are replaced by U+FFFD. Usually the declaration is \
           missing or wrong: name the real encoding, or convert the document.",
};

/// The declaration names an encoding that is not known, or not the one that the bytes are in.
pub const UNKNOWN_ENCODING: Code = Code {
    id: "DG-E0103",
    title: "the declared encoding is unknown or wrong",
    help: "The XML declaration names an encoding that is not known here, or that the bytes contradict. The \
           document is read as UTF-8, or in the encoding that its byte order mark names.",
};

/// Finds out the encoding of a document and converts it where it is not UTF-8.
pub fn decode(input: &[u8]) -> Decoded<'_> {
    let (marked, mark) = match input {
        [0xEF, 0xBB, 0xBF, ..] => (Some(UTF_8), 3),
        [0xFE, 0xFF, ..] => (Some(UTF_16BE), 2),
        [0xFF, 0xFE, ..] => (Some(UTF_16LE), 2),
        [0, b'<', 0, _, ..] => (Some(UTF_16BE), 0),
        [b'<', 0, _, 0, ..] => (Some(UTF_16LE), 0),
        _ => (None, 0),
    };
    let body = input.get(mark..).unwrap_or_default();
    let mut findings = Vec::new();
    let encoding = match (marked, declared(body)) {
        (Some(marked), None) => marked,
        (None, None) => UTF_8,
        (marked, Some(label)) => agree(marked, label, body, mark, &mut findings),
    };
    if encoding == UTF_8 {
        let text = Cow::Borrowed(valid(body, mark as u64, &mut findings));
        return Decoded { text, base: mark as u64, findings };
    }
    let (text, broken) = encoding.decode_without_bom_handling(body);
    let message = format!("the document is in {} and was converted to UTF-8", encoding.name());
    findings.push(Finding::info(&CONVERTED, message));
    if broken {
        let message = format!("some bytes are no {} text; U+FFFD stands for them", encoding.name());
        findings.push(Finding::error(&BROKEN_ENCODING, message));
    }
    Decoded { text, base: 0, findings }
}

/// The value of `encoding` in the declaration of a document whose bytes begin like ASCII.
fn declared(body: &[u8]) -> Option<&[u8]> {
    let declaration = body.strip_prefix(b"<?xml")?;
    let end = memchr::memchr(b'>', declaration)?;
    let declaration = declaration.get(..end)?;
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let value = declaration.get(at + b"encoding".len()..)?.trim_ascii_start().strip_prefix(b"=")?;
    let (quote, value) = value.trim_ascii_start().split_first()?;
    value.get(..memchr::memchr(*quote, value)?)
}

/// The encoding to read with, where the declaration names one: the byte order mark wins over it.
fn agree(
    marked: Option<&'static Encoding>,
    label: &[u8],
    body: &[u8],
    mark: usize,
    findings: &mut Vec<Finding>,
) -> &'static Encoding {
    let known = Encoding::for_label_no_replacement(label);
    // A declaration that could be read byte by byte is not in UTF-16, whatever it says.
    let possible = known.filter(|known| known.is_ascii_compatible());
    let encoding = marked.or(possible).unwrap_or(UTF_8);
    if possible != Some(encoding) {
        let name = String::from_utf8_lossy(label);
        let message = match known {
            Some(_) => format!("the declaration says {name}, but the bytes are {}", encoding.name()),
            None => format!("the encoding {name} is not known; the document is read as {}", encoding.name()),
        };
        let finding = Finding::error(&UNKNOWN_ENCODING, message);
        let finding = finding.hint(format!("declare encoding=\"{}\"", encoding.name()));
        let start = memchr::memmem::find(body, label).unwrap_or(0);
        findings.push(finding.at(mark as u64, Span::of(start, start + label.len())));
    }
    encoding
}

/// The text up to the first bytes that are no UTF-8.
fn valid<'i>(body: &'i [u8], base: u64, findings: &mut Vec<Finding>) -> &'i str {
    let error = match std::str::from_utf8(body) {
        Ok(text) => return text,
        Err(error) => error,
    };
    let (start, len) = (error.valid_up_to(), error.error_len().unwrap_or(1));
    let message = "these bytes are no UTF-8; the document is read up to here";
    let finding = Finding::error(&BROKEN_ENCODING, message)
        .at(base, Span::of(start, start + len))
        .hint("declare the encoding that the document is in (for example windows-1252), or convert it");
    findings.push(finding);
    body.get(..start).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(decoded: &Decoded<'_>) -> Vec<String> {
        decoded.findings.iter().map(|finding| finding.code.to_string()).collect()
    }

    #[test]
    fn utf_8_is_borrowed_and_its_mark_left_out() {
        let plain = decode("<a>ä</a>".as_bytes());
        assert!(matches!(plain.text, Cow::Borrowed("<a>ä</a>")) && plain.findings.is_empty());
        let marked = decode(b"\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?><a/>");
        assert!(marked.text.starts_with("<?xml") && marked.findings.is_empty());
        assert_eq!(marked.base, 3);
    }

    #[test]
    fn other_encodings_are_converted_and_reported() {
        let latin = decode(b"<?xml version='1.0' encoding = \"ISO-8859-1\"?><a>\xE4</a>");
        assert!(latin.text.ends_with("<a>ä</a>"));
        assert_eq!(codes(&latin), [CONVERTED.id]);
        for (mark, big) in [(true, true), (true, false), (false, true), (false, false)] {
            let text = "<?xml version='1.0' encoding='UTF-16'?><a>ä\u{1F600}</a>";
            let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
            let bytes: Vec<u8> =
                units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
            let decoded = decode(&bytes);
            assert_eq!((decoded.text.as_ref(), codes(&decoded)), (text, vec![CONVERTED.id.into()]));
        }
    }

    #[test]
    fn what_does_not_fit_is_located() {
        let broken = decode(b"<a>\xE4</a>");
        assert_eq!((broken.text.as_ref(), codes(&broken)), ("<a>", vec![BROKEN_ENCODING.id.into()]));
        assert_eq!(broken.findings[0].span, Some(3..4));
        let wrong = decode(b"<?xml version='1.0' encoding='UTF-16'?><a/>");
        assert_eq!(codes(&wrong), [UNKNOWN_ENCODING.id]);
        let unknown = decode(b"<?xml version='1.0' encoding='klingon'?><a/>");
        assert_eq!(codes(&unknown), [UNKNOWN_ENCODING.id]);
        assert_eq!(unknown.findings[0].span, Some(30..37));
        let cut = decode(&[0xFF, 0xFE, b'<', 0, b'a']);
        assert_eq!(codes(&cut), [CONVERTED.id, BROKEN_ENCODING.id]);
    }
}
