//! Bytes of segments: separators up to the last filled position, release characters, the character set.

use dragoman_tree::{Code, Finding, NodeId, Tree};

use super::cells::Cell;
use super::{WireIndex, WireLeaf, WireSegment};
use crate::edifact::{Charset, ServiceString, Shift, Unencodable};
use crate::path::wire_path;

/// A character that cannot be written.
pub const UNENCODABLE: Code = Code {
    id: "DG-E0332",
    title: "the character set cannot hold a character",
    help: "The syntax identifier of the interchange (UNB/S001/0001) names a character set without this \
           character, or the character separates and there is no release character. Choose UNOC or UNOY if \
           the receiver takes it, or tell the writer what to write instead.",
};

/// Bytes that another encoding fits.
pub const AMBIGUOUS_BYTES: Code = Code {
    id: "DG-E0333",
    title: "bytes of ISO 8859 that look like UTF-8",
    help: "The values of this message, written in a part of ISO 8859, happen to be valid UTF-8, and many readers \
           will take them for it. Most likely they were decoded wrongly before they came here (`Ã¼` for \
           `ü`).",
};

/// A name that cannot be a tag.
pub const ILLEGAL_TAG: Code = Code {
    id: "DG-E0334",
    title: "the name of a segment cannot be its tag",
    help: "A tag holds no service characters, blanks or characters beyond ASCII, and service segments such \
           as UNT are made by the writer. The segment is not written.",
};

/// Writes segments and notes where their values went.
pub(crate) struct Emitter {
    pub out: Vec<u8>,
    pub service: ServiceString,
    pub charset: Charset,
    /// The sets that escapes have designated in the value that is being written.
    pub shift: Shift,
    pub policy: Unencodable,
    pub lines: bool,
    /// True where any character stands for itself: in binary data.
    pub raw: bool,
    pub findings: Vec<Finding>,
    pub index: WireIndex,
    /// True once something was refused.
    pub refused: bool,
}

/// A segment to write.
pub(crate) struct Line<'t> {
    pub tag: &'t str,
    pub cells: &'t [Cell<'t>],
    /// The node it comes from, and its tree.
    pub node: Option<(&'t Tree<'t>, NodeId)>,
}

impl Emitter {
    /// Writes a segment, with no separator after its last filled position.
    pub fn segment(&mut self, line: &Line<'_>) {
        if !self.is_tag(line.tag) {
            self.illegal(line);
            return;
        }
        let (start, leaf) = (self.out.len() as u32, self.index.leaves.len() as u32);
        self.out.extend_from_slice(line.tag.as_bytes());
        let mut at = (0, 1, 1);
        for cell in line.cells.iter().filter(|cell| !cell.value.is_empty()) {
            at = self.separate(at, cell.position());
            self.cell(cell, line.node.map(|(tree, _)| tree));
        }
        self.out.push(self.service.terminator);
        let end = self.out.len() as u32;
        let node = line.node.map(|(_, node)| node);
        self.index.segments.push(WireSegment { node, start, end, leaf });
        if self.lines {
            self.out.extend_from_slice(b"\r\n");
        }
    }

    /// Reports a segment that cannot be written.
    pub fn illegal(&mut self, line: &Line<'_>) {
        let message = format!("`{}` cannot be the tag of a segment here", line.tag.escape_debug());
        let finding = Finding::error(&ILLEGAL_TAG, message);
        self.findings.push(match line.node {
            Some((tree, node)) => finding.wire(wire_path(tree, node, None)),
            None => finding,
        });
    }

    /// True for what a reader will take for the same tag.
    fn is_tag(&self, tag: &str) -> bool {
        let fits = |byte: u8| byte.is_ascii_graphic() && !self.service.is_service(byte);
        !tag.is_empty() && tag.bytes().all(fits)
    }

