//! JSON text to tree, in one pass. What is broken is mended the way its writer most likely meant it, with a
//! finding, as long as that is clear.

use std::ops::Range;

use dragoman_tree::{Finding, Kind, NameId, Names, NodeId, PlaceId, Span, TreeBuilder};

use super::codes::{BOM, COMMENT, EMPTY, ENCODING, LIMIT, TRAILING, UNEXPECTED};
use super::linked;
use super::members::Members;
use super::nesting::{Frame, Slot};
use super::report::Report;
use super::scan;
use crate::grammar::Grammar;
use crate::{Limits, Read};

/// The largest input whose values a tree can count, even where each byte becomes U+FFFD.
const MOST_BYTES: usize = 1 << 29;

/// Reads a JSON text (RFC 8259) into a tree.
///
/// `root` says where in the grammar the value stands. At [`Grammar::ROOT`] it may also be one of the grammar's
/// wrappers: the first member that any of them knows decides. The items of an array at the top stand at `root`.
/// A member that the grammar does not know has [`PlaceId::NONE`], and so has everything below it.
///
/// An array is a run of siblings with the member's name that repeat; an empty one is a leaf of [`Kind::Array`].
/// Where an array has no member's name of its own, at the top and inside an array, it is a node of
/// [`Kind::Array`], its items below it without a name. The span of a string is what stands between its quotes (an
/// empty one has its quotes), of an object or array its opening bracket.
///
/// A grammar of JSON-LD is of the same message in any form of that; a text that may be JSON-LD is read as it describes it.
///
/// Without a value to read the root is a null without a span. At most 512 MiB and 1,024 levels are read, whatever
/// the limits say.
pub fn read<'i>(input: &'i [u8], grammar: Option<&Grammar>, root: PlaceId, limits: &Limits) -> Read<'i> {
    if let Some((grammar, linked)) =
        grammar.and_then(|grammar| Some((grammar, grammar.header.linked.as_ref()?)))
        && root == Grammar::ROOT
        && linked::may_be(input)
    {
        return linked::as_described(input, grammar, linked, limits);
    }
    one_by_one(input, grammar, root, limits)
}

/// Reads a text as it stands.
pub(super) fn one_by_one<'i>(
    input: &'i [u8],
    grammar: Option<&Grammar>,
    root: PlaceId,
    limits: &Limits,
) -> Read<'i> {
    let names = grammar.map(|grammar| Names::with_base(grammar.names().clone())).unwrap_or_default();
    let text = std::str::from_utf8(input).unwrap_or_default();
    let mut build = TreeBuilder::new(text, 0, names);
    let nameless = build.names().intern("");
    let mut reader = Reader {
        input,
        text,
        at: 0,
        build,
        grammar,
        undecided: root == Grammar::ROOT && grammar.is_some_and(|grammar| grammar.tops().nth(1).is_some()),
        nameless,
        frames: Vec::new(),
        members: Members::default(),
        scratch: String::new(),
        report: Report::default(),
        limits,
    };
    // Where reading stopped early, the report says why.
    let _ = reader.message(root);
    while reader.pop() {}
    if reader.build.tree().is_empty() {
        reader.build.open(Kind::Null, nameless, root, Span::default());
    }
    let tree = reader.build.finish();
    Read { findings: reader.report.finish(&tree), tree }
}

/// Reading cannot go on; a finding says why.
pub(super) struct Stop;

/// What a step of the reader gives.
pub(super) type Step<T = ()> = Result<T, Stop>;

pub(super) struct Reader<'i, 'g> {
    pub input: &'i [u8],
    /// The input as text; empty where it is not UTF-8.
    pub text: &'i str,
    /// Offset of what is read next.
    pub at: usize,
    pub build: TreeBuilder<'i>,
    pub grammar: Option<&'g Grammar>,
    /// True while the object at the top may still be the message or one of its wrappers.
    pub undecided: bool,
    /// The name of items that have none.
    pub nameless: NameId,
    /// The open objects and arrays: a stack of our own, so that no input can exhaust that of the program.
    pub frames: Vec<Frame>,
    pub members: Members,
    /// The text of the string at hand where it is not that of the input.
    pub scratch: String,
    pub report: Report,
    pub limits: &'g Limits,
}

