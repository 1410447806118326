//! The classes of a byte, as the tokeniser sees it: three bits for the delimiter and one for each reason why
//! a character may not be in a repertoire.

/// The bits that tell delimiters apart; 0 is data.
pub const DELIMITER: u8 = 0x07;
pub const RELEASE: u8 = 1;
pub const COMPONENT: u8 = 2;
pub const REPETITION: u8 = 3;
pub const ELEMENT: u8 = 4;
pub const SEGMENT: u8 = 5;
/// A line end that cuts a line of fixed length and is no part of what it stands in.
pub const WRAP: u8 = 6;
/// Designates another character set, whose characters may have the bytes of delimiters.
pub const ESCAPE: u8 = 7;
/// C0 control characters and DEL.
pub const CONTROL: u8 = 0x08;
/// Small letters: not in level A.
pub const SMALL: u8 = 0x10;
/// Graphic ASCII characters that are in neither level A nor level B.
pub const OTHER: u8 = 0x20;
/// Beyond ASCII.
pub const HIGH: u8 = 0x40;

/// The classes of all bytes, without delimiters.
pub const TABLE: [u8; 256] = table();

#[expect(clippy::indexing_slicing, reason = "a byte is an index of 256 entries")]
const fn table() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            0..0x20 | 0x7F => CONTROL,
            b'a'..=b'z' => SMALL,
            b'#' | b'$' | b'@' | b'['..=b'`' | b'{'..=b'~' => OTHER,
            0x80.. => HIGH,
            _ => 0,
        };
        byte += 1;
    }
    table
}
