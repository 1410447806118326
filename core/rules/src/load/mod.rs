//! Rule files as they stand (TOML), and their loading: every mistake with its place.

mod check;
mod condition;

use std::collections::BTreeMap;
use std::ops::Range;

use dragoman_mapping::language::LoadError;
use dragoman_model::{Schema, Type, is_language};
use dragoman_tree::Severity;
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

pub use self::check::{CheckSources, load_checks};
pub use self::condition::ConditionText;
use self::condition::condition;
use crate::{Action, Condition, Demand, Fact, Name, Pattern, Rule, Rules, Template};

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    language: Text,
    schedules: Vec<String>,
    #[serde(default)]
    gross_of_counted: bool,
    #[serde(default)]
    apart: bool,
    #[serde(default)]
    each_order: bool,
    #[serde(default)]
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: Text,
    title: String,
    source: String,
    valid_from: Spanned<Datetime>,
    valid_to: Option<Spanned<Datetime>>,
    #[serde(default)]
    data_sets: Vec<String>,
    #[serde(default)]
    when: Vec<Spanned<ConditionText>>,
    choose: Option<String>,
    #[serde(default)]
    supply: BTreeMap<Text, Text>,
    #[serde(default)]
    add: Vec<RawAdd>,
    #[serde(default)]
    demand: Vec<RawDemand>,
    #[serde(default)]
    forbid: Vec<Text>,
    note: Option<RawNote>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAdd {
    to: Text,
    value: Option<Text>,
    #[serde(default)]
    entry: BTreeMap<Text, Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDemand {
    paths: Vec<Text>,
    what: String,
    ask: String,
    severity: Option<Level>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNote {
    text: String,
    hint: Option<String>,
    severity: Option<Level>,
}

/// A severity as it stands in a file; an error where nothing is said.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warning,
    /// Wrong.
    #[default]
    Error,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Info => Self::Info,
            Level::Warning => Self::Warning,
            Level::Error => Self::Error,
        }
    }
}

/// Loads a file of rules. `name` is its path under `mappings/` without ending, `facts` what conditions and values
/// may ask for beside the documents. All mistakes are reported, not only the first, but for a file that is no TOML.
pub fn load(name: &str, text: &str, facts: &'static [Fact]) -> Result<Rules, Vec<LoadError>> {
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        vec![LoadError::new(name, &at, error.message())]
    })?;
    let mut loading = Loading::new(name, facts);
    if !is_language(file.language.get_ref()) {
        loading.fail(file.language.span(), "is no language code of ISO 639-1");
    }
    let mut rules: Vec<Rule> = Vec::new();
    for raw in file.rule {
        if rules.iter().any(|rule| *rule.id == **raw.id.get_ref()) {
            loading.fail(raw.id.span(), format!("there is a rule `{}` already", raw.id.get_ref()));
        }
        rules.push(loading.rule(raw));
    }
    if !loading.errors.is_empty() {
        return Err(loading.errors);
    }
    Ok(Rules {
        name: name.into(),
        title: file.title.into(),
        schedules: file.schedules.into_iter().map(Into::into).collect(),
        language: file.language.into_inner().into(),
        gross_of_counted: file.gross_of_counted,
        apart: file.apart,
        each_order: file.each_order,
        list: rules,
    })
}

/// The loading of a file in which conditions and templates stand, with the mistakes so far.
#[derive(Debug)]
pub struct Loading<'l> {
    name: &'l str,
    facts: &'static [Fact],
    errors: Vec<LoadError>,
}

impl<'l> Loading<'l> {
    /// Begins to load the file of that name; `facts` is what conditions and templates may ask for beside documents.
    pub fn new(name: &'l str, facts: &'static [Fact]) -> Self {
        Self { name, facts, errors: Vec::new() }
    }

    /// True as long as there are no mistakes.
    pub(crate) fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// The mistakes.
    pub fn into_errors(self) -> Vec<LoadError> {
        self.errors
    }

    /// Notes a mistake.
    pub fn fail(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.errors.push(LoadError::new(self.name, &at, message));
    }

    /// What was read, or a mistake at its place.
    pub fn read<T>(
        &mut self,
        from: &Spanned<String>,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (at, text) = (from.span(), from.get_ref());
        read(text).map_err(|message| self.fail(at, message)).ok()
    }

    /// Conditions that have to hold together.
    pub fn conditions(&mut self, all: Vec<Spanned<ConditionText>>) -> Condition {
        Condition::All(all.into_iter().filter_map(|one| condition(one, self)).collect())
    }

    /// A path of a declaration.
    pub fn path(&mut self, text: &Spanned<String>) -> Option<Pattern> {
        let declaration = Schema::standard().document("declaration");
        self.read(text, |path| Pattern::parse(path, declaration.ok_or("there is no declaration")?))
    }

    /// A name of something that can be asked for: `order.…`, `line.…`, `fact.…`, or a path of a declaration.
    pub fn name(&mut self, text: &Spanned<String>) -> Option<Name> {
        let facts = self.facts;
        self.read(text, |text| Name::parse(text, facts))
    }

