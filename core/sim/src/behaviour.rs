//! Behaviours: what a counterpart can be told to do otherwise than usual, by name.

use dragoman_channel::Span;
use dragoman_rules::{Condition, ConditionText, Loading, Pattern};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use toml::Spanned;

use crate::answer::Answer;
use crate::door::Door;

/// One behaviour.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// Its name: `reject`.
    pub name: Box<str>,
    /// What happens.
    pub meaning: Box<str>,
    /// The published message or rule that it follows.
    pub source: Box<str>,
    /// The routes it is played on where nothing else is said; all, where none is named.
    pub on: Vec<Box<str>>,
    /// What in a message brings it about by itself.
    pub(crate) trigger: Option<Condition>,
    /// How often it comes by chance, in a thousand.
    pub share: u32,
    /// The answers that are given in the place of the usual ones.
    pub(crate) says: Option<Vec<Box<str>>>,
    /// What is wrong with the message, whatever it says.
    pub(crate) errors: Vec<Wrong>,
    /// What happens to the answers.
    pub answers: Answering,
    /// What happens to the request.
    pub request: Requested,
    /// What happens to lists.
    pub list: Listing,
}

/// Something that is called wrong.
#[derive(Clone, Debug)]
pub(crate) struct Wrong {
    pub code: Box<str>,
    /// Why, in the authority's words.
    pub text: Option<Box<str>>,
    pub at: Place,
}

/// Where it is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// At a place of the declaration, of its first goods item where it is one of items.
    Path(Pattern),
    /// Where the pointer says; nowhere, without one.
    Pointer(Option<Box<str>>),
}

impl Wrong {
    /// What somebody says is wrong.
    pub fn said(code: &str, text: Option<Box<str>>, pointer: Option<Box<str>>) -> Self {
        Self { code: code.into(), text, at: Place::Pointer(pointer) }
    }
}

/// What happens to the answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answering {
    /// None comes.
    #[serde(default)]
    pub silent: bool,
    /// They come so much later.
    pub late: Option<Span>,
    /// Each comes twice.
    #[serde(default)]
    pub twice: bool,
    /// The last comes first.
    #[serde(default)]
    pub reversed: bool,
}

/// What happens to the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that goes wrong, by itself")]
pub struct Requested {
    /// It is answered by this refusal of the door.
    pub refused: Option<String>,
    /// Nothing is answered: the line is cut in the middle of it.
    #[serde(default)]
    pub hung_up: bool,
    /// For both: the message is taken all the same.
    #[serde(default)]
    pub taken: bool,
    /// The answer takes so long.
    pub slow: Option<Span>,
    /// What arrives as a file cannot be read.
    #[serde(default)]
    pub spoiled: bool,
    /// The access tokens end before it is looked at.
    #[serde(default)]
    pub expired: bool,
    /// The refusal does not say how long to wait.
    #[serde(default)]
    pub mute: bool,
    /// What arrives of the answer's body, where not all of it does.
    pub arrives: Option<Arrives>,
}

/// What arrives of the body of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arrives {
    /// None of it.
    Nothing,
    /// The first half.
    Half,
}

/// What happens to lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that goes wrong, by itself")]
pub struct Listing {
    /// Pages have no more entries than these, whatever is asked for.
    #[serde(skip)]
    pub most: Option<usize>,
    /// Every page has the same token, and the list never ends.
    #[serde(default)]
    pub endless: bool,
    /// The last entry of a page is the first of the next as well.
    #[serde(default)]
    pub repeats: bool,
    /// Entries stand in any order.
    #[serde(default)]
    pub shuffled: bool,
    /// Changes do not move the time of the last change.
    #[serde(default)]
    pub stale: bool,
    /// A token to go on with is no longer known.
    #[serde(default)]
    pub forgets: bool,
    /// Persons are left out.
    #[serde(default)]
    pub withheld: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBehaviour {
    name: String,
    meaning: String,
    source: String,
    #[serde(default)]
    on: Vec<Spanned<String>>,
    trigger: Option<Vec<Spanned<ConditionText>>>,
    #[serde(default)]
    share: u32,
    says: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    errors: Vec<RawError>,
    #[serde(default)]
    answers: Answering,
    #[serde(default)]
    request: Requested,
    #[serde(default)]
    list: Listing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawError {
    code: String,
    text: Option<String>,
    at: Spanned<String>,
}

impl RawBehaviour {
    /// The behaviour, with everything it names looked up.
    pub(crate) fn load(self, answers: &[&str], door: Option<&Door>, loading: &mut Loading<'_>) -> Behaviour {
        let mut known = |name: Spanned<String>, what: &str, is_known: &dyn Fn(&str) -> bool| {
            loading.read(&name, |name| {
                is_known(name).then(|| name.into()).ok_or_else(|| format!("there is no {what} `{name}`"))
            })
        };
        let is_route = |name: &str| door.is_some_and(|door| door.has_route(name));
        let on = self.on.into_iter().filter_map(|name| known(name, "route", &is_route)).collect();
        let is_answer = |name: &str| answers.contains(&name);
        let says = self
            .says
            .map(|names| names.into_iter().filter_map(|name| known(name, "answer", &is_answer)).collect());
        let error = |raw: RawError| {
            let at = Place::Path(loading.path(&raw.at)?);
            Some(Wrong { code: raw.code.into(), text: raw.text.map(Into::into), at })
        };
        let errors = self.errors.into_iter().filter_map(error).collect();
        Behaviour {
            name: self.name.into(),
            meaning: self.meaning.into(),
            source: self.source.into(),
            on,
            trigger: self.trigger.map(|all| loading.conditions(all)),
            share: self.share,
            says,
            errors,
            answers: self.answers,
            request: self.request,
            list: self.list,
        }
    }
}

impl Behaviour {
    /// True where it says itself what is answered, or what is wrong.
    pub(crate) fn is_told(&self) -> bool {
        self.says.is_some() || !self.errors.is_empty()
    }

    /// True where it is played on a route.
    pub(crate) fn is_on(&self, route: &str) -> bool {
        self.on.is_empty() || self.on.iter().any(|on| **on == *route)
    }
}

impl Requested {
    /// True where the message is not taken.
    pub const fn is_lost(&self) -> bool {
        (self.refused.is_some() || self.hung_up) && !self.taken
    }
}

impl Answering {
    /// The answers as they come: fewer, later, more often or in another order.
    pub(crate) fn arrange(self, mut answers: Vec<Answer>, pace: Pace) -> Vec<Answer> {
        if self.silent {
            return Vec::new();
        }
        answers.sort_by_key(|answer| answer.at);
        let later = |at: Timestamp, by: SignedDuration| at.checked_add(by).unwrap_or(at);
        if let Some(late) = self.late {
            for answer in &mut answers {
                answer.at = later(answer.at, pace.of(late.0));
            }
        }
        if self.reversed {
            let times: Vec<_> = answers.iter().map(|answer| answer.at).collect();
            answers.reverse();
            answers.iter_mut().zip(times).for_each(|(answer, at)| answer.at = at);
        }
        if self.twice {
            answers = answers.into_iter().flat_map(|answer| [answer.clone(), answer]).collect();
        }
        answers
    }
}

/// How fast the counterpart's time goes: all its pauses and limits are divided by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace(pub u32);

impl Pace {
    /// How long something takes that takes so long in truth.
    pub fn of(self, length: SignedDuration) -> SignedDuration {
        length.checked_div(i32::try_from(self.0.max(1)).unwrap_or(i32::MAX)).unwrap_or(length)
    }
}
