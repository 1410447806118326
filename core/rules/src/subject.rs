//! What rules ask about, and by which names.

use dragoman_model::{Decimal, Schema, Source};

use crate::Pattern;

/// A fact that is no place of a document: whoever applies the rules computes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name behind `fact.`.
    pub name: &'static str,
    /// True where each goods item has its own.
    pub of_item: bool,
    /// What it is, in a phrase.
    pub meaning: &'static str,
}

/// Where a value that a rule speaks of is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// `fact.…`.
    Fact(&'static Fact),
    /// `order.…`: a place of the order.
    Order(Pattern),
    /// `line.…`: a place of the order line behind the goods item.
    Line(Pattern),
    /// Any other path: a place of the declaration as far as it is known.
    Declaration(Pattern),
}

impl Name {
    /// Reads a name. `Err` says what is wrong with it.
    pub(crate) fn parse(text: &str, facts: &'static [Fact]) -> Result<Self, String> {
        let schema = Schema::standard();
        let document = |name: &str| schema.document(name).ok_or_else(|| format!("there is no {name}"));
        if let Some(name) = text.strip_prefix("fact.") {
            return facts.iter().find(|fact| fact.name == name).map(Self::Fact).ok_or_else(|| {
                let known: Vec<_> = facts.iter().map(|fact| fact.name).collect();
                format!("there is no fact `{name}`; there are {}", known.join(", "))
            });
        }
        if let Some(path) = text.strip_prefix("order.") {
            return Pattern::parse(path, document("order")?).map(Self::Order);
        }
        if let Some(path) = text.strip_prefix("line.") {
            let lines = schema.child(document("order")?, "lines").ok_or("orders have no lines")?;
            return Pattern::parse(path, lines).map(Self::Line);
        }
        Pattern::parse(text, document("declaration")?).map(Self::Declaration)
    }

    /// True where each goods item has its own value.
    pub fn is_of_item(&self) -> bool {
        match self {
            Self::Fact(fact) => fact.of_item,
            Self::Order(_) => false,
            Self::Line(_) => true,
            Self::Declaration(pattern) => pattern.is_of_item(),
        }
    }
}

/// A value that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The literal; empty for a place that only holds others. Of an amount the number.
    pub text: String,
    /// The currency of an amount.
    pub currency: Option<String>,
    /// Who supplied it.
    pub sources: Vec<Source>,
}

/// What rules are applied to: one declaration or goods item, with the order behind it.
pub trait Subject {
    /// What stands at a name: nothing, one value, or several where lists are on the way.
    fn find(&self, name: &Name) -> Vec<Found>;

    /// The same without those who supplied it, for conditions: they only weigh what is there.
    fn weigh(&self, name: &Name) -> Vec<Found> {
        self.find(name)
    }

    /// An amount in another currency, at the rate of that purpose; `None` where there is no such rate.
    fn convert(&self, amount: Decimal, from: &str, to: &str, purpose: &str) -> Option<Decimal>;
}
