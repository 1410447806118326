//! Lines to trees: each record at its place, each field with the bytes of its value.

use std::sync::Arc;

use dragoman_tree::{
    Code, Finding, Findings, Kind, NameId, Names, NodeId, PlaceId, Severity, Span, Tree, TreeBuilder,
};
use rustc_hash::FxHashMap;

use super::codes::{FILLING, NO_PLACE, REPEATED, SHORT, SURPLUS, TOO_LONG, UNCLOSED, UNKNOWN_RECORD};
use super::columns::{self, Source, stretch, trimmed, unfilled};
use super::ids::{Ids, Line};
use super::lines::{Layout, lines};
use crate::Limits;
use crate::grammar::{Flat, Grammar};
use crate::path::WirePaths;
use crate::segments::structure::{Cursor, Outline, Tag};
use crate::x12::Encoding;

/// One message of a file.
#[derive(Clone, Debug)]
pub struct Message<'i> {
    /// The message; a record without a place is a segment with its whole line as its only value.
    pub tree: Tree<'i>,
    /// What is worth saying about it.
    pub findings: Vec<Finding>,
    /// How the file is laid out.
    pub layout: Layout,
}

/// Reads a file by a grammar of this syntax; without lines there is one message without records. Reading never fails.
pub fn messages<'i>(bytes: &'i [u8], grammar: &Arc<Grammar>, limits: &Limits) -> Vec<Message<'i>> {
    let flat = grammar.header.flat.clone().unwrap_or_default();
    let outline = Outline::new(grammar.clone());
    let is_cut = bytes.len() > limits.bytes.min(1 << 31);
    let taken = if is_cut { bytes.get(..limits.bytes.min(1 << 31)).unwrap_or_default() } else { bytes };
    let (layout, spans) = lines(taken, &flat);
    let text = std::str::from_utf8(taken).ok().filter(|_| layout.encoding == Encoding::Utf8);
    let file =
        File { source: Source { bytes: taken, text }, ids: Ids::new(grammar, &flat), flat, outline, limits };
    let mut rest = spans.as_slice();
    let mut found = Vec::new();
    loop {
        let length = file.length(rest);
        let (own, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let mut reader = Reader::new(&file);
        reader.message(own);
        let (tree, findings) = reader.finish();
        rest = after;
        let ended = layout.ended || !rest.is_empty();
        found.push(Message { tree, findings, layout: Layout { ended, ..layout } });
        if rest.is_empty() {
            break;
        }
    }
    if let Some(last) = found.last_mut().filter(|_| is_cut) {
        last.findings
            .push(Finding::error(&TOO_LONG, format!("the file has more than {} bytes", taken.len())));
    }
    found
}

/// True where the file begins with a record or section that the grammar's messages begin with.
pub fn begins(bytes: &[u8], grammar: &Grammar) -> bool {
    let flat = grammar.header.flat.clone().unwrap_or_default();
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let end = memchr::memchr(b'\n', start).unwrap_or(start.len());
    let line = start.get(..end).unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let first = first(grammar);
    match Ids::new(grammar, &flat).of(line, &flat, "") {
        Line::Opens(name) | Line::Record { name, .. } => first == Some(name),
        Line::Closes(_) | Line::Unknown => false,
    }
}

/// The name of the record or section that a message begins with.
fn first(grammar: &Grammar) -> Option<NameId> {
    let is_section = |place: PlaceId| {
        let has_sections = grammar.header.flat.as_ref().is_some_and(|flat| flat.sections);
        has_sections || grammar.place(place).kind != Kind::Group
    };
    let below = |place: &PlaceId| grammar.children(*place).next();
    let mut path = std::iter::successors(below(&Grammar::ROOT), below);
    path.find(|place| is_section(*place)).map(|place| grammar.place(place).name)
}

/// What all messages of a file share.
struct File<'f, 'i> {
    source: Source<'i>,
    ids: Ids,
    flat: Flat,
    outline: Outline,
    limits: &'f Limits,
}

