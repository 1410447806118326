//! Files of checks as they stand (TOML), and their loading.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use dragoman_mapping::language::LoadError;
use dragoman_model::{CodeList, Schema};
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{PlaceId, Severity};
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Level, Loading, Text};
use crate::check::{Check, Checks, Compiled, Kept, Lists, Parser, Places, Plan, Test};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    source: String,
    /// The grammars of the messages that are checked, all of the same names.
    #[serde(default)]
    grammars: Vec<Text>,
    /// Or the type of the canonical documents.
    document: Option<Text>,
    valid_from: Spanned<Datetime>,
    #[serde(default)]
    check: Vec<Spanned<RawCheck>>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    number: String,
    rule: Option<String>,
    element: Option<String>,
    #[serde(default)]
    at: String,
    holds: String,
    about: Option<String>,
    text: String,
    help: Option<String>,
    severity: Option<Level>,
    source: Option<String>,
    valid_from: Option<Spanned<Datetime>>,
    valid_to: Option<Spanned<Datetime>>,
    /// The check is said once for each of these: `${name}` in its texts stands for the row's value.
    #[serde(default)]
    each: Vec<BTreeMap<String, String>>,
}

/// Where the grammars and code lists are that checks name.
#[expect(missing_debug_implementations, reason = "functions")]
pub struct CheckSources<'s> {
    /// A grammar by name.
    pub grammar: &'s dyn Fn(&str) -> Option<Arc<Grammar>>,
    /// A code list by name.
    pub list: &'s dyn Fn(&str) -> Option<Arc<CodeList>>,
}

/// Loads a file of checks. `name` is its path under `mappings/` without ending. All mistakes are reported, not only the first, but for a file that is no TOML.
pub fn load_checks(name: &str, text: &str, sources: &CheckSources<'_>) -> Result<Checks, Vec<LoadError>> {
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        vec![LoadError::new(name, &at, error.message())]
    })?;
    let mut loading = Loading::new(name, &[]);
    let from = loading.day(&file.valid_from).unwrap_or_default();
    let list = listed(file.check, from, &mut loading);
    let plans = plans(&file.grammars, file.document.as_ref(), &list, sources, &mut loading);
    for (index, (at, check)) in list.iter().enumerate() {
        let found = plans.iter().any(|plan| plan.compiled.iter().any(|one| one.check == index));
        if !found && loading.is_clean() {
            loading.fail(at.clone(), format!("check {}: there is no `{}`", check.number, check.at));
        }
    }
    let errors = loading.into_errors();
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Checks {
        name: name.into(),
        title: file.title.into(),
        source: file.source.into(),
        list: list.into_iter().map(|(_, check)| check).collect(),
        plans,
    })
}

/// A check with its place in the file.
type Placed = (Range<usize>, Check);

/// All checks of a file. Two of one number, place and subject may not hold on one day.
fn listed(raw: Vec<Spanned<RawCheck>>, from: Date, loading: &mut Loading<'_>) -> Vec<Placed> {
    let mut list: Vec<Placed> = Vec::new();
    for raw in raw {
        let at = raw.span();
        for raw in rows(raw.into_inner()) {
            let check = check(&raw, from, loading);
            let overlaps = |known: &Check| {
                known.number == check.number
                    && (&known.at, &known.about) == (&check.at, &check.about)
                    && known.valid_to.is_none_or(|end| check.valid_from < end)
                    && check.valid_to.is_none_or(|end| known.valid_from < end)
            };
            if list.iter().any(|(_, known)| overlaps(known)) {
                let message = format!("there is a check {} at `{}` already", check.number, check.at);
                loading.fail(at.clone(), message);
            }
            list.push((at.clone(), check));
        }
    }
    list
}