impl Reader<'_, '_> {
    fn message(&mut self, root: PlaceId) -> Step {
        let most = self.limits.bytes.min(MOST_BYTES);
        if self.input.len() > most {
            return self.stop(Finding::error(&LIMIT, format!("the message has more than {most} bytes")));
        }
        self.byte_order_mark()?;
        let Some(first) = self.token()? else {
            return self.stop(Finding::error(&EMPTY, "there is no value here"));
        };
        self.value(first, Slot { name: self.nameless, place: root, repeats: false })?;
        while !self.frames.is_empty() {
            match self.token()? {
                Some(b',') => self.comma()?,
                Some(bracket @ (b'}' | b']')) => self.close(bracket)?,
                Some(first) => self.item(first)?,
                None => return self.unclosed(),
            }
        }
        match self.token()? {
            Some(_) => self.stop(Finding::error(&TRAILING, "the value ended before this")),
            None => Ok(()),
        }
    }

    fn byte_order_mark(&mut self) -> Step {
        if self.input.starts_with(b"\xFF\xFE") || self.input.starts_with(b"\xFE\xFF") {
            let utf16 = Finding::error(&ENCODING, "this is UTF-16, not UTF-8");
            return self.stop(utf16.hint("convert the text to UTF-8"));
        }
        if self.input.starts_with(b"\xEF\xBB\xBF") {
            self.at = 3;
            let mark = Finding::warning(&BOM, "the text begins with a byte order mark");
            self.fault(mark.hint("write UTF-8 without one"), 0..3)?;
        }
        Ok(())
    }

    /// Skips white space and gives the first byte of what follows, if anything does.
    pub fn token(&mut self) -> Step<Option<u8>> {
        loop {
            self.at += scan::blanks(self.input.get(self.at..).unwrap_or_default());
            let rest = self.input.get(self.at..).unwrap_or_default();
            let length = match rest {
                [b'/', b'/', ..] => memchr::memchr(b'\n', rest),
                [b'/', b'*', after @ ..] => memchr::memmem::find(after, b"*/").map(|end| end + 4),
                _ => return Ok(rest.first().copied()),
            };
            let end = self.at + length.unwrap_or(rest.len());
            self.fault(Finding::error(&COMMENT, "JSON has no comments").hint("take it out"), self.at..end)?;
            self.at = end;
        }
    }

    /// The character at hand.
    pub fn here(&self) -> Range<usize> {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let most = if rest.first().is_some_and(u8::is_ascii) { 0 } else { 3 };
        let more = rest.iter().skip(1).take(most).take_while(|byte| **byte & 0xC0 == 0x80).count();
        self.at..(self.at + 1 + more).min(self.input.len())
    }

    /// Adds a finding about the value to come, or where none comes about the object or array around it.
    pub fn fault(&mut self, finding: Finding, bytes: Range<usize>) -> Step {
        let next = NodeId(self.build.tree().len() as u32);
        self.report.add(finding, bytes, self.build.current(), Some(next));
        self.enough()
    }

    /// Adds a finding about the innermost object or array.
    pub fn fault_around(&mut self, finding: Finding, bytes: Range<usize>) -> Step {
        self.report.add(finding, bytes, self.build.current(), None);
        self.enough()
    }

    /// Adds a finding about the character at hand, after which reading cannot go on.
    pub fn stop<T>(&mut self, finding: Finding) -> Step<T> {
        self.fault(finding, self.here())?;
        Err(Stop)
    }

    /// Says that something else was expected here.
    pub fn unexpected<T>(&mut self, expected: &str) -> Step<T> {
        let mut finding = Finding::error(&UNEXPECTED, format!("expected {expected}"));
        finding.hint = match self.input.get(self.at) {
            Some(b'\'') => Some("JSON has double quotes only".into()),
            Some(b'<') if self.frames.is_empty() => Some("this looks like XML or HTML".into()),
            Some(b':') => {
                Some("only members of objects have names; see whether a bracket is closed too late".into())
            }
            _ => None,
        };
        self.stop(finding)
    }

    fn enough(&mut self) -> Step {
        if !self.report.is_full() {
            return Ok(());
        }
        let finding = Finding::error(&LIMIT, "there are too many errors to go on").hint("is this JSON?");
        self.report.add(finding, self.here(), self.build.current(), None);
        Err(Stop)
    }
}
