//! The form of one value.

use std::borrow::Cow;
use std::cmp::Ordering;

use dragoman_tree::{Finding, Kind, NodeId, PlaceId, Severity};

use super::lexical;
use super::number::Decimal;
use super::{BLANK, Checker, DIGITS, FIXED, LENGTH, NOT_IN_LIST, PATTERN, RANGE, TEXT, TYPE};
use crate::grammar::{Base, Facets, Grammar, Syntax};

/// How many codes of a list a hint shows.
const SHOWN: usize = 12;

impl Checker<'_, '_> {
    pub(super) fn value(&mut self, node: NodeId) {
        let place = self.tree.place(node);
        let value = self.tree.value(node).unwrap_or_default();
        let Some(facets) = self.grammar.facets_of(place) else {
            return self.no_value(node, value);
        };
        if facets.base == Base::Any || !self.is_value(node) {
            return;
        }
        let value = if facets.base.collapses() { collapsed(value) } else { Cow::Borrowed(value) };
        if let Some(expected) = type_fault(facets, &value) {
            let message = if value.is_empty() {
                format!("`{}` is empty, not {expected}", self.name(node))
            } else {
                format!("`{value}` is not {expected}")
            };
            return self.report(&TYPE, node, message, "");
        }
        self.length(node, facets, &value);
        self.number(node, facets, &value);
        self.form(node, facets, &value);
    }

    /// An element of elements holds no text.
    fn no_value(&mut self, node: NodeId, value: &str) {
        let place = self.tree.place(node);
        let is_element = |at| self.grammar.place(at).kind == Kind::Element;
        let is_blank = value.chars().all(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
        if !is_blank && self.grammar.children(place).any(is_element) {
            let message = format!("`{}` holds text; it is for other elements", self.name(node));
            self.report(&TEXT, node, message, "remove the text");
        }
    }

    /// False for a node with child elements, and for JSON of another kind: both were found before.
    fn is_value(&self, node: NodeId) -> bool {
        let kind = self.tree.node(node).kind;
        let is_branch = |child| !matches!(self.tree.node(child).kind, Kind::Attribute);
        let is_kind = kind == self.grammar.place(self.tree.place(node)).kind;
        is_kind && !self.tree.children(node).any(is_branch)
    }

    fn length(&mut self, node: NodeId, facets: &Facets, value: &str) {
        if let Some(message) = length_fault(facets, value) {
            self.report(&LENGTH, node, message, "");
        }
    }

    fn number(&mut self, node: NodeId, facets: &Facets, value: &str) {
        if let Some(message) = digits_fault(facets, value) {
            self.report(&DIGITS, node, message, "");
        }
        if let Some(message) = range_fault(facets, value) {
            self.report(&RANGE, node, message, "");
        }
    }

    fn form(&mut self, node: NodeId, facets: &Facets, value: &str) {
        let place = self.tree.place(node);
        let is_unlisted = !self.grammar.is_listed(place, value) && !self.names_its_list(node);
        if let Some(list) = self.grammar.list_of(place).filter(|_| is_unlisted) {
            let shown: Vec<_> = list.codes.iter().take(SHOWN).map(|code| &**code).collect();
            let more = if list.codes.len() > SHOWN { ", …" } else { "" };
            let hint = format!("one of {}{more}", shown.join(", "));
            let message = format!("`{value}` is not in the list {}", list.name);
            // EDIFACT partners agree on codes beyond those of the directory.
            let is_open = self.grammar.syntax == Syntax::Edifact;
            let severity = if is_open { Severity::Warning } else { Severity::Error };
            self.add(Finding::new(&NOT_IN_LIST, severity, message).hint(hint), node);
        } else if let Some(pattern) = facets.patterns.iter().find(|pattern| !pattern.is_match(value)) {
            let hint = format!("it must match {}", pattern.source());
            self.report(&PATTERN, node, format!("`{value}` is not of the form demanded"), &hint);
        } else if !facets.matches(value) {
            let message = if value.contains(['\n', '\r']) {
                "the value holds a line end"
            } else {
                "the value is blank"
            };
            self.report(&BLANK, node, message.into(), "leave the element out, or say something in one line");
        }
        let fixed = self.grammar.place(place).fixed.as_deref();
        if let Some(fixed) = fixed.filter(|fixed| *fixed != value) {
            self.report(&FIXED, node, format!("`{value}` stands where only `{fixed}` may"), "");
        }
    }
}

impl Checker<'_, '_> {
    /// True for an EDI component whose composite says itself which code list its values are from, or whose: 1131
    /// (code list identification) and 3055 (responsible agency).
    fn names_its_list(&self, node: NodeId) -> bool {
        let parent = self.tree.node(node).parent;
        let names_list = |node: NodeId| matches!(self.tree.name(node), "1131" | "3055");
        let is_filled = |node: &NodeId| self.tree.value(*node).is_some_and(|value| !value.is_empty());
        let is_component = self.tree.node(parent).kind == Kind::Composite && !names_list(node);
        is_component && self.tree.children(parent).any(|other| names_list(other) && is_filled(&other))
    }
}

/// Why a value cannot stand at a place: its type or its length. `None` where it can.
pub fn fault(grammar: &Grammar, place: PlaceId, value: &str) -> Option<String> {
    let facets = grammar.facets_of(place)?;
    let wrong_type = type_fault(facets, value).map(|expected| format!("`{value}` is not {expected}"));
    wrong_type.or_else(|| length_fault(facets, value))
}

/// What a value should be, where it is not of the type.
fn type_fault(facets: &Facets, value: &str) -> Option<&'static str> {
    let has_mark = facets.implied.is_some() && value.contains(['.', ',']);
    let expected = has_mark.then_some("a number without decimal mark; its decimals are implied");
    expected.or_else(|| lexical::fault(facets.base, value))
}

