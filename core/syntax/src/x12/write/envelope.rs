//! The envelope: ISA and GS from the trees or the options, ST completed, trailers made.

use dragoman_tree::{Code, Finding, Kind, NodeId, Tree};

use super::super::Outgoing;
use super::super::delimiters::{Delimiters, repeats};
use super::super::read::Encoding;
use super::choose::choose;
use super::header::{Envelope, Party, isa};
use super::levels::Levels;
use super::{Content, UNUSABLE_DELIMITERS, WriteOptions};
use crate::edifact::{Charset, Shift, Unencodable};
use crate::grammar::Grammar;
use crate::path::wire_path;
use crate::segments::cells::{Cell, Cells};
use crate::segments::emit::{Emitter, Line};
use crate::segments::{WireIndex, WireLeaf, WireSegment};

/// Nothing says what ISA should be.
pub const NO_ENVELOPE: Code = Code {
    id: "DG-E0352",
    title: "there is no ISA to write",
    help: "Neither the message nor the options say who sends and who receives. The transaction sets are written \
           without envelope; no receiver can route them.",
};

/// Messages that name different interchanges.
pub const OTHER_INTERCHANGE: Code = Code {
    id: "DG-E0356",
    title: "a transaction set names another X12 interchange",
    help: "All transaction sets of one interchange share its ISA: that of the first, or the one given. The ISA of \
           this one says something else and is not written. Write it into an interchange of its own.",
};

/// Writes one interchange.
pub(super) struct Writer<'t> {
    messages: &'t [Outgoing<'t>],
    options: &'t WriteOptions,
    emit: Emitter,
}

/// A segment of the envelope.
#[derive(Clone)]
struct Header<'t> {
    cells: Vec<Cell<'t>>,
    node: Option<(&'t Tree<'t>, NodeId)>,
}

impl Header<'_> {
    fn text(&self, element: u32) -> &str {
        text(&self.cells, element)
    }

    fn says_the_same(&self, other: &Self) -> bool {
        let filled = |header: &Self| -> Vec<_> {
            header.cells.iter().map(|cell| (cell.position(), cell.value.to_owned())).collect()
        };
        filled(self) == filled(other)
    }
}

fn text<'t>(cells: &[Cell<'t>], element: u32) -> &'t str {
    cells.iter().find(|cell| cell.element == element).map_or("", |cell| cell.value)
}

