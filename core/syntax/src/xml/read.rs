//! XML bytes to a tree, led by a grammar.

use std::borrow::Cow;
use std::ops::ControlFlow;

use dragoman_tree::{Code, Finding, Kind, Names, NodeId, PlaceId, Span, TreeBuilder, Value};
use quick_xml::events::Event;
use quick_xml::reader::NsReader;

use super::decode::decode;
use super::fault::{self, LIMIT, NO_ROOT, NOT_ALLOWED, NOT_WELL_FORMED};
use super::namespaces::Namespaces;
use super::place::{Cursor, Places};
use super::text::{self, Collected};
use crate::grammar::Grammar;
use crate::path::WirePaths;
use crate::read::{Limits, Read};

/// Reads a document (XML 1.0 fifth edition, Namespaces in XML 1.0) into a tree.
///
/// Every element and attribute that the grammar knows has its place there. The others are kept with
/// [`PlaceId::NONE`]; their name is the local name, or `{namespace}local` where their namespace is not that of
/// their parent. An element without child elements has its text as value, white space included; text between
/// child elements that is not blank is a node of [`Kind::Text`]. Namespace declarations, schema locations,
/// comments and processing instructions are left out. No input makes it fail: a broken document gives the tree
/// up to the fault, and a finding. There is always a root; where the input has none, it has no name.
pub fn read<'i>(input: &'i [u8], grammar: Option<&Grammar>, limits: &Limits) -> Read<'i> {
    if input.len() > limits.bytes.min(u32::MAX as usize / 4) {
        let message = format!("the document has {} bytes, {} are accepted", input.len(), limits.bytes);
        let findings = vec![(None, Finding::error(&LIMIT, message))];
        return XmlReader::new("", false, TreeBuilder::default(), None, limits, findings).finish();
    }
    let names = grammar.map_or_else(Names::default, |grammar| Names::with_base(grammar.names().clone()));
    let decoded = decode(input);
    let findings = decoded.findings.into_iter().map(|finding| (None, finding)).collect();
    match &decoded.text {
        Cow::Borrowed(text) => {
            let mut build = TreeBuilder::new(text, decoded.base, names);
            // An element with its two tags is rarely shorter.
            build.reserve(text.len() / 32);
            XmlReader::new(text, true, build, grammar, limits, findings).read()
        }
        Cow::Owned(text) => {
            let build = TreeBuilder::new("", 0, names);
            XmlReader::new(text, false, build, grammar, limits, findings).read()
        }
    }
}

/// A document with more findings than this is not worth reading on.
const MOST: usize = 1000;

/// Namespace declarations in scope at once: a document that changes its namespace at every level has as many as it
/// has levels, and each name is looked up among all of them.
const BINDINGS: usize = 512;

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open<'t> {
    pub node: NodeId,
    pub place: PlaceId,
    pub cursor: Cursor,
    pub prefix: Option<&'t str>,
    pub namespace: u32,
    /// Its namespace when it is written again, see [`XmlReader::effective`].
    pub effective: u32,
    /// True once it has a child element.
    pub is_branch: bool,
}

pub(super) struct XmlReader<'t, 'i, 'g> {
    pub text: &'t str,
    /// True where `text` is the input, so that values can borrow from it.
    pub borrows: bool,
    /// True where some line ends with a carriage return, and has to be changed.
    pub has_returns: bool,
    /// True where `]]>` occurs, which text may not hold.
    pub has_section_ends: bool,
    pub limits: &'g Limits,
    pub events: NsReader<&'t [u8]>,
    pub build: TreeBuilder<'i>,
    pub places: Option<Places<'g>>,
    pub namespaces: Namespaces,
    pub open: Vec<Open<'t>>,
    pub collected: Collected,
    /// Prefixes that were reported as undeclared.
    pub undeclared: Vec<String>,
    pub findings: Vec<(Option<NodeId>, Finding)>,
}

pub(super) type Flow = ControlFlow<()>;

