//! From tokens to a tree: the message, its headers, groups and segments.

use dragoman_tree::{Code, Finding, Findings, Kind, NodeId, PlaceId, Span, Tree, TreeBuilder};

use super::blanks::without_line_ends;
use super::elements::NESTING;
use super::header::Header;
use super::structure::{Cursor, Outline, Tag};
use super::token::{Segment, Tokens};
use crate::edifact::{Charset, OUTSIDE_REPERTOIRE, ServiceString, push_latin1};
use crate::edifact::{MORE, TOO_LONG};
use crate::grammar::{Grammar, Syntax};
use crate::path::{WirePaths, wire_path};

/// A segment that the structure of the message has no place for.
pub const NO_PLACE: Code = Code {
    id: "DG-E0320",
    title: "the message has no place for a segment here",
    help: "By the message's grammar the segment may not stand where it stands: it is not part of the \
           message, comes too late, or a segment that would open its group is missing. It is kept in the \
           tree without a place, so mappings treat it as residue.",
};

/// How many nodes a tree has at most: about 150 MB.
pub(crate) const NODES: usize = 1 << 22;

/// Where bytes come from: the window of the message, or a copy that outlived its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'s> {
    pub bytes: &'s [u8],
    /// The offset of the bytes in the window, where they are in it.
    pub at: Option<u32>,
}

impl Source<'_> {
    /// The span in the window, or none.
    pub fn span(&self, span: Span) -> Span {
        self.at.map_or(Span::default(), |at| Span::new(at + span.start, at + span.end))
    }
}

/// Builds the tree of one message.
pub(crate) struct Assembly<'a, 'w> {
    pub build: TreeBuilder<'w>,
    pub outline: Option<&'a Outline>,
    pub service: ServiceString,
    /// True where the window is UTF-8.
    pub utf8: bool,
    /// The character set of values that are no UTF-8.
    pub charset: Charset,
    /// True where positions are named by two digits, as X12 does.
    pub padded: bool,
    /// True while blanks at the end of values are filling: in ISA.
    pub filled: bool,
    findings: &'a mut Vec<Finding>,
    /// The nodes that findings are about, to name their paths when the tree is whole.
    about: Vec<(usize, NodeId)>,
    /// Findings that were not listed.
    unlisted: usize,
    pub scratch: Vec<u8>,
    pub decoded: String,
}

impl<'a, 'w> Assembly<'a, 'w> {
    /// Begins a tree; `utf8` tells whether the window is, `charset` what it is else.
    pub fn new(
        build: TreeBuilder<'w>,
        outline: Option<&'a Outline>,
        service: ServiceString,
        (utf8, charset): (bool, Charset),
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        let (about, scratch, decoded) = (Vec::new(), Vec::new(), String::new());
        let (padded, filled, unlisted) = (false, false, 0);
        Self {
            build,
            outline,
            service,
            utf8,
            charset,
            padded,
            filled,
            findings,
            about,
            unlisted,
            scratch,
            decoded,
        }
    }

    /// The grammar.
    pub fn grammar(&self) -> Option<&Grammar> {
        self.outline.map(|outline| &*outline.grammar)
    }

    /// Opens the root. A message without UNH has no type to be named by.
    pub fn root(&mut self, kind: &str, span: Span) {
        let place = if self.outline.is_some() { Grammar::ROOT } else { PlaceId::NONE };
        let name = if kind.is_empty() { "message" } else { kind };
        let name = self.build.names().intern(name);
        self.build.open(Kind::Message, name, place, span);
    }

    /// Adds a copy of a header segment of the envelope.
    pub fn header(&mut self, header: &Header, tag: &str) {
        let at = header.at.checked_sub(self.build.tree().base());
        let source = Source { bytes: &header.bytes, at: at.map(|at| at as u32) };
        let place = self.grammar().and_then(|grammar| grammar.child(Grammar::ROOT, tag));
        self.segment(source, &header.segment(), tag.as_bytes(), place);
    }

    /// Adds the segments of the message, each in its group.
    pub fn body(&mut self, tokens: &Tokens, window: &'w [u8], trailer: bool, cursor: &mut Cursor) {
        let source = Source { bytes: window, at: Some(0) };
        let length = tokens.len() - usize::from(trailer);
        let is_control = |segment: &Segment<'_>| &*segment.name(window) == b"UNS";
        let mut sections = tokens.segments().take(length).filter(is_control).count();
        cursor.restart();
        for segment in tokens.segments().take(length) {
            if self.is_full() {
                return self.cut(&segment);
            }
            let tag = segment.name(window);
            sections -= usize::from(&*tag == b"UNS");
            let place = self.place(&segment, &tag, source, cursor, sections);
            let node = self.segment(source, &segment, &tag, place);
            match place {
                Some(_) => self.check_nesting(source, &segment, node, cursor),
                None => self.no_place(node, &tag, &segment, cursor),
            }
        }
    }

    /// True where the tree has as many nodes as it may have.
    pub fn is_full(&self) -> bool {
        self.build.tree().len() >= NODES
    }

    /// Says where the tree ends before the message does.
    fn cut(&mut self, segment: &Segment<'_>) {
        let message = format!("the message has more than {NODES} nodes; what follows is left out");
        let base = self.build.tree().base();
        self.findings.push(Finding::error(&TOO_LONG, message).at(base, segment.tag()));
    }

