//! Character sets: what the syntax identifier (0001) declares, and how bytes become text and back.

use dragoman_tree::{Code, Finding, Span};
use encoding_rs::Encoding;

use super::escapes;
use crate::segments::class;

/// Unknown or unsupported syntax identifier.
pub const UNKNOWN_CHARSET: Code = Code {
    id: "DG-E0315",
    title: "the syntax identifier names no supported character set",
    help: "UNOA to UNOK, UNOW to UNOY, IATA and IATB are supported (element 0001 in UNB). The bytes are read as UTF-8 where they are valid UTF-8, else as ISO 8859-1. Check names and \
           addresses for wrong letters, and ask the sender for UNOC or UNOY.",
};

/// The bytes are not what the syntax identifier declares.
pub const OTHER_ENCODING: Code = Code {
    id: "DG-E0316",
    title: "the bytes are not encoded as the syntax identifier declares",
    help: "UTF-8 under UNOA to UNOK is read as UTF-8; bytes that are no UTF-8 under UNOW or UNOY are \
           read as ISO 8859-1. The sender should declare what it sends: UNOC for ISO 8859-1, UNOY for \
           UTF-8.",
};

/// Characters that the character set does not hold.
pub const OUTSIDE_REPERTOIRE: Code = Code {
    id: "DG-E0317",
    title: "a value holds characters outside the declared character set",
    help: "Level A (UNOA) holds capital letters, digits, the blank and . , - ( ) / = ' + : ? ! \" % & * ; < \
           >. Level B (UNOB) adds small letters. Control characters, line ends among them, belong to none. \
           The value is read as it stands; a strict receiver may reject it.",
};

/// A character set of ISO 9735, by its syntax identifier (0001: code list of ISO 9735-1; IATA and IATB are those of
/// the airlines, in Reservations Interline Message Procedures).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// UNOA and IATA: level A, capital letters.
    UnoA,
    /// UNOB and IATB: level B, level A and small letters.
    UnoB,
    /// UNOC: ISO 8859-1, Latin alphabet No. 1.
    #[default]
    UnoC,
    /// UNOD: ISO 8859-2, Latin alphabet No. 2.
    UnoD,
    /// UNOE: ISO 8859-5, Latin and Cyrillic.
    UnoE,
    /// UNOF: ISO 8859-7, Latin and Greek.
    UnoF,
    /// UNOG: ISO 8859-3, Latin alphabet No. 3.
    UnoG,
    /// UNOH: ISO 8859-4, Latin alphabet No. 4.
    UnoH,
    /// UNOI: ISO 8859-6, Latin and Arabic.
    UnoI,
    /// UNOJ: ISO 8859-8, Latin and Hebrew.
    UnoJ,
    /// UNOK: ISO 8859-9, Latin alphabet No. 5.
    UnoK,
    /// UNOX: ASCII, and other sets that escapes designate.
    UnoX,
    /// UNOW and UNOY: ISO 10646-1 as UTF-8.
    Utf8,
    /// Anything else. Read by guess, written as ASCII only.
    Unknown,
}

impl Charset {
    /// The character set of a syntax identifier.
    pub fn from_identifier(identifier: &str) -> Self {
        match identifier {
            "UNOA" | "IATA" => Self::UnoA,
            "UNOB" | "IATB" => Self::UnoB,
            "UNOC" => Self::UnoC,
            "UNOD" => Self::UnoD,
            "UNOE" => Self::UnoE,
            "UNOF" => Self::UnoF,
            "UNOG" => Self::UnoG,
            "UNOH" => Self::UnoH,
            "UNOI" => Self::UnoI,
            "UNOJ" => Self::UnoJ,
            "UNOK" => Self::UnoK,
            "UNOX" => Self::UnoX,
            "UNOW" | "UNOY" => Self::Utf8,
            _ => Self::Unknown,
        }
    }

