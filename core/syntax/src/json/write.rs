//! Tree to JSON text, straight from the arena.

use dragoman_tree::{NodeId, Tree};

use super::shape::{self, Shape, shape};

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without any white space.
    Compact,
    /// One member or item a line, indented by two blanks a level, with a line end at the end.
    Pretty,
    /// Compact with a line end at the end: one line of NDJSON.
    Line,
}

/// The JSON text (RFC 8259) of a tree: a message or a canonical document. An empty tree has none.
pub fn write(tree: &Tree<'_>, style: Style) -> String {
    let mut out = String::with_capacity(tree.text().len() + 32 * tree.len());
    if !tree.is_empty() {
        write_node(tree, NodeId::ROOT, style, &mut out);
    }
    out
}

/// Adds the JSON text of a node and all below it.
///
/// Siblings of one name that repeat become one array, at the place of the first of them. A number or bool whose
/// text JSON does not allow is written as a string, so content never becomes structure.
pub fn write_node(tree: &Tree<'_>, node: NodeId, style: Style, out: &mut String) {
    let mut writer = Writer { tree, out, pretty: style == Style::Pretty, depth: 0, children: Vec::new() };
    writer.value(node);
    if style != Style::Compact {
        out.push('\n');
    }
}

struct Writer<'t, 'i, 'o> {
    tree: &'t Tree<'i>,
    out: &'o mut String,
    pretty: bool,
    depth: usize,
    /// The children of all objects that are being written, innermost last.
    children: Vec<NodeId>,
}

impl Writer<'_, '_, '_> {
    fn value(&mut self, node: NodeId) {
        match shape(self.tree, node) {
            Shape::Object => self.object(node),
            Shape::Array => self.array(node),
            Shape::String(text) => quote(text, self.out),
            Shape::Number(text) | Shape::Bool(text) => self.out.push_str(text),
            Shape::Null => self.out.push_str("null"),
        }
    }

    fn object(&mut self, node: NodeId) {
        let from = self.children.len();
        self.children.extend(self.tree.children(node));
        shape::gather(self.tree, self.children.get_mut(from..).unwrap_or_default());
        self.open('{');
        let mut at = from;
        while let Some(first) = self.children.get(at).copied() {
            self.separate(at == from);
            quote(self.tree.name(first), self.out);
            self.out.push_str(if self.pretty { ": " } else { ":" });
            at += self.member(first, at);
        }
        self.close('}', at == from);
        self.children.truncate(from);
    }

    /// Writes the value of a member, or the run of items that are its value, and gives how many nodes that were.
    fn member(&mut self, first: NodeId, at: usize) -> usize {
        if !self.tree.node(first).repeats {
            self.value(first);
            return 1;
        }
        self.open('[');
        let mut next = at;
        while let Some(item) = self.children.get(next).copied() {
            if !shape::same_array(self.tree, first, item) {
                break;
            }
            self.separate(next == at);
            self.value(item);
            next += 1;
        }
        self.close(']', false);
        next - at
    }

    fn array(&mut self, node: NodeId) {
        self.open('[');
        let mut empty = true;
        for item in self.tree.children(node) {
            self.separate(empty);
            self.value(item);
            empty = false;
        }
        self.close(']', empty);
    }

    fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth += 1;
    }

    fn separate(&mut self, first: bool) {
        if !first {
            self.out.push(',');
        }
        self.line();
    }

    fn close(&mut self, bracket: char, empty: bool) {
        self.depth -= 1;
        if !empty {
            self.line();
        }
        self.out.push(bracket);
    }

    fn line(&mut self) {
        if self.pretty {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", self.depth));
        }
    }
}

/// Adds a string in quotes. Besides what RFC 8259 section 7 demands, U+2028 and U+2029 are escaped: they end lines
/// for JavaScript and some line readers.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    // Nearly all names and values are plain; looking at all bytes without branches is far faster than at each.
    let special = |byte: u8| !(b' '..=b'~').contains(&byte) || (byte == b'"') || (byte == b'\\');
    if !text.bytes().fold(false, |any, byte| any | special(byte)) {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut rest = text;
    while let Some(at) = rest.find(must_be_escaped) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = from.chars();
        if let Some(character) = characters.next() {
            escape(character, out);
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn must_be_escaped(character: char) -> bool {
    matches!(character, '"' | '\\' | '\0'..'\u{20}' | '\u{2028}' | '\u{2029}')
}

fn escape(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => {
            out.push_str("\\u");
            let digit = |shift: u32| char::from_digit(u32::from(character) >> shift & 0xF, 16).unwrap_or('0');
            out.extend([12, 8, 4, 0].map(digit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped() {
        let mut out = String::new();
        quote("a\"b\\c/\u{0}\u{1f}\u{8}\u{c}\n\r\t\u{7f}\u{2028}\u{2029}\u{1f600}", &mut out);
        let expected = "\"a\\\"b\\\\c/\\u0000\\u001f\\b\\f\\n\\r\\t\u{7f}\\u2028\\u2029\u{1f600}\"";
        assert_eq!(out, expected);
    }
}
