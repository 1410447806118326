//! An authority at work: it keeps what it accepted, and answers what it is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dragoman_mapping::{Base, Mapping};
use dragoman_model::{At, Document, PathError};
use dragoman_rules::Verdict;
use dragoman_syntax::validate::validate;
use dragoman_tree::{Finding, Severity};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::answer::{Answer, answer};
use crate::behaviour::{Behaviour, Pace, Place, Wrong};
use crate::books::{Books, Declared};
use crate::check::{Fault, Looked, faults};
use crate::facts::Facts;
use crate::mrn::{id, mrn};
use crate::script::{Authority, Said, To};

/// An authority that plays its script. It is shared between threads: what it works on is the message alone.
#[derive(Debug)]
pub struct Counterpart {
    authority: Authority,
    seed: u64,
    books: Books,
    count: AtomicU64,
}

/// A message as the counterpart read it: of what was sent it sees nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Submitted<'s> {
    /// The message and what it says.
    pub base: Base<'s>,
    /// The mapping that read it.
    pub mapping: &'s Mapping,
    /// What was found while it was read.
    pub findings: &'s [Finding],
    /// The adapter's name of the message.
    pub message: &'s str,
    /// What breaks the rules that the adapter knows of.
    pub broken: &'s [Finding],
}

/// When a message comes, and what it is met with.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'m> {
    /// The moment.
    pub now: Timestamp,
    /// How fast time goes.
    pub pace: Pace,
    /// What is played; what is usual, where nothing is.
    pub plays: Option<&'m Behaviour>,
}