    /// What it is called in messages for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::UnoA => "UNOA (level A)",
            Self::UnoB => "UNOB (level B)",
            Self::UnoC => "UNOC (ISO 8859-1)",
            Self::UnoD => "UNOD (ISO 8859-2)",
            Self::UnoE => "UNOE (ISO 8859-5)",
            Self::UnoF => "UNOF (ISO 8859-7)",
            Self::UnoG => "UNOG (ISO 8859-3)",
            Self::UnoH => "UNOH (ISO 8859-4)",
            Self::UnoI => "UNOI (ISO 8859-6)",
            Self::UnoJ => "UNOJ (ISO 8859-8)",
            Self::UnoK => "UNOK (ISO 8859-9)",
            Self::UnoX => "UNOX (ISO/IEC 2022)",
            Self::Utf8 => "UTF-8",
            Self::Unknown => "the declared character set",
        }
    }

    /// The classes of bytes that its repertoire leaves out.
    pub(crate) const fn excluded(self) -> u8 {
        match self {
            Self::UnoA => class::CONTROL | class::SMALL | class::OTHER | class::HIGH,
            Self::UnoB => class::CONTROL | class::OTHER | class::HIGH,
            Self::UnoC | Self::Utf8 | Self::Unknown => class::CONTROL,
            // Some of these have no character at some bytes.
            _ => class::CONTROL | class::HIGH,
        }
    }

    /// The encoding of the parts of ISO 8859 that are not Latin alphabet No. 1. (That of UNOK is the extension of it
    /// that has characters where ISO 8859 has controls.)
    fn encoding(self) -> Option<&'static Encoding> {
        match self {
            Self::UnoD => Some(encoding_rs::ISO_8859_2),
            Self::UnoE => Some(encoding_rs::ISO_8859_5),
            Self::UnoF => Some(encoding_rs::ISO_8859_7),
            Self::UnoG => Some(encoding_rs::ISO_8859_3),
            Self::UnoH => Some(encoding_rs::ISO_8859_4),
            Self::UnoI => Some(encoding_rs::ISO_8859_6),
            Self::UnoJ => Some(encoding_rs::ISO_8859_8),
            Self::UnoK => Some(encoding_rs::WINDOWS_1254),
            _ => None,
        }
    }

    /// The byte of a character beyond ASCII in a part of ISO 8859.
    fn byte(self, character: char) -> Option<u8> {
        let mut text = [0; 4];
        let (bytes, _, is_lost) = self.encoding()?.encode(character.encode_utf8(&mut text));
        let byte = *bytes.first()?;
        (!is_lost && bytes.len() == 1 && byte >= 0xA0).then_some(byte)
    }

    /// Appends bytes that are no UTF-8 as text. What is no character becomes U+FFFD, which no set holds.
    pub(crate) fn decode(self, bytes: &[u8], out: &mut String) {
        let Some(encoding) = self.encoding() else { return push_latin1(bytes, out) };
        for byte in bytes {
            match byte {
                // The controls stay what they are.
                0..0xA0 => out.push(char::from(*byte)),
                _ => out.push_str(&encoding.decode_without_bom_handling(&[*byte]).0),
            }
        }
    }

    /// True where the repertoire has the character.
    pub fn holds(self, character: char) -> bool {
        let ascii = u8::try_from(character).ok().filter(u8::is_ascii);
        let class = ascii.and_then(|byte| class::TABLE.get(byte as usize));
        match (class, self) {
            (Some(class), _) => class & self.excluded() == 0,
            (None, Self::UnoC) => ('\u{A0}'..='\u{FF}').contains(&character),
            (None, Self::Utf8) => !character.is_control(),
            (None, Self::UnoX) => escapes::holds(character),
            (None, charset) => charset.byte(character).is_some(),
        }
    }

    /// Appends a character as bytes; false where that cannot be done. (Level A can carry small letters as
    /// bytes; [`holds`](Self::holds) tells what it may.)
    pub(crate) fn encode(self, character: char, out: &mut Vec<u8>) -> bool {
        match (u8::try_from(character), self) {
            (_, Self::Utf8) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            (Ok(byte), Self::UnoC) => out.push(byte),
            (Ok(byte), _) if byte.is_ascii() => out.push(byte),
            (_, charset) => match charset.byte(character) {
                Some(byte) => out.push(byte),
                None => return false,
            },
        }
        true
    }
}

