//! The character sets that escapes designate under UNOX: the code extension of ISO/IEC 2022, with the escape sequences
//! of the register of ISO 2375 that ISO-2022-JP (RFC 1468), ISO-2022-KR (RFC 1557) and ISO 8859 use.
//!
//! A value begins in ASCII, and with no set at its upper half; whoever sends it goes back to ASCII before its end, for
//! the next separator has to be one. What a set of two bytes a character holds separates nothing.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK};

use crate::segments::class;

/// Begins an escape sequence.
pub(crate) const ESCAPE: u8 = 0x1B;

/// A registered character set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    /// ISO 646, and what is almost that.
    Ascii,
    /// The katakana of JIS X 0201, of half width.
    Katakana,
    /// Two bytes a character, by the encoding that has the set in its upper half.
    Double(&'static Encoding),
    /// The upper half of a part of ISO 8859.
    Part(&'static Encoding),
}

/// Where a set is designated to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    /// G0: the bytes below 0x80.
    Lower,
    /// G1: the bytes from 0xA0 on.
    Upper,
}

/// What stands after ESC, and what it designates. The first of several spellings is written.
const SEQUENCES: [(&[u8], Half, Set); 21] = [
    (b"(B", Half::Lower, Set::Ascii),
    (b"(J", Half::Lower, Set::Ascii),
    (b"-A", Half::Upper, Set::Part(encoding_rs::WINDOWS_1252)),
    (b"-B", Half::Upper, Set::Part(encoding_rs::ISO_8859_2)),
    (b"-L", Half::Upper, Set::Part(encoding_rs::ISO_8859_5)),
    (b"-F", Half::Upper, Set::Part(encoding_rs::ISO_8859_7)),
    (b"-C", Half::Upper, Set::Part(encoding_rs::ISO_8859_3)),
    (b"-D", Half::Upper, Set::Part(encoding_rs::ISO_8859_4)),
    (b"-G", Half::Upper, Set::Part(encoding_rs::ISO_8859_6)),
    (b"-H", Half::Upper, Set::Part(encoding_rs::ISO_8859_8)),
    (b"-M", Half::Upper, Set::Part(encoding_rs::WINDOWS_1254)),
    (b"(I", Half::Lower, Set::Katakana),
    (b"$B", Half::Lower, Set::Double(EUC_JP)),
    (b"$@", Half::Lower, Set::Double(EUC_JP)),
    (b"$(B", Half::Lower, Set::Double(EUC_JP)),
    (b"$A", Half::Lower, Set::Double(GBK)),
    (b"$(A", Half::Lower, Set::Double(GBK)),
    (b"$(C", Half::Lower, Set::Double(EUC_KR)),
    (b"$)A", Half::Upper, Set::Double(GBK)),
    (b"$)B", Half::Upper, Set::Double(EUC_JP)),
    (b"$)C", Half::Upper, Set::Double(EUC_KR)),
];

impl Set {
    /// The bytes of a character in the set, as in its upper half.
    fn bytes(self, character: char) -> Option<Vec<u8>> {
        let encoding = match self {
            Self::Ascii => return None,
            Self::Katakana => EUC_JP,
            Self::Double(encoding) | Self::Part(encoding) => encoding,
        };
        let mut text = [0; 4];
        let (bytes, _, is_lost) = encoding.encode(character.encode_utf8(&mut text));
        match (self, &*bytes) {
            _ if is_lost => None,
            // Half width is shifted to in EUC: the byte itself is the second.
            (Self::Katakana, [0x8E, byte]) => Some(vec![*byte]),
            (Self::Double(_), [0xA1..=0xFF, 0xA1..=0xFF]) | (Self::Part(_), [0xA0..=0xFF]) => {
                Some(bytes.into_owned())
            }
            _ => None,
        }
    }

    /// How many bytes a character has.
    const fn width(self) -> usize {
        if matches!(self, Self::Double(_)) { 2 } else { 1 }
    }

    /// Appends the character of some bytes, given as in the upper half.
    fn decode(self, bytes: &[u8], out: &mut String) {
        match (self, bytes) {
            (Self::Katakana, [byte @ 0xA1..=0xDF]) => {
                out.extend(char::from_u32(0xFF61 + u32::from(*byte) - 0xA1));
            }
            (Self::Double(encoding) | Self::Part(encoding), bytes) => {
                out.push_str(&encoding.decode_without_bom_handling(bytes).0);
            }
            _ => out.push(char::REPLACEMENT_CHARACTER),
        }
    }
}

/// The escape sequence that bytes begin with, as far as it is known, and its length.
fn sequence(bytes: &[u8]) -> Option<(Half, Set, usize)> {
    let after = bytes.strip_prefix(&[ESCAPE])?;
    let found = SEQUENCES.iter().find(|(text, ..)| after.starts_with(text));
    found.map(|(text, half, set)| (*half, *set, text.len() + 1))
}

