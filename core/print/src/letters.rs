//! Text in Helvetica, one of the fonts that every reader of PDF has (ISO 32000-1, 9.6.2.2): its bytes and its width.

use encoding_rs::WINDOWS_1252;

/// The widths of the characters from the blank to `~`, in thousandths of the size (Adobe's metrics of Helvetica).
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The width of any other character: none of the letters is wider, so that none leaves its box.
const OTHER: u16 = 1000;

/// The bytes of text, and the first character that the font does not have: it is a `?`.
pub fn bytes(text: &str) -> (Vec<u8>, Option<char>) {
    let (mut bytes, mut strange) = (Vec::with_capacity(text.len()), None);
    for character in text.chars() {
        let mut one = [0; 4];
        let (byte, _, is_lost) = WINDOWS_1252.encode(character.encode_utf8(&mut one));
        match *byte {
            _ if character.is_control() => bytes.push(b' '),
            [byte] if !is_lost => bytes.push(byte),
            _ => {
                strange.get_or_insert(character);
                bytes.push(b'?');
            }
        }
    }
    (bytes, strange)
}

/// How wide text is, in points.
pub fn width(text: &str, size: f32) -> f32 {
    let of = |character: char| {
        let index = u32::from(character).checked_sub(0x20).and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| WIDTHS.get(index)).copied().unwrap_or(OTHER)
    };
    text.chars().map(|character| f32::from(of(character))).sum::<f32>() * size / 1000.0
}

/// Breaks text into lines that are no wider: between words, and within one that is wider by itself.
pub fn wrap(text: &str, size: f32, most: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { continue };
        let gap = if line.is_empty() { "" } else { " " };
        if width(line, size) + width(gap, size) + width(word, size) <= most {
            line.push_str(gap);
            line.push_str(word);
            continue;
        }
        let mut rest = String::new();
        for character in word.chars() {
            if !rest.is_empty() && width(&rest, size) + width(character.encode_utf8(&mut [0; 4]), size) > most
            {
                push(&mut lines, std::mem::take(&mut rest));
            }
            rest.push(character);
        }
        push(&mut lines, rest);
    }
    lines
}

/// Adds a line; one that is empty is filled.
fn push(lines: &mut Vec<String>, text: String) {
    match lines.last_mut() {
        Some(last) if last.is_empty() => *last = text,
        _ => lines.push(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_and_nothing_is_lost() {
        let text = "Fabric of cotton, dyed, of a width of 150 cm ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ end";
        for most in [40.0, 75.5, 120.0, 500.0] {
            let lines = wrap(text, 8.0, most);
            assert!(lines.iter().all(|line| width(line, 8.0) <= most), "{most}: {lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        assert_eq!(wrap("a b", 8.0, 500.0), ["a b"]);
    }

    #[test]
    fn what_the_font_lacks_is_told() {
        assert_eq!(bytes("Gdańsk €"), (b"Gda?sk \x80".to_vec(), Some('ń')));
        assert_eq!(bytes("Müller"), (b"M\xFCller".to_vec(), None));
    }
}
