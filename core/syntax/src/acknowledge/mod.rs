//! What is wrong with a message, as acknowledgements of any standard report it: from its findings, with positions
//! counted the way they count.

mod build;

use std::collections::HashMap;

use dragoman_tree::{Finding, Kind, NodeId, Severity, Tree};

use crate::WirePaths;
use crate::grammar::{Base, Grammar, Relation};
use crate::validate::{CONDITION, FIXED, LENGTH, MISSING, NOT_IN_LIST, ORDER, PATTERN, TOO_MANY, TYPE};

pub(crate) use build::{Builder, Value};

/// When an acknowledgement is made, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// `CCYYMMDD`.
    pub date: String,
    /// `HHMM`.
    pub time: String,
    /// The control number of the first interchange that is made; the next have those after it.
    pub number: u32,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// It must be there.
    Missing,
    /// It occurs too often.
    TooMany,
    /// It has no place there.
    Unexpected,
    /// It stands after what it should precede.
    OutOfOrder,
    /// The value is too short.
    TooShort,
    /// The value is too long.
    TooLong,
    /// The value holds characters that its type does not have.
    Characters,
    /// The value is no date.
    Date,
    /// The value is no time.
    Time,
    /// The value is no code of its list, or not the only one allowed.
    Code,
    /// Another element demands it.
    Demanded,
    /// Another element excludes it.
    Excluded,
    /// The trailer is missing.
    NoTrailer,
    /// The stated count is not the counted.
    Count,
    /// The trailer names another control number than the header.
    Reference,
    /// Anything else.
    Other,
}

/// Where it is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// The message, its header or trailer.
    Message,
    /// A segment, by its number in the message (the header is 1) and its tag. A missing one has the number that it
    /// should have, of a group that occurs too often the first segment stands for it.
    Segment {
        /// Its number.
        number: u32,
        /// Its tag.
        tag: String,
        /// True where a whole group is meant.
        group: bool,
    },
    /// A data element of a segment.
    Element {
        /// The segment's number.
        number: u32,
        /// The segment's tag.
        tag: String,
        /// The position of the data element, from 1.
        element: u32,
        /// The position of the component, where the element is a composite.
        component: Option<u32>,
        /// The number of the repetition, where the element may repeat.
        repetition: Option<u32>,
    },
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub wrong: Wrong,
    /// Where.
    pub at: At,
    /// The value at fault, where there is one.
    pub value: Option<String>,
}

/// The faults that the errors among the findings are, in the order of the message. Findings about what is around the
/// message are not looked at.
pub fn faults(tree: &Tree<'_>, grammar: Option<&Grammar>, findings: &[Finding]) -> Vec<Fault> {
    let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    if errors.is_empty() || tree.is_empty() {
        return Vec::new();
    }
    let located = Located::new(tree, grammar);
    let mut all: Vec<_> = errors.into_iter().flat_map(|finding| located.faults(finding)).collect();
    all.sort_by_key(|fault| match &fault.at {
        At::Message => (u32::MAX, 0),
        At::Segment { number, .. } => (*number, 0),
        At::Element { number, element, .. } => (*number, *element),
    });
    all.dedup();
    all
}

/// A message whose nodes can be found by their paths.
struct Located<'t, 'i> {
    tree: &'t Tree<'i>,
    grammar: Option<&'t Grammar>,
    at: HashMap<String, NodeId>,
    /// The segments of the message, its header first.
    segments: Vec<NodeId>,
}

impl<'t, 'i> Located<'t, 'i> {
    fn new(tree: &'t Tree<'i>, grammar: Option<&'t Grammar>) -> Self {
        let paths = WirePaths::new(tree, grammar);
        let at = tree.ids().map(|node| (paths.path(node), node)).collect();
        let is_around = |node: &NodeId| {
            let is_top = tree.node(*node).parent == NodeId::ROOT;
            is_top && matches!(tree.name(*node), "UNB" | "UNG" | "ISA" | "ISB" | "ISE" | "ISX" | "GS")
        };
        let is_segment = |node: &NodeId| tree.node(*node).kind == Kind::Segment && !is_around(node);
        Self { tree, grammar, at, segments: tree.ids().filter(is_segment).collect() }
    }

