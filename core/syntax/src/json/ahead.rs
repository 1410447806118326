//! A look ahead: the names in a value that is about to be read, for what its own name does not decide.

/// The names of the members of the object that begins here, or of the first one of an array; none of another value.
/// Of text that is no JSON they are whatever looks so.
pub(super) struct Ahead<'i> {
    rest: &'i [u8],
    /// How deep it is in the object; nothing before it and behind it.
    depth: usize,
}

impl<'i> Ahead<'i> {
    /// Behind a member's name.
    pub fn new(rest: &'i [u8]) -> Self {
        let begin = rest.iter().position(|byte| !b" \t\r\n:[".contains(byte)).unwrap_or(rest.len());
        match rest.get(begin..) {
            Some([b'{', inside @ ..]) => Self { rest: inside, depth: 1 },
            _ => Self { rest: &[], depth: 0 },
        }
    }

    /// The text of a string behind its opening quote, as it stands there.
    fn string(&mut self) -> &'i [u8] {
        let text = self.rest;
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            match byte {
                b'"' => break,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.rest = text.get(at + 1..).unwrap_or_default();
        text.get(..at).unwrap_or(text)
    }
}

impl<'i> Iterator for Ahead<'i> {
    type Item = &'i str;

    fn next(&mut self) -> Option<&'i str> {
        while self.depth > 0 {
            let [first, rest @ ..] = self.rest else { return None };
            self.rest = rest;
            match first {
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                b'"' => {
                    let text = self.string();
                    let then = self.rest.iter().find(|byte| !byte.is_ascii_whitespace());
                    if self.depth == 1 && then == Some(&b':') {
                        return std::str::from_utf8(text).ok();
                    }
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_first_object_alone() {
        let names = |text: &str| Ahead::new(text.as_bytes()).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            names(": [ {\"a\": {\"b\": 1}, \"c\\\"\": \"d\", \"e\" : [\"f\"]}, {\"g\": 1}]"),
            ["a", "c\\\"", "e"]
        );
        assert_eq!(names(":{}"), [""; 0]);
        assert_eq!(names(":\"a\""), [""; 0]);
        assert_eq!(names(":{\"a\":"), ["a"]);
        assert_eq!(names(":{\"a"), [""; 0]);
    }
}
