//! Objects and arrays of a JSON text: their members and items, and what separates and ends them.

use std::mem::replace;

use dragoman_tree::{Finding, Kind, NameId, NodeId, PlaceId, Span};

use crate::grammar::Grammar;

use super::ahead::Ahead;
use super::codes::{
    COLON_MISSING, COMMA_EXTRA, COMMA_MISSING, DUPLICATE, LIMIT, UNCLOSED, UNOPENED, VALUE_MISSING,
};
use super::read::{Reader, Step, Stop};

/// The deepest nesting that is read, whatever the limits say: what walks the tree afterwards may recurse.
const MOST_LEVELS: usize = 1024;

/// What the node of a value will be.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub name: NameId,
    pub place: PlaceId,
    pub repeats: bool,
}

/// An open object or array.
pub(super) struct Frame {
    close: u8,
    /// Offset of the opening bracket.
    opened: usize,
    /// What the items of an array will be; for an object only the place counts: its own.
    slot: Slot,
    /// False for an array whose items are children of the object around it.
    has_node: bool,
    /// How many nodes there were before it.
    nodes: usize,
    /// What to hand to [`super::members::Members::leave`].
    entered: usize,
    next: Next,
}

/// What an open object or array waits for, if not for its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Its first member or item.
    First,
    /// A comma.
    Comma,
    /// A member or item, since there was a comma at that offset.
    Value(usize),
}

impl Reader<'_, '_> {
    pub fn comma(&mut self) -> Step {
        let comma = self.here();
        self.at = comma.end;
        let frame = self.frames.last_mut().ok_or(Stop)?;
        if replace(&mut frame.next, Next::Value(comma.start)) == Next::Comma {
            return Ok(());
        }
        let finding = Finding::error(&COMMA_EXTRA, "this comma has no value before it");
        self.fault(finding.hint("take it out"), comma)
    }

    /// A closing bracket: of the innermost frame or, where that was left open, of one further out.
    pub fn close(&mut self, bracket: u8) -> Step {
        let bytes = self.here();
        self.at = bytes.end;
        let Some(depth) = self.frames.iter().rposition(|frame| frame.close == bracket) else {
            let finding =
                Finding::error(&UNOPENED, format!("nothing is open that `{}` closes", bracket as char));
            return self.fault_around(finding.hint("take it out"), bytes);
        };
        while self.frames.len() > depth + 1 {
            self.unclosed()?;
            self.pop();
        }
        if let Some(Frame { next: Next::Value(comma), .. }) = self.frames.last() {
            let comma = *comma..comma + 1;
            let finding = Finding::error(&COMMA_EXTRA, "this comma has no value after it");
            self.fault_around(finding.hint("take it out"), comma)?;
        }
        self.pop();
        Ok(())
    }

    /// Says that the innermost frame is not closed.
    pub fn unclosed(&mut self) -> Step {
        let frame = self.frames.last().ok_or(Stop)?;
        let bracket = frame.opened..frame.opened + 1;
        let what = if frame.close == b'}' { "object" } else { "array" };
        let finding = Finding::error(&UNCLOSED, format!("the {what} that begins here is not closed"));
        let hint = format!("add `{}`, or see whether the message was cut off", frame.close as char);
        self.fault_around(finding.hint(hint), bracket)
    }

