//! What a counterpart knows and says, as it stands in a `sim.toml` (TOML), and its loading: every mistake with its
//! place.

use std::collections::BTreeMap;

use dragoman_mapping::language::LoadError;
use dragoman_model::{At, DocumentBuilder};
use dragoman_rules::{Condition, ConditionText, Loading, Pattern, Template};
use dragoman_tree::Finding;
use jiff::SignedDuration;
use serde::Deserialize;
use toml::Spanned;

use crate::answer::{RESPONSE, is_open};
use crate::behaviour::{Behaviour, RawBehaviour};
use crate::check::Fault;
use crate::door::Door;
use crate::facts::FACTS;
use crate::inquiry::Inquiry;
use crate::shop::Shop;
use crate::usual::usual;

/// A counterpart's knowledge: what it checks and answers, what it sells, and the door that all comes through.
#[derive(Clone, Debug)]
pub struct Script {
    /// What people call it: `the CDS simulator`.
    pub title: Box<str>,
    /// The authority that it is, where it is one.
    pub authority: Option<Authority>,
    /// The platform that it is, where it is one.
    pub shop: Option<Shop>,
    /// How it is reached; none where it can only be played in memory.
    pub door: Option<Door>,
    /// What it asks of whoever files with it.
    pub inquiry: Option<Inquiry>,
    /// What it can be told to do otherwise than usual.
    pub behaviours: Vec<Behaviour>,
    /// What an account says to be let in, by the names of the adapter's settings; `${url}` is where it is served.
    pub account: BTreeMap<String, String>,
}

/// An authority: what it checks, and what it answers.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The country in the numbers that it gives.
    pub country: Box<str>,
    /// The letter of the procedure in them, where they have one.
    pub procedure: Box<str>,
    /// Which of the adapter's messages it takes.
    pub receives: Vec<Box<str>>,
    /// Which it answers with, where an answer says nothing else.
    pub answers: Box<str>,
    /// The codes of what breaks the rules that the adapter knows of, by how the rules' numbers begin; none where it does
    /// not check by them.
    pub(crate) rule_codes: BTreeMap<String, String>,
    /// What every answer says, before what it says itself.
    pub(crate) set: Vec<(Box<str>, Template)>,
    /// What every answer repeats of the message that it answers, by canonical path.
    pub(crate) keeps: Vec<Box<str>>,
    /// The form of the numbers that it gives; that of a movement reference number, where nothing is said.
    pub(crate) number: Option<Template>,
    /// When a declaration is the change of one that was made.
    pub(crate) changes: Option<Condition>,
    /// What it adds up over the year; none where it does not.
    pub(crate) ledger: Option<Ledger>,
    /// The code of what does not agree between the documents of a sale, where it compares them.
    pub(crate) agreement_code: Option<Box<str>>,
    /// The documents that come beside a declaration.
    pub(crate) beside: Vec<Beside>,
    pub(crate) checks: Vec<Check>,
    pub(crate) replies: Vec<Said>,
}

impl Authority {
    /// The adapter's messages that it answers with.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.replies.iter().map(|said| &**said.message.as_ref().unwrap_or(&self.answers))
    }

    /// The document beside a declaration that a message is.
    pub(crate) fn beside(&self, message: &str) -> Option<&Beside> {
        self.beside.iter().find(|beside| beside.message == message)
    }

    /// True where answers show the declaration.
    pub(crate) fn shows(&self) -> bool {
        self.replies.iter().any(|said| said.shows.is_some())
    }

    /// A broken rule as the authority says it: its kind as the code, its number as the reason.
    pub(crate) fn fault(&self, broken: &Finding) -> Option<Fault> {
        let number = broken.authority.as_ref()?.number.as_str();
        let (_, code) = self.rule_codes.iter().find(|(begin, _)| number.starts_with(begin.as_str()))?;
        let (text, pointer) = (Some(number.into()), broken.wire_path.clone());
        Some(Fault { code: code.as_str().into(), text, pointer, item: None })
    }
}

/// What an authority adds up of everybody, a year at a time.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    /// Of whom: the first value there.
    pub of: Pattern,
    /// What is added up: all values there.
    pub amounts: Vec<Pattern>,
}

impl Ledger {
    /// Whose amounts a declaration adds to.
    pub fn person<'d>(&self, root: At<'d>) -> Option<&'d str> {
        self.of.find(root).first()?.value()
    }
}

/// A document that is no declaration, and comes beside one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Beside {
    /// The adapter's message.
    pub message: String,
    /// Where it has its own reference, by canonical path.
    pub reference: String,
}

/// Something that is wrong where its condition holds.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// The authority's own code for it.
    pub code: Box<str>,
    /// Why, in the authority's words.
    pub text: Option<Box<str>>,
    /// The place that is pointed at. A condition on the same path is about one value there.
    pub at: Pattern,
    pub when: Condition,
}

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// What behaviours call it.
    pub key: Box<str>,
    /// What the authority calls it.
    pub name: Box<str>,
    pub to: To,
    pub when: Condition,
    pub after: SignedDuration,
    /// The adapter's message that it is written as.
    pub message: Option<Box<str>>,
    /// What it repeats of the message that it answers, by canonical path.
    pub keeps: Vec<Box<str>>,
    /// Values that stand elsewhere in that message: their places in the response, and there.
    pub repeats: BTreeMap<String, String>,
    /// Where it shows the declaration that it is about.
    pub shows: Option<Box<str>>,
    /// Values at paths of the response.
    pub set: Vec<(Box<str>, Template)>,
    /// What the declaration becomes with it.
    pub makes: Option<Box<str>>,
    /// True where it tells of a change: the version goes up, and the change is shown.
    pub changes: bool,
}

