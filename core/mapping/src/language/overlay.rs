//! An overlay over its base: only what differs is said.
//!
//! The address of a rule is the path of the blocks it stands in and its whole left side (for `const` and `ignore`
//! the wire leaf, for a line `. <=> …` the wire path too). A rule with the address of one of the base replaces it;
//! a block descends; `drop` takes away; anything else is added. A part that the base uses is written out where an
//! overlay speaks of its inside, so that other uses stay as they are.

use super::ast::{Arm, ArmTest, Body, Choose, Dropped, File, Left, Map, Part, Rule, RuleKind, Setting, Use};
use super::error::LoadError;
use super::print;

/// Lays an overlay over its base.
pub fn apply(base: &File, overlay: &File) -> Result<File, Vec<LoadError>> {
    let mut merged = base.clone();
    merged.name = overlay.name.clone();
    merged.base = None;
    merged.model = overlay.model.clone().or(merged.model);
    merged.wire = overlay.wire.clone().or(merged.wire);
    merged.settings.retain(|setting| !overlay.settings.iter().any(|new| replaces(new, setting)));
    merged.settings.extend(overlay.settings.iter().cloned());
    let mut merger = Merger { parts: base.parts.clone(), errors: Vec::new() };
    for part in &overlay.parts {
        match merged.parts.iter_mut().find(|known| known.name.is == part.name.is) {
            Some(known) => merger.rules(&mut known.rules, &part.rules),
            None => merged.parts.push(part.clone()),
        }
    }
    merger.rules(&mut merged.rules, &overlay.rules);
    if merger.errors.is_empty() { Ok(merged) } else { Err(merger.errors) }
}

fn replaces(new: &Setting, old: &Setting) -> bool {
    match (new, old) {
        (Setting::Alias(new, _), Setting::Alias(old, _)) => new.is == old.is,
        _ => std::mem::discriminant(new) == std::mem::discriminant(old),
    }
}

struct Merger {
    parts: Vec<Part>,
    errors: Vec<LoadError>,
}

impl Merger {
    fn rules(&mut self, base: &mut Vec<Rule>, overlay: &[Rule]) {
        for rule in overlay {
            self.rule(base, rule);
        }
    }

    fn rule(&mut self, base: &mut Vec<Rule>, rule: &Rule) {
        let address = address(rule);
        self.write_out(base, &address);
        let at = base.iter().position(|known| self::address(known) == address);
        match (&rule.kind, at) {
            (RuleKind::Drop(_), Some(at)) => {
                base.remove(at);
            }
            (RuleKind::Drop(_), None) => {
                let error = LoadError::new(&rule.file, &rule.at, "the base has no such line to drop");
                self.errors.push(error.hint("`dragoman map show BASE` lists its lines"));
            }
            (_, None) => base.push(rule.clone()),
            (_, Some(at)) => {
                if let Some(known) = base.get_mut(at) {
                    self.replace(known, rule);
                }
            }
        }
    }

    fn replace(&mut self, known: &mut Rule, rule: &Rule) {
        match (&mut known.kind, &rule.kind) {
            (RuleKind::Map(old), RuleKind::Map(new))
                if matches!(new.body, Some(Body::Block(_))) && old.body.is_some() =>
            {
                let mut rules = self.block(old.body.as_ref());
                if let Some(Body::Block(inner)) = &new.body {
                    self.rules(&mut rules, inner);
                }
                if head(old) != head(new) {
                    known.file = rule.file.clone();
                    (known.at, known.line) = (rule.at.clone(), rule.line);
                }
                **old = Map { body: Some(Body::Block(rules)), ..(**new).clone() };
            }
            (RuleKind::Choose(old), RuleKind::Choose(new)) => self.arms(old, new),
            _ => *known = rule.clone(),
        }
    }

    fn arms(&mut self, old: &mut Choose, new: &Choose) {
        for arm in &new.arms {
            match old.arms.iter_mut().find(|known| known.name.is == arm.name.is) {
                Some(known) => self.arm(known, arm),
                None => old.arms.push(arm.clone()),
            }
        }
    }

    fn arm(&mut self, known: &mut Arm, arm: &Arm) {
        if !matches!(arm.test, ArmTest::Name) {
            known.test = arm.test.clone();
        }
        known.sparse |= arm.sparse;
        self.rules(&mut known.rules, &arm.rules);
    }

    /// The rules below a line, a used part written out.
    fn block(&self, body: Option<&Body>) -> Vec<Rule> {
        match body {
            Some(Body::Block(rules)) => rules.clone(),
            Some(Body::Use(used)) => self.part(used).unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// The rules of a part of the same file without a parameter.
    fn part(&self, used: &Use) -> Option<Vec<Rule>> {
        let local = used.file.is_none() && used.argument.is_none();
        let part = self.parts.iter().find(|part| part.name.is == used.part.is);
        part.filter(|_| local).map(|part| part.rules.clone())
    }

    /// Writes out the used part of a block in which the address is.
    fn write_out(&self, base: &mut Vec<Rule>, wanted: &str) {
        let within = base.iter().position(|rule| match &rule.kind {
            RuleKind::Use(used) => {
                self.part(used).is_some_and(|rules| rules.iter().any(|rule| address(rule) == wanted))
            }
            _ => false,
        });
        if base.iter().any(|rule| address(rule) == wanted) {
            return;
        }
        let Some(at) = within else { return };
        let RuleKind::Use(used) = base.remove(at).kind else { return };
        base.splice(at..at, self.part(&used).unwrap_or_default());
    }
}

/// What tells a rule from the others of its block.
fn address(rule: &Rule) -> String {
    match &rule.kind {
        RuleKind::Map(map) => left(map),
        RuleKind::Const { path, .. } | RuleKind::Drop(Dropped::Const(path)) => format!("const {path}"),
        RuleKind::Ignore { path, .. } | RuleKind::Drop(Dropped::Ignore(path)) => format!("ignore {path}"),
        RuleKind::Fixed { path, .. } => format!("fixed {path}"),
        RuleKind::Choose(choose) => format!("choose {}", choose.path),
        RuleKind::Use(used) => used.to_string(),
        RuleKind::Check(check) => format!("check {}", check.result),
        RuleKind::Drop(Dropped::Left(path)) => path.to_string(),
    }
}

fn left(map: &Map) -> String {
    match &map.left {
        Left::Here(_) => format!(". {}", print::right(&map.right, dragoman_syntax::grammar::Syntax::Xml)),
        Left::List { path, .. } | Left::One(path) => path.to_string(),
        tuple @ Left::Tuple(_) => tuple.to_string(),
    }
}

/// A line without its block, to see whether an overlay changes it.
fn head(map: &Map) -> String {
    let syntax = dragoman_syntax::grammar::Syntax::Xml;
    format!("{} {} {}{}", map.left, map.arrow, print::right(&map.right, syntax), print::tail(map, syntax))
}