fn length_fault(facets: &Facets, value: &str) -> Option<String> {
    let is_edi_number = facets.base == Base::N;
    let length = if is_edi_number { lexical::edi_digits(value) } else { value.chars().count() };
    let unit = if is_edi_number { "digits" } else { "characters" };
    let (min, max) = (facets.min_length as usize, facets.max_length as usize);
    match (length < min, length > max) {
        _ if min == max && length != min => {
            Some(format!("the value has {length} {unit}, it must have {min}"))
        }
        (true, _) => Some(format!("the value has {length} {unit}, it needs at least {min}")),
        (_, true) => Some(format!("the value has {length} {unit}, at most {max} are allowed")),
        _ => None,
    }
}

fn digits_fault(facets: &Facets, value: &str) -> Option<String> {
    let (total, fraction) = facets.digits?;
    let (digits, after) = Decimal::read(value).filter(|_| is_numeric(facets.base))?.digits();
    if after > fraction as usize {
        Some(format!("`{value}` has {after} digits after the point, at most {fraction} are allowed"))
    } else {
        let is_long = digits > total as usize;
        is_long.then(|| format!("`{value}` has {digits} digits, at most {total} are allowed"))
    }
}

fn range_fault(facets: &Facets, value: &str) -> Option<String> {
    let is_bounded = facets.range != (None, None) && is_numeric(facets.base);
    let number = is_bounded.then(|| Decimal::read(value)).flatten()?;
    let order = |bound: &str| Decimal::read(bound).map(|bound| number.cmp(&bound));
    let (min, max) = (facets.range.0.as_deref(), facets.range.1.as_deref());
    let below = min.filter(|min| order(min).is_some_and(Ordering::is_lt));
    let above = || max.filter(|max| order(max).is_some_and(Ordering::is_gt));
    let below = below.map(|min| format!("`{value}` is less than {min}"));
    below.or_else(|| above().map(|max| format!("`{value}` is more than {max}")))
}

/// True for a value that no facet of its place objects to.
pub(crate) fn fits(grammar: &Grammar, place: PlaceId, value: &str) -> bool {
    let Some(facets) = grammar.facets_of(place) else { return true };
    let value = if facets.base.collapses() { collapsed(value) } else { Cow::Borrowed(value) };
    let is_number = digits_fault(facets, &value).is_none() && range_fault(facets, &value).is_none();
    let is_formed = type_fault(facets, &value).is_none() && length_fault(facets, &value).is_none();
    is_formed && is_number && facets.matches(&value) && grammar.is_listed(place, &value)
}

fn is_numeric(base: Base) -> bool {
    matches!(base, Base::Decimal | Base::Int | Base::Number | Base::Integer | Base::N)
}

/// The value as XML Schema's `collapse` makes it: without white space at its ends, runs of it inside as one blank.
fn collapsed(value: &str) -> Cow<'_, str> {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let trimmed = value.trim_matches(is_space);
    if !trimmed.contains(['\t', '\n', '\r']) && !trimmed.contains("  ") {
        return Cow::Borrowed(trimmed);
    }
    let words: Vec<_> = trimmed.split(is_space).filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" "))
}