/// A plan for each grammar, and for the documents where they are named.
fn plans(
    grammars: &[Text],
    document: Option<&Text>,
    list: &[Placed],
    sources: &CheckSources<'_>,
    loading: &mut Loading<'_>,
) -> Vec<Plan> {
    let mut plans = Vec::new();
    for wanted in grammars {
        match (sources.grammar)(wanted.get_ref()) {
            Some(grammar) => {
                let made = plan((Places::Wire(&grammar), sources.list), list, loading);
                plans.push(Plan { grammar: Some(grammar), ..made });
            }
            None => loading.fail(wanted.span(), format!("there is no grammar `{}`", wanted.get_ref())),
        }
    }
    if let Some(document) = document {
        match Schema::standard().document(document.get_ref()) {
            Some(root) => plans.push(plan((Places::Canonical(root), sources.list), list, loading)),
            None => loading.fail(document.span(), format!("there is no document `{}`", document.get_ref())),
        }
    }
    plans
}

/// A check for each of its rows, or as it is.
fn rows(raw: RawCheck) -> Vec<RawCheck> {
    if raw.each.is_empty() {
        return vec![raw];
    }
    let filled = raw.each.iter().map(|row| {
        let fill = |text: &str| {
            row.iter()
                .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value))
        };
        RawCheck {
            number: fill(&raw.number),
            rule: raw.rule.as_deref().map(fill),
            element: raw.element.as_deref().map(fill),
            at: fill(&raw.at),
            holds: fill(&raw.holds),
            about: raw.about.as_deref().map(fill),
            text: fill(&raw.text),
            help: raw.help.as_deref().map(fill),
            source: raw.source.as_deref().map(fill),
            each: Vec::new(),
            ..raw.clone()
        }
    });
    filled.collect()
}

fn check(raw: &RawCheck, from: Date, loading: &mut Loading<'_>) -> Check {
    let boxed = |text: Option<&str>| text.map(Into::into);
    Check {
        number: raw.number.as_str().into(),
        rule: boxed(raw.rule.as_deref()),
        element: boxed(raw.element.as_deref()),
        at: raw.at.as_str().into(),
        holds: raw.holds.as_str().into(),
        about: boxed(raw.about.as_deref()),
        text: raw.text.as_str().into(),
        help: boxed(raw.help.as_deref()),
        severity: raw.severity.map_or(Severity::Error, Into::into),
        source: boxed(raw.source.as_deref()),
        valid_from: raw.valid_from.as_ref().and_then(|day| loading.day(day)).unwrap_or(from),
        valid_to: raw.valid_to.as_ref().and_then(|day| loading.day(day)),
    }
}

/// What the names in checks lead to: places, and code lists.
type Within<'w> = (Places<'w>, Lists<'w>);

/// Compiles all checks for the places of a grammar or of the model. One whose place this grammar lacks is inert here.
fn plan((places, lists): Within<'_>, list: &[Placed], loading: &mut Loading<'_>) -> Plan {
    let mut scopes = vec![Vec::new(); places.len()];
    let (mut compiled, mut kept) = (Vec::new(), Vec::new());
    for (index, (at, check)) in list.iter().enumerate() {
        let Ok(way) = places.follow(places.root(), &check.at) else { continue };
        let scope = way.last().copied().unwrap_or(places.root());
        let one = compile((places, lists), scope, check, &mut kept).map(|(test, about)| Compiled {
            check: index,
            test,
            about,
        });
        match one {
            Ok(one) => {
                if let Some(here) = scopes.get_mut(scope.index()) {
                    here.push(compiled.len() as u32);
                }
                compiled.push(one);
            }
            Err(message) => loading.fail(at.clone(), format!("check {}: {message}", check.number)),
        }
    }
    Plan { grammar: None, root: places.root(), scopes, compiled, kept }
}

/// What a check demands at its place, and the way to what it is about.
fn compile(
    (places, lists): Within<'_>,
    scope: PlaceId,
    check: &Check,
    kept: &mut Vec<Kept>,
) -> Result<(Test, Vec<PlaceId>), String> {
    let test = Parser::test(&check.holds, (places, lists), scope, kept)?;
    let about = places.follow(scope, check.about.as_deref().unwrap_or_default())?;
    Ok((test, about))
}
