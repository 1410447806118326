//! JSON text to tree, in one pass. Objects and arrays are kept on a stack of our own, so that no input can exhaust
//! that of the program, and what is broken is mended the way its writer most likely meant it.

use std::ops::Range;

use dragoman_tree::{Code, Kind, NameId, Names, NodeId, PlaceId, Span, TreeBuilder};

use super::codes::{
    BOM, COLON_MISSING, COMMA_EXTRA, COMMA_MISSING, COMMENT, DUPLICATE, EMPTY, ENCODING, LIMIT, TRAILING,
    UNCLOSED, UNEXPECTED, UNOPENED, VALUE_MISSING,
};
use super::members::Members;
use super::report::{About, Report};
use super::scan;
use crate::grammar::Grammar;
use crate::{Limits, Read};

/// The largest input that spans and values can count.
const MOST_BYTES: usize = 1 << 30;

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
/// Without a value to read the root is a null without a span.
pub fn read<'i>(input: &'i [u8], grammar: Option<&Grammar>, root: PlaceId, limits: &Limits) -> Read<'i> {
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
    let _stopped = reader.message(root);
    while reader.pop() {}
    if reader.build.tree().is_empty() {
        reader.build.open(Kind::Null, nameless, root, Span::default());
    }
    let tree = reader.build.finish();
    Read { findings: reader.report.finish(&tree), tree }
}

/// Reading cannot go on. The finding that says why is in the report.
pub(super) struct Stop;

/// What a step of the reader gives.
pub(super) type Step<T = ()> = Result<T, Stop>;

/// What the node of a value will be.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub name: NameId,
    pub place: PlaceId,
    pub repeats: bool,
}

/// An open object or array.
struct Frame {
    close: u8,
    /// Offset of the opening bracket.
    opened: usize,
    /// The name and place of the items of an array; the place of an object.
    slot: Slot,
    /// False for an array whose items are members of the object around it.
    has_node: bool,
    /// The number of nodes before it.
    nodes: usize,
    /// What to restore in [`Members`].
    entered: usize,
    next: Next,
}

/// What an open object or array waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Its first member or item, or its end.
    First,
    /// A comma, or its end.
    Comma,
    /// A member or item, since there was a comma at that offset.
    After(usize),
}

pub(super) struct Reader<'i, 'g> {
    pub input: &'i [u8],
    pub text: &'i str,
    pub at: usize,
    pub build: TreeBuilder<'i>,
    grammar: Option<&'g Grammar>,
    /// True while the top object may still be the message or one of its wrappers.
    undecided: bool,
    nameless: NameId,
    frames: Vec<Frame>,
    members: Members,
    pub scratch: String,
    report: Report,
    limits: &'g Limits,
}

impl Reader<'_, '_> {
    /// Reads all.
    fn message(&mut self, root: PlaceId) -> Step {
        if self.input.len() > self.limits.bytes.min(MOST_BYTES) {
            let most = self.limits.bytes.min(MOST_BYTES);
            self.fault(&LIMIT, 0..0, format!("the message has more than {most} bytes"), "")?;
            return Err(Stop);
        }
        self.byte_order_mark()?;
        let Some(first) = self.token()? else {
            return self.fault(&EMPTY, 0..self.input.len(), "there is no JSON here".into(), "");
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
            Some(_) => self.fault(&TRAILING, self.here(), "the message ended before this".into(), ""),
            None => Ok(()),
        }
    }

    fn byte_order_mark(&mut self) -> Step {
        if self.input.starts_with(b"\xEF\xBB\xBF") {
            self.at = 3;
            self.fault(&BOM, 0..3, "the text begins with a byte order mark".into(), "write UTF-8 without one")
        } else if self.input.starts_with(b"\xFF\xFE") || self.input.starts_with(b"\xFE\xFF") {
            self.fault(&ENCODING, 0..2, "this is UTF-16, not UTF-8".into(), "convert the text to UTF-8")?;
            Err(Stop)
        } else {
            Ok(())
        }
    }

    /// Adds a finding about the node to come; `None` where there are too many to go on.
    pub fn fault(&mut self, code: &'static Code, bytes: Range<usize>, message: String, hint: &str) -> Step {
        let next = NodeId(self.build.tree().len() as u32);
        self.report.add(code, About { next, parent: self.parent() }, bytes, message, hint);
        self.enough()
    }