/// To what an answer is given as a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum To {
    /// A declaration that passed all checks.
    Accepted,
    /// A message that was refused.
    Refused,
    /// A request for a change.
    Amendment,
    /// A request to cancel.
    Cancellation,
    /// The goods are there.
    Presentation,
    /// What was found when they were unloaded.
    Report,
    /// A document that comes beside a declaration.
    Beside,
    /// A declaration beside which documents are lacking that have to come.
    Waiting,
    /// Nothing, as a rule: a behaviour says it.
    Never,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    authority: Option<RawAuthority>,
    shop: Option<Shop>,
    door: Option<Door>,
    inquiry: Option<Inquiry>,
    #[serde(default)]
    check: Vec<RawCheck>,
    #[serde(default)]
    answer: Vec<RawAnswer>,
    #[serde(default)]
    behaviour: Vec<RawBehaviour>,
    #[serde(default)]
    account: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAuthority {
    country: String,
    #[serde(default)]
    procedure: String,
    receives: Vec<String>,
    answers: String,
    #[serde(default)]
    rule_codes: BTreeMap<String, String>,
    #[serde(default)]
    set: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    keeps: Vec<String>,
    number: Option<Spanned<String>>,
    changes: Option<Vec<Spanned<ConditionText>>>,
    ledger: Option<RawLedger>,
    agreement_code: Option<String>,
    #[serde(default)]
    beside: Vec<Beside>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLedger {
    of: Spanned<String>,
    amounts: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    code: String,
    text: Option<String>,
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
    key: Option<String>,
    /// The published message whose shape it has: for readers of the file.
    #[serde(rename = "source")]
    _source: String,
    to: To,
    #[serde(default)]
    when: Vec<Spanned<ConditionText>>,
    after_seconds: u32,
    makes: Option<String>,
    #[serde(default)]
    changes: bool,
    message: Option<String>,
    #[serde(default)]
    keeps: Vec<String>,
    #[serde(default)]
    repeats: BTreeMap<String, String>,
    shows: Option<String>,
    #[serde(default)]
    set: BTreeMap<Spanned<String>, Spanned<String>>,
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
    let keys: Vec<&str> = replies.iter().map(|said| &*said.key).collect();
    let read = |raw: RawBehaviour| raw.load(&keys, file.door.as_ref(), &mut loading);
    let mut behaviours: Vec<_> = file.behaviour.into_iter().map(read).collect();
    if let (Some(door), Some(shop)) = (&file.door, &file.shop) {
        let usual = usual(door, shop);
        let is_own = |name: &str, own: &[Behaviour]| own.iter().any(|one| *one.name == *name);
        let missing: Vec<_> = usual.into_iter().filter(|one| !is_own(&one.name, &behaviours)).collect();
        behaviours.extend(missing);
    }
    if let Some(door) = &file.door {
        door.check(&mut loading);
    }
    let authority = file.authority.map(|raw| Authority {
        country: raw.country.into(),
        procedure: raw.procedure.into(),
        receives: raw.receives.into_iter().map(Into::into).collect(),
        answers: raw.answers.into(),
        rule_codes: raw.rule_codes,
        set: set(&raw.set, &mut loading),
        keeps: raw.keeps.into_iter().map(Into::into).collect(),
        number: raw.number.as_ref().and_then(|number| loading.template(number)),
        changes: raw.changes.map(|changes| loading.conditions(changes)),
        ledger: raw.ledger.and_then(|ledger| {
            let amounts = ledger.amounts.iter().filter_map(|path| loading.path(path)).collect();
            Some(Ledger { of: loading.path(&ledger.of)?, amounts })
        }),
        agreement_code: raw.agreement_code.map(Into::into),
        beside: raw.beside,
        checks,
        replies,
    });
    let errors = loading.into_errors();
    if !errors.is_empty() {
        return Err(errors);
    }
    let File { title, shop, door, inquiry, account, .. } = file;
    Ok(Script { title: title.into(), authority, shop, door, inquiry, behaviours, account })
}

fn check(raw: RawCheck, loading: &mut Loading<'_>) -> Option<Check> {
    let when = loading.conditions(raw.when);
    let at = loading.path(&raw.at)?;
    Some(Check { code: raw.code.into(), text: raw.text.map(Into::into), at, when })
}

/// Values at paths of a response.
fn set(
    raw: &BTreeMap<Spanned<String>, Spanned<String>>,
    loading: &mut Loading<'_>,
) -> Vec<(Box<str>, Template)> {
    let mut set = Vec::new();
    for (path, value) in raw {
        // Whether the response has such a place is asked of the model itself, with a value that is never seen.
        loading.read(path, |path| {
            if is_open(path) {
                return Ok(());
            }
            DocumentBuilder::new(RESPONSE)
                .and_then(|mut build| crate::answer::set(&mut build, path, ""))
                .map_err(|error| error.message)
        });
        if let Some(template) = loading.template(value) {
            set.push((path.get_ref().as_str().into(), template));
        }
    }
    set
}

fn answer(raw: RawAnswer, loading: &mut Loading<'_>) -> Said {
    let when = loading.conditions(raw.when);
    let set = set(&raw.set, loading);
    Said {
        key: raw.key.unwrap_or_else(|| raw.name.clone()).into(),
        name: raw.name.into(),
        to: raw.to,
        when,
        after: SignedDuration::from_secs(i64::from(raw.after_seconds)),
        message: raw.message.map(Into::into),
        keeps: raw.keeps.into_iter().map(Into::into).collect(),
        repeats: raw.repeats,
        shows: raw.shows.map(Into::into),
        set,
        makes: raw.makes.map(Into::into),
        changes: raw.changes,
    }
}
