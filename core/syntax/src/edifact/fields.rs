//! The fields of an interchange as they stand: where each tag, data element and component is.

use super::charset::Charset;
use super::service::{ServiceString, repeats};
use super::start;
use crate::segments::Field;
use crate::segments::token::{Scanned, Segment, Tokens};

/// How many segments are scanned before they are visited.
const BATCH: usize = 256;

/// Visits all fields from the first UNA, UNB, UNG or UNH on, with the service characters found there; nothing is
/// checked, and nothing is copied. Only the first 4 GiB are looked at. Returns the number of segments.
pub fn fields(bytes: &[u8], mut visit: impl FnMut(Field)) -> usize {
    let bytes = bytes.get(..u32::MAX as usize).unwrap_or(bytes);
    let Ok(found) = start::find(bytes, true) else { return 0 };
    let mut tokens = Tokens::default();
    tokens.restart(found.skipped + found.una);
    let mut service = ServiceString { repetition: None, ..found.service };
    let mut table = service.table();
    let mut segments = 0;
    loop {
        let mut more = true;
        while more && tokens.len() < BATCH {
            more = tokens.scan(bytes, &table, true) != Scanned::Nothing;
            // What separates repetitions depends on the version that UNB states.
            if let Some(header) = tokens.last().filter(|last| more && is_header(last, bytes)) {
                service.repetition = repetition(&header, bytes, &found);
                service.extended = is_extended(&header, bytes);
                table = service.table();
            }
        }
        tokens.segments().for_each(|segment| segment.fields(&mut visit));
        segments += tokens.len();
        if !more {
            return segments;
        }
        tokens.restart(tokens.end());
    }
}

fn is_header(segment: &Segment<'_>, bytes: &[u8]) -> bool {
    bytes.get(segment.tag().range()) == Some(b"UNB")
}

fn is_extended(header: &Segment<'_>, bytes: &[u8]) -> bool {
    Charset::from_identifier(&String::from_utf8_lossy(header.value(bytes, 1, 1))) == Charset::UnoX
}

fn repetition(header: &Segment<'_>, bytes: &[u8], found: &start::Start) -> Option<u8> {
    let version = String::from_utf8_lossy(header.value(bytes, 1, 2));
    let stated = found.una > 0 && !found.unusable;
    let default = ServiceString::of_version(&version).repetition;
    if stated { found.service.repetition } else { default }.filter(|_| repeats(&version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segments::FieldKind;

    fn all(bytes: &str) -> (usize, Vec<(FieldKind, &str, bool)>) {
        let mut all = Vec::new();
        let segments = fields(bytes.as_bytes(), |field| {
            all.push((field.kind, bytes.get(field.span.range()).unwrap(), field.released));
        });
        (segments, all)
    }

    #[test]
    fn every_field_is_visited_in_order() {
        use FieldKind::{Component, Element, Repetition, Tag};
        let (segments, found) = all("UNB+UNOC:4+A?+B'\r\nRFF+X:1*Y'UNZ'");
        assert_eq!(segments, 3);
        let expected = [
            (Tag, "UNB", false),
            (Element, "UNOC", false),
            (Component, "4", false),
            (Element, "A?+B", true),
            (Tag, "RFF", false),
            (Element, "X", false),
            (Component, "1", false),
            (Repetition, "Y", false),
            (Tag, "UNZ", false),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn una_is_heeded_and_version_3_has_no_repetitions() {
        let (segments, found) = all("junk UNA|^.\\ ~UNB^UNOA|3^*~");
        assert_eq!((segments, found.len()), (1, 4));
        assert_eq!(all("no interchange"), (0, Vec::new()));
    }
}