    fn faults(&self, finding: &Finding) -> Vec<Fault> {
        let path = finding.wire_path.as_deref().unwrap_or_default();
        let one = |wrong, at, value| vec![Fault { wrong, at, value }];
        match (&*finding.code, path) {
            ("DG-E0309" | "DG-E0344", _) => one(Wrong::NoTrailer, At::Message, None),
            ("DG-E0310" | "DG-E0345", _) => one(Wrong::Count, At::Message, None),
            ("DG-E0311" | "DG-E0346", _) => one(Wrong::Reference, At::Message, None),
            (code, path) if code == MISSING.id => self.missing(path),
            (_, path) => match self.at.get(path) {
                Some(node) => self.present(finding, *node),
                None => one(Wrong::Other, At::Message, None),
            },
        }
    }

    /// Something that is not there: the last step of the path is its name.
    fn missing(&self, path: &str) -> Vec<Fault> {
        let Some((above, step)) = path.rsplit_once('/') else { return Vec::new() };
        let name = step.split('[').next().unwrap_or_default();
        let Some(parent) = self.at.get(above).copied() else { return Vec::new() };
        let at = match self.tree.node(parent).kind {
            Kind::Segment | Kind::Composite => {
                let place = self.grammar.and_then(|grammar| {
                    let place = grammar.child(self.tree.place(parent), name)?;
                    Some(u32::from(grammar.place(place).position))
                });
                let position = place.or_else(|| name.parse().ok()).unwrap_or_default();
                self.element(parent, Some(position))
            }
            _ => {
                let last = self.segments.iter().rposition(|node| self.is_within(*node, parent));
                let number = last.map_or(1, |last| last as u32 + 2);
                let (tag, group) = (name.trim_matches(['<', '>']).to_owned(), name.starts_with('<'));
                At::Segment { number, tag, group }
            }
        };
        vec![Fault { wrong: Wrong::Missing, at, value: None }]
    }

    fn is_within(&self, node: NodeId, parent: NodeId) -> bool {
        node == parent || self.tree.ancestors(node).any(|above| above == parent)
    }

    fn present(&self, finding: &Finding, node: NodeId) -> Vec<Fault> {
        let kind = self.tree.node(node).kind;
        if finding.code == CONDITION.id {
            return self.conditions(node);
        }
        let at = match kind {
            Kind::Segment | Kind::Group => self.segment(node),
            Kind::Message => At::Message,
            _ => self.element(node, None),
        };
        let is_element = matches!(at, At::Element { .. });
        let value = self.tree.value(node).filter(|value| is_element && !value.is_empty()).map(str::to_owned);
        vec![Fault { wrong: self.wrong(finding, node), at, value }]
    }

    fn wrong(&self, finding: &Finding, node: NodeId) -> Wrong {
        let facets = self.grammar.and_then(|grammar| grammar.facets_of(self.tree.place(node)));
        let length = || self.tree.value(node).unwrap_or_default().chars().count();
        match &*finding.code {
            "DG-E0320" => Wrong::Unexpected,
            "DG-E0321" | "DG-E0322" => Wrong::TooMany,
            code if code == TOO_MANY.id => Wrong::TooMany,
            code if code == ORDER.id => Wrong::OutOfOrder,
            code if code == NOT_IN_LIST.id || code == FIXED.id || code == PATTERN.id => Wrong::Code,
            code if code == LENGTH.id => {
                let is_short = facets.is_some_and(|facets| length() < facets.min_length as usize);
                if is_short { Wrong::TooShort } else { Wrong::TooLong }
            }
            code if code == TYPE.id => match facets.map(|facets| facets.base) {
                Some(Base::Dt) => Wrong::Date,
                Some(Base::Tm) => Wrong::Time,
                _ => Wrong::Characters,
            },
            _ => Wrong::Other,
        }
    }

