//! The namespaces of one document as numbers: those of the grammar by their index, others in order of appearance.

use dragoman_tree::Span;
use rustc_hash::FxHashMap;

use super::text;
use crate::grammar::Grammar;

/// Numbers for namespaces. 0 is "no namespace".
#[derive(Debug)]
pub(super) struct Namespaces {
    names: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
}

impl Namespaces {
    /// Starts with those of a grammar.
    pub fn new(grammar: Option<&Grammar>) -> Self {
        let mut namespaces = Self { names: vec!["".into()], numbers: FxHashMap::default() };
        for namespace in
            grammar.map(|grammar| grammar.namespaces.as_slice()).unwrap_or_default().iter().skip(1)
        {
            namespaces.add(&namespace.uri);
        }
        namespaces
    }

    fn add(&mut self, name: &str) -> u32 {
        let number = self.names.len() as u32;
        self.names.push(name.into());
        *self.numbers.entry(name.into()).or_insert(number)
    }

    /// The number of a namespace name as it is written; `likely` is tried first.
    pub fn id(&mut self, raw: &str, likely: u32) -> u32 {
        if self.uri(likely) == raw {
            return likely;
        }
        let name = text::attribute_value(raw, &mut |_: Span, _| {});
        match self.numbers.get(name.as_ref()) {
            Some(number) => *number,
            None => self.add(&name),
        }
    }

    /// The namespace of a number.
    pub fn uri(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", |name| name)
    }
}
