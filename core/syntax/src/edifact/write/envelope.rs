//! The envelope: UNA, UNB and UNG from the trees or the options, UNH completed, trailers made.

use dragoman_tree::{Code, Finding, Kind, NodeId, Tree};

use super::super::charset::Charset;
use super::super::escapes::Shift;
use super::super::service::{ServiceString, repeats};
use super::{Outgoing, WriteOptions};
use crate::grammar::Grammar;
use crate::path::wire_path;
use crate::segments::WireIndex;
use crate::segments::cells::{Cell, Cells};
use crate::segments::emit::{Emitter, Line};

/// Messages that name different interchanges.
pub const OTHER_INTERCHANGE: Code = Code {
    id: "DG-E0335",
    title: "a message names another interchange",
    help: "All messages of one interchange share its UNB: that of the first message, or the one given. The \
           UNB of this message says something else and is not written. Write it into an interchange of its \
           own.",
};

/// Nothing says what UNB should be.
pub const NO_INTERCHANGE_HEADER: Code = Code {
    id: "DG-E0336",
    title: "there is no UNB to write",
    help: "Neither the message nor the options say who sends and who receives. The messages are written \
           without envelope; no receiver can route them.",
};

/// Service characters that cannot do their job.
pub const UNUSABLE_SERVICE: Code = Code {
    id: "DG-E0337",
    title: "the service characters to write with cannot separate anything",
    help: "Each service character is another one, and none is a letter, a digit, a blank or beyond ASCII.",
};

/// A party of an interchange: S002 or S003 in UNB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// 0004 or 0010.
    pub id: String,
    /// 0007, the list that the id is from.
    pub qualifier: String,
    /// 0008 or 0014, the address for routing.
    pub routing: String,
}

/// What UNB says, by ISO 9735. Empty members are not written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interchange {
    /// 0001, such as `UNOC`.
    pub syntax: String,
    /// 0002, such as `3`.
    pub version: String,
    /// S002.
    pub sender: Party,
    /// S003.
    pub recipient: Party,
    /// 0017: `YYMMDD`, from version 4 on `CCYYMMDD`.
    pub date: String,
    /// 0019: `HHMM`.
    pub time: String,
    /// 0020; UNZ repeats it.
    pub reference: String,
    /// 0022 and 0025 in S005.
    pub password: (String, String),
    /// 0026.
    pub application: String,
    /// 0029.
    pub priority: String,
    /// 0031: `1` asks for an acknowledgement.
    pub acknowledgement: String,
    /// 0032.
    pub agreement: String,
    /// 0035: `1` marks a test.
    pub test: String,
}

impl Interchange {
    fn cells(&self) -> Vec<Cell<'_>> {
        let Party { id, qualifier, routing } = &self.sender;
        let sender = [(2, 1, id), (2, 2, qualifier), (2, 3, routing)];
        let Party { id, qualifier, routing } = &self.recipient;
        let recipient = [(3, 1, id), (3, 2, qualifier), (3, 3, routing)];
        let before = [(1, 1, &self.syntax), (1, 2, &self.version)];
        let after = [
            (4, 1, &self.date),
            (4, 2, &self.time),
            (5, 1, &self.reference),
            (6, 1, &self.password.0),
            (6, 2, &self.password.1),
            (7, 1, &self.application),
            (8, 1, &self.priority),
            (9, 1, &self.acknowledgement),
            (10, 1, &self.agreement),
            (11, 1, &self.test),
        ];
        let all = before.into_iter().chain(sender).chain(recipient).chain(after);
        all.map(|(element, component, value)| Cell::made(element, component, value)).collect()
    }
}

/// Writes one interchange.
pub(super) struct Writer<'t> {
    messages: &'t [Outgoing<'t>],
    options: &'t WriteOptions,
    emit: Emitter,
}

/// A segment of the envelope.
struct Header<'t> {
    cells: Vec<Cell<'t>>,
    node: Option<(&'t Tree<'t>, NodeId)>,
}