    /// The elements that the syntax notes of a segment miss, or have too many of.
    fn conditions(&self, segment: NodeId) -> Vec<Fault> {
        let Some(grammar) = self.grammar else { return Vec::new() };
        let Some(rules) = grammar.rules_of(self.tree.place(segment)) else { return Vec::new() };
        let is_filled = |position: u16| {
            self.tree.children(segment).any(|child| {
                let place = grammar.get(self.tree.place(child));
                let holds = |at: NodeId| self.tree.value(at).is_some_and(|value| !value.is_empty());
                place.is_some_and(|place| place.position == position) && self.tree.subtree(child).any(holds)
            })
        };
        let broken = rules.conditions.iter().filter(|condition| !condition.holds(is_filled));
        let fault = |(wrong, position): (Wrong, u16)| Fault {
            wrong,
            at: self.element(segment, Some(u32::from(position))),
            value: None,
        };
        let at_fault = broken.filter_map(|condition| {
            let mut positions = condition.positions.iter().copied();
            match condition.relation {
                Relation::Exclusive => {
                    positions.filter(|at| is_filled(*at)).nth(1).map(|at| (Wrong::Excluded, at))
                }
                _ => positions.find(|at| !is_filled(*at)).map(|at| (Wrong::Demanded, at)),
            }
        });
        at_fault.map(fault).collect()
    }

    fn number(&self, segment: NodeId) -> u32 {
        self.segments.iter().position(|node| *node == segment).map_or(1, |at| at as u32 + 1)
    }

    fn segment(&self, node: NodeId) -> At {
        let group = self.tree.node(node).kind == Kind::Group;
        let first = self.tree.subtree(node).find(|at| self.tree.node(*at).kind == Kind::Segment);
        let segment = first.unwrap_or(node);
        At::Segment { number: self.number(segment), tag: self.tree.name(segment).to_owned(), group }
    }

    /// The place of an element, or of one that is not there: `missing` is its position in `node`.
    fn element(&self, node: NodeId, missing: Option<u32>) -> At {
        let mut chain: Vec<NodeId> = std::iter::once(node).chain(self.tree.ancestors(node)).collect();
        let depth = chain.iter().position(|at| self.tree.node(*at).kind == Kind::Segment).unwrap_or(0);
        chain.truncate(depth + 1);
        chain.reverse();
        let segment = chain.first().copied().unwrap_or(node);
        let (number, tag) = (self.number(segment), self.tree.name(segment).to_owned());
        let mut positions = chain.iter().skip(1).map(|at| self.position(*at));
        let (first, second) = (positions.next(), positions.next());
        let (outer, inner) = match (first, second, missing) {
            (None, _, missing) => (Position::plain(missing.unwrap_or_default()), None),
            (Some(outer), None, missing) => (outer, missing),
            (Some(outer), Some(inner), _) => (outer, Some(inner.element)),
        };
        // Components at positions of their own are elements to whoever counts.
        let apart = outer.parts > 1;
        let element = outer.element + inner.filter(|_| apart).map_or(0, |inner| inner.saturating_sub(1));
        At::Element {
            number,
            tag,
            element,
            component: inner.filter(|_| !apart),
            repetition: outer.repetition,
        }
    }

    /// The position of a node in what it is in.
    fn position(&self, node: NodeId) -> Position {
        let place = self.grammar.and_then(|grammar| grammar.get(self.tree.place(node)));
        let Some(place) = place else {
            return Position::plain(self.tree.name(node).parse().unwrap_or_default());
        };
        let own = self.tree.place(node);
        let siblings = self.tree.children(self.tree.node(node).parent);
        let before =
            siblings.take_while(|at| *at < node).filter(|at| self.tree.place(*at) == own).count() as u32;
        let parts = u32::from(place.parts.max(1));
        let (moved, repetition) = if place.list { (0, Some(before + 1)) } else { (before * parts, None) };
        Position { element: u32::from(place.position) + moved, parts, repetition }
    }
}

/// The position of an element or component.
struct Position {
    element: u32,
    /// How many positions an occurrence takes.
    parts: u32,
    repetition: Option<u32>,
}

impl Position {
    fn plain(element: u32) -> Self {
        Self { element, parts: 1, repetition: None }
    }
}
