//! Conditions: total, and three-valued, because a rate that is missing makes a comparison of amounts unknown.

use dragoman_model::{Decimal, decimal};
use regex::Regex;

use crate::{Found, Name, Subject};

/// A condition of a rule.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All of these hold; true of none.
    All(Vec<Condition>),
    /// One of these holds at least.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
    /// A test of what stands at a name.
    Test(Name, Test),
}

/// A test of values. Where there are several, one that fits is enough, but amounts and numbers are added up before
/// they are compared.
#[derive(Clone, Debug)]
pub enum Test {
    /// Something is there, or nothing.
    Present(bool),
    /// One of these literals.
    In(Vec<Box<str>>),
    /// The whole literal matches.
    Matches(Regex),
    /// The sum lies within a bound.
    Compare(Order, Bound),
}

/// How a sum is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `<`
    Below,
}

/// A number, or an amount with the purpose of the rates that other currencies are converted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The number.
    pub number: Decimal,
    /// The currency and the purpose, where it is an amount.
    pub money: Option<(Box<str>, Box<str>)>,
}

/// Whether a condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// Nobody can say without this rate of exchange.
    Unknown(MissingRate),
}

/// A rate of exchange that a comparison needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingRate {
    /// From which currency; empty where an amount states none.
    pub from: Box<str>,
    /// To which.
    pub to: Box<str>,
    /// For which purpose.
    pub purpose: Box<str>,
}

impl Verdict {
    /// Both, in the logic of Kleene: what fails decides.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fails, _) | (_, Self::Fails) => Self::Fails,
            (Self::Unknown(rate), _) | (_, Self::Unknown(rate)) => Self::Unknown(rate),
            (Self::Holds, Self::Holds) => Self::Holds,
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Holds, _) | (_, Self::Holds) => Self::Holds,
            (Self::Unknown(rate), _) | (_, Self::Unknown(rate)) => Self::Unknown(rate),
            (Self::Fails, Self::Fails) => Self::Fails,
        }
    }

    fn not(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

impl Condition {
    /// Whether the condition holds of a subject.
    pub fn verdict(&self, subject: &dyn Subject) -> Verdict {
        match self {
            Self::All(parts) => {
                let mut all = Verdict::Holds;
                for part in parts {
                    all = all.and(part.verdict(subject));
                    // What fails decides.
                    if all == Verdict::Fails {
                        break;
                    }
                }
                all
            }
            Self::Any(parts) => parts.iter().fold(Verdict::Fails, |any, part| any.or(part.verdict(subject))),
            Self::Not(part) => part.verdict(subject).not(),
            Self::Test(name, test) => test.verdict(&subject.weigh(name), subject),
        }
    }

    /// The names that the condition asks for.
    pub fn names(&self) -> Vec<&Name> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::names).collect(),
            Self::Not(part) => part.names(),
            Self::Test(name, _) => vec![name],
        }
    }
}

impl Test {
    fn verdict(&self, found: &[Found], subject: &dyn Subject) -> Verdict {
        let some = |fits: &dyn Fn(&str) -> bool| Verdict::of(found.iter().any(|found| fits(&found.text)));
        match self {
            Self::Present(wanted) => Verdict::of(found.is_empty() != *wanted),
            Self::In(literals) => some(&|text| literals.iter().any(|literal| **literal == *text)),
            Self::Matches(pattern) => some(&|text| pattern.is_match(text)),
            Self::Compare(order, bound) => match bound.sum(found, subject) {
                Ok(Some(sum)) => Verdict::of(order.holds(sum, bound.number)),
                Ok(None) => Verdict::Fails,
                Err(rate) => Verdict::Unknown(rate),
            },
        }
    }
}

impl Order {
    pub(crate) fn holds(self, sum: Decimal, bound: Decimal) -> bool {
        match self {
            Self::AtLeast => sum >= bound,
            Self::AtMost => sum <= bound,
            Self::Above => sum > bound,
            Self::Below => sum < bound,
        }
    }
}

impl Bound {
    /// The sum in the bound's own currency; `None` where there is nothing, or no number.
    fn sum(&self, found: &[Found], subject: &dyn Subject) -> Result<Option<Decimal>, MissingRate> {
        let mut sum = None;
        for Found { text, currency, .. } in found {
            let Ok(number) = decimal(text) else { return Ok(None) };
            let number = self.in_currency(number, currency.as_deref(), subject)?;
            sum = sum.unwrap_or(Decimal::ZERO).checked_add(number);
            if sum.is_none() {
                return Ok(None);
            }
        }
        Ok(sum)
    }

    fn in_currency(
        &self,
        number: Decimal,
        currency: Option<&str>,
        subject: &dyn Subject,
    ) -> Result<Decimal, MissingRate> {
        let Some((to, purpose)) = &self.money else { return Ok(number) };
        let from = currency.unwrap_or_default();
        if from == &**to {
            return Ok(number);
        }
        let missing = || MissingRate { from: from.into(), to: to.clone(), purpose: purpose.clone() };
        subject.convert(number, from, to, purpose).ok_or_else(missing)
    }
}
