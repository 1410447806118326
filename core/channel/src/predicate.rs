//! Tests on answers: on status, headers and body.

use std::borrow::Cow;

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de};

use crate::Answer;
use crate::content::{At, Content, Path};
use crate::span::Statuses;

/// A test on an answer: `{ status = 400, path = "errors[0].code", is = "InvalidInput" }`. All parts have to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    status: Option<Statuses>,
    at: Option<Place>,
    test: Test,
    all: Vec<Predicate>,
    any: Option<Vec<Predicate>>,
    not: Option<Box<Predicate>>,
}

/// Where a value of an answer stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Place {
    /// In a header of this name.
    Header(String),
    /// At this place of the body.
    Path(Path),
}

#[derive(Clone, Debug)]
enum Test {
    Present(bool),
    In(Vec<String>),
    Matches(Regex),
}

/// A test as it stands in a file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Predicate")]
struct PredicateText {
    /// Statuses of HTTP, one of which it is.
    status: Option<Statuses>,
    /// The header whose value is tested.
    header: Option<String>,
    /// The place in the body whose values are tested; one of them has to pass.
    path: Option<Path>,
    /// The value is this.
    is: Option<String>,
    /// The value is one of these.
    #[serde(rename = "in")]
    within: Option<Vec<String>>,
    /// The whole value matches this regular expression.
    matches: Option<String>,
    /// There is a value, or there is none.
    present: Option<bool>,
    /// Tests that all hold.
    #[serde(default)]
    #[schemars(with = "Vec<PredicateText>")]
    all: Vec<Predicate>,
    /// Tests one of which holds.
    #[schemars(with = "Option<Vec<PredicateText>>")]
    any: Option<Vec<Predicate>>,
    /// A test that does not hold.
    #[schemars(with = "Option<Box<PredicateText>>")]
    not: Option<Box<Predicate>>,
}

impl Place {
    /// The value there.
    pub fn text<'a>(&self, answer: &'a Answer, content: &'a Content<'a>) -> Option<&'a str> {
        match self {
            Self::Header(name) => answer.header(name).filter(|value| !value.is_empty()),
            Self::Path(path) => content.root().text(path),
        }
    }
}

/// What is wrong with a regular expression, without the picture of it.
pub(crate) fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

impl Predicate {
    /// True where it holds of an answer, whose body was read before.
    pub fn holds(&self, answer: &Answer, content: &Content<'_>) -> bool {
        self.looks(Some(answer), content.root())
    }

    /// True where it holds of one entry of a body. It has no headers and no status: tests on those fail.
    pub fn holds_of(&self, entry: At<'_>) -> bool {
        self.looks(None, entry)
    }

    fn looks(&self, answer: Option<&Answer>, at: At<'_>) -> bool {
        let of = |status: &Statuses| answer.is_some_and(|answer| status.contain(answer.status));
        let part = |part: &Self| part.looks(answer, at);
        self.status.as_ref().is_none_or(of)
            && self.at.as_ref().is_none_or(|place| self.test.passes(&values(place, answer, at)))
            && self.all.iter().all(part)
            && self.any.as_ref().is_none_or(|any| any.iter().any(part))
            && !self.not.as_deref().is_some_and(part)
    }

    fn new(raw: PredicateText) -> Result<Self, String> {
        let at = match (raw.header, raw.path) {
            (Some(_), Some(_)) => return Err("a test is on a `header` or on a `path`, not on both".into()),
            (header, path) => header.map(Place::Header).or(path.map(Place::Path)),
        };
        let anchored = |text: String| Regex::new(&format!("^(?:{text})$")).map_err(|error| last_line(&error));
        let mut tests: Vec<Test> = raw.present.map(Test::Present).into_iter().collect();
        tests.extend(raw.is.map(|value| Test::In(vec![value])));
        tests.extend(raw.within.map(Test::In));
        tests.extend(raw.matches.map(anchored).transpose()?.map(Test::Matches));
        let test = match (&at, tests.pop(), tests.is_empty()) {
            (_, None, _) => Test::Present(true),
            (Some(_), Some(test), true) => test,
            (None, Some(_), _) => return Err("a test needs a `header` or a `path`".into()),
            (Some(_), Some(_), false) => {
                return Err("a value has one test: `is`, `in`, `matches` or `present`".into());
            }
        };
        let says_nothing = raw.status.is_none() && at.is_none() && raw.all.is_empty();
        if says_nothing && raw.any.is_none() && raw.not.is_none() {
            return Err("the test says nothing".into());
        }
        Ok(Self { status: raw.status, at, test, all: raw.all, any: raw.any, not: raw.not })
    }
}

/// The values at a place; blank for a branch of the body, which is there all the same.
fn values<'a>(place: &'a Place, answer: Option<&'a Answer>, at: At<'a>) -> Vec<&'a str> {
    match place {
        Place::Header(name) => answer.and_then(|answer| answer.header(name)).into_iter().collect(),
        Place::Path(path) => at.all(path).into_iter().map(|at| at.value().unwrap_or_default()).collect(),
    }
}

impl Test {
    fn passes(&self, values: &[&str]) -> bool {
        match self {
            Self::Present(wanted) => *wanted != values.is_empty(),
            Self::In(literals) => values.iter().any(|value| literals.iter().any(|literal| literal == value)),
            Self::Matches(pattern) => values.iter().any(|value| pattern.is_match(value)),
        }
    }
}

impl PartialEq for Test {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Present(one), Self::Present(other)) => one == other,
            (Self::In(one), Self::In(other)) => one == other,
            (Self::Matches(one), Self::Matches(other)) => one.as_str() == other.as_str(),
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Predicate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(PredicateText::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl JsonSchema for Predicate {
    fn schema_name() -> Cow<'static, str> {
        PredicateText::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        PredicateText::json_schema(generator)
    }
}