    /// Adds a finding about the innermost open object or array.
    fn fault_inside(
        &mut self,
        code: &'static Code,
        bytes: Range<usize>,
        message: String,
        hint: &str,
    ) -> Step {
        let parent = self.parent();
        self.report.add(code, About { next: parent, parent }, bytes, message, hint);
        self.enough()
    }

    fn parent(&self) -> NodeId {
        self.build.current().unwrap_or(NodeId::ROOT)
    }

    fn enough(&mut self) -> Step {
        if !self.report.is_full() {
            return Ok(());
        }
        let about = About { next: self.parent(), parent: self.parent() };
        let message = "there are too many errors to go on".into();
        self.report.add(&LIMIT, about, self.here(), message, "is this JSON?");
        Err(Stop)
    }

    /// The character at hand.
    pub fn here(&self) -> Range<usize> {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let width = rest.iter().skip(1).take_while(|byte| **byte & 0xC0 == 0x80).count().min(3) + 1;
        self.at..(self.at + width).min(self.input.len())
    }

    /// Skips white space and gives the first byte of what follows, if anything does.
    fn token(&mut self) -> Step<Option<u8>> {
        loop {
            self.at += scan::blanks(self.input.get(self.at..).unwrap_or_default());
            let rest = self.input.get(self.at..).unwrap_or_default();
            let length = match rest {
                [b'/', b'/', ..] => memchr::memchr(b'\n', rest),
                [b'/', b'*', after @ ..] => memchr::memmem::find(after, b"*/").map(|end| end + 4),
                _ => return Ok(rest.first().copied()),
            };
            let end = self.at + length.unwrap_or(rest.len());
            self.fault(&COMMENT, self.at..end, "JSON has no comments".into(), "take it out")?;
            self.at = end;
        }
    }

    fn comma(&mut self) -> Step {
        let comma = self.here();
        self.at = comma.end;
        let frame = self.frames.last_mut().ok_or(Stop)?;
        match std::mem::replace(&mut frame.next, Next::After(comma.start)) {
            Next::Comma => Ok(()),
            _ => self.fault(&COMMA_EXTRA, comma, "this comma has no value before it".into(), "take it out"),
        }
    }

    /// A closing bracket: of the innermost frame, or, where that was left open, of one further out.
    fn close(&mut self, bracket: u8) -> Step {
        let bytes = self.here();
        let Some(depth) = self.frames.iter().rposition(|frame| frame.close == bracket) else {
            self.fault_inside(
                &UNOPENED,
                bytes.clone(),
                format!("`{}` closes nothing", bracket as char),
                "take it out",
            )?;
            self.at = bytes.end;
            return Ok(());
        };
        while self.frames.len() > depth + 1 {
            self.unclosed()?;
            self.pop();
        }
        if let Some(Frame { next: Next::After(comma), .. }) = self.frames.last() {
            let comma = *comma..comma + 1;
            self.fault_inside(&COMMA_EXTRA, comma, "this comma has no value after it".into(), "take it out")?;
        }
        self.at = bytes.end;
        self.pop();
        Ok(())
    }

    /// Says that the innermost frame is not closed.
    fn unclosed(&mut self) -> Step {
        let frame = self.frames.last().ok_or(Stop)?;
        let what = if frame.close == b'}' { "object" } else { "array" };
        let (opened, close) = (frame.opened, frame.close as char);
        let message = format!("the {what} that begins here is not closed");
        let hint = format!("add `{close}`, or look whether the message was cut off");
        self.fault_inside(&UNCLOSED, opened..opened + 1, message, &hint)
    }

    /// Closes the innermost frame; false where there is none.
    fn pop(&mut self) -> bool {
        let Some(frame) = self.frames.pop() else { return false };
        if frame.close == b'}' {
            self.members.leave(frame.entered);
        }
        if frame.has_node {
            self.build.close();
        } else if self.build.tree().len() == frame.nodes {
            let span = Span::of(frame.opened, frame.opened + 1);
            self.build.open(Kind::Array, frame.slot.name, frame.slot.place, span);
            self.build.close();
        }
        true
    }

    /// A member of the innermost object or an item of the innermost array.
    fn item(&mut self, first: u8) -> Step {
        let frame = self.frames.last().ok_or(Stop)?;
        let (next, in_object, slot) = (frame.next, frame.close == b'}', frame.slot);
        if next == Next::Comma {
            self.fault(&COMMA_MISSING, self.here(), "a comma is missing before this".into(), "add `,`")?;
        }
        if in_object { self.member(first, slot.place) } else { self.value(first, slot) }
    }