/// The window as text where it is UTF-8, with a finding where that, or the contrary, is not what was
/// declared.
pub(super) fn text(window: &[u8], charset: Charset, base: u64) -> (Option<&str>, Option<Finding>) {
    let first = window.iter().position(|byte| !byte.is_ascii());
    let text = std::str::from_utf8(window).ok();
    let message = match (first, text, charset) {
        (None, _, _) | (_, Some(_), Charset::Utf8) | (_, None, Charset::UnoC) => return (text, None),
        (_, None, charset) if charset.encoding().is_some() || charset == Charset::UnoX => {
            return (text, None);
        }
        (_, Some(_), _) => format!("the bytes are UTF-8, not {}; read as UTF-8", charset.title()),
        (_, None, _) => format!("the bytes are not {}; read as ISO 8859-1", charset.title()),
    };
    let at = first.unwrap_or_default();
    (text, Some(Finding::warning(&OTHER_ENCODING, message).at(base, Span::of(at, at + 1))))
}

/// Appends bytes as ISO 8859-1.
pub(crate) fn push_latin1(bytes: &[u8], out: &mut String) {
    out.extend(bytes.iter().copied().map(char::from));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repertoires() {
        for (charset, held, not) in [
            (Charset::UnoA, "AZ09 .,-()/='+:?!\"%&*;<>", "az#@[{\u{7}ä€"),
            (Charset::UnoB, "AZaz09 .,", "#@[{\n\tä"),
            (Charset::UnoC, "az@{äÿ\u{A0}", "\n\u{85}€漢"),
            (Charset::UnoD, "az@ąŁä", "\n\u{85}€漢ÿ"),
            (Charset::UnoE, "azЖя№", "\nä\u{FFFD}漢"),
            (Charset::UnoF, "azΩώ", "\nя\u{FFFD}"),
            (Charset::UnoG, "azĦÑ", "Ł\u{FFFD}"),
            (Charset::UnoH, "azĀ", "Ñ"),
            (Charset::UnoI, "azش", "ä\u{FFFD}"),
            (Charset::UnoJ, "azש", "ä\u{FFFD}"),
            (Charset::UnoK, "azğŞä", "€ý\u{85}"),
            (Charset::Utf8, "az@ä€漢😀", "\n\u{85}"),
        ] {
            assert!(held.chars().all(|c| charset.holds(c)), "{charset:?}");
            assert!(!not.chars().any(|c| charset.holds(c)), "{charset:?}");
        }
    }

    #[test]
    fn utf_8_under_another_name_is_found() {
        let latin = [b'a', 0xE4, b'b'];
        assert!(matches!(text("aäb".as_bytes(), Charset::UnoC, 7), (Some("aäb"), Some(found))
            if found.span == Some(8..9)));
        assert!(matches!(text(&latin, Charset::UnoC, 0), (None, None)));
        assert!(matches!(text(&latin, Charset::Utf8, 0), (None, Some(_))));
        assert!(matches!(text(b"ab", Charset::UnoA, 0), (Some("ab"), None)));
        let mut decoded = String::new();
        push_latin1(&latin, &mut decoded);
        assert_eq!(decoded, "aäb");
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        for charset in
            ["UNOA", "UNOB", "UNOC", "UNOD", "UNOE", "UNOF", "UNOG", "UNOH", "UNOI", "UNOJ", "UNOK", "UNOY"]
                .map(Charset::from_identifier)
        {
            for character in (0..0x700_u32).chain([0x20AC, 0x1_F600]).filter_map(char::from_u32) {
                let mut out = Vec::new();
                let encoded = charset.encode(character, &mut out);
                assert!(encoded || !charset.holds(character));
                let mut decoded = String::new();
                match (encoded, charset) {
                    (true, Charset::Utf8) => decoded.push_str(std::str::from_utf8(&out).unwrap()),
                    (true, charset) => charset.decode(&out, &mut decoded),
                    (false, _) => continue,
                }
                assert_eq!(decoded, character.to_string());
            }
        }
    }
}