impl<'t, 'i, 'g> XmlReader<'t, 'i, 'g> {
    fn new(
        text: &'t str,
        borrows: bool,
        build: TreeBuilder<'i>,
        grammar: Option<&'g Grammar>,
        limits: &'g Limits,
        findings: Vec<(Option<NodeId>, Finding)>,
    ) -> Self {
        let mut events = NsReader::from_str(text);
        events.config_mut().allow_dangling_amp = true;
        events.resolver_mut().set_max_namespace_bindings(BINDINGS);
        Self {
            text,
            borrows,
            has_returns: memchr::memchr(b'\r', text.as_bytes()).is_some(),
            has_section_ends: memchr::memmem::find(text.as_bytes(), b"]]>").is_some(),
            limits,
            events,
            build,
            places: grammar.map(|grammar| Places { grammar, unqualified: false, rooted: false }),
            namespaces: Namespaces::new(grammar),
            open: Vec::new(),
            collected: Collected::default(),
            undeclared: Vec::new(),
            findings,
        }
    }

    fn read(mut self) -> Read<'i> {
        for at in text::forbidden(self.text).take(MOST + 1) {
            let c = self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
            let message = format!("the character U+{:04X} is not allowed in XML", u32::from(c));
            self.report(Finding::error(&NOT_ALLOWED, message), Span::of(at, at + c.len_utf8()));
        }
        let complete = self.events().is_continue();
        if let Some(open) = self.open.last().filter(|_| complete) {
            let span = self.build.tree().node(open.node).span;
            let name = self.build.tree().name(open.node);
            let finding = Finding::error(&NOT_WELL_FORMED, format!("`<{name}>` is never closed"));
            self.report(finding.hint(format!("add `</{name}>`, or find where the document was cut")), span);
        } else if self.build.tree().is_empty() && complete {
            let finding = Finding::error(&NO_ROOT, "there is no XML element");
            self.report(finding, Span::of(0, self.text.len()));
        }
        self.finish()
    }

    fn finish(mut self) -> Read<'i> {
        while !self.open.is_empty() {
            self.end();
        }
        if self.build.tree().is_empty() {
            let name = self.build.names().intern("");
            self.build.leaf(Kind::Element, name, PlaceId::NONE, Span::default(), Value::NONE);
        }
        let grammar = self.places.map(|places| places.grammar);
        let tree = self.build.finish();
        let paths = WirePaths::new(&tree, grammar);
        let located = |(node, finding): (Option<NodeId>, Finding)| match node {
            Some(node) => finding.wire(paths.path(node)),
            None => finding,
        };
        let findings = self.findings.into_iter().map(located).collect();
        Read { tree, findings }
    }

    /// Notes a finding at the innermost open element.
    pub fn report(&mut self, finding: Finding, span: Span) {
        let node = self.open.last().map(|open| open.node);
        self.findings.push((node, finding.at(self.build.tree().base(), span)));
    }

    /// Notes a finding after which there is no way to go on.
    pub fn stop(&mut self, code: &'static Code, message: impl Into<String>, span: Span) -> Flow {
        self.report(Finding::error(code, message), span);
        ControlFlow::Break(())
    }

    fn events(&mut self) -> Flow {
        loop {
            let start = self.events.buffer_position() as usize;
            if self.findings.len() > MOST {
                return self.stop(
                    &LIMIT,
                    format!("there are more than {MOST} findings"),
                    Span::of(start, start),
                );
            }
            let event = self.events.read_event();
            let span = Span::of(start, self.events.buffer_position() as usize);
            match event {
                Ok(Event::Start(tag)) => self.start(&tag, span, false)?,
                Ok(Event::Empty(tag)) => self.start(&tag, span, true)?,
                Ok(Event::End(_)) => self.end(),
                Ok(Event::Text(text)) => self.text(&text, span)?,
                Ok(Event::GeneralRef(name)) => self.reference(&name, span)?,
                Ok(Event::CData(text)) => self.cdata(&text, span)?,
                Ok(Event::Comment(text)) => self.comment(&text, span),
                Ok(Event::Decl(declaration)) => self.declaration(&declaration, span),
                Ok(Event::PI(instruction)) => self.instruction(instruction.target(), span),
                Ok(Event::DocType(_)) => {
                    let finding = Finding::error(&fault::DTD, "a document type definition is not read");
                    self.report(finding.hint("remove the DOCTYPE"), span);
                    return ControlFlow::Break(());
                }
                Ok(Event::Eof) => return ControlFlow::Continue(()),
                Err(error) => {
                    let at = self.events.error_position() as usize;
                    let (message, hint) = fault::describe(&error);
                    let mut finding = Finding::error(&NOT_WELL_FORMED, message);
                    finding.hint = hint;
                    self.report(finding, Span::of(at, span.end as usize));
                    return ControlFlow::Break(());
                }
            }
        }
    }
}