impl File<'_, '_> {
    /// How many of the lines are those of the first message: up to the next record that begins one, where a message has
    /// it once.
    fn length(&self, lines: &[Span]) -> usize {
        let grammar = &self.outline.grammar;
        let once = grammar.children(Grammar::ROOT).next().is_some_and(|at| grammar.place(at).max == 1);
        let Some(first) = first(grammar).filter(|_| once) else { return lines.len() };
        let begins = |line: &Span| match self.ids.of(self.source.of(*line), &self.flat, "") {
            Line::Opens(name) => name == first,
            Line::Record { name, has_id } => has_id && name == first,
            Line::Closes(_) | Line::Unknown => false,
        };
        lines.iter().skip(1).position(begins).map_or(lines.len(), |at| at + 1)
    }
}

struct Reader<'f, 'i> {
    file: &'f File<'f, 'i>,
    build: TreeBuilder<'i>,
    cursor: Cursor,
    findings: Vec<Finding>,
    about: Vec<(usize, NodeId)>,
    /// The last value of each field that others repeat.
    keys: FxHashMap<NameId, Span>,
}

impl<'f, 'i> Reader<'f, 'i> {
    fn new(file: &'f File<'f, 'i>) -> Self {
        let names = Names::with_base(file.outline.grammar.names().clone());
        let build = TreeBuilder::new(file.source.text.unwrap_or_default(), 0, names);
        let (findings, about, keys) = (Vec::new(), Vec::new(), FxHashMap::default());
        Self { file, build, cursor: Cursor::default(), findings, about, keys }
    }

    fn message(&mut self, lines: &[Span]) {
        let grammar = &self.file.outline.grammar;
        self.cursor.restart();
        let span = lines.first().copied().unwrap_or_default();
        self.build.open(Kind::Message, grammar.place(Grammar::ROOT).name, Grammar::ROOT, span);
        for line in lines {
            if self.build.tree().len() >= self.file.limits.nodes {
                let message = format!("the message has more than {} nodes", self.file.limits.nodes);
                self.findings.push(Finding::error(&TOO_LONG, message).at(0, *line));
                break;
            }
            self.line(*line);
        }
        while self.file.flat.sections && self.build.depth() > 1 {
            let open = self.build.current().unwrap_or(NodeId::ROOT);
            let (name, span) = (self.build.tree().name(open).to_owned(), self.build.tree().node(open).span);
            self.report(&UNCLOSED, Severity::Error, format!("the section {name} has no end"), open, span);
            self.build.close();
        }
    }

    fn line(&mut self, line: Span) {
        let bytes = self.file.source.of(line);
        let section = self.file.outline.grammar.name_of(self.cursor.group());
        let section = section.trim_matches(|c| matches!(c, '<' | '>')).to_owned();
        match self.file.ids.of(bytes, &self.file.flat, &section) {
            Line::Opens(name) => match self.place(name, line) {
                Some(_) => {}
                None => self.misplaced(line, name),
            },
            Line::Closes(name) => self.ends(name, line),
            Line::Record { name, has_id } => match self.place(name, line) {
                Some(place) => self.record(place, line, has_id),
                None => self.misplaced(line, name),
            },
            Line::Unknown => {
                let node = self.whole(line, None);
                let (severity, message) = if bytes.trim_ascii().is_empty() {
                    (Severity::Warning, "an empty line stands between records".to_owned())
                } else {
                    (Severity::Error, "the line begins with the id of no record".to_owned())
                };
                self.report(&UNKNOWN_RECORD, severity, message, node, line);
            }
        }
    }

    /// Moves to the place of a record or section, and opens its group.
    fn place(&mut self, name: NameId, line: Span) -> Option<PlaceId> {
        let outline = &self.file.outline;
        let target = self.cursor.place(outline, Tag::named(name), &|_| b"", 0)?;
        while self.build.depth() > target.keep + 1 {
            self.build.close();
        }
        if let Some(group) = target.group {
            let span = self.mark(line, group);
            self.build.open(Kind::Group, outline.grammar.place(group).name, group, span);
        }
        Some(target.segment)
    }

