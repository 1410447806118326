//! Binary segments, BIN and BDS: their data has a stated length and may hold any byte, delimiters too.

use dragoman_tree::Code;

/// A binary segment whose length is wrong.
pub const WRONG_LENGTH: Code = Code {
    id: "DG-E0348",
    title: "the length of binary data is wrong",
    help: "BIN01 (in BDS the second element) counts the bytes of the data that follows, and the segment terminator \
           stands right after them. Here it does not, so the data is read up to the next terminator.",
};

/// What stands at the beginning of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    /// No binary segment.
    No,
    /// More bytes are needed to tell.
    More,
    /// A binary segment: where the separator before its data is, and the terminator.
    Data { from: usize, end: usize },
    /// One whose length is wrong.
    Wrong,
}

/// The elements before the data: of BIN the length, of BDS the filter and the length.
fn elements(tag: &[u8]) -> Option<usize> {
    match tag {
        b"BIN" => Some(1),
        b"BDS" => Some(2),
        _ => None,
    }
}

/// The longest beginning that is looked at.
const REACH: usize = 40;

/// Looks at a segment that begins at the beginning of `bytes`.
pub(super) fn look(bytes: &[u8], separator: u8, terminator: u8, last: bool) -> Binary {
    let needs = |found: Option<Binary>| match found {
        Some(binary) => binary,
        None if bytes.len() >= REACH || last => Binary::No,
        None => Binary::More,
    };
    let Some(tag) = bytes.get(..3) else {
        let may_be = [&b"BIN"[..], b"BDS"].iter().any(|tag| tag.starts_with(bytes));
        return if may_be && !last { Binary::More } else { Binary::No };
    };
    let Some(before) = elements(tag).filter(|_| bytes.get(3).is_none_or(|byte| *byte == separator)) else {
        return Binary::No;
    };
    let reach = bytes.get(..REACH).unwrap_or(bytes);
    let mut separators = reach.iter().enumerate().filter(|(_, byte)| **byte == separator).map(|(at, _)| at);
    let (from, to) = (separators.nth(before - 1), separators.next());
    needs(from.zip(to).map(|(from, to)| {
        let digits = reach.get(from + 1..to).and_then(|digits| std::str::from_utf8(digits).ok());
        let length: Option<usize> = digits.and_then(|digits| digits.parse().ok());
        let Some(end) = length.and_then(|length| (to + 1).checked_add(length)) else { return Binary::Wrong };
        match bytes.get(end) {
            Some(byte) if *byte == terminator => Binary::Data { from: to, end },
            None if !last => Binary::More,
            _ => Binary::Wrong,
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_tells_where_the_data_ends() {
        let look = |text: &[u8], last| look(text, b'*', b'~', last);
        assert_eq!(look(b"BIN*5*a*b~c~SE", true), Binary::Data { from: 5, end: 11 });
        assert_eq!(look(b"BDS*B64*2*~~~", true), Binary::Data { from: 9, end: 12 });
        assert_eq!(look(b"BIN*9*abc~", true), Binary::Wrong);
        assert_eq!(look(b"BIN*9*abc~", false), Binary::More);
        assert_eq!(look(b"BIN*x*abc~", true), Binary::Wrong);
        assert_eq!((look(b"BI", false), look(b"BI", true)), (Binary::More, Binary::No));
        assert_eq!(look(b"BINGO*1*2~", false), Binary::No);
        assert_eq!(look(b"BIN~", true), Binary::No);
    }
}
