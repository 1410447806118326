//! What stands between tags: text in all its spellings, comments, the XML declaration.

use std::ops::ControlFlow;

use dragoman_tree::{Finding, Kind, NodeId, PlaceId, Span};

use super::attribute::Attributes;
use super::fault::{self, DECLARATION, NO_ROOT, NOT_ALLOWED, OUTSIDE_ROOT, REFERENCE};
use super::name::{NULL, is_ncname};
use super::read::{Flow, Open, XmlReader};
use super::text::{self, Unresolved};

impl XmlReader<'_, '_, '_> {
    pub(super) fn text(&mut self, raw: &str, span: Span) -> Flow {
        if self.open.is_empty() {
            return self.outside(raw, span);
        }
        if raw.starts_with('&') {
            self.unresolved(Unresolved::Lone, Span::new(span.start, span.start + 1));
        }
        let section_end =
            self.has_section_ends.then(|| memchr::memmem::find(raw.as_bytes(), b"]]>")).flatten();
        if let Some(at) = section_end {
            let at = span.start + at as u32;
            let finding = Finding::error(&NOT_ALLOWED, "`]]>` may not stand in text");
            self.report(finding.hint("write `]]&gt;`"), Span::new(at, at + 3));
        }
        self.collect(raw, span);
        ControlFlow::Continue(())
    }

    pub(super) fn cdata(&mut self, raw: &str, span: Span) -> Flow {
        if self.open.is_empty() {
            return self.stop(&OUTSIDE_ROOT, "a CDATA section stands outside the root element", span);
        }
        if !raw.is_empty() {
            let start = span.start + "<![CDATA[".len() as u32;
            self.collect(raw, Span::new(start, start + raw.len() as u32));
        }
        ControlFlow::Continue(())
    }

    /// Adds text as it stands in the document, but for its line ends.
    fn collect(&mut self, raw: &str, span: Span) {
        if self.has_returns {
            self.collected.add_lines(self.text, span);
        } else {
            self.collected.add(self.text, span, raw, true);
        }
    }

    pub(super) fn reference(&mut self, name: &str, span: Span) -> Flow {
        if self.open.is_empty() {
            return self.stop(&OUTSIDE_ROOT, "text stands outside the root element", span);
        }
        match text::resolve(name) {
            Ok(c) => self.collected.add(self.text, span, c.encode_utf8(&mut [0; 4]), false),
            Err(why) => {
                let literal = self.text.get(span.range()).unwrap_or_default();
                self.collected.add(self.text, span, literal, true);
                self.unresolved(why, span);
            }
        }
        ControlFlow::Continue(())
    }

    /// Notes a reference that was kept as it is written.
    pub(super) fn unresolved(&mut self, why: Unresolved, span: Span) {
        let literal = self.text.get(span.range()).unwrap_or_default();
        let (message, hint) = fault::unresolved(why, literal);
        self.report(Finding::error(&REFERENCE, message).hint(hint), span);
    }

    /// Text before or after the root element.
    fn outside(&mut self, raw: &str, span: Span) -> Flow {
        if text::is_blank(raw) {
            return ControlFlow::Continue(());
        }
        match fault::looks_like(raw).filter(|_| self.build.tree().is_empty()) {
            Some(syntax) => {
                let finding = Finding::error(&NO_ROOT, format!("this is no XML; it looks like {syntax}"));
                self.report(finding.hint(format!("read it as a {syntax} message")), span);
                ControlFlow::Break(())
            }
            None => self.stop(&OUTSIDE_ROOT, "text stands outside the root element", span),
        }
    }

    pub(super) fn comment(&mut self, raw: &str, span: Span) {
        let at = memchr::memmem::find(raw.as_bytes(), b"--").or(raw.ends_with('-').then(|| raw.len() - 1));
        if let Some(at) = at {
            let at = span.start + ("<!--".len() + at) as u32;
            let finding = Finding::error(&NOT_ALLOWED, "`--` may not stand in a comment");
            self.report(finding.hint("write a single hyphen"), Span::new(at, at + 2));
        }
    }

    /// A processing instruction, or the XML declaration, which looks like one.
    pub(super) fn instruction(&mut self, content: &str, span: Span) {
        let target = content.split(text::is_space).next().unwrap_or_default();
        if target == "xml" {
            return self.declaration(content, span);
        }
        if !is_ncname(target) {
            let finding =
                Finding::error(&NOT_ALLOWED, format!("`{target}` is no name of a processing instruction"));
            self.report(finding.hint("remove the instruction"), span);
        }
    }

    fn declaration(&mut self, content: &str, span: Span) {
        if span.start != 0 {
            let finding = Finding::error(&DECLARATION, "the XML declaration is not at the very beginning");
            return self.report(finding.hint("remove what stands before it"), span);
        }
        let mut attributes = Attributes::new(content, "xml".len());
        let version = attributes.next().and_then(Result::ok).filter(|first| first.key == "version");
        let message = match version {
            Some(version) if version.value != "1.0" => {
                format!("the declaration names version {}", version.value)
            }
            Some(_) if ends_well(attributes, content) => return,
            _ => "the declaration is not of the form that XML prescribes".into(),
        };
        self.report(
            Finding::error(&DECLARATION, message).hint("write <?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
            span,
        );
    }

    pub(super) fn end(&mut self) {
        let Some(open) = self.open.last().copied() else { return };
        if open.is_branch {
            self.text_node();
            self.nothing(open);
        } else {
            let value = self.collected.value(self.text, self.borrows, &mut self.build);
            let node = self.build.node_mut(open.node);
            node.value = value;
            if let Some(span) = self.collected.span().filter(|span| !span.is_empty()) {
                node.span = span;
            }
            self.pieces(open.node);
        }
        self.build.close();
        self.open.pop();
        self.namespaces.close(self.open.len());
    }

    /// Takes `<null/>` in the place of a text as no value, where the grammar has it so.
    fn nothing(&mut self, open: Open<'_>) {
        let grammar = self.places.map(|places| places.grammar);
        let place = grammar.and_then(|grammar| grammar.get(open.place));
        // A complete message writes it now and then where its grammar has it not.
        let may_be = grammar.is_some_and(|grammar| grammar.header.complete)
            || place.is_some_and(|place| place.nullable);
        if place.is_none_or(|place| place.facets.is_none()) || !may_be {
            return;
        }
        let tree = self.build.tree();
        let only = NodeId(open.node.0 + 1);
        let is_alone = tree.len() == only.index() + 1 && tree.node(only).kind == Kind::Element;
        if is_alone && tree.name(only) == NULL && tree.value(only).is_none_or(str::is_empty) {
            self.build.clear();
            self.build.node_mut(open.node).kind = Kind::Null;
        }
    }

    /// Makes a node of the text collected before or after a child element, where it is not blank.
    pub(super) fn text_node(&mut self) {
        if self.collected.is_empty() {
            return;
        }
        if !text::is_blank(self.collected.text(self.text)) && !self.open.is_empty() {
            let value = self.collected.value(self.text, self.borrows, &mut self.build);
            let name = self.build.names().intern("#text");
            let span = self.collected.span().unwrap_or_default();
            let node = self.build.leaf(Kind::Text, name, PlaceId::NONE, span, value);
            self.pieces(node);
        }
        self.collected.clear();
    }

    fn pieces(&mut self, node: NodeId) {
        for piece in self.collected.pieces() {
            self.build.piece(node, *piece);
        }
        self.collected.clear();
    }
}

/// True for `encoding`, then `standalone`, each at most once and with a value that it can have, and nothing else (XML
/// 1.0, productions 23 to 32 and 80).
fn ends_well(mut attributes: Attributes<'_>, content: &str) -> bool {
    let mut rest = ["encoding", "standalone"].into_iter();
    let is_encoding = |name: &str| {
        let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(legal)
    };
    let are_legal = attributes.by_ref().all(|attribute| match attribute {
        Ok(attribute) if rest.any(|name| name == attribute.key) => match attribute.key {
            "encoding" => is_encoding(attribute.value),
            _ => matches!(attribute.value, "yes" | "no"),
        },
        _ => false,
    });
    are_legal && attributes.at() == content.len()
}