    /// The bytes to point at for a group or record: the id, or the whole line where there is none.
    fn mark(&self, line: Span, place: PlaceId) -> Span {
        let grammar = &self.file.outline.grammar;
        let record = if grammar.place(place).kind == Kind::Group { PlaceId(place.0 + 1) } else { place };
        let id = if self.file.flat.sections { grammar.name_of(place) } else { grammar.name_of(record) };
        let has_id = self.file.source.of(line).starts_with(id.as_bytes());
        if has_id { Span::new(line.start, line.start + id.len() as u32) } else { line }
    }

    fn ends(&mut self, name: NameId, line: Span) {
        match self.cursor.end(&self.file.outline, Tag::named(name)) {
            Some(depth) => {
                while self.build.depth() > depth + 2 {
                    let open = self.build.current().unwrap_or(NodeId::ROOT);
                    let inner = self.build.tree().name(open).to_owned();
                    self.report(
                        &UNCLOSED,
                        Severity::Error,
                        format!("the section {inner} has no end"),
                        open,
                        line,
                    );
                    self.build.close();
                }
                self.build.close();
            }
            None => {
                let node = self.whole(line, None);
                self.report(
                    &UNCLOSED,
                    Severity::Error,
                    "the section that ends here is not open".into(),
                    node,
                    line,
                );
            }
        }
    }

    fn misplaced(&mut self, line: Span, name: NameId) {
        let grammar = &self.file.outline.grammar;
        let node = self.whole(line, Some(name));
        let inside = grammar.name_of(self.cursor.group());
        let message = format!("{} has no place here, in {inside}", grammar.names().get(name));
        self.report(&NO_PLACE, Severity::Error, message, node, line);
    }

    /// A line that is kept as it is.
    fn whole(&mut self, line: Span, name: Option<NameId>) -> NodeId {
        let name = name.unwrap_or_else(|| self.build.names().intern("line"));
        let node = self.build.open(Kind::Segment, name, PlaceId::NONE, line);
        self.value(1, PlaceId::NONE, line, false);
        self.build.close();
        node
    }

    fn record(&mut self, place: PlaceId, line: Span, has_id: bool) {
        let grammar = &self.file.outline.grammar;
        let span = self.mark(line, place);
        let node = self.build.open(Kind::Segment, grammar.place(place).name, place, span);
        match self.file.flat.separator {
            Some(separator) => self.separated(place, line, separator, u32::from(has_id)),
            None => self.columns(place, line),
        }
        self.build.close();
        debug_assert!(self.build.tree().node(node).end.index() > node.index());
    }

    /// The fields of a record of columns.
    fn columns(&mut self, record: PlaceId, line: Span) {
        let grammar = self.file.outline.grammar.clone();
        let columns = self.file.source.columns(line);
        let count = columns.len() as u32 - 1;
        let node = self.build.current().unwrap_or(NodeId::ROOT);
        if count < self.file.flat.width {
            let message = format!("the record has {count} columns of {}", self.file.flat.width);
            self.report(&SHORT, Severity::Warning, message, node, line);
        }
        let mut column = grammar.name_of(record).chars().count() as u32 + 1;
        for place in grammar.children(record) {
            let found = grammar.place(place);
            let (from, to) = (u32::from(found.position), u32::from(found.position) + u32::from(found.parts));
            self.gap(&columns, column, from);
            let whole = stretch(&columns, from, to);
            let (value, is_filled) = unfilled(self.file.source.bytes, whole, found.fill);
            if !value.is_empty() {
                let leaf = self.value(from, place, value, false);
                if !is_filled {
                    let message = format!("`{}` holds blanks", grammar.name_of(place));
                    self.report(&FILLING, Severity::Warning, message, leaf, value);
                }
            }
            column = to;
        }
        self.gap(&columns, column, u32::MAX);
    }

