//! What segments, elements and codes are called: the tables beside the grammars of a syntax.

use std::collections::HashMap;

use dragoman_adapters::Catalogue;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::Kind;

/// The names of one syntax, from `mappings/SYNTAX/names.csv`: `element,code,name`, where an element is a segment's tag,
/// a data element's number or, in X12, both (`BEG/01`), and a row without code names the element itself.
#[derive(Debug, Default)]
pub struct Names<'c> {
    rows: HashMap<(&'c str, &'c str), &'c str>,
}

impl<'c> Names<'c> {
    /// The names that go with a grammar.
    pub fn of(catalogue: &'c Catalogue, grammar: Option<&Grammar>) -> Self {
        let syntax = grammar.map_or("", |grammar| grammar.syntax.word());
        let table = catalogue.data().get(&format!("mappings/{syntax}/names.csv")).unwrap_or_default();
        let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
        let cells = rows.filter_map(|row| {
            let (element, rest) = row.split_once(',')?;
            let (code, name) = rest.split_once(',')?;
            Some(((element, code), name))
        });
        Self { rows: cells.collect() }
    }

    /// What a node is called.
    pub fn title(&self, kind: Kind, segment: &str, name: &str) -> Option<String> {
        let own = name.trim_matches(['<', '>']);
        let within = format!("{segment}/{name}");
        let keys = match kind {
            Kind::Message | Kind::Group | Kind::Segment => [own, ""],
            _ => [within.as_str(), own],
        };
        keys.iter().find_map(|key| self.get(key, "")).map(str::to_owned)
    }

    /// What a code means.
    pub fn code(&self, segment: &str, name: &str, value: &str) -> Option<String> {
        let within = format!("{segment}/{name}");
        [within.as_str(), name]
            .iter()
            .find_map(|key| self.get(key, value))
            .filter(|_| !value.is_empty())
            .map(str::to_owned)
    }

    fn get<'s>(&'s self, element: &'s str, code: &'s str) -> Option<&'s str> {
        self.rows.get(&(element, code)).copied()
    }
}
