//! An authority at work: it keeps what it accepted, and answers what it is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dragoman_mapping::{Base, Mapping};
use dragoman_model::{At, Decimal, Document, PathError, decimal};
use dragoman_rules::{Agreement, Verdict};
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
use crate::sales::{Compared, Sales};
use crate::script::{Authority, Beside, Said, To};

/// An authority that plays its script. It is shared between threads: what it works on is the message alone.
#[derive(Debug)]
pub struct Counterpart {
    authority: Authority,
    seed: u64,
    books: Books,
    sales: Sales,
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
    /// What it has to agree in with other documents of its sale; none where nothing is compared.
    pub agreement: Option<&'s Agreement>,
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
    /// The sales whose other documents it waits for: it has to be taken again once there is one more.
    pub waits: Vec<String>,
    /// The sales that have one document more.
    pub adds_to: Vec<String>,
}

impl Counterpart {
    /// A counterpart that has seen nothing. The same seed gives the same numbers.
    pub fn new(authority: Authority, seed: u64) -> Result<Self, Trouble> {
        Ok(Self { authority, seed, books: Books::new()?, sales: Sales::default(), count: AtomicU64::new(1) })
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
            root: At::alone(submitted.base.document),
            item: None,
            facts: &Facts::default(),
            one: None,
        };
        behaviour.trigger.as_ref().is_some_and(|trigger| trigger.verdict(&looked) == Verdict::Holds)
    }

    /// Takes a message that is well-formed.
    pub fn take(&self, submitted: &Submitted<'_>, moment: Moment<'_>) -> Result<Taken, Trouble> {
        if let Some(beside) = self.authority.beside(submitted.message) {
            return self.take_beside(submitted, beside, moment);
        }
        let base = &submitted.base;
        let root = At::alone(base.document);
        let text = |name: &str| root.text(name).unwrap_or_default().trim().to_owned();
        let (lrn, kind, meant) = (text("lrn"), self.kind(root), text("mrn"));
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
            self.number(root, &mut facts);
        } else if known.is_none() {
            facts.mrn = meant;
        }
        self.add_up(root, is_new, &mut facts)?;
        let compared = if is_new { self.compared(submitted, moment) } else { Compared::default() };
        if !compared.lacking.is_empty() {
            facts.lacking = compared.lacking.join(", ");
            return self.wait((root, base.document), facts, moment, (number, compared.sales));
        }
        let mut faults = self.faults(submitted, &facts, moment.plays);
        faults.extend(compared.faults);
        facts.fault = faults.first().cloned();
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
            self.book_sum(root, &facts)?;
            let Facts { mrn, lrn, version, state, .. } = facts.clone();
            self.books.set(Declared { mrn, lrn, version, state, document })?;
        }
        let arrange = moment.plays.map(|behaviour| behaviour.answers).unwrap_or_default();
        let answers = arrange.arrange(answers, moment.pace);
        Ok(Taken { lrn, mrn: facts.mrn, answers, waits: Vec::new(), adds_to: Vec::new() })
    }

    /// What a message is: a declaration that says that it changes one is an amendment.
    fn kind(&self, root: At<'_>) -> String {
        let looked = Looked { root, item: None, facts: &Facts::default(), one: None };
        let changes = self.authority.changes.as_ref();
        if changes.is_some_and(|changes| changes.verdict(&looked) == Verdict::Holds) {
            return "amendment".to_owned();
        }
        root.text("kind").unwrap_or_default().trim().to_owned()
    }

    /// Numbers a declaration in the authority's own form, where it has one.
    fn number(&self, root: At<'_>, facts: &mut Facts) {
        let looked = Looked { root, item: None, facts, one: None };
        if let Some((own, _)) = self.authority.number.as_ref().and_then(|number| number.fill(&looked)) {
            facts.mrn = own;
        }
    }

    /// Says of a declaration that it waits for other documents of its sales: it is not entered yet.
    fn wait(
        &self,
        (root, document): (At<'_>, &Document<'_>),
        mut facts: Facts,
        moment: Moment<'_>,
        (number, waits): (u64, Vec<String>),
    ) -> Result<Taken, Trouble> {
        self.books.release(&facts.lrn)?;
        let answers = self.answers((root, document), To::Waiting, &[], &mut facts, moment, number)?;
        let Facts { lrn, mrn, .. } = facts;
        Ok(Taken { lrn, mrn, answers, waits, adds_to: Vec::new() })
    }

    /// Takes a document that comes beside a declaration.
    fn take_beside(
        &self,
        submitted: &Submitted<'_>,
        beside: &Beside,
        moment: Moment<'_>,
    ) -> Result<Taken, Trouble> {
        let document = submitted.base.document;
        let root = At::alone(document);
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let mut facts = self.facts(number, moment.now, None);
        submitted.message.clone_into(&mut facts.message);
        root.text(&beside.reference).unwrap_or_default().trim().clone_into(&mut facts.lrn);
        let answers = self.answers((root, document), To::Beside, &[], &mut facts, moment, number)?;
        let keep = |agreement: &Agreement| self.sales.keep(agreement, document);
        let adds_to = submitted.agreement.map(keep).unwrap_or_default();
        let arrange = moment.plays.map(|behaviour| behaviour.answers).unwrap_or_default();
        let answers = arrange.arrange(answers, moment.pace);
        Ok(Taken { lrn: facts.lrn, mrn: String::new(), answers, waits: Vec::new(), adds_to })
    }

    /// Holds a declaration against the other documents of its sale, unless something else is played.
    fn compared(&self, submitted: &Submitted<'_>, moment: Moment<'_>) -> Compared {
        let is_forced = moment.plays.is_some_and(Behaviour::is_told);
        let code = self.authority.agreement_code.as_deref().filter(|_| !is_forced);
        let compare = |(code, agreement)| self.sales.compare(agreement, submitted.base.document, code);
        code.zip(submitted.agreement).map(compare).unwrap_or_default()
    }

    /// Adds up what the ledger counts of a declaration, and of the same person in the year.
    fn add_up(&self, root: At<'_>, is_new: bool, facts: &mut Facts) -> Result<(), Trouble> {
        let Some(ledger) = self.authority.ledger.as_ref().filter(|_| is_new) else { return Ok(()) };
        let amounts = ledger.amounts.iter().flat_map(|path| Looked::all(root, path));
        let amount: Decimal = amounts.filter_map(|at| decimal(at.value()?.trim()).ok()).sum();
        facts.amount = amount.to_string();
        if let Some(of) = ledger.person(root) {
            facts.year_amount = (self.books.sum(of, &facts.year)? + amount).to_string();
        }
        Ok(())
    }

    /// Enters what was added up of a declaration that is accepted.
    fn book_sum(&self, root: At<'_>, facts: &Facts) -> Result<(), Trouble> {
        let of = self.authority.ledger.as_ref().and_then(|ledger| ledger.person(root));
        if let Some((of, sum)) = of.zip(decimal(&facts.year_amount).ok()) {
            self.books.set_sum(of, &facts.year, sum)?;
        }
        Ok(())
    }

    fn faults(&self, submitted: &Submitted<'_>, facts: &Facts, plays: Option<&Behaviour>) -> Vec<Fault> {
        let Submitted { base, mapping, .. } = submitted;
        let root = At::alone(base.document);
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
                mapping.point(base, near, at.place_in(root)?)
            }
        };
        let item = |place: &Place| match place {
            Place::Path(at) if at.is_of_item() => {
                root.entries("goods_items").next()?.text("sequence").map(str::to_owned)
            }
            _ => None,
        };
        let fault = |Wrong { code, text, at }: &Wrong| Fault {
            code: code.clone(),
            text: text.clone(),
            pointer: pointer(at),
            item: item(at),
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
            facts.set_id(id(&self.seed_of(number, &index.to_string())));
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
            serial: format!("{number:09}"),
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