impl Header<'_> {
    fn text(&self, element: u32, component: u32) -> &str {
        text(&self.cells, element, component)
    }

    fn says_the_same(&self, other: &Self) -> bool {
        let plain = |cell: &Cell<'_>| (cell.position(), cell.value.to_owned());
        let filled = |header: &Self| -> Vec<_> {
            header.cells.iter().filter(|cell| !cell.value.is_empty()).map(plain).collect()
        };
        filled(self) == filled(other)
    }
}

fn text<'t>(cells: &[Cell<'t>], element: u32, component: u32) -> &'t str {
    cells.iter().find(|cell| cell.position() == (element, 1, component)).map_or("", |cell| cell.value)
}

impl<'t> Writer<'t> {
    pub fn new(messages: &'t [Outgoing<'t>], options: &'t WriteOptions) -> Self {
        let emit = Emitter {
            out: Vec::new(),
            service: ServiceString::default(),
            charset: options.charset,
            shift: Shift::default(),
            policy: options.unencodable,
            lines: options.lines,
            raw: false,
            findings: Vec::new(),
            index: WireIndex::default(),
            refused: false,
        };
        Self { messages, options, emit }
    }

    /// Writes UNA and UNB, the messages in their groups, and UNZ.
    pub fn interchange(mut self) -> Emitter {
        let messages = self.messages;
        let header = match &self.options.interchange {
            Some(given) => Some(Header { cells: given.cells(), node: None }),
            None => messages.first().and_then(|first| self.header(first, "UNB")),
        };
        self.service(header.as_ref());
        if let Some(header) = &header {
            let repetition = self.emit.service.repetition.take();
            self.emit.segment(&Line { tag: "UNB", cells: &header.cells, node: header.node });
            self.emit.service.repetition = repetition;
        } else {
            self.emit.findings.push(Finding::warning(&NO_INTERCHANGE_HEADER, NO_INTERCHANGE_HEADER.title));
        }
        let groups = self.groups(header.as_ref());
        if let Some(header) = &header {
            let count = if groups > 0 { groups } else { messages.len() };
            self.trailer("UNZ", count, header.text(5, 1));
        }
        self.emit
    }

    /// Sets the service characters and the character set by UNB, and writes UNA where it is needed.
    fn service(&mut self, header: Option<&Header<'t>>) {
        let version = header.map_or("3", |header| header.text(1, 2));
        let default = ServiceString::of_version(version);
        let mut wanted = self.options.service.unwrap_or(default);
        if !wanted.is_usable() {
            self.emit.findings.push(Finding::error(&UNUSABLE_SERVICE, UNUSABLE_SERVICE.title));
            (self.emit.refused, wanted) = (true, default);
        }
        self.emit.service = ServiceString {
            repetition: wanted.repetition.filter(|_| repeats(version)),
            wrapped: false,
            extended: false,
            ..wanted
        };
        if let Some(header) = header {
            self.emit.charset = Charset::from_identifier(header.text(1, 1));
        }
        if self.options.una || self.emit.service != default {
            let una = self.emit.service.una();
            self.emit.out.extend_from_slice(&una);
            if self.options.lines {
                self.emit.out.extend_from_slice(b"\r\n");
            }
        }
    }

    /// Writes all messages, each run with the same UNG in a group; gives the number of groups.
    fn groups(&mut self, interchange: Option<&Header<'t>>) -> usize {
        let mut open: Option<(Header<'t>, usize)> = None;
        let (mut groups, mut start) = (0, 0);
        for (ordinal, message) in (1..).zip(self.messages) {
            self.compare(interchange, message);
            let group = self.header(message, "UNG");
            let same = match (&open, &group) {
                (Some((open, _)), Some(group)) => open.says_the_same(group),
                (open, group) => open.is_none() && group.is_none(),
            };
            if !same {
                self.close(open.take());
                if let Some(group) = group {
                    self.emit.segment(&Line { tag: "UNG", cells: &group.cells, node: group.node });
                    open = Some((group, 0));
                    groups += 1;
                }
            }
            self.message(message, ordinal);
            self.emit.check_bytes(start);
            start = self.emit.out.len();
            if let Some((_, messages)) = &mut open {
                *messages += 1;
            }
        }
        self.close(open);
        groups
    }

    fn close(&mut self, group: Option<(Header<'t>, usize)>) {
        if let Some((group, messages)) = group {
            self.trailer("UNE", messages, group.text(5, 1));
        }
    }

    /// Says where the UNB of a message is not the one that is written.
    fn compare(&mut self, interchange: Option<&Header<'t>>, message: &Outgoing<'t>) {
        let (Some(interchange), None) = (interchange, &self.options.interchange) else { return };
        if let Some(own) = self.header(message, "UNB").filter(|own| !own.says_the_same(interchange)) {
            let text = "the message names another interchange than the first one";
            let finding = Finding::warning(&OTHER_INTERCHANGE, text);
            let path = own.node.map(|(tree, node)| wire_path(tree, node, None));
            self.emit.findings.push(Finding { wire_path: path, ..finding });
        }
    }

    /// UNB or UNG of a tree.
    fn header(&mut self, message: &Outgoing<'t>, tag: &str) -> Option<Header<'t>> {
        let (tree, _) = *message;
        let node = Some(tree).filter(|tree| !tree.is_empty())?.child(NodeId::ROOT, tag)?;
        let mut cells = Cells::new(message, tag != "UNB" && self.emit.service.repetition.is_some());
        cells.collect(node);
        self.emit.findings.append(&mut cells.findings);
        Some(Header { cells: cells.list, node: Some((tree, node)) })
    }

    fn message(&mut self, message: &Outgoing<'t>, ordinal: usize) {
        let (tree, grammar) = *message;
        let first = self.emit.index.segments.len();
        self.emit.index.messages.push(first as u32);
        let mut cells = Cells::new(message, self.emit.service.repetition.is_some());
        let segments = tree.ids().filter(|id| tree.node(*id).kind == Kind::Segment);
        let headers = ["UNB", "UNG"].map(|tag| tree.child(tree.ids().next()?, tag));
        let mut segments = segments.filter(|id| !headers.contains(&Some(*id))).peekable();
        let unh = segments.next_if(|id| tree.name(*id) == "UNH");
        if let Some(unh) = unh {
            cells.collect(unh);
        }
        let ordinal = ordinal.to_string();
        let header = complete(&cells.list, &ordinal, message_type(tree, grammar));
        let node = unh.map(|node| (tree, node));
        self.emit.segment(&Line { tag: "UNH", cells: &header, node });
        for node in segments {
            cells.collect(node);
            let line = Line { tag: tree.name(node), cells: &cells.list, node: Some((tree, node)) };
            match line.tag {
                "UNA" | "UNB" | "UNG" | "UNH" | "UNT" | "UNE" | "UNZ" => self.emit.illegal(&line),
                _ => self.emit.segment(&line),
            }
        }
        self.emit.findings.append(&mut cells.findings);
        let count = self.emit.index.segments.len() - first + 1;
        self.trailer("UNT", count, text(&header, 1, 1));
    }

    fn trailer(&mut self, tag: &str, count: usize, reference: &str) {
        let count = count.to_string();
        let cells = [Cell::made(1, 1, &count), Cell::made(2, 1, reference)];
        self.emit.segment(&Line { tag, cells: &cells, node: None });
    }
}

/// Type, version, release and agency of a message: from its grammar, else the name of the root alone.
fn message_type<'t>(tree: &'t Tree<'t>, grammar: Option<&'t Grammar>) -> Vec<&'t str> {
    match grammar {
        Some(grammar) => grammar.header.message.iter().map(|part| &**part).collect(),
        None => tree.ids().take(1).map(|root| tree.name(root)).collect(),
    }
}

/// The cells of UNH, with the reference and the message type where they are missing.
fn complete<'t>(cells: &[Cell<'t>], ordinal: &'t str, kind: Vec<&'t str>) -> Vec<Cell<'t>> {
    let mut cells = cells.to_vec();
    if text(&cells, 1, 1).is_empty() {
        cells.push(Cell::made(1, 1, ordinal));
    }
    if !cells.iter().any(|cell| cell.element == 2) {
        cells.extend((1..).zip(kind).map(|(component, part)| Cell::made(2, component, part)));
    }
    cells.sort_by_key(Cell::position);
    cells
}
