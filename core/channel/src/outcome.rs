//! What became of a request: the answer of a counterpart in the gateway's own terms.

use dragoman_exchange::ErrorClass;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::content::{At, Content, Path};
use crate::operation::{Operation, Repeat};
use crate::predicate::{Place, Predicate};
use crate::span::Span;
use crate::{Answer, Channel, Values};

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done. What the operation reads from the answer (`gives`), by name: `conversation` among it.
    Done(Values),
    /// It was not done.
    Failed(Failure),
    /// It may have been done, and must not be done twice: ask, wait, or let a person decide.
    Unknown(Failure),
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it is.
    pub class: ErrorClass,
    /// The counterpart's own code.
    pub code: Option<String>,
    /// What it says.
    pub message: Option<String>,
    /// How long it asks to wait, capped as declared.
    pub wait: Option<SignedDuration>,
}

/// A kind of answer, and what it means.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// Which answers.
    pub when: Predicate,
    /// What they mean.
    #[schemars(with = "String", extend("enum" = ErrorClass::ALL.map(ErrorClass::word)))]
    pub class: ErrorClass,
    /// False where the request may have been carried out all the same.
    #[serde(default = "yes")]
    pub certain: bool,
    /// How long to wait.
    #[serde(default)]
    pub wait: Wait,
}

/// Where an answer says how long to wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// The header with seconds or a date; `Retry-After`, where nothing is said.
    pub header: Option<String>,
    /// The place in the body with seconds.
    pub path: Option<Path>,
    /// True where the answer shows a budget: see `cost` of `[[channel.limit]]`.
    #[serde(default)]
    pub cost: bool,
    /// Where the answer does not say it.
    pub default: Option<Span>,
    /// The longest that is believed.
    pub longest: Option<Span>,
}

/// Where failures say what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The counterpart's code: the first of these places that has one.
    #[serde(default)]
    pub code: Vec<Path>,
    /// Its message for people: all that stands at the first of these places that has one.
    #[serde(default)]
    pub message: Vec<Path>,
}

/// Longer waits than this are not believed where nothing is declared: a day.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

const fn yes() -> bool {
    true
}

impl Channel {
    /// What an answer means. Declared errors come first, the operation's own before the channel's; then what the
    /// operation calls success; then the status. Of an answer that breaks off under a status of success a declared error
    /// is not believed, as what speaks against it may be what was lost: its outcome is unknown.
    pub fn classify(&self, operation: &Operation, answer: &Answer, now: Timestamp) -> Outcome {
        let content = Content::read(&answer.body);
        let is_success = (200..300).contains(&answer.status);
        let rules = operation.errors.iter().chain(&self.settings.errors);
        if let Some(rule) = rules.into_iter().find(|rule| rule.when.holds(answer, &content)) {
            if is_success && !content.is_readable() {
                return outcome(operation, self.failure(ErrorClass::Transient, None, &content), false);
            }
            let wait = self.wait(rule, operation, answer, &content, now);
            let failure = self.failure(rule.class, wait, &content);
            return outcome(operation, failure, rule.certain);
        }
        let ok = operation.ok.as_ref().or(self.settings.ok.as_ref());
        let is_ok = is_success && ok.is_none_or(|ok| ok.holds(answer, &content));
        if is_ok {
            return Outcome::Done(operation.given(answer, &content));
        }
        let (class, certain) = by_status(answer.status, content.is_readable());
        let wait = after(answer.header("Retry-After"), now).map(|wait| wait.min(LONGEST));
        outcome(operation, self.failure(class, wait, &content), certain)
    }

    fn failure(&self, class: ErrorClass, wait: Option<SignedDuration>, content: &Content<'_>) -> Failure {
        let root = content.root();
        let code = self.settings.problem.code.iter().find_map(|path| root.text(path)).map(str::to_owned);
        let all = |path: &Path| -> Option<String> {
            let texts: Vec<_> = root.all(path).into_iter().filter_map(At::value).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        };
        let message = self.settings.problem.message.iter().find_map(all);
        Failure { class, code, message, wait }
    }

    fn wait(
        &self,
        rule: &ErrorRule,
        operation: &Operation,
        answer: &Answer,
        content: &Content<'_>,
        now: Timestamp,
    ) -> Option<SignedDuration> {
        let Wait { header, path, cost, default, longest } = &rule.wait;
        let cost = || self.cost_of(operation).filter(|_| *cost)?.wait(content);
        let stated = path.as_ref().and_then(|path| after(content.root().text(path), now));
        let stated = stated.or_else(cost);
        let headed = || after(answer.header(header.as_deref().unwrap_or("Retry-After")), now);
        let wait = stated.or_else(headed).or(default.map(|default| default.0));
        wait.map(|wait| wait.min(longest.map_or(LONGEST, |longest| longest.0)))
    }
}

/// What is not certain is unknown where it must not be repeated.
fn outcome(operation: &Operation, failure: Failure, certain: bool) -> Outcome {
    match operation.repeat() {
        Repeat::Never if !certain => Outcome::Unknown(failure),
        _ => Outcome::Failed(failure),
    }
}

/// What a status means where nothing is declared, and whether the request was certainly not carried out. After a
/// server's own trouble that is open, but for 501 and 503, which refuse.
const fn by_status(status: u16, is_readable: bool) -> (ErrorClass, bool) {
    match status {
        // Not what the operation calls success: refused in so many words, or something else answered.
        200..=299 if is_readable => (ErrorClass::InvalidRequest, true),
        401 => (ErrorClass::AuthExpired, true),
        403 => (ErrorClass::AuthRevoked, true),
        404 | 410 => (ErrorClass::NotFound, true),
        425 | 429 => (ErrorClass::RateLimited, true),
        503 => (ErrorClass::Transient, true),
        501 | 505 => (ErrorClass::InvalidRequest, true),
        200..=299 | 408 | 500..=599 => (ErrorClass::Transient, false),
        _ => (ErrorClass::InvalidRequest, true),
    }
}

/// A wait as headers say it: seconds, with or without a fraction, or a date of HTTP.
fn after(text: Option<&str>, now: Timestamp) -> Option<SignedDuration> {
    let text = text?.trim();
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    if let Ok(seconds) = whole.parse::<u32>() {
        let more = i64::from(whole.len() < text.len());
        return Some(SignedDuration::from_secs(i64::from(seconds) + more));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(date.duration_since(now).max(SignedDuration::ZERO))
}

/// A place and the name that its value is known by.
pub(crate) fn given<'g>(
    gives: impl Iterator<Item = (&'g String, &'g Place)>,
    answer: &Answer,
    content: &Content<'_>,
) -> Values {
    let mut values = Values::new();
    for (name, place) in gives {
        if let Some(text) = place.text(answer, content) {
            values.set(name, text);
        }
    }
    values
}