/// Why an authority cannot do its work. It is nothing that is wrong with what it was sent.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The script sets a value that the response has no place for.
    #[error(transparent)]
    Script(#[from] PathError),
    /// The books cannot be kept.
    #[error("the books of the authority: {0}")]
    Books(#[from] rusqlite::Error),
}

/// What becomes of a message.
#[derive(Debug)]
pub struct Taken {
    /// The message's own reference.
    pub lrn: String,
    /// The number of the declaration that it is, or is about.
    pub mrn: String,
    /// The answers that follow, in the order of their moments.
    pub answers: Vec<Answer>,
}

impl Counterpart {
    /// A counterpart that has seen nothing. The same seed gives the same numbers.
    pub fn new(authority: Authority, seed: u64) -> Result<Self, Trouble> {
        Ok(Self { authority, seed, books: Books::new()?, count: AtomicU64::new(1) })
    }

    /// What it knows and says.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// What it knows of the declaration with that number.
    pub fn declared(&self, mrn: &str) -> Result<Option<Declared>, Trouble> {
        Ok(self.books.declared(mrn)?)
    }

    /// Why a message is not in the form that the authority publishes, and so not taken at all: nothing else follows.
    pub fn malformed(&self, submitted: &Submitted<'_>) -> Vec<Finding> {
        let base = &submitted.base;
        let checked = validate(base.tree, base.grammar).into_iter().chain(submitted.findings.iter().cloned());
        checked.filter(|finding| finding.severity == Severity::Error).collect()
    }

    /// True where a behaviour is brought about by what a message says.
    pub fn triggers(&self, behaviour: &Behaviour, submitted: &Submitted<'_>) -> bool {
        let looked = Looked {
            root: At::root(submitted.base.document),
            item: None,
            facts: &Facts::default(),
            one: None,
        };
        behaviour.trigger.as_ref().is_some_and(|trigger| trigger.verdict(&looked) == Verdict::Holds)
    }

    /// Takes a message that is well-formed.
    pub fn take(&self, submitted: &Submitted<'_>, moment: Moment<'_>) -> Result<Taken, Trouble> {
        let base = &submitted.base;
        let root = At::root(base.document);
        let text = |name: &str| root.text(name).unwrap_or_default().trim().to_owned();
        let (lrn, kind, meant) = (text("lrn"), text("kind"), text("mrn"));
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let is_first = self.books.reserve(&lrn)?;
        let is_new = !matches!(&*kind, "amendment" | "cancellation" | "presentation" | "return" | "report");
        // What has no number yet, or is not named by it, is meant by its reference.
        let known = match (is_new, meant.is_empty()) {
            (true, _) => None,
            (false, true) => self.books.declared_as(&lrn)?,
            (false, false) => self.books.declared(&meant)?,
        };
        let mut facts = self.facts(number, moment.now, known.as_ref());
        submitted.message.clone_into(&mut facts.message);
        facts.reused_lrn = (!is_first).then(|| lrn.clone());
        facts.unknown_mrn = (!is_new && known.is_none()).then(|| meant.clone());
        if is_new {
            facts.lrn.clone_from(&lrn);
        } else if known.is_none() {
            facts.mrn = meant;
        }
        let faults = self.faults(submitted, &facts, moment.plays);
        let refused = !faults.is_empty();
        if refused && is_first {
            self.books.release(&lrn)?;
        }
        let to = if refused { To::Refused } else { To::of(&kind) };
        let kept = known.and_then(|declared| declared.document);
        let declares = is_new || kind == "amendment";
        let document = match kept {
            Some(kept) if !declares => Some(kept),
            _ if self.authority.shows() => Some(Arc::new(base.document.detach())),
            _ => None,
        };
        let shown = document.as_deref().unwrap_or(base.document);
        let answers = self.answers((root, shown), to, &faults, &mut facts, moment, number)?;
        if !refused {
            let Facts { mrn, lrn, version, state, .. } = facts.clone();
            self.books.set(Declared { mrn, lrn, version, state, document })?;
        }
        let arrange = moment.plays.map(|behaviour| behaviour.answers).unwrap_or_default();
        Ok(Taken { lrn, mrn: facts.mrn, answers: arrange.arrange(answers, moment.pace) })
    }

    fn faults(&self, submitted: &Submitted<'_>, facts: &Facts, plays: Option<&Behaviour>) -> Vec<Fault> {
        let Submitted { base, mapping, .. } = submitted;
        let root = At::root(base.document);
        let forced = plays.map(|behaviour| behaviour.errors.as_slice()).unwrap_or_default();
        if forced.is_empty() {
            let mut all = faults(&self.authority.checks, mapping, base, facts);
            all.extend(submitted.broken.iter().filter_map(|finding| self.authority.fault(finding)));
            return all;
        }
        let pointer = |place: &Place| match place {
            Place::Pointer(pointer) => pointer.as_deref().map(str::to_owned),
            Place::Path(at) => {
                let from = root.entries("goods_items").next().filter(|_| at.is_of_item()).unwrap_or(root);
                let near = at.find(from).first().copied().unwrap_or(from).node();
                mapping.point(base, near, at.place())
            }
        };
        let fault = |Wrong { code, text, at }: &Wrong| Fault {
            code: code.clone(),
            text: text.clone(),
            pointer: pointer(at),
        };
        forced.iter().map(fault).collect()
    }

    fn answers(
        &self,
        (root, shown): (At<'_>, &Document<'_>),
        to: To,
        faults: &[Fault],
        facts: &mut Facts,
        moment: Moment<'_>,
        number: u64,
    ) -> Result<Vec<Answer>, PathError> {
        let says = moment.plays.and_then(|behaviour| behaviour.says.as_deref());
        let replies = &self.authority.replies;
        let said: Vec<&Said> = match says {
            Some(keys) => {
                keys.iter().filter_map(|key| replies.iter().find(|said| said.key == *key)).collect()
            }
            None => replies.iter().filter(|said| said.to == to).collect(),
        };
        let mut answers = Vec::new();
        for (index, said) in said.into_iter().enumerate() {
            let at = moment.now.checked_add(moment.pace.of(said.after)).unwrap_or(moment.now);
            facts.set_moment(at);
            facts.id = id(&self.seed_of(number, &index.to_string()));
            let looked = Looked { root, item: None, facts, one: None };
            if said.when.verdict(&looked) != Verdict::Holds {
                continue;
            }
            if said.changes {
                let version = facts.version.parse::<u32>().unwrap_or(1);
                facts.version = version.saturating_add(1).to_string();
            }
            if let Some(state) = &said.makes {
                state.as_ref().clone_into(&mut facts.state);
            }
            let looked = Looked { root, item: None, facts, one: None };
            let errors = if said.to == To::Refused { faults } else { &[] };
            answers.push(answer(&self.authority, said, at, (&looked, shown), errors)?);
        }
        Ok(answers)
    }

    fn facts(&self, number: u64, now: Timestamp, known: Option<&Declared>) -> Facts {
        let year = now.to_zoned(TimeZone::UTC).year();
        let Authority { country, procedure, .. } = &self.authority;
        let own = || mrn(year, country, procedure, &self.seed_of(number, "mrn"));
        let mut facts = Facts {
            mrn: known.map_or_else(own, |declared| declared.mrn.clone()),
            lrn: known.map(|declared| declared.lrn.clone()).unwrap_or_default(),
            version: known.map_or_else(|| "1".to_owned(), |declared| declared.version.clone()),
            state: known.map(|declared| declared.state.clone()).unwrap_or_default(),
            ..Facts::default()
        };
        facts.set_moment(now);
        facts
    }

    fn seed_of(&self, number: u64, what: &str) -> Vec<u8> {
        format!("{} {number} {what}", self.seed).into_bytes()
    }
}

impl To {
    /// To a message of that kind that passed all checks.
    fn of(kind: &str) -> Self {
        match kind {
            "amendment" => Self::Amendment,
            "cancellation" => Self::Cancellation,
            "presentation" => Self::Presentation,
            "report" => Self::Report,
            _ => Self::Accepted,
        }
    }
}
