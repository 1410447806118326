//! Start tags: the place, name and namespace of an element and of its attributes.

use std::borrow::Cow;
use std::ops::ControlFlow;

use dragoman_tree::{Finding, Kind, NameId, PlaceId, Span};

use super::attribute::Attribute;
use super::fault::{self, LIMIT, NO_NAMESPACES, NOT_ALLOWED, NOT_WELL_FORMED, OUTSIDE_ROOT};
use super::name::{INSTANCE, is_ncname};
use super::place::{Cursor, Places};
use super::read::{Flow, Open, XmlReader};
use super::text;
use crate::grammar::Grammar;

impl<'t> XmlReader<'t, '_, '_> {
    pub(super) fn start(
        &mut self,
        prefix: Option<&'t str>,
        local: &'t str,
        span: Span,
        is_empty: bool,
    ) -> Flow {
        self.begin(span)?;
        let namespace = self.namespace(prefix, span)?;
        let place = self.place(local, namespace, span);
        let parent = self.open.last().map_or(0, |open| open.effective);
        let effective = self.effective(place, namespace, parent);
        let name = match self.places.and_then(|places| places.grammar.get(place)) {
            Some(place) => place.name,
            None => self.unknown_name(local, (effective != parent).then_some(effective), span)?,
        };
        // Only now is it certain that the text before it is not all that its parent holds.
        self.text_node();
        if let Some(parent) = self.open.last_mut() {
            parent.is_branch = true;
        }
        let node = self.build.open(Kind::Element, name, place, span);
        let cursor = Cursor::START;
        self.open.push(Open { node, place, cursor, prefix, namespace, effective, is_branch: false });
        if !self.tokens.attributes.is_empty() || self.tokens.broken.is_some() {
            self.attributes(place, span)?;
        }
        if is_empty {
            self.end();
        }
        ControlFlow::Continue(())
    }

    /// The namespace of an element. Without declarations of its own it is the parent's where the prefix is.
    fn namespace(&mut self, prefix: Option<&str>, span: Span) -> ControlFlow<(), u32> {
        if self.tokens.attributes.is_empty() {
            if let Some(parent) = self.open.last().filter(|open| open.prefix == prefix) {
                return ControlFlow::Continue(parent.namespace);
            }
        } else {
            self.declarations()?;
        }
        ControlFlow::Continue(match prefix {
            None => self.namespaces.default(),
            Some(prefix) => self.namespace_of(prefix, span),
        })
    }

    /// Takes note of the namespaces that a start tag declares.
    fn declarations(&mut self) -> Flow {
        for attribute in &self.tokens.attributes {
            let Some(prefix) = attribute.declares() else { continue };
            if let Err(message) = self.namespaces.declare(prefix, attribute.value, self.open.len()) {
                let span = self.span(attribute.value);
                return self.stop(&NOT_WELL_FORMED, message, span);
            }
        }
        ControlFlow::Continue(())
    }

    fn namespace_of(&mut self, prefix: &str, span: Span) -> u32 {
        let found = self.namespaces.of(prefix);
        if found.is_none() {
            self.undeclared(prefix, span);
        }
        found.unwrap_or(0)
    }

    /// What comes before every element: the limits, the one root.
    fn begin(&mut self, span: Span) -> Flow {
        if self.open.len() >= self.limits.depth {
            return self.stop(&LIMIT, format!("elements are nested deeper than {}", self.limits.depth), span);
        }
        self.room(span)?;
        if self.open.is_empty() && !self.build.tree().is_empty() {
            return self.stop(&OUTSIDE_ROOT, "a second element follows the root element", span);
        }
        ControlFlow::Continue(())
    }

    fn room(&mut self, span: Span) -> Flow {
        if self.build.tree().len() >= self.limits.nodes {
            let message = format!("the document has more than {} nodes", self.limits.nodes);
            return self.stop(&LIMIT, message, span);
        }
        ControlFlow::Continue(())
    }

    fn place(&mut self, local: &str, namespace: u32, span: Span) -> PlaceId {
        let Some(places) = &mut self.places else { return PlaceId::NONE };
        let is_outermost = self.open.is_empty();
        let found = match self.open.last_mut() {
            Some(open) if open.place.is_known() => {
                places.element(open.place, &mut open.cursor, local, namespace)
            }
            _ => places.begin(local, namespace, is_outermost),
        };
        let is_root = found == Some(Grammar::ROOT);
        if is_root && namespace == 0 && places.grammar.place(Grammar::ROOT).namespace != 0 {
            let finding =
                Finding::info(&NO_NAMESPACES, "the document has no namespaces; names alone are matched");
            self.report(finding, span);
        }
        found.unwrap_or(PlaceId::NONE)
    }

