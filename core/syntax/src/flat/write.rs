//! Trees to flat files: values to their columns or fields, sections to their lines.

use dragoman_tree::{Code, Finding, Kind, NameId, NodeId, PlaceId, Tree};
use rustc_hash::FxHashMap;

use super::codes::{OVERFLOW, UNWRITABLE};
use super::ids::end_of;
use super::lines::{Layout, LineEnd, MARK};
use crate::grammar::{Fill, Flat, Grammar};
use crate::path::wire_path;
use crate::x12::Encoding;

/// The largest column or number that a name may give.
const LARGEST: u32 = 9999;

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
}

/// A file that was not written, because a value would become another.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the file cannot be written: {}", findings.first().map_or("", |finding| &finding.message))]
pub struct Refused {
    /// Why.
    pub findings: Vec<Finding>,
}

/// Writes a message. Fields that repeat a value are filled in where a record that was made lacks them, and records that hold nothing
/// else are made where the grammar demands them.
pub fn write(tree: &Tree<'_>, grammar: &Grammar, layout: Layout) -> Result<Written, Box<Refused>> {
    let flat = grammar.header.flat.clone().unwrap_or_default();
    let (lines, findings, keys) = (Vec::new(), Vec::new(), FxHashMap::default());
    let mut writer = Writer { tree, grammar, flat, layout, lines, findings, keys };
    if !tree.is_empty() {
        writer.below(NodeId::ROOT);
    }
    let bytes = writer.bytes();
    if writer.findings.is_empty() {
        Ok(Written { bytes })
    } else {
        Err(Box::new(Refused { findings: writer.findings }))
    }
}

/// A value at its column or number.
struct Cell<'t> {
    position: u32,
    /// How many columns it has; without bound where it has no place.
    width: u32,
    fill: Fill,
    value: &'t str,
    node: NodeId,
}

struct Writer<'t> {
    tree: &'t Tree<'t>,
    grammar: &'t Grammar,
    flat: Flat,
    layout: Layout,
    lines: Vec<String>,
    findings: Vec<Finding>,
    /// The last value of each field that others may repeat.
    keys: FxHashMap<NameId, String>,
}

impl<'t> Writer<'t> {
    /// What stands below the message or a group, and the records between that are made.
    fn below(&mut self, node: NodeId) {
        let (tree, parent) = (self.tree, self.tree.place(node));
        let mut reached = parent;
        for child in tree.children(node) {
            let place = tree.place(child);
            if place.is_known() {
                self.made(parent, reached, place);
                reached = place;
            }
            match tree.node(child).kind {
                Kind::Group if self.flat.sections => {
                    self.lines.push(tree.name(child).to_owned());
                    self.below(child);
                    self.lines.push(end_of(tree.name(child)));
                }
                Kind::Group => self.below(child),
                _ => self.segment(child),
            }
        }
        self.made(parent, reached, PlaceId::NONE);
    }

    /// Writes the records between two places that the grammar demands and that hold nothing of their own.
    fn made(&mut self, parent: PlaceId, after: PlaceId, before: PlaceId) {
        let grammar = self.grammar;
        let is_own = |place: PlaceId| !grammar.place(place).same && grammar.place(place).fixed.is_none();
        let is_made = |place: &PlaceId| {
            let found = grammar.place(*place);
            found.kind == Kind::Segment && found.min > 0 && !grammar.children(*place).any(is_own)
        };
        let between = |place: &PlaceId| *place > after && *place < before;
        for place in grammar.children(parent).filter(between).filter(is_made) {
            self.record(place, Vec::new(), NodeId::ROOT);
        }
    }

    fn segment(&mut self, node: NodeId) {
        let (tree, grammar) = (self.tree, self.grammar);
        let place = tree.place(node);
        if !place.is_known() {
            let whole = tree.children(node).find_map(|child| tree.value(child)).unwrap_or_default();
            self.check(whole, node);
            self.lines.push(whole.to_owned());
            return;
        }
        let mut cells = Vec::new();
        for child in tree.children(node) {
            let value = tree.value(child).unwrap_or_default();
            let cell = match grammar.get(tree.place(child)) {
                Some(found) => {
                    let (position, width) = (u32::from(found.position), u32::from(found.parts));
                    Some(Cell { position, width, fill: found.fill, value, node: child })
                }
                None => self.unplaced(child, value),
            };
            match cell {
                Some(cell) => cells.push(cell),
                None => self.report(&UNWRITABLE, "nothing says where it stands".into(), child),
            }
        }
        self.record(place, cells, node);
    }

