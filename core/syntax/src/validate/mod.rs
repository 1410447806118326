//! Whether a message is what its grammar says.
//!
//! One walk over the tree serves every syntax: what stands where is checked by place, values by facets. JSON has no
//! order of members, and takes members that the grammar does not know as they come.

mod children;
mod codes;
mod conditions;
mod kind;
mod lexical;
mod number;
mod value;

use std::borrow::Cow;

use dragoman_tree::{Code, Finding, Kind, NodeId, PlaceId, Severity, Tree};

pub use codes::*;
pub use value::fault;
pub(crate) use value::fits;

use crate::grammar::{Base, Grammar, Place, Syntax};
use crate::path::WirePaths;
use crate::xml::split_name;

/// A message with more findings than this is of another kind; the rest is left out.
const MOST: usize = 1000;

/// Checks a message against the grammar that it was read with: unknown nodes, order, cardinality, exclusive and
/// missing ones, and the form of each value. Every finding has its bytes, its wire path and, where there is a
/// useful one, a hint.
///
/// A document without namespaces is checked as if it had them: that it has none was said once, when it was read.
pub fn validate(tree: &Tree<'_>, grammar: &Grammar) -> Vec<Finding> {
    let paths = WirePaths::new(tree, Some(grammar));
    let mut checker = Checker { tree, grammar, paths, findings: Vec::new(), below: Vec::new() };
    if !tree.is_empty() {
        checker.message();
    }
    checker.findings
}

struct Checker<'t, 'i> {
    tree: &'t Tree<'i>,
    grammar: &'t Grammar,
    paths: WirePaths<'t, 'i>,
    findings: Vec<Finding>,
    /// The children of the node that is looked at, and the places they fill.
    below: Vec<(PlaceId, NodeId)>,
}

impl Checker<'_, '_> {
    fn message(&mut self) {
        // A message may stand inside elements of another format, which are not looked at.
        let inside = self.tree.ids().find(|node| self.tree.place(*node) == Grammar::ROOT);
        let start = inside.filter(|node| self.tree.node(*node).kind == Kind::Element).unwrap_or(NodeId::ROOT);
        let root = self.tree.node(start);
        if !root.place.is_known() && root.kind != Kind::Array {
            let (name, expected) = (self.name(NodeId::ROOT), self.grammar.name_of(Grammar::ROOT));
            let message = format!("the message is `{name}`, not `{expected}`");
            let hint = format!("read it with another grammar than {}", self.grammar.name());
            return self.report(&WRONG_ROOT, NodeId::ROOT, message, &hint);
        }
        let (mut next, end) = (start, root.end);
        while next < end && !self.is_full() {
            let is_known = self.tree.place(next).is_known();
            // A root without a place is the array around several JSON messages.
            let is_passed = self.is_empty_element(next) || (!is_known && next != NodeId::ROOT);
            if is_passed && !is_known {
                self.unknown(next);
            } else if !is_passed && is_known {
                self.kind(next);
                self.children(next);
                self.conditions(next);
                self.value(next);
            }
            next = if is_passed { self.tree.node(next).end } else { NodeId(next.0 + 1) };
        }
        if self.is_full() {
            self.findings.truncate(MOST);
            let message = format!("there are more than {MOST} findings; the rest is left out");
            self.findings.push(Finding::info(&TOO_MANY_FINDINGS, message));
        }
    }

    /// A node that the grammar does not know, with all below it.
    fn unknown(&mut self, node: NodeId) {
        let found = self.tree.node(node);
        let name = self.name(node);
        let parent = self.grammar.facets_of(self.tree.place(found.parent));
        if parent.is_some_and(|facets| facets.base == Base::Any) {
            return;
        }
        match found.kind {
            Kind::Text => self.report(&TEXT, node, "text stands between elements".into(), "remove it"),
            Kind::Attribute if self.tree.name(node) == "{http://www.w3.org/2001/XMLSchema-instance}type" => {
                let finding = Finding::warning(&UNKNOWN, "what xsi:type says is not looked at");
                self.add(finding, node);
            }
            Kind::Object | Kind::Array | Kind::String | Kind::Number | Kind::Bool | Kind::Null => {
                self.add(Finding::info(&UNKNOWN, format!("the member `{name}` is not known here")), node);
            }
            // The reader of EDIFACT has said so, with what it expected.
            Kind::Message | Kind::Group | Kind::Segment | Kind::Composite | Kind::Data => {}
            Kind::Attribute | Kind::Element => {
                let hint = match self.nearest(node) {
                    Some(known) if *known == *name => "its namespace is another one here".into(),
                    Some(known) => format!("did you mean `{known}`?"),
                    None => String::new(),
                };
                self.report(&UNKNOWN, node, format!("`{name}` is not known here"), &hint);
            }
        }
    }

    /// The name in the grammar that a node's name may be a misspelling of.
    fn nearest(&self, node: NodeId) -> Option<&str> {
        let found = self.tree.node(node);
        let places = self.grammar.children(self.tree.place(found.parent));
        let names =
            places.filter(|at| self.grammar.place(*at).kind == found.kind).map(|at| self.grammar.name_of(at));
        let name = self.name(node);
        let near = names.map(|known| (distance(&name, known), known)).min()?;
        (near.0 <= 2 && near.0 < near.1.len()).then_some(near.1)
    }

    /// The name of a node without its namespace.
    fn name(&self, node: NodeId) -> Cow<'_, str> {
        let place = self.tree.place(node);
        if self.grammar.syntax == Syntax::X12 && place.is_known() {
            return self.label(place);
        }
        Cow::Borrowed(split_name(self.tree.name(node)).1)
    }

    /// The name of a place, for people: elements of X12 are called after their segment (`BEG03`).
    fn label(&self, place: PlaceId) -> Cow<'_, str> {
        let name = self.grammar.name_of(place);
        let is_element = |at: &Place| matches!(at.kind, Kind::Data | Kind::Composite);
        match self.grammar.get(place).filter(|at| self.grammar.syntax == Syntax::X12 && is_element(at)) {
            Some(found) if is_element(self.grammar.place(found.parent)) => {
                format!("{}-{name}", self.label(found.parent)).into()
            }
            Some(found) => format!("{}{name}", self.grammar.name_of(found.parent)).into(),
            None => name.into(),
        }
    }

    /// True where there is one finding more than are listed.
    fn is_full(&self) -> bool {
        self.findings.len() > MOST
    }

    /// Notes an error at a node.
    fn report(&mut self, code: &'static Code, node: NodeId, message: String, hint: &str) {
        let mut finding = Finding::new(code, Severity::Error, message);
        finding.hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.add(finding, node);
    }

    fn add(&mut self, finding: Finding, node: NodeId) {
        if self.is_full() {
            return;
        }
        let path = self.paths.path(node);
        self.findings.push(finding.at(self.tree.base(), self.tree.node(node).span).wire(path));
    }
}

/// How many characters have to be added, left out or changed to make one name the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, c) in one.chars().enumerate() {
        let mut next = vec![index + 1];
        for (known, (above, diagonal)) in other.iter().zip(row.iter().skip(1).zip(&row)) {
            let left = next.last().copied().unwrap_or_default();
            next.push((above + 1).min(left + 1).min(diagonal + usize::from(c != *known)));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