    /// The namespace that an element has when it is written again: that of its place; in a document without
    /// namespaces that of its parent.
    fn effective(&self, place: PlaceId, namespace: u32, parent: u32) -> u32 {
        match self.places {
            Some(places) if place.is_known() => u32::from(places.grammar.place(place).namespace),
            Some(Places { unqualified: true, .. }) if namespace == 0 => parent,
            _ => namespace,
        }
    }

    /// The name of an element or attribute that the grammar does not know.
    fn unknown_name(&mut self, local: &str, namespace: Option<u32>, span: Span) -> ControlFlow<(), NameId> {
        if !is_ncname(local) {
            self.stop(&NOT_WELL_FORMED, format!("`{local}` is no name"), span)?;
        }
        let names = self.build.names();
        ControlFlow::Continue(match namespace {
            None => names.intern(local),
            Some(namespace) => names.intern(&format!("{{{}}}{local}", self.namespaces.uri(namespace))),
        })
    }

    fn undeclared(&mut self, prefix: &str, span: Span) {
        if !self.undeclared.iter().any(|known| known == prefix) {
            let finding =
                Finding::error(&fault::UNDECLARED_PREFIX, format!("the prefix `{prefix}` is not declared"));
            self.report(finding.hint(format!("add xmlns:{prefix}=\"…\" to the root element")), span);
            self.undeclared.push(prefix.into());
        }
    }

    fn attributes(&mut self, element: PlaceId, span: Span) -> Flow {
        let mut index = 0;
        while let Some(attribute) = self.tokens.attributes.get(index).copied() {
            if index >= self.limits.attributes {
                let message = format!("an element has more than {} attributes", self.limits.attributes);
                return self.stop(&LIMIT, message, span);
            }
            self.no_markup(attribute.value);
            if attribute.declares().is_none() {
                self.attribute(attribute, element)?;
            } else {
                // It was taken note of before; only its faults are of interest.
                self.unescaped(attribute.value, self.span(attribute.value));
            }
            index += 1;
        }
        match self.tokens.broken {
            Some(broken) => {
                let end = self.tokens.at.max(broken.at);
                self.stop(&NOT_WELL_FORMED, broken.message, Span::of(broken.at, end))
            }
            None => ControlFlow::Continue(()),
        }
    }

    /// The bytes of a part of the text.
    fn span(&self, part: &str) -> Span {
        let start = self.offset(part);
        Span::of(start, start + part.len())
    }

    /// The value of an attribute; what cannot be replaced in it is reported.
    fn unescaped<'r>(&mut self, raw: &'r str, span: Span) -> Cow<'r, str> {
        let mut faults = Vec::new();
        let text = text::attribute_value(raw, &mut |at, why| faults.push((at, why)));
        for (at, why) in faults {
            self.unresolved(why, Span::new(span.start + at.start, span.start + at.end));
        }
        text
    }

    fn no_markup(&mut self, raw: &str) {
        if let Some(at) = memchr::memchr(b'<', raw.as_bytes()) {
            let at = self.offset(raw) + at;
            let finding = Finding::error(&NOT_ALLOWED, "`<` may not stand in an attribute");
            self.report(finding.hint("write `&lt;`"), Span::of(at, at + 1));
        }
    }

    /// Where a part of the text lies in it.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr())
    }

    fn attribute(&mut self, attribute: Attribute<'t>, element: PlaceId) -> Flow {
        let Attribute { key, value: raw } = attribute;
        let span = self.span(raw);
        self.room(span)?;
        let (namespace, local) = match key.split_once(':') {
            Some((prefix, local)) => (self.namespace_of(prefix, span), local),
            None => (0, key),
        };
        if namespace != 0 && local.ends_with("chemaLocation") && self.namespaces.uri(namespace) == INSTANCE {
            return ControlFlow::Continue(());
        }
        if namespace == 0 && local == "xmlns" {
            return self.stop(&NOT_WELL_FORMED, format!("`{key}` is no attribute"), span);
        }
        let known = self.places.filter(|_| namespace == 0 && element.is_known());
        let place = known.and_then(|places| places.attribute(element, local)).unwrap_or(PlaceId::NONE);
        let name = match known.and_then(|places| places.grammar.get(place)) {
            Some(place) => place.name,
            None => self.unknown_name(local, (namespace != 0).then_some(namespace), span)?,
        };
        let value = match self.unescaped(raw, span) {
            Cow::Borrowed(_) if self.borrows => self.build.borrowed(span),
            text => self.build.owned(&text),
        };
        self.build.leaf(Kind::Attribute, name, place, span, value);
        ControlFlow::Continue(())
    }
}
