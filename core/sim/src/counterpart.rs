//! A counterpart at work: it keeps what it accepted, and answers what it is sent.

use std::collections::HashSet;

use dragoman_mapping::{Base, Mapping};
use dragoman_model::{At, PathError};
use dragoman_syntax::validate::validate;
use dragoman_tree::{Finding, Severity};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::answer::{Answer, answer};
use crate::check::{Looked, faults};
use crate::facts::Facts;
use crate::mrn::{id, mrn};
use crate::script::Script;

/// An authority that plays its script.
#[derive(Debug)]
pub struct Counterpart {
    script: Script,
    seed: u64,
    /// References that were declared.
    lrns: HashSet<String>,
    count: u64,
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
}

/// What becomes of a message.
#[derive(Debug)]
pub enum Reply {
    /// It is not in the form that the authority publishes: refused at once, nothing else follows.
    Malformed(Vec<Finding>),
    /// It is taken; these answers follow, in the order of their moments.
    Taken(Vec<Answer>),
}

impl Counterpart {
    /// A counterpart that has seen nothing. The same seed gives the same numbers.
    pub fn new(script: Script, seed: u64) -> Self {
        Self { script, seed, lrns: HashSet::new(), count: 0 }
    }

    /// What it knows and says.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// Takes a declaration at a moment. `Err` where the script sets a value that the response has no place for.
    pub fn receive(&mut self, submitted: &Submitted<'_>, now: Timestamp) -> Result<Reply, PathError> {
        let base = &submitted.base;
        let checked = validate(base.tree, base.grammar).into_iter().chain(submitted.findings.iter().cloned());
        let malformed: Vec<_> = checked.filter(|finding| finding.severity == Severity::Error).collect();
        if !malformed.is_empty() {
            return Ok(Reply::Malformed(malformed));
        }
        self.count += 1;
        let root = At::root(base.document);
        let lrn = root.text("lrn").unwrap_or_default().trim().to_owned();
        let mut facts = self.facts(&lrn, now);
        let faults = faults(&self.script.checks, submitted.mapping, base, &facts);
        if faults.is_empty() {
            self.lrns.insert(lrn);
        }
        let mut answers = Vec::new();
        for (number, said) in self.script.replies.iter().enumerate() {
            if said.refused == faults.is_empty() {
                continue;
            }
            let at = now.checked_add(said.after).unwrap_or(now);
            facts.now = moment(at);
            facts.id = id(&self.seed_of(&format!("{number}")));
            let looked = Looked { root, item: None, facts: &facts, one: None };
            let errors = if said.refused { faults.as_slice() } else { &[] };
            answers.extend(answer(said, at, &looked, errors)?);
        }
        answers.sort_by_key(|answer| answer.at);
        Ok(Reply::Taken(answers))
    }

    fn facts(&self, lrn: &str, now: Timestamp) -> Facts {
        let year = now.to_zoned(TimeZone::UTC).year();
        Facts {
            now: moment(now),
            mrn: mrn(year, &self.script.country, &self.seed_of("mrn")),
            id: String::new(),
            reused_lrn: self.lrns.contains(lrn).then(|| lrn.to_owned()),
        }
    }

    fn seed_of(&self, what: &str) -> Vec<u8> {
        format!("{} {} {what}", self.seed, self.count).into_bytes()
    }
}

/// A moment in the form 304 of UN/EDIFACT 2379 with `Z`, as CDS writes it.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y%m%d%H%M%SZ").to_string()
}