impl<'t> Writer<'t> {
    pub fn new(messages: &'t [Outgoing<'t>], options: &'t WriteOptions) -> Self {
        let emit = Emitter {
            out: Vec::new(),
            service: Delimiters::default().service(),
            charset: if options.encoding == Encoding::Utf8 { Charset::Utf8 } else { Charset::UnoC },
            shift: Shift::default(),
            policy: match options.content {
                Content::Substitute(other) => Unencodable::Substitute(other),
                Content::Change | Content::Refuse => Unencodable::Keep,
            },
            lines: options.lines,
            raw: false,
            findings: Vec::new(),
            index: WireIndex::default(),
            refused: false,
        };
        Self { messages, options, emit }
    }

    /// Writes ISA, the transaction sets in their groups, and IEA.
    pub fn interchange(mut self) -> Emitter {
        let messages = self.messages;
        let header = match &self.options.envelope {
            Some(given) => Some(Header { cells: given.cells(), node: None }),
            None => messages.first().and_then(|first| self.header(first, "ISA")),
        };
        self.delimiters(header.as_ref());
        let number = header.as_ref().map(|header| self.isa(header));
        if let Some(first) = messages.first().filter(|_| header.is_some()) {
            self.service_segments(first);
        }
        if header.is_none() {
            self.emit.findings.push(Finding::warning(&NO_ENVELOPE, NO_ENVELOPE.title));
        }
        let groups = self.groups(header.as_ref());
        if let Some(number) = number {
            self.trailer("IEA", groups, &number);
        }
        self.emit
    }

    /// Sets the delimiters: those wanted, or others where a value holds them.
    fn delimiters(&mut self, header: Option<&Header<'t>>) {
        let version = header.map_or("", |header| header.text(12));
        let default = Delimiters::of_version(version);
        let mut wanted = self.options.delimiters.unwrap_or(default);
        if !wanted.is_usable() {
            self.emit.findings.push(Finding::error(&UNUSABLE_DELIMITERS, UNUSABLE_DELIMITERS.title));
            (self.emit.refused, wanted) = (true, default);
        }
        wanted.repetition = wanted.repetition.filter(|_| repeats(version));
        if self.options.content == Content::Change && wanted.release.is_none() {
            let (chosen, finding) = choose(self.messages, wanted);
            self.emit.findings.extend(finding);
            wanted = chosen;
        }
        self.emit.service = wanted.service();
    }

    /// Writes ISA; gives the control number as it stands there.
    fn isa(&mut self, header: &Header<'t>) -> String {
        let before = self.emit.findings.len();
        let mut values = isa(&header.cells, &mut self.emit.findings);
        let service = self.emit.service;
        let holds = |value: &String| value.bytes().any(|byte| service.is_service(byte));
        self.emit.refused |= self.emit.findings.len() > before || values.iter().any(holds);
        let separators = [(10, service.repetition), (15, Some(service.component))];
        for (at, byte) in separators {
            if let Some((value, byte)) = values.get_mut(at).zip(byte) {
                *value = char::from(byte).to_string();
            }
        }
        let leaf = self.emit.index.leaves.len() as u32;
        self.emit.out.extend_from_slice(b"ISA");
        for (number, value) in (1..).zip(&values) {
            self.emit.out.push(service.element);
            let start = self.emit.out.len() as u32;
            self.emit.out.extend_from_slice(value.as_bytes());
            let node = header.cells.iter().find(|cell| cell.element == u32::from(number));
            if let Some(node) = node.and_then(|cell| cell.node) {
                let end = self.emit.out.len() as u32;
                let (element, component, repetition) = (number, 1, 1);
                self.emit.index.leaves.push(WireLeaf { node, start, end, element, component, repetition });
            }
        }
        self.emit.out.push(service.terminator);
        let (node, end) = (header.node.map(|(_, node)| node), self.emit.out.len() as u32);
        self.emit.index.segments.push(WireSegment { node, start: 0, end, leaf });
        if self.options.lines {
            self.emit.out.extend_from_slice(b"\r\n");
        }
        values.into_iter().nth(12).unwrap_or_default()
    }

    /// ISB, ISE and ISX, which stand between ISA and the first GS.
    fn service_segments(&mut self, first: &Outgoing<'t>) {
        for tag in ["ISB", "ISE", "ISX"] {
            if let Some(header) = self.header(first, tag) {
                let line = Line { tag, cells: &header.cells, node: header.node };
                self.emit.segment(&line);
            }
        }
    }

    /// Writes all transaction sets, each run with the same GS in a group; gives the number of groups.
    fn groups(&mut self, interchange: Option<&Header<'t>>) -> usize {
        let mut open: Option<(Header<'t>, usize)> = None;
        let mut groups = 0;
        for (ordinal, message) in (1..).zip(self.messages) {
            self.compare(interchange, message);
            if is_acknowledgement(message.0) {
                self.close(open.take());
                self.segments(message);
                continue;
            }
            let group = self.whole_group(message, interchange);
            let same = match (&open, &group) {
                (Some((open, _)), Some(group)) => open.says_the_same(group),
                (open, group) => open.is_none() && group.is_none(),
            };
            if !same {
                self.close(open.take());
                if let Some(group) = group {
                    self.emit.segment(&Line { tag: "GS", cells: &group.cells, node: group.node });
                    open = Some((group, 0));
                    groups += 1;
                }
            }
            self.set(message, ordinal);
            if let Some((_, messages)) = &mut open {
                *messages += 1;
            }
        }
        self.close(open);
        groups
    }

    fn close(&mut self, group: Option<(Header<'t>, usize)>) {
        if let Some((group, messages)) = group {
            self.trailer("GE", messages, group.text(6));
        }
    }

    /// The GS of a transaction set, with what is missing in it; one that is made where its number is given.
    fn whole_group(
        &mut self,
        message: &Outgoing<'t>,
        interchange: Option<&Header<'t>>,
    ) -> Option<Header<'t>> {
        let (own, made) = (self.header(message, "GS"), self.group(message, interchange));
        let is_given = |envelope: &Envelope| !envelope.group_number.is_empty();
        if self.options.envelope.as_ref().is_some_and(is_given) {
            return made.or(own);
        }
        let (Some(own), Some(made)) = (&own, &made) else { return own.or(made) };
        let missing = made.cells.iter().filter(|cell| own.text(cell.element).is_empty());
        let mut cells: Vec<_> = own.cells.iter().chain(missing).copied().collect();
        cells.sort_by_key(Cell::position);
        Some(Header { cells, node: own.node })
    }

    /// A GS for a transaction set that has none: from ISA, and what its grammar says.
    fn group(&self, message: &Outgoing<'t>, interchange: Option<&Header<'t>>) -> Option<Header<'t>> {
        let interchange = interchange?;
        let [_, code, version] = message.1?.header.message.as_slice() else { return None };
        let given = self.options.envelope.as_ref();
        let application = |party: fn(&Envelope) -> &Party, element: u32| {
            let stated = given.map(|given| party(given).application.as_str()).filter(|code| !code.is_empty());
            stated.unwrap_or_else(|| text(&interchange.cells, element))
        };
        let sender = application(|envelope| &envelope.sender, 6);
        let recipient = application(|envelope| &envelope.recipient, 8);
        let stated = |member: fn(&Envelope) -> &String, default: &'t str| {
            given.map(|given| member(given).as_str()).filter(|value| !value.is_empty()).unwrap_or(default)
        };
        let date = stated(|envelope| &envelope.group_date, text(&interchange.cells, 9));
        let number = stated(|envelope| &envelope.group_number, "1");
        let time = text(&interchange.cells, 10);
        let values = [code, sender, recipient, date, time, number, "X", version];
        let cells = (1..).zip(values).map(|(element, value)| Cell::made(element, 1, value)).collect();
        Some(Header { cells, node: None })
    }

    /// Says where the ISA of a transaction set is not the one that is written.
    fn compare(&mut self, interchange: Option<&Header<'t>>, message: &Outgoing<'t>) {
        let (Some(interchange), None) = (interchange, &self.options.envelope) else { return };
        if let Some(own) = self.header(message, "ISA").filter(|own| !own.says_the_same(interchange)) {
            let text = "the transaction set names another interchange than the first one";
            let finding = Finding::warning(&OTHER_INTERCHANGE, text);
            let path = own.node.map(|(tree, node)| wire_path(tree, node, None));
            self.emit.findings.push(Finding { wire_path: path, ..finding });
        }
    }

    /// A segment of the envelope of a tree.
    fn header(&mut self, message: &Outgoing<'t>, tag: &str) -> Option<Header<'t>> {
        let (tree, _) = *message;
        let node = Some(tree).filter(|tree| !tree.is_empty())?.child(NodeId::ROOT, tag)?;
        let mut cells = Cells::new(message, false);
        cells.collect(node);
        self.emit.findings.append(&mut cells.findings);
        Some(Header { cells: cells.list, node: Some((tree, node)) })
    }

    fn set(&mut self, message: &Outgoing<'t>, ordinal: usize) {
        let (tree, grammar) = *message;
        let first = self.emit.index.segments.len();
        self.emit.index.messages.push(first as u32);
        let mut cells = Cells::new(message, self.emit.service.repetition.is_some());
        let st = tree.ids().find(|id| tree.node(*id).kind == Kind::Segment && tree.name(*id) == "ST");
        if let Some(st) = st {
            cells.collect(st);
        }
        let ordinal = format!("{ordinal:04}");
        let header = complete(&cells.list, &ordinal, number(tree, grammar));
        self.emit.findings.append(&mut cells.findings);
        self.emit.segment(&Line { tag: "ST", cells: &header, node: st.map(|node| (tree, node)) });
        self.segments(message);
        let count = self.emit.index.segments.len() - first + 1;
        self.trailer("SE", count, text(&header, 2));
    }

    /// Writes what stands between ST and SE.
    fn segments(&mut self, message: &Outgoing<'t>) {
        let (tree, _) = *message;
        let mut cells = Cells::new(message, self.emit.service.repetition.is_some());
        let is_header = |id: &NodeId| {
            let is_top = tree.node(*id).parent == NodeId::ROOT;
            is_top && matches!(tree.name(*id), "ISA" | "ISB" | "ISE" | "ISX" | "GS" | "ST")
        };
        let segments = tree.ids().filter(|id| tree.node(*id).kind == Kind::Segment && !is_header(id));
        let levels = Levels::of(tree);
        for node in segments {
            cells.collect(node);
            let line = Line { tag: tree.name(node), cells: &cells.list, node: Some((tree, node)) };
            match line.tag {
                "ISA" | "GS" | "ST" | "SE" | "GE" | "IEA" => self.emit.illegal(&line),
                "BIN" => self.binary(&line, 1),
                "BDS" => self.binary(&line, 2),
                "HL" => self.level(&line, levels.missing(node)),
                _ => self.emit.segment(&line),
            }
        }
        self.emit.findings.append(&mut cells.findings);
    }

    /// Writes a hierarchical level with the numbers that it lacks.
    fn level<'m>(&mut self, line: &Line<'_>, missing: impl Iterator<Item = (u32, &'m str)>) {
        let made = missing.map(|(element, number)| Cell::made(element, 1, number));
        let mut cells: Vec<Cell<'_>> = line.cells.iter().copied().chain(made).collect();
        cells.sort_by_key(Cell::position);
        self.emit.segment(&Line { tag: line.tag, cells: &cells, node: line.node });
    }

    /// Writes a binary segment: the element before the data is the number of its bytes.
    fn binary(&mut self, line: &Line<'_>, length: u32) {
        let mut data = Vec::new();
        let last = line.cells.last().filter(|cell| cell.element > length);
        for character in last.map_or("", |cell| cell.value).chars() {
            self.emit.charset.encode(character, &mut data);
        }
        let count = data.len().to_string();
        let mut cells: Vec<Cell<'_>> =
            line.cells.iter().filter(|cell| cell.element != length).copied().collect();
        cells.push(Cell::made(length, 1, &count));
        cells.sort_by_key(Cell::position);
        self.emit.raw = true;
        self.emit.segment(&Line { tag: line.tag, cells: &cells, node: line.node });
        self.emit.raw = false;
    }

    fn trailer(&mut self, tag: &str, count: usize, number: &str) {
        let count = count.to_string();
        let cells = [Cell::made(1, 1, &count), Cell::made(2, 1, number)];
        self.emit.segment(&Line { tag, cells: &cells, node: None });
    }
}

/// True for a run of TA1 segments, which stands outside of groups. A transaction set may call itself TA1 as well: it has
/// an ST.
fn is_acknowledgement(tree: &Tree<'_>) -> bool {
    !tree.is_empty() && tree.name(NodeId::ROOT) == "TA1" && tree.child(NodeId::ROOT, "ST").is_none()
}

/// The number of a transaction set: from its grammar, else the name of the root.
fn number<'t>(tree: &'t Tree<'t>, grammar: Option<&'t Grammar>) -> &'t str {
    let stated = grammar.and_then(|grammar| grammar.header.message.first());
    let name = || if tree.is_empty() { "" } else { tree.name(NodeId::ROOT) };
    stated.map_or_else(name, |number| &**number)
}

/// The cells of ST, with the number and the control number where they are missing.
fn complete<'t>(cells: &[Cell<'t>], ordinal: &'t str, number: &'t str) -> Vec<Cell<'t>> {
    let mut cells = cells.to_vec();
    for (element, value) in [(1, number), (2, ordinal)] {
        if text(&cells, element).is_empty() {
            cells.push(Cell::made(element, 1, value));
        }
    }
    cells.sort_by_key(Cell::position);
    cells
}