/// How many bytes from an escape on separate nothing; `None` where more bytes are needed to know. Characters of several
/// bytes last until the next escape, or a control character: none is one of theirs.
pub(crate) fn length(bytes: &[u8], table: &[u8; 256], last: bool) -> Option<usize> {
    /// No sequence here is longer.
    const LONGEST: usize = 4;
    if bytes.len() < LONGEST && !last {
        return None;
    }
    let Some((half, set, mut length)) = sequence(bytes) else { return Some(1) };
    if half == Half::Upper || set == Set::Ascii {
        return Some(length);
    }
    let is_cut =
        |byte: u8| table.get(byte as usize).is_some_and(|class| class & class::DELIMITER == class::WRAP);
    loop {
        let rest = bytes.get(length..).unwrap_or_default();
        let Some(data) = rest.iter().position(|byte| *byte < b' ' && !is_cut(*byte)) else {
            return last.then_some(bytes.len());
        };
        length += data;
        let rest = rest.get(data..).unwrap_or_default();
        match sequence(rest) {
            // What is designated to the upper half changes nothing below.
            Some((Half::Upper, _, upper)) => length += upper,
            None if rest.len() < LONGEST && !last => return None,
            _ => return Some(length),
        }
    }
}

/// Appends a value as text, without its escapes and release characters. What is no character becomes U+FFFD; an escape
/// that is not known stays.
pub(crate) fn decode(bytes: &[u8], release: Option<u8>, out: &mut String) {
    let (mut lower, mut upper) = (Set::Ascii, None);
    let mut rest = bytes;
    while let Some(byte) = rest.first().copied() {
        if let Some((half, set, length)) = sequence(rest) {
            match half {
                Half::Lower => lower = set,
                Half::Upper => upper = Some(set),
            }
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let set = match byte {
            0x21..0x80 => lower,
            0xA0.. => upper.unwrap_or(Set::Part(encoding_rs::WINDOWS_1252)),
            _ => Set::Ascii,
        };
        let length = if set == Set::Ascii && Some(byte) == release { 2 } else { set.width() };
        let (character, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        if set == Set::Ascii {
            out.extend(character.last().map(|byte| char::from(*byte)));
        } else {
            let upper: Vec<u8> = character.iter().map(|byte| byte | 0x80).collect();
            set.decode(&upper, out);
        }
        rest = after;
    }
}

/// Which sets are designated while a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    lower: Set,
    upper: Option<Set>,
    /// The sequence of the set that the value is written in, as far as it can be.
    preferred: usize,
}

impl Default for Shift {
    fn default() -> Self {
        Self { lower: Set::Ascii, upper: None, preferred: 0 }
    }
}

impl Shift {
    /// Begins a value: the first set that has all of its characters, if any, is that for each.
    pub fn begin(value: &str) -> Self {
        let beyond = || value.chars().filter(|character| !character.is_ascii());
        let has_all =
            |(_, _, set): &(&[u8], Half, Set)| beyond().all(|character| set.bytes(character).is_some());
        let preferred = SEQUENCES.iter().position(has_all).unwrap_or_default();
        Self { preferred, ..Self::default() }
    }

    /// Appends a character with the escapes that it needs; false where no set has it.
    pub fn encode(&mut self, character: char, out: &mut Vec<u8>) -> bool {
        if character.is_ascii() {
            self.ascii(out);
            out.push(character as u8);
            return true;
        }
        let preferred = SEQUENCES.get(self.preferred).into_iter();
        let found = preferred
            .chain(&SEQUENCES)
            .find_map(|(text, half, set)| set.bytes(character).map(|bytes| (text, half, *set, bytes)));
        let Some((text, half, set, bytes)) = found else { return false };
        let is_there = match half {
            Half::Lower => std::mem::replace(&mut self.lower, set) == set,
            Half::Upper => self.upper.replace(set) == Some(set),
        };
        if !is_there {
            out.push(ESCAPE);
            out.extend_from_slice(text);
        }
        let lower = |byte: u8| if *half == Half::Lower { byte & 0x7F } else { byte };
        out.extend(bytes.into_iter().map(lower));
        true
    }

    /// Goes back to ASCII: before a separator, a release character, and the end of a value.
    pub fn ascii(&mut self, out: &mut Vec<u8>) {
        if std::mem::replace(&mut self.lower, Set::Ascii) != Set::Ascii {
            out.extend_from_slice(b"\x1B(B");
        }
    }
}

/// True where some set has the character.
pub(crate) fn holds(character: char) -> bool {
    SEQUENCES.iter().any(|(_, _, set)| set.bytes(character).is_some())
}