    /// Writes the separators from one position to another.
    fn separate(&mut self, from: (u32, u32, u32), to: (u32, u32, u32)) -> (u32, u32, u32) {
        let (mut element, mut repetition, mut component) = from;
        while element < to.0 {
            self.out.push(self.service.element);
            (element, repetition, component) = (element + 1, 1, 1);
        }
        if let Some(separator) = self.service.repetition {
            while repetition < to.1 {
                self.out.push(separator);
                (repetition, component) = (repetition + 1, 1);
            }
        }
        while component < to.2 {
            self.out.push(self.service.component);
            component += 1;
        }
        to
    }

    fn cell(&mut self, cell: &Cell<'_>, tree: Option<&Tree<'_>>) {
        let start = self.out.len() as u32;
        let mut strange = None;
        if self.charset == Charset::UnoX {
            self.shift = Shift::begin(cell.value);
        }
        for character in cell.value.chars() {
            if !self.character(character) {
                strange.get_or_insert(character);
            }
        }
        self.shift.ascii(&mut self.out);
        let end = self.out.len() as u32;
        if let Some(node) = cell.node.filter(|_| start < end) {
            self.index.leaves.push(WireLeaf {
                node,
                start,
                end,
                element: u16::try_from(cell.element).unwrap_or(u16::MAX),
                component: u8::try_from(cell.component).unwrap_or(u8::MAX),
                repetition: u8::try_from(cell.repetition).unwrap_or(u8::MAX),
            });
        }
        if let Some(character) = strange {
            self.unencodable(character, cell, tree);
        }
    }

    /// Writes a character, or what the policy puts in its place; false where it is not in the character set.
    fn character(&mut self, character: char) -> bool {
        let held = self.raw || (self.charset.holds(character) && self.can_release(character));
        match self.policy {
            _ if held => self.put(character),
            Unencodable::Substitute(other) if self.charset.holds(other) && self.can_release(other) => {
                self.put(other);
            }
            Unencodable::Keep if self.can_release(character) => self.put(character),
            _ => self.refused = true,
        }
        held
    }

    /// False for a service character that nothing can release.
    fn can_release(&self, character: char) -> bool {
        let byte = u8::try_from(character).ok().filter(u8::is_ascii);
        self.service.release.is_some() || !byte.is_some_and(|byte| self.service.is_service(byte))
    }

    /// Writes a character with its release character.
    fn put(&mut self, character: char) {
        let byte = u8::try_from(character).ok().filter(u8::is_ascii);
        if !self.raw && byte.is_some_and(|byte| self.service.is_service(byte)) {
            self.shift.ascii(&mut self.out);
            self.out.extend(self.service.release);
        }
        let is_encoded = match self.charset {
            Charset::UnoX => self.shift.encode(character, &mut self.out),
            charset => charset.encode(character, &mut self.out),
        };
        self.refused |= !is_encoded;
    }

    fn unencodable(&mut self, character: char, cell: &Cell<'_>, tree: Option<&Tree<'_>>) {
        let reason = if self.can_release(character) { "is outside" } else { "cannot be released in" };
        let title = self.charset.title();
        let message =
            format!("`{}` {reason} {title}, in `{}`", character.escape_debug(), cell.value.escape_debug());
        let finding = if self.refused { Finding::error } else { Finding::warning };
        let finding = finding(&UNENCODABLE, message);
        self.findings.push(match (cell.node, tree) {
            (Some(node), Some(tree)) => finding.wire(wire_path(tree, node, None)),
            _ => finding,
        });
    }

    /// Says where the bytes from `start` on would be read in another encoding.
    pub fn check_bytes(&mut self, start: usize) {
        let written = self.out.get(start..).unwrap_or_default();
        let other =
            self.charset != Charset::Utf8 && !written.is_ascii() && std::str::from_utf8(written).is_ok();
        if other {
            self.findings.push(Finding::warning(&AMBIGUOUS_BYTES, AMBIGUOUS_BYTES.title));
        }
    }
}
