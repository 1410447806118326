//! What a counterpart knows and says, as it stands in a `sim.toml` (TOML), and its loading: every mistake with its
//! place.

use std::collections::BTreeMap;

use dragoman_mapping::language::LoadError;
use dragoman_model::DocumentBuilder;
use dragoman_rules::{Condition, ConditionText, Loading, Pattern, Template};
use jiff::SignedDuration;
use serde::Deserialize;
use toml::Spanned;

use crate::answer::RESPONSE;
use crate::facts::FACTS;

/// A counterpart's knowledge: what it checks, and what it answers.
#[derive(Clone, Debug)]
pub struct Script {
    /// What people call it: `the CDS simulator`.
    pub title: Box<str>,
    /// The country in the numbers that it gives.
    pub country: Box<str>,
    /// Which of the adapter's messages it takes.
    pub receives: Box<str>,
    /// Which it answers with.
    pub answers: Box<str>,
    pub(crate) checks: Vec<Check>,
    pub(crate) replies: Vec<Said>,
}

/// Something that is wrong where its condition holds.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// The authority's own code for it.
    pub code: Box<str>,
    /// The place that is pointed at. A condition on the same path is about one value there.
    pub at: Pattern,
    pub when: Condition,
}

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub name: Box<str>,
    /// To a declaration that was refused; else to one that passed all checks.
    pub refused: bool,
    pub when: Condition,
    pub after: SignedDuration,
    /// Values at paths of the response.
    pub set: Vec<(Box<str>, Template)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    country: String,
    receives: String,
    answers: String,
    #[serde(default)]
    check: Vec<RawCheck>,
    answer: Vec<RawAnswer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    code: String,
    /// Where the authority or its guides say so: for readers of the file.
    #[serde(rename = "source")]
    _source: String,
    at: Spanned<String>,
    when: Vec<Spanned<ConditionText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAnswer {
    name: String,
    to: To,
    #[serde(default)]
    when: Vec<Spanned<ConditionText>>,
    after_seconds: u32,
    set: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum To {
    Accepted,
    Refused,
}

/// Loads the `sim.toml` of that name. All mistakes are reported, not only the first, but for a file that is no TOML.
pub fn load(name: &str, text: &str) -> Result<Script, Vec<LoadError>> {
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        vec![LoadError::new(name, &at, error.message())]
    })?;
    let mut loading = Loading::new(name, FACTS);
    let checks: Vec<_> = file.check.into_iter().filter_map(|raw| check(raw, &mut loading)).collect();
    let replies: Vec<_> = file.answer.into_iter().map(|raw| answer(raw, &mut loading)).collect();
    let errors = loading.into_errors();
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Script {
        title: file.title.into(),
        country: file.country.into(),
        receives: file.receives.into(),
        answers: file.answers.into(),
        checks,
        replies,
    })
}

fn check(raw: RawCheck, loading: &mut Loading<'_>) -> Option<Check> {
    let when = loading.conditions(raw.when);
    let at = loading.path(&raw.at)?;
    Some(Check { code: raw.code.into(), at, when })
}

fn answer(raw: RawAnswer, loading: &mut Loading<'_>) -> Said {
    let when = loading.conditions(raw.when);
    let mut set = Vec::new();
    for (path, value) in &raw.set {
        // Whether the response has such a place is asked of the model itself, with a value that is never seen.
        loading.read(path, |path| {
            DocumentBuilder::new(RESPONSE)
                .and_then(|mut build| crate::answer::set(&mut build, path, ""))
                .map_err(|error| error.message)
        });
        if let Some(template) = loading.template(value) {
            set.push((path.get_ref().as_str().into(), template));
        }
    }
    Said {
        name: raw.name.into(),
        refused: raw.to == To::Refused,
        when,
        after: SignedDuration::from_secs(i64::from(raw.after_seconds)),
        set,
    }
}
