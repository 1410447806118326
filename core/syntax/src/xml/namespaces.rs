//! The namespaces of one document: as numbers, those of the grammar by their index, others in order of appearance;
//! and which prefix stands for which of them (Namespaces in XML 1.0).

use dragoman_tree::Span;
use rustc_hash::FxHashMap;

use super::name::{XML, XMLNS, is_ncname};
use super::text;
use crate::grammar::{Grammar, Namespace};

/// Namespace declarations in scope at once: a document that changes its namespace at every level has as many as it
/// has levels, and each name is looked up among all of them.
const BINDINGS: usize = 512;

/// A declaration that is in scope.
#[derive(Clone, Copy, Debug)]
struct Binding<'t> {
    /// `""` for the default namespace.
    prefix: &'t str,
    namespace: u32,
    /// How many elements are open around the one that declares it.
    depth: usize,
}

/// Numbers for namespaces, 0 for "no namespace", and the declarations in scope.
#[derive(Debug)]
pub(super) struct Namespaces<'t, 'g> {
    of_grammar: &'g [Namespace],
    own: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
    bindings: Vec<Binding<'t>>,
}

impl<'t, 'g> Namespaces<'t, 'g> {
    /// Starts with those of a grammar.
    pub fn new(grammar: Option<&'g Grammar>) -> Self {
        let of_grammar = grammar.map(|grammar| grammar.namespaces.as_slice()).unwrap_or_default();
        Self { of_grammar, own: Vec::new(), numbers: FxHashMap::default(), bindings: Vec::new() }
    }

    /// How many numbers belong to the grammar: at least that of no namespace.
    fn known(&self) -> usize {
        self.of_grammar.len().max(1)
    }

    fn number(&mut self, name: &str) -> u32 {
        if name.is_empty() {
            return 0;
        }
        if let Some(at) = self.of_grammar.iter().position(|known| *known.uri == *name) {
            return at as u32;
        }
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = (self.known() + self.own.len()) as u32;
        self.own.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }

    /// The namespace of a number.
    pub fn uri(&self, number: u32) -> &str {
        match (number as usize).checked_sub(self.known()) {
            Some(own) => self.own.get(own).map_or("", |name| name),
            None => self.of_grammar.get(number as usize).map_or("", |namespace| &namespace.uri),
        }
    }

    /// Takes a declaration into scope, for an element with `depth` elements around it; the error says why it may not
    /// stand there.
    pub fn declare(&mut self, prefix: &'t str, raw: &str, depth: usize) -> Result<(), String> {
        let name = text::attribute_value(raw, &mut |_: Span, _| {});
        match (prefix, &*name) {
            ("xml", XML) => return Ok(()),
            ("xml" | "xmlns", _) => return Err(format!("the prefix `{prefix}` cannot stand for `{name}`")),
            ("", _) => {}
            _ if !is_ncname(prefix) => return Err(format!("`{prefix}` is no prefix")),
            (_, XML | XMLNS) => return Err(format!("the prefix `{prefix}` cannot stand for `{name}`")),
            _ => {}
        }
        if self.bindings.len() >= BINDINGS {
            return Err(format!("more than {BINDINGS} namespaces are declared around each other"));
        }
        let namespace = self.number(&name);
        self.bindings.push(Binding { prefix, namespace, depth });
        Ok(())
    }

    /// Forgets the declarations of the element that had `depth` elements around it.
    pub fn close(&mut self, depth: usize) {
        while self.bindings.last().is_some_and(|binding| binding.depth >= depth) {
            self.bindings.pop();
        }
    }

    /// The namespace of an element without prefix.
    pub fn default(&self) -> u32 {
        self.find("").unwrap_or(0)
    }

    /// The namespace that a prefix stands for; `None` where it was not declared, or as nothing.
    pub fn of(&mut self, prefix: &str) -> Option<u32> {
        match prefix {
            "xml" => Some(self.number(XML)),
            "xmlns" => Some(self.number(XMLNS)),
            "" => None,
            _ => self.find(prefix).filter(|namespace| *namespace != 0),
        }
    }

    fn find(&self, prefix: &str) -> Option<u32> {
        let found = self.bindings.iter().rev().find(|binding| binding.prefix == prefix);
        found.map(|binding| binding.namespace)
    }
}