    /// What stands in columns that are of no field.
    fn gap(&mut self, columns: &[u32], from: u32, to: u32) {
        let whole = stretch(columns, from, to);
        let held = trimmed(self.file.source.bytes, whole, true, |byte| byte == b' ');
        if held.is_empty() {
            return;
        }
        let column = columns.partition_point(|start| *start <= held.start) as u32;
        let leaf = self.value(column, PlaceId::NONE, held, false);
        self.report(
            &SURPLUS,
            Severity::Warning,
            format!("something stands from column {column} on"),
            leaf,
            held,
        );
    }

    /// The fields of a record that separators tell apart; the first `skipped` is the id.
    fn separated(&mut self, record: PlaceId, line: Span, separator: char, skipped: u32) {
        let grammar = self.file.outline.grammar.clone();
        let found = columns::fields(self.file.source.bytes, line, separator, self.file.flat.quoted);
        let node = self.build.current().unwrap_or(NodeId::ROOT);
        let mut places = grammar.children(record).peekable();
        let last =
            grammar.children(record).last().map_or(skipped, |at| u32::from(grammar.place(at).position));
        let count = found.len() as u32;
        if count < last {
            let message = format!("the record has {count} fields of {last}");
            self.report(&SHORT, Severity::Warning, message, node, line);
        }
        for (number, field) in (1..).zip(found).skip(skipped as usize) {
            let at = |place: &PlaceId| u32::from(grammar.place(*place).position);
            let place = places.next_if(|place| at(place) == number).unwrap_or(PlaceId::NONE);
            let is_last = number == count && number > last;
            if field.span.is_empty() && !is_last {
                continue;
            }
            let leaf = self.value(number, place, field.span, field.doubled);
            if field.open {
                self.report(&UNCLOSED, Severity::Warning, "a quote is not closed".into(), leaf, field.span);
            }
            if !place.is_known() {
                let message = format!("field {number} is none of the record's");
                self.report(&SURPLUS, Severity::Warning, message, leaf, field.span);
            }
        }
    }

    /// A value at its place, or under its number.
    fn value(&mut self, number: u32, place: PlaceId, span: Span, doubled: bool) -> NodeId {
        let found = self.file.outline.grammar.get(place);
        let name = found.map(|found| found.name);
        let name = name.unwrap_or_else(|| self.build.names().intern(&number.to_string()));
        let source = self.file.source;
        let value = match source.text.and_then(|text| text.get(span.range())) {
            Some(text) if doubled => self.build.owned(&text.replace("\"\"", "\"")),
            Some(_) => self.build.borrowed(span),
            None => {
                let text: String = source.of(span).iter().copied().map(char::from).collect();
                self.build.owned(&if doubled { text.replace("\"\"", "\"") } else { text })
            }
        };
        let leaf = self.build.leaf(Kind::Data, name, place, span, value);
        match found.map(|found| found.same) {
            Some(true) => self.repeats(leaf, name, span),
            Some(false) => drop(self.keys.insert(name, span)),
            None => {}
        }
        leaf
    }

    /// Compares a key with the value that it repeats.
    fn repeats(&mut self, leaf: NodeId, name: NameId, span: Span) {
        let Some(key) = self.keys.get(&name).copied() else { return };
        if self.file.source.of(key) != self.file.source.of(span) {
            let message =
                format!("`{}` differs from that of the record before", self.build.tree().name(leaf));
            self.report(&REPEATED, Severity::Warning, message, leaf, span);
        }
    }

    /// Notes a finding about a node, unless there are too many.
    fn report(&mut self, code: &'static Code, severity: Severity, message: String, node: NodeId, span: Span) {
        if self.about.len() < Findings::MOST {
            self.about.push((self.findings.len(), node));
            self.findings.push(Finding::new(code, severity, message).at(0, span));
        }
    }

    fn finish(mut self) -> (Tree<'i>, Vec<Finding>) {
        while self.build.depth() > 0 {
            self.build.close();
        }
        let tree = self.build.finish();
        let paths = WirePaths::new(&tree, None);
        for (index, node) in self.about {
            if let Some(finding) = self.findings.get_mut(index) {
                finding.wire_path = Some(paths.path(node));
            }
        }
        drop(paths);
        (tree, self.findings)
    }
}
