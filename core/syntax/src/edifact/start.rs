//! Where an interchange begins: after a byte order mark, transport bytes or the one before it.

use super::service::ServiceString;
use crate::segments::blanks::blank;
use crate::segments::class;

/// What stands at the beginning of an interchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Bytes before it.
    pub skipped: usize,
    /// The length of UNA; 0 where there is none.
    pub una: usize,
    /// The service characters of UNA, or the defaults.
    pub service: ServiceString,
    /// True where UNA is there but cannot be used.
    pub unusable: bool,
}

/// The longest stretch that has to be seen to know a beginning: UNA, white space, UNB and a separator.
pub(super) const REACH: usize = 24;

/// Finds the first beginning of an interchange: UNA, or UNB, UNG or UNH with a separator after it. `Err` is
/// the number of bytes that are certainly none; the rest may be the beginning of one.
pub(super) fn find(bytes: &[u8], last: bool) -> Result<Start, usize> {
    for at in memchr::memchr_iter(b'U', bytes) {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.len() < REACH && !last {
            return Err(at);
        }
        if let Some(start) = begins(rest) {
            return Ok(Start { skipped: at, ..start });
        }
    }
    Err(bytes.len())
}

/// Recognises the beginning of an interchange at the beginning of `bytes`.
pub(super) fn begins(bytes: &[u8]) -> Option<Start> {
    if bytes.starts_with(b"UNA") {
        return after_una(bytes);
    }
    let separator = header(bytes)?;
    let service = if separator == 0x1D { ServiceString::LEVEL_B } else { ServiceString::default() };
    Some(Start { skipped: 0, una: 0, service, unusable: false })
}

fn after_una(bytes: &[u8]) -> Option<Start> {
    let una = bytes.get(3..9).and_then(|una| una.try_into().ok()).and_then(ServiceString::from_una);
    let next = bytes.get(9..).unwrap_or_default();
    let next = next.get(blank(next, &class::TABLE)..).unwrap_or_default();
    match (una, header(next)) {
        (Some(service), separator)
            if separator.is_none_or(|byte| byte == service.element || byte == b' ') =>
        {
            Some(Start { skipped: 0, una: 9, service, unusable: false })
        }
        // UNA says one thing and the segment after it another, or UNA is too long or too short.
        _ => {
            let near = bytes.get(..REACH).unwrap_or(bytes);
            let una = (3..near.len()).find(|at| near.get(*at..).and_then(header).is_some())?;
            Some(Start { skipped: 0, una, service: ServiceString::default(), unusable: true })
        }
    }
}

/// The character after a tag that can be the first of an interchange, where that can be a separator.
fn header(bytes: &[u8]) -> Option<u8> {
    let (tag, rest) = bytes.split_at_checked(3)?;
    let known = [&b"UNB"[..], b"UNG", b"UNH"].contains(&tag);
    let separator = *rest.first().filter(|_| known)?;
    let class = class::TABLE.get(separator as usize)?;
    let blank = separator == b' ' && rest.get(1).is_some_and(u8::is_ascii_punctuation);
    let usable = separator.is_ascii_punctuation() || (class & class::CONTROL != 0 && separator >= 0x1C);
    (usable || blank).then_some(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        let found = |text: &str| find(text.as_bytes(), true).map(|start| (start.skipped, start.una));
        assert_eq!(found("UNB+UNOC:3"), Ok((0, 0)));
        assert_eq!(found("\u{2}\r\nUNA:+.? '\r\nUNB+UNOC:3"), Ok((3, 9)));
        assert_eq!(found("#UNBOUND UNB or UNH UNH+1"), Ok((20, 0)));
        assert_eq!(found("NUNB+UNOC:3"), Ok((1, 0)));
        assert_eq!(found("UNA+ is a word"), Err(14));
        assert_eq!(find(b"junk UNA:+.? 'UN", false), Err(5));
        assert_eq!(find(b"UNB\x1DUNOB", true).unwrap().service, ServiceString::LEVEL_B);
    }

    #[test]
    fn a_una_that_cannot_be_is_put_aside() {
        let start = |text: &[u8]| find(text, true).unwrap();
        assert!(!start(b"UNA:*.? $\nUNB*UNOA:4").unusable);
        for text in [&b"UNA:+.?'UNB+UNOC:3"[..], b"UNA:*.? 'UNB+UNOC:3", b"UNA:+.?   '\r\nUNB+UNOC:3"] {
            let start = start(text);
            assert!(start.unusable, "{}", String::from_utf8_lossy(text));
            assert_eq!(start.service, ServiceString::default());
            assert!(text[start.una..].starts_with(b"UNB+"));
        }
    }
}