    /// Finds the place of a segment, closes the groups that end before it and opens its own.
    fn place(
        &mut self,
        segment: &Segment<'_>,
        tag: &[u8],
        source: Source<'_>,
        cursor: &mut Cursor,
        sections: usize,
    ) -> Option<PlaceId> {
        let outline = self.outline?;
        let values = |position| segment.value(source.bytes, position, 1);
        let target = cursor.place(outline, Tag::of(tag), &values, sections)?;
        // The root is the first open node, the groups follow.
        while self.build.depth() > target.keep + 1 {
            self.build.close();
        }
        if let Some(group) = target.group {
            let name = outline.grammar.place(group).name;
            self.build.open(Kind::Group, name, group, source.span(segment.tag()));
        }
        Some(target.segment)
    }

    /// Adds a segment with its elements.
    fn segment(
        &mut self,
        source: Source<'_>,
        segment: &Segment<'_>,
        tag: &[u8],
        place: Option<PlaceId>,
    ) -> NodeId {
        let known = place.and_then(|place| self.grammar()?.get(place)).map(|place| place.name);
        let name = known.unwrap_or_else(|| self.build.names().intern(&latin1(tag)));
        let at = place.unwrap_or(PlaceId::NONE);
        let node = self.build.open(Kind::Segment, name, at, source.span(segment.tag()));
        self.elements(source, segment, at);
        self.build.close();
        node
    }

    /// Compares the repetitions that a segment states after its tag with those of the structure. The segment that
    /// opens a group may leave out its own.
    fn check_nesting(&mut self, source: Source<'_>, segment: &Segment<'_>, node: NodeId, cursor: &Cursor) {
        let Some(tag) = segment.occurrences().next() else { return };
        let number = |(span, _): (Span, bool)| {
            let digits = without_line_ends(source.bytes.get(span.range()).unwrap_or_default());
            std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or_default()
        };
        let stated: Vec<u32> = tag.components().skip(1).map(number).collect();
        if stated.is_empty() {
            return;
        }
        let counted: Vec<u32> = cursor.repetitions().collect();
        if stated != counted && counted.strip_suffix(&[1]) != Some(&stated) {
            let words = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(":");
            let message = format!("stated {}, counted {}", words(&stated), words(&counted));
            self.report(Finding::warning(&NESTING, message), node, source.span(tag.span()));
        }
    }

    fn no_place(&mut self, node: NodeId, tag: &[u8], segment: &Segment<'_>, cursor: &Cursor) {
        let Some(outline) = self.outline else { return };
        let group = outline.grammar.name_of(cursor.group());
        let mut finding = Finding::error(&NO_PLACE, format!("{} has no place here, in {group}", latin1(tag)));
        let number = Tag::of(tag);
        let is_undescribed = outline.grammar.syntax == Syntax::X12 && !outline.knows(number);
        if is_undescribed {
            finding = Finding::info(&NO_PLACE, format!("{} is not described by the grammar", latin1(tag)));
        }
        finding = if cursor.is_late(outline, number) {
            finding.hint("it belongs before the segments that precede it")
        } else if outline.knows(number) {
            finding.hint("the segment that opens its group may be missing")
        } else if is_undescribed {
            finding
        } else {
            finding.hint(format!("{} has no such segment", outline.grammar.name_of(Grammar::ROOT)))
        };
        self.report(finding, node, segment.span());
    }

    /// Notes a finding about a node, unless there are too many.
    pub fn report(&mut self, finding: Finding, node: NodeId, span: Span) {
        if self.about.len() < Findings::MOST {
            self.about.push((self.findings.len(), node));
            self.findings.push(finding.at(self.build.tree().base(), span));
        } else {
            self.unlisted += 1;
        }
    }

    /// Closes the tree and completes the findings.
    pub fn finish(mut self, seen: u8) -> TreeBuilder<'w> {
        while self.build.depth() > 0 {
            self.build.close();
        }
        let tree = self.build.tree();
        let paths = WirePaths::new(tree, None);
        for (index, node) in self.about {
            if let Some(finding) = self.findings.get_mut(index) {
                finding.wire_path = Some(paths.path(node));
            }
        }
        if self.unlisted > 0 {
            let message = format!("{} more findings of structure are not listed", self.unlisted);
            self.findings.push(Finding::info(&MORE, message));
        }
        if seen & self.charset.excluded() != 0 {
            self.findings.extend(outside_repertoire(tree, self.charset));
        }
        self.build
    }
}

/// Bytes as text for names and messages.
fn latin1(bytes: &[u8]) -> String {
    let mut text = String::new();
    push_latin1(bytes, &mut text);
    text
}

/// One finding for all values that hold characters outside the character set, at the first.
fn outside_repertoire(tree: &Tree<'_>, charset: Charset) -> Option<Finding> {
    let strange = |id: &NodeId| tree.value(*id)?.chars().find(|c| !charset.holds(*c));
    // A header that is a copy was reported with the first message.
    let here = tree.ids().filter(|id| !tree.node(*id).span.is_empty());
    let mut values = here.filter_map(|id| Some((id, strange(&id)?)));
    let (first, character) = values.next()?;
    let others = match values.count() {
        0 => String::new(),
        count => format!(", like {count} other values"),
    };
    let message = format!("`{}` is outside {}{others}", character.escape_debug(), charset.title());
    let finding = Finding::warning(&OUTSIDE_REPERTOIRE, message);
    Some(finding.at(tree.base(), tree.node(first).span).wire(wire_path(tree, first, None)))
}