    /// Closes the innermost frame; false where there is none.
    pub fn pop(&mut self) -> bool {
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
    pub fn item(&mut self, first: u8) -> Step {
        let frame = self.frames.last_mut().ok_or(Stop)?;
        let (next, in_object, slot) = (frame.next, frame.close == b'}', frame.slot);
        frame.next = Next::Comma;
        if next == Next::Comma && !begins_value(first) {
            return self.unexpected(if in_object { "`,` or `}`" } else { "`,` or `]`" });
        }
        if next == Next::Comma {
            let finding = Finding::error(&COMMA_MISSING, "a comma is missing before this");
            self.fault(finding.hint("add `,`"), self.here())?;
        }
        if in_object { self.member(first, slot.place) } else { self.value(first, slot) }
    }

    fn member(&mut self, first: u8, object: PlaceId) -> Step {
        let start = self.at;
        let name = self.name(first)?;
        let quoted = start..self.at;
        if self.members.is_second(self.build.current().ok_or(Stop)?, name) {
            let name = self.build.tree().names().get(name);
            let finding = Finding::error(&DUPLICATE, format!("`{name}` occurs twice in this object"));
            self.fault(finding.hint("keep one of them"), quoted.clone())?;
        }
        let place = self.place(object, name);
        let colon = self.token()? == Some(b':');
        self.at += usize::from(colon);
        match self.token()? {
            Some(b',' | b'}' | b']') | None => {
                let finding = Finding::error(&VALUE_MISSING, "this member has no value");
                self.fault_around(finding.hint("write `null` where there is no value"), quoted)
            }
            Some(first) => {
                if !colon {
                    let finding = Finding::error(&COLON_MISSING, "a colon is missing before this");
                    self.fault(finding.hint("add `:`"), self.here())?;
                }
                self.value(first, Slot { name, place, repeats: false })
            }
        }
    }

    /// The place of a member. In the object at the top the first known name decides between message and wrappers; where
    /// several know it, what is in it does.
    fn place(&mut self, object: PlaceId, name: NameId) -> PlaceId {
        let Some(grammar) = self.grammar else { return PlaceId::NONE };
        if !self.undecided || self.frames.len() > 1 {
            return if object.is_known() { grammar.member(object, name) } else { PlaceId::NONE };
        }
        let knows = |top: &PlaceId| grammar.child_named(*top, name).is_some();
        let mut tops = grammar.tops().filter(knows);
        let Some(first) = tops.next() else { return PlaceId::NONE };
        let top = if tops.next().is_none() { first } else { self.among(grammar, name).unwrap_or(first) };
        self.undecided = false;
        self.build.node_mut(NodeId::ROOT).place = top;
        if let Some(frame) = self.frames.first_mut() {
            frame.slot.place = top;
        }
        grammar.member(top, name)
    }

    /// The one top of those that know a member which knows what stands in it, so far as one name tells them apart.
    fn among(&self, grammar: &Grammar, name: NameId) -> Option<PlaceId> {
        let tops: Vec<_> = grammar.tops().filter(|top| grammar.child_named(*top, name).is_some()).collect();
        let mut inside = Ahead::new(self.input.get(self.at..).unwrap_or_default());
        inside.find_map(|inner| {
            let knows = |top: &&PlaceId| grammar.child(grammar.member(**top, name), inner).is_some();
            let mut knowing = tops.iter().filter(knows);
            knowing.next().copied().filter(|_| knowing.next().is_none())
        })
    }

    /// A value that begins with `first`.
    pub fn value(&mut self, first: u8, slot: Slot) -> Step {
        let most = self.limits.nodes;
        if self.build.tree().len() >= most {
            return self.stop(Finding::error(&LIMIT, format!("the message has more than {most} values")));
        }
        match first {
            b'{' => self.object(slot),
            b'[' => self.array(slot),
            b'"' => self.string(slot),
            _ if begins_value(first) => self.literal(slot),
            _ => self.unexpected("a value"),
        }
    }

    fn object(&mut self, slot: Slot) -> Step {
        self.level()?;
        self.open_node(Kind::Object, slot, slot.place);
        self.push(b'}', slot, true);
        Ok(())
    }

    fn array(&mut self, slot: Slot) -> Step {
        self.level()?;
        let items = Slot { name: self.nameless, repeats: true, ..slot };
        if self.frames.is_empty() {
            self.undecided = false;
            self.open_node(Kind::Array, slot, PlaceId::NONE);
            self.push(b']', items, true);
        } else if slot.repeats {
            let place = self.place(slot.place, self.nameless);
            self.open_node(Kind::Array, slot, slot.place);
            self.push(b']', Slot { place, ..items }, true);
        } else {
            self.push(b']', Slot { repeats: true, ..slot }, false);
        }
        Ok(())
    }

    fn open_node(&mut self, kind: Kind, slot: Slot, place: PlaceId) {
        let node = self.build.open(kind, slot.name, place, Span::of(self.at, self.at + 1));
        self.build.node_mut(node).repeats = slot.repeats;
    }

    /// Stops where another level is one too many, before it has a node.
    fn level(&mut self) -> Step {
        let most = self.limits.depth.min(MOST_LEVELS);
        if self.frames.len() < most {
            return Ok(());
        }
        self.stop(Finding::error(&LIMIT, format!("there are more than {most} levels of nesting")))
    }

    fn push(&mut self, close: u8, slot: Slot, has_node: bool) {
        let nodes = self.build.tree().len();
        let entered = self.members.enter();
        self.frames.push(Frame { close, opened: self.at, slot, has_node, nodes, entered, next: Next::First });
        self.at += 1;
    }
}

/// True for the first byte of a value, or of a word that is none but can be passed over.
fn begins_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"{[\"-+._$".contains(&byte)
}
