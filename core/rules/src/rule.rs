//! Rules as they are applied: each with its id, source and days, a condition, and what it says.

use dragoman_tree::Severity;
use jiff::civil::Date;

use crate::{Condition, Pattern, Template};

/// The rules of a country for one kind of document, in the order of their file: of several that choose or supply
/// the same, the first counts.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The file's name, a path under `mappings/` without ending: `rules/gb`.
    pub name: Box<str>,
    /// What they are about.
    pub title: Box<str>,
    /// The schedules that the customs master's codes may be of, the preferred first.
    pub schedules: Vec<Box<str>>,
    /// The language of descriptions: ISO 639-1.
    pub language: Box<str>,
    /// True where goods that are packed with those of another item have no gross mass of their own: it is that of the item
    /// which counts the packages.
    pub gross_of_counted: bool,
    /// True where what each recipient gets is declared by itself, whatever else agrees.
    pub apart: bool,
    /// True where every order is a declaration of its own, whoever it goes to.
    pub each_order: bool,
    pub(crate) list: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id, which findings and lineage name.
    pub id: Box<str>,
    /// What it says, in a line.
    pub title: Box<str>,
    /// The law, guide or observation it comes from, with its date.
    pub source: Box<str>,
    /// Since which day.
    pub valid_from: Date,
    /// The first day on which it does not hold any more.
    pub valid_to: Option<Date>,
    /// For which data sets; empty for all.
    pub data_sets: Vec<Box<str>>,
    /// When it applies.
    pub when: Condition,
    /// What it then says.
    pub actions: Vec<Action>,
}

/// What a rule says.
#[derive(Clone, Debug)]
pub enum Action {
    /// The declaration is of this data set.
    Choose(Box<str>),
    /// A value, where none is stated: at a place, for each entry of the lists on the way.
    Supply {
        /// The place.
        path: Pattern,
        /// The value.
        value: Template,
    },
    /// One more entry of a list; none where a value that it refers to is not there.
    Add {
        /// The list.
        list: Pattern,
        /// Members by their path below the entry; one with an empty path for a list of literals.
        entry: Vec<(Box<str>, Template)>,
    },
    /// Something that has to be there.
    Demand(Demand),
    /// A place that the data set does not have.
    Forbid(Pattern),
    /// Something worth knowing.
    Note {
        /// What.
        text: Box<str>,
        /// What to do about it.
        hint: Option<Box<str>>,
        /// How bad.
        severity: Severity,
    },
}

/// A datum that has to be there.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Where it stands; one of these is enough.
    pub paths: Vec<Pattern>,
    /// What it is, for people: `country of origin`.
    pub what: Box<str>,
    /// Who could supply it.
    pub ask: Box<str>,
    /// How bad its absence is.
    pub severity: Severity,
}

impl Rules {
    /// A name with schedules and a language, and no rules.
    pub fn without_rules(name: &str, title: &str, schedules: Vec<String>, language: &str) -> Self {
        let schedules = schedules.into_iter().map(Into::into).collect();
        Self {
            name: name.into(),
            title: title.into(),
            schedules,
            language: language.into(),
            gross_of_counted: false,
            apart: false,
            each_order: false,
            list: Vec::new(),
        }
    }

    /// The rules that hold on a day, for a data set once one is chosen.
    pub fn on<'r>(&'r self, day: Date, data_set: Option<&'r str>) -> impl Iterator<Item = &'r Rule> {
        self.list.iter().filter(move |rule| rule.holds_on(day) && rule.is_for(data_set))
    }

    /// All rules.
    pub fn all(&self) -> &[Rule] {
        &self.list
    }
}

impl Rule {
    /// True from its first day up to, not including, the one on which it ends.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }

    fn is_for(&self, data_set: Option<&str>) -> bool {
        self.data_sets.is_empty() || self.data_sets.iter().any(|one| Some(&**one) == data_set)
    }
}

impl Action {
    /// True where it is about a goods item.
    pub fn is_of_item(&self) -> bool {
        match self {
            Self::Choose(_) | Self::Note { .. } => false,
            Self::Supply { path, .. } | Self::Forbid(path) => path.is_of_item(),
            Self::Add { list, .. } => list.is_of_item(),
            Self::Demand(demand) => demand.paths.iter().any(Pattern::is_of_item),
        }
    }
    /// The values that it writes.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Template> {
        let (supplied, added) = match self {
            Self::Supply { value, .. } => (Some(value), [].as_slice()),
            Self::Add { entry, .. } => (None, entry.as_slice()),
            _ => (None, [].as_slice()),
        };
        supplied.into_iter().chain(added.iter().map(|(_, value)| value))
    }
}
