//! XML bytes to a tree, led by a grammar.

use std::borrow::Cow;
use std::ops::ControlFlow;

use dragoman_tree::{Code, Finding, Kind, Names, NodeId, PlaceId, Span, TreeBuilder, Value};

use super::decode::decode;
use super::fault::{self, LIMIT, NO_ROOT, NOT_ALLOWED, NOT_WELL_FORMED};
use super::namespaces::Namespaces;
use super::place::{Cursor, Places};
use super::text::{self, Collected};
use super::token::{Token, Tokens};
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
    pub tokens: Tokens<'t>,
    pub build: TreeBuilder<'i>,
    pub places: Option<Places<'g>>,
    pub namespaces: Namespaces<'t, 'g>,
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
        Self {
            text,
            borrows,
            has_returns: memchr::memchr(b'\r', text.as_bytes()).is_some(),
            has_section_ends: memchr::memmem::find(text.as_bytes(), b"]]>").is_some(),
            limits,
            tokens: Tokens::new(text, limits.attributes),
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
        let complete = self.tokens().is_continue();
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

    fn tokens(&mut self) -> Flow {
        loop {
            let token = self.tokens.next();
            let span = Span::of(self.tokens.start, self.tokens.at);
            if self.findings.len() > MOST {
                let message = format!("there are more than {MOST} findings");
                return self.stop(&LIMIT, message, Span::new(span.start, span.start));
            }
            match token {
                Ok(Token::Start { prefix, local, is_empty }) => self.start(prefix, local, span, is_empty)?,
                Ok(Token::End) => self.end(),
                Ok(Token::Text(text)) => self.text(text, span)?,
                Ok(Token::Reference(name)) => self.reference(name, span)?,
                Ok(Token::Section(text)) => self.cdata(text, span)?,
                Ok(Token::Comment(text)) => self.comment(text, span),
                Ok(Token::Instruction(content)) => self.instruction(content, span),
                Ok(Token::Doctype) => {
                    let finding = Finding::error(&fault::DTD, "a document type definition is not read");
                    self.report(finding.hint("remove the DOCTYPE"), span);
                    return ControlFlow::Break(());
                }
                Ok(Token::EndOfText) => return ControlFlow::Continue(()),
                Err(fault) => {
                    let (message, hint) = fault::describe(fault);
                    let mut finding = Finding::error(&NOT_WELL_FORMED, message);
                    finding.hint = hint;
                    let end = if span.is_empty() { self.text.len() } else { span.end as usize };
                    self.report(finding, Span::of(span.start as usize, end));
                    return ControlFlow::Break(());
                }
            }
        }
    }
}
