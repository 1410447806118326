//! Start tags: the place, name and namespace of an element and of its attributes.

use std::borrow::Cow;
use std::ops::ControlFlow;

use dragoman_tree::{Finding, Kind, NameId, PlaceId, Span};
use quick_xml::events::BytesStart;
use quick_xml::name::{QName, ResolveResult};

use super::fault::{self, LIMIT, NO_NAMESPACES, NOT_ALLOWED, NOT_WELL_FORMED, OUTSIDE_ROOT};
use super::name::{INSTANCE, is_ncname};
use super::place::{Cursor, Places};
use super::read::{Flow, Open, XmlReader};
use super::text;
use crate::grammar::Grammar;

impl<'t> XmlReader<'t, '_, '_> {
    pub(super) fn start(&mut self, tag: &BytesStart<'t>, span: Span, is_empty: bool) -> Flow {
        self.begin(span)?;
        let name = self.text.get(span.start as usize + 1..).and_then(|rest| rest.get(..tag.name().0.len()));
        let (prefix, local) = split(name.unwrap_or_default());
        let namespace = self.namespace(prefix, tag, span);
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
        if !tag.attributes_raw().is_empty() {
            self.attributes(tag, place, span)?;
        }
        if is_empty {
            self.end();
        }
        ControlFlow::Continue(())
    }

    /// The namespace of an element. Without declarations of its own it is the parent's where the prefix is.
    fn namespace(&mut self, prefix: Option<&str>, tag: &BytesStart<'t>, span: Span) -> u32 {
        let parent = self.open.last().filter(|open| open.prefix == prefix && tag.attributes_raw().is_empty());
        if let Some(parent) = parent {
            return parent.namespace;
        }
        let likely = self.open.last().map_or(0, |open| open.namespace);
        match self.events.resolver().resolve_element(tag.name()).0 {
            ResolveResult::Unbound => 0,
            ResolveResult::Bound(uri) => self.namespaces.id(uri.0, likely),
            ResolveResult::Unknown(prefix) => {
                self.undeclared(prefix, span);
                0
            }
        }
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

    fn undeclared(&mut self, prefix: String, span: Span) {
        if !self.undeclared.contains(&prefix) {
            let finding =
                Finding::error(&fault::UNDECLARED_PREFIX, format!("the prefix `{prefix}` is not declared"));
            self.report(finding.hint(format!("add xmlns:{prefix}=\"…\" to the root element")), span);
            self.undeclared.push(prefix);
        }
    }

    fn attributes(&mut self, tag: &BytesStart<'t>, element: PlaceId, span: Span) -> Flow {
        for (index, attribute) in tag.attributes().enumerate() {
            if index >= self.limits.attributes {
                let message = format!("an element has more than {} attributes", self.limits.attributes);
                return self.stop(&LIMIT, message, span);
            }
            match attribute {
                Ok(attribute) => {
                    self.separated(attribute.key, span)?;
                    self.no_markup(&attribute.value);
                    if attribute.key.as_namespace_binding().is_none() {
                        self.attribute(attribute.key, &attribute.value, element)?;
                    } else {
                        // The tokeniser has taken note of it; only its faults are of interest.
                        self.unescaped(&attribute.value, self.span(&attribute.value));
                    }
                }
                Err(error) => {
                    let (at, message) = fault::attribute(&error);
                    let at = span.start + 1 + at as u32;
                    return self.stop(&NOT_WELL_FORMED, message, Span::new(at, span.end));
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// The tokeniser lets attributes follow each other without white space, XML does not.
    fn separated(&mut self, key: QName<'_>, tag: Span) -> Flow {
        let at = self.offset(key.0);
        if self.text.as_bytes().get(at - 1).is_some_and(|byte| !text::is_space(*byte as char)) {
            return self.stop(
                &NOT_WELL_FORMED,
                "white space is missing before an attribute",
                Span::of(at, tag.end as usize),
            );
        }
        ControlFlow::Continue(())
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

    fn attribute(&mut self, key: QName<'_>, raw: &str, element: PlaceId) -> Flow {
        let span = self.span(raw);
        self.room(span)?;
        let (local, prefix) = key.decompose();
        let local = local.into_inner();
        let namespace = match self.events.resolver().resolve_prefix(prefix, false) {
            ResolveResult::Unbound => 0,
            ResolveResult::Bound(uri) if uri.0 == INSTANCE && local.ends_with("chemaLocation") => {
                return ControlFlow::Continue(());
            }
            ResolveResult::Bound(uri) => self.namespaces.id(uri.0, 0),
            ResolveResult::Unknown(prefix) => {
                self.undeclared(prefix, span);
                0
            }
        };
        if namespace == 0 && local == "xmlns" {
            return self.stop(&NOT_WELL_FORMED, format!("`{}` is no attribute", key.0), span);
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

/// Splits a qualified name into prefix and local name.
fn split(name: &str) -> (Option<&str>, &str) {
    match name.bytes().position(|byte| byte == b':').and_then(|colon| name.split_at_checked(colon)) {
        Some((prefix, local)) => (Some(prefix), local.get(1..).unwrap_or_default()),
        None => (None, name),
    }
}