    /// A text with references.
    pub fn template(&mut self, text: &Spanned<String>) -> Option<Template> {
        let facts = self.facts;
        self.read(text, |text| Template::parse(text, facts))
    }

    fn rule(&mut self, raw: RawRule) -> Rule {
        let valid_from = self.day(&raw.valid_from);
        let valid_to = raw.valid_to.as_ref().and_then(|day| self.day(day));
        if let (Some(begin), Some(end), Some(to)) = (valid_from, valid_to, &raw.valid_to)
            && end <= begin
        {
            self.fail(to.span(), "the rule ends before it begins");
        }
        let when = self.conditions(raw.when);
        let mut actions: Vec<_> = raw.choose.into_iter().map(|set| Action::Choose(set.into())).collect();
        actions.extend(raw.supply.iter().filter_map(|(path, value)| self.supply(path, value)));
        actions.extend(raw.add.iter().filter_map(|add| self.add(add)));
        actions.extend(raw.demand.into_iter().map(|demand| Action::Demand(self.demand(demand))));
        actions.extend(raw.forbid.iter().filter_map(|path| self.path(path).map(Action::Forbid)));
        actions.extend(raw.note.map(note));
        if actions.is_empty() {
            self.fail(raw.id.span(), "the rule says nothing");
        }
        self.levels(&raw.id, &when, &actions);
        Rule {
            id: raw.id.into_inner().into(),
            title: raw.title.into(),
            source: raw.source.into(),
            valid_from: valid_from.unwrap_or_default(),
            valid_to,
            data_sets: raw.data_sets.into_iter().map(Into::into).collect(),
            when,
            actions,
        }
    }

    /// A day, without a time.
    pub fn day(&mut self, at: &Spanned<Datetime>) -> Option<Date> {
        let stated = at.get_ref();
        let date = stated.date.filter(|_| stated.time.is_none() && stated.offset.is_none());
        let day = date.and_then(|date| {
            let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
            Date::new(i16::try_from(date.year).ok()?, month, day).ok()
        });
        if day.is_none() {
            self.fail(at.span(), "a day is written YYYY-MM-DD, without a time");
        }
        day
    }

    fn supply(&mut self, path: &Text, value: &Text) -> Option<Action> {
        let place = self.path(path);
        let value = self.template(value);
        let path_at = path.span();
        let place = place?;
        if place.kind().is_branch() {
            self.fail(path_at, "holds members, not a value");
        }
        Some(Action::Supply { path: place, value: value? })
    }

    fn add(&mut self, raw: &RawAdd) -> Option<Action> {
        let facts = self.facts;
        let list = self.path(&raw.to)?;
        let schema = Schema::standard();
        if !schema.get(list.place()).is_some_and(|field| field.list) {
            self.fail(raw.to.span(), "is no list");
            return None;
        }
        let is_branch = schema.type_of(list.place()).is_branch();
        if is_branch == raw.value.is_some() || is_branch == raw.entry.is_empty() {
            let wanted = if is_branch { "objects: give `entry`" } else { "literals: give `value`" };
            self.fail(raw.to.span(), format!("is a list of {wanted}"));
            return None;
        }
        let mut entry = Vec::new();
        for (member, value) in &raw.entry {
            let place = list.place();
            self.read(member, |path| is_literal(&Pattern::parse(path, place)?))?;
            entry.push((member.get_ref().as_str().into(), self.template(value)?));
        }
        if let Some(value) = &raw.value {
            let value = self.read(value, |text| Template::parse(text, facts))?;
            entry.push(("".into(), value));
        }
        Some(Action::Add { list, entry })
    }

    fn demand(&mut self, raw: RawDemand) -> Demand {
        Demand {
            paths: raw.paths.iter().filter_map(|path| self.path(path)).collect(),
            what: raw.what.into(),
            ask: raw.ask.into(),
            severity: raw.severity.map_or(Severity::Error, Into::into),
        }
    }

    /// What is asked of a goods item can be said of a goods item only.
    fn levels(&mut self, id: &Text, when: &Condition, actions: &[Action]) {
        let asks = when.names().iter().any(|name| name.is_of_item());
        for action in actions.iter().filter(|action| !action.is_of_item()) {
            if asks || action.values().any(|value| value.names().any(Name::is_of_item)) {
                self.fail(id.span(), "asks about a goods item, but says something of the whole declaration");
                return;
            }
        }
    }
}

fn is_literal(pattern: &Pattern) -> Result<(), String> {
    match pattern.kind() {
        kind if !kind.is_branch() && kind != Type::Open => Ok(()),
        _ => Err(format!("`{}` holds members, not a value", pattern.text())),
    }
}

fn note(raw: RawNote) -> Action {
    Action::Note {
        text: raw.text.into(),
        hint: raw.hint.map(Into::into),
        severity: raw.severity.map_or(Severity::Info, Into::into),
    }
}