    fn member(&mut self, first: u8, object: PlaceId) -> Step {
        let start = self.at;
        let name = self.name(first)?;
        let bytes = start..self.at;
        let parent = self.parent();
        if self.members.is_second(parent, name) {
            let message = format!("`{}` occurs twice in this object", self.build.tree().names().get(name));
            self.fault(&DUPLICATE, bytes.clone(), message, "rename it or take one of them out")?;
        }
        let place = self.place(object, name);
        let mut token = self.token()?;
        if token == Some(b':') {
            self.at += 1;
            token = self.token()?;
        } else if !matches!(token, Some(b',' | b'}' | b']') | None) {
            self.fault(&COLON_MISSING, self.here(), "a colon is missing before this".into(), "add `:`")?;
        }
        match token {
            Some(b',' | b'}' | b']') | None => {
                self.frames.last_mut().ok_or(Stop)?.next = Next::Comma;
                let hint = "write `null` where there is no value";
                self.fault_inside(&VALUE_MISSING, bytes, "this member has no value".into(), hint)
            }
            Some(first) => self.value(first, Slot { name, place, repeats: false }),
        }
    }

    /// The place of a member. In the top object the first known name decides between message and wrappers.
    fn place(&mut self, object: PlaceId, name: NameId) -> PlaceId {
        let Some(grammar) = self.grammar else { return PlaceId::NONE };
        if self.undecided && self.frames.len() == 1 {
            let Some(top) = grammar.tops().find(|top| grammar.child_named(*top, name).is_some()) else {
                return PlaceId::NONE;
            };
            self.undecided = false;
            if let Some(frame) = self.frames.first_mut() {
                frame.slot.place = top;
                self.build.node_mut(NodeId::ROOT).place = top;
            }
            return grammar.member(top, name);
        }
        if object.is_known() { grammar.member(object, name) } else { PlaceId::NONE }
    }

    /// A value that begins with `first`.
    fn value(&mut self, first: u8, slot: Slot) -> Step {
        if let Some(frame) = self.frames.last_mut() {
            frame.next = Next::Comma;
        }
        if self.build.tree().len() >= self.limits.nodes {
            let message = format!("the message has more than {} values", self.limits.nodes);
            self.fault(&LIMIT, self.here(), message, "")?;
            return Err(Stop);
        }
        match first {
            b'{' => self.open(b'}', slot),
            b'[' => self.open(b']', slot),
            b'"' => self.string(slot),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'+' | b'.' | b'_' | b'$' => self.literal(slot),
            _ => self.unexpected("a value"),
        }
    }

    /// Says that something else was expected here, and stops.
    pub fn unexpected(&mut self, expected: &str) -> Step {
        let hint = match self.input.get(self.at) {
            Some(b'\'') => "JSON uses double quotes",
            Some(b'<') if self.frames.is_empty() => "this looks like XML or HTML, not JSON",
            _ => "",
        };
        self.fault(&UNEXPECTED, self.here(), format!("expected {expected}"), hint)?;
        Err(Stop)
    }

    fn open(&mut self, close: u8, slot: Slot) -> Step {
        if self.frames.len() >= self.limits.depth {
            let message = format!("there are more than {} levels of nesting", self.limits.depth);
            self.fault(&LIMIT, self.here(), message, "")?;
            return Err(Stop);
        }
        let nodes = self.build.tree().len();
        let top = self.frames.is_empty();
        let span = Span::of(self.at, self.at + 1);
        let has_node = close == b'}' || top || slot.repeats;
        let mut inner = Slot { repeats: true, ..slot };
        if has_node {
            let kind = if close == b'}' { Kind::Object } else { Kind::Array };
            let place = if top && close == b']' { PlaceId::NONE } else { slot.place };
            let node = self.build.open(kind, slot.name, place, span);
            self.build.node_mut(node).repeats = slot.repeats;
        }
        if has_node && close == b']' {
            self.undecided = false;
            let place = if top { slot.place } else { self.place(slot.place, self.nameless) };
            inner = Slot { name: self.nameless, place, repeats: true };
        }
        let entered = self.members.enter();
        let next = Next::First;
        self.frames.push(Frame { close, opened: self.at, slot: inner, has_node, nodes, entered, next });
        self.at += 1;
        Ok(())
    }
}
