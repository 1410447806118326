//! Paths and conditions.

use super::ast::{CanonicalPath, Condition, Predicate, Selector, Step, Test, WirePath};
use super::cursor::{Cursor, Parsed};
use super::parse::not_yet;

/// `name.name`.
pub(super) fn canonical(c: &mut Cursor<'_>) -> Parsed<CanonicalPath> {
    c.blanks();
    let start = c.at();
    let mut names = vec![c.name()?.is];
    while c.rest().starts_with('.') && !c.rest().starts_with("..") {
        c.skip(1);
        names.push(c.name()?.is);
    }
    Ok(CanonicalPath { names, at: c.since(start) })
}

/// `.` or `step/step` or `step.step`.
pub(super) fn wire(c: &mut Cursor<'_>) -> Parsed<WirePath> {
    c.blanks();
    let start = c.at();
    if here(c) {
        return Ok(WirePath { steps: Vec::new(), at: c.since(start) });
    }
    let mut steps = vec![step(c)?];
    let separator = c.peek().filter(|c| matches!(c, '/' | '.'));
    while let Some(separator) =
        separator.filter(|separator| c.rest().starts_with(*separator) && !c.rest().starts_with(".."))
    {
        c.skip(separator.len_utf8());
        steps.push(step(c)?);
    }
    if let Some(other) = c.peek().filter(|next| matches!(next, '/' | '.') && !c.rest().starts_with("..")) {
        return c.fail(format!("inside one path only one separator: `{other}` follows the other one"));
    }
    if c.rest().starts_with(':') {
        return not_yet(c, "NAME: for an attached document");
    }
    Ok(WirePath { steps, at: c.since(start) })
}

/// Takes `.` where it stands alone.
fn here(c: &mut Cursor<'_>) -> bool {
    let alone = c.rest().strip_prefix('.');
    let found =
        alone.is_some_and(|after| !after.starts_with(|c: char| super::cursor::is_name(c) || c == '.'));
    if found {
        c.skip(1);
    }
    found
}

fn step(c: &mut Cursor<'_>) -> Parsed<Step> {
    let start = c.at();
    let attribute = c.rest().starts_with('@');
    c.skip(usize::from(attribute));
    let role = if c.rest().starts_with('{') {
        c.skip(1);
        let role = c.name()?.is;
        c.expect("}")?;
        Some(role)
    } else {
        None
    };
    let name = if c.rest().starts_with('<') {
        c.skip(1);
        let tag = c.name()?.is;
        c.expect(">")?;
        format!("<{tag}>")
    } else if c.rest().starts_with('*') {
        return not_yet(c, "*");
    } else {
        c.name()?.is
    };
    let nth_place = if c.rest().starts_with('#') {
        c.skip(1);
        match c.number() {
            Some(number) => Some(number.is),
            None => return c.fail("expected a number: `C246#2` is the second place of that name"),
        }
    } else {
        None
    };
    let mut repeats = false;
    let mut predicates = Vec::new();
    while c.rest().starts_with('[') {
        if c.rest().starts_with("[]") {
            c.skip(2);
            repeats = true;
        } else {
            predicates.push(predicate(c)?);
        }
    }
    Ok(Step { name, attribute, role, nth_place, repeats, predicates, at: c.since(start) })
}

fn predicate(c: &mut Cursor<'_>) -> Parsed<Predicate> {
    let start = c.at();
    c.skip(1);
    let predicate = if let Some(number) = index(c) {
        if c.eat("..") { Predicate::From(number) } else { Predicate::Nth(number) }
    } else if c.keyword("rest") {
        Predicate::Rest(c.since(start))
    } else {
        let mut conditions = vec![condition(c)?];
        while c.keyword("and") {
            conditions.push(condition(c)?);
        }
        Predicate::Conditions(conditions)
    };
    c.expect("]")?;
    Ok(predicate)
}

/// An index, not a data element number with a comparison behind it.
fn index(c: &mut Cursor<'_>) -> Option<u32> {
    let mut ahead = c.clone();
    let number = ahead.number()?;
    let ends = {
        ahead.eat("..") || {
            ahead.blanks();
            ahead.rest().starts_with(']')
        }
    };
    let short = number.is < 1000;
    if !(ends && short) {
        return None;
    }
    c.number().map(|number| number.is)
}

/// `path = "x"`, `path != "x"`, `path in ("x", "y")`, `path = /x/`, `!path`, `path`.
pub(super) fn condition(c: &mut Cursor<'_>) -> Parsed<Condition> {
    c.blanks();
    let start = c.at();
    if c.eat("!") {
        let path = wire(c)?;
        return Ok(Condition { path, test: Test::Absent, at: c.since(start) });
    }
    let path = wire(c)?;
    let test = if c.eat("!=") {
        Test::Not(c.literal()?.is)
    } else if c.eat("=") {
        match c.regex()? {
            Some(regex) => Test::Matches(regex.is),
            None => Test::In(vec![c.literal()?.is]),
        }
    } else if c.keyword("in") {
        c.expect("(")?;
        let values = super::parse::separated(c, ",", |c| Ok(c.literal()?.is))?;
        c.expect(")")?;
        Test::In(values)
    } else {
        Test::Present
    };
    Ok(Condition { path, test, at: c.since(start) })
}

/// A path, perhaps spread over cells.
pub(super) fn selector(c: &mut Cursor<'_>) -> Parsed<Selector> {
    let path = wire(c)?;
    if !c.eat(">>") {
        return Ok(Selector { path, cells: None, by: None });
    }
    c.blanks();
    if c.rest().starts_with("@(") {
        return not_yet(c, ">> @( )");
    }
    let cells = wire(c)?;
    let by = if c.keyword("by") { Some(c.name()?) } else { None };
    Ok(Selector { path, cells: Some(cells), by })
}