    /// A value whose name is its column or number.
    fn unplaced(&self, node: NodeId, value: &'t str) -> Option<Cell<'t>> {
        let position = self.tree.name(node).parse().ok().filter(|at| (1..=LARGEST).contains(at))?;
        Some(Cell { position, width: LARGEST, fill: Fill::Left, value, node })
    }

    /// Writes a record, with what it repeats and what is fixed where its cells lack it.
    fn record(&mut self, place: PlaceId, cells: Vec<Cell<'t>>, node: NodeId) {
        let grammar = self.grammar;
        let mut made: Vec<(PlaceId, String)> = Vec::new();
        // What was read stays as it was: a field that is empty there may be so.
        let is_read = node != NodeId::ROOT && !self.tree.node(node).span.is_empty();
        for field in grammar.children(place) {
            let found = grammar.place(field);
            let own = cells.iter().find(|cell| cell.position == u32::from(found.position));
            if let Some(cell) = own {
                if !found.same {
                    self.keys.insert(found.name, cell.value.to_owned());
                }
                continue;
            }
            let only = found.fixed.as_deref().filter(|_| found.min > 0).map(str::to_owned);
            let value = if found.same { self.keys.get(&found.name).cloned() } else { only };
            let value = value.filter(|_| !is_read);
            made.extend(value.map(|value| (field, value)));
        }
        let mut all: Vec<Cell<'_>> = cells;
        all.extend(made.iter().map(|(field, value)| {
            let found = grammar.place(*field);
            let (position, width) = (u32::from(found.position), u32::from(found.parts));
            Cell { position, width, fill: found.fill, value, node }
        }));
        all.sort_by_key(|cell| cell.position);
        for cell in &all {
            self.check(cell.value, cell.node);
        }
        let id = grammar.name_of(place);
        let is_row = self.flat.rows.iter().any(|row| **row == *id);
        let line = match self.flat.separator {
            Some(separator) => self.separated((!is_row).then_some(id), place, &all, separator),
            None => self.columns(id, &all),
        };
        self.lines.push(line);
    }

    /// A record of columns.
    fn columns(&mut self, id: &str, cells: &[Cell<'_>]) -> String {
        let mut line: Vec<char> = id.chars().collect();
        line.resize((self.flat.width as usize).max(line.len()), ' ');
        for cell in cells {
            let length = cell.value.chars().count() as u32;
            if length > cell.width {
                let message =
                    format!("`{}` has {length} characters, its columns are {}", cell.value, cell.width);
                self.report(&OVERFLOW, message, cell.node);
                continue;
            }
            let free = if cell.width == LARGEST { 0 } else { cell.width - length };
            let (front, filling) = match cell.fill {
                Fill::Left => (0, ' '),
                Fill::Right => (free, ' '),
                Fill::Zeros => (free, '0'),
            };
            let from = cell.position as usize - 1;
            let needed = from + (front + length) as usize;
            line.resize(line.len().max(needed), ' ');
            let filled = std::iter::repeat_n(filling, front as usize).chain(cell.value.chars());
            for (column, character) in line.iter_mut().skip(from).zip(filled) {
                *column = character;
            }
        }
        line.into_iter().collect()
    }

    /// A record of separated fields: all that the grammar describes, and those behind them.
    fn separated(&mut self, id: Option<&str>, place: PlaceId, cells: &[Cell<'_>], separator: char) -> String {
        let described = self.grammar.children(place).last().map_or(1, |at| self.grammar.place(at).position);
        let last = cells.last().map_or(0, |cell| cell.position).max(u32::from(described));
        let mut line = String::new();
        let mut cells = cells.iter().peekable();
        for position in 1..=last {
            if position > 1 {
                line.push(separator);
            }
            let mut value = id.filter(|_| position == 1).unwrap_or_default();
            while let Some(cell) = cells.next_if(|cell| cell.position <= position) {
                value = cell.value;
            }
            if self.has_quotes(value, separator) {
                line.push('"');
                line.push_str(&value.replace('"', "\"\""));
                line.push('"');
            } else {
                line.push_str(value);
            }
        }
        line
    }

    fn has_quotes(&self, value: &str, separator: char) -> bool {
        let is_needed = value.contains(separator) || value.contains(['"', '\n', '\r']);
        self.flat.quoted && (is_needed || self.layout.quoted)
    }

    /// Reports a value that a reader would take for something else.
    fn check(&mut self, value: &str, node: NodeId) {
        let separates = |c: char| c == '\n' || c == '\r' || self.flat.separator == Some(c);
        let is_separating =
            !self.flat.quoted && self.tree.place(node).is_known() && value.contains(separates);
        // A carriage return at the end of a line would become part of its line end.
        let ends_line = value.contains('\n') || value.ends_with('\r');
        let is_line = !self.tree.place(node).is_known() && ends_line && !self.flat.quoted;
        let is_foreign =
            self.layout.encoding == Encoding::Latin1 && value.chars().any(|c| u32::from(c) > 0xFF);
        if is_separating || is_line || is_foreign {
            self.report(&UNWRITABLE, format!("`{}` cannot be written", value.escape_debug()), node);
        }
    }

    fn report(&mut self, code: &'static Code, message: String, node: NodeId) {
        let path = wire_path(self.tree, node, Some(self.grammar));
        self.findings.push(Finding::error(code, message).wire(path));
    }

    fn bytes(&self) -> Vec<u8> {
        let end = match self.layout.end {
            LineEnd::Lf => "\n",
            LineEnd::CrLf => "\r\n",
            LineEnd::None => "",
        };
        let mut text = self.lines.join(end);
        if self.layout.ended && !self.lines.is_empty() {
            text.push_str(end);
        }
        let mut bytes: Vec<u8> = match self.layout.encoding {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Latin1 => text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect(),
        };
        // What looks like a byte order mark would be taken for one: it gets one before it.
        if bytes.starts_with(MARK) {
            bytes.splice(..0, MARK.iter().copied());
        }
        bytes
    }
}
