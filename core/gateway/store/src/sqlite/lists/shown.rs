//! What is shown of a stream: its row, the words that find it, the states of its submissions.

use dragoman_exchange::Exchange;
use jiff::Timestamp;

use crate::Row;

/// What is shown of a stream as it stands.
pub struct Shown {
    /// Its row.
    pub row: Row,
    /// The words that find it, in alphabetical order; causes begin with `cause:`.
    pub words: Vec<String>,
    /// The states of its submissions, each with its number in the stream.
    pub submissions: Vec<(usize, &'static str)>,
    /// True where nothing more is sent of it, and its payloads are kept.
    settled: bool,
}

/// What streams have in common that are counted and listed together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sort<'s> {
    pub kind: &'s str,
    pub state: &'s str,
    pub status: &'s str,
    /// What a person has to do; empty where that is nothing.
    pub needs: &'s str,
    pub settled: bool,
}

impl Shown {
    /// What is shown of a stream; nothing before anything happened.
    pub fn of(id: &str, exchange: &Exchange, now: Timestamp) -> Option<Self> {
        exchange.changed?;
        let row = Row::of(id, exchange, now);
        let numbers = exchange.orders.iter().map(|(_, number)| number.as_str());
        let references = exchange.submissions.iter().filter_map(|one| one.lrn.as_deref());
        let names = numbers.chain(references).chain(exchange.mrn.as_deref()).chain([row.title.as_str()]);
        let causes = exchange.causes.iter().map(|cause| format!("cause:{cause}"));
        let mut words: Vec<_> =
            names.filter(|name| !name.is_empty()).map(str::to_lowercase).chain(causes).collect();
        words.sort_unstable();
        words.dedup();
        let submissions = (0..).zip(&exchange.submissions).map(|(number, one)| (number, one.state.word()));
        let submissions = submissions.collect();
        Some(Self { row, words, submissions, settled: exchange.is_settled() && !exchange.erased })
    }

    /// What it is counted and listed under.
    pub fn sort(&self) -> Sort<'_> {
        let Row { kind, state, status, needs, .. } = &self.row;
        Sort { kind, state, status, needs: needs.as_deref().unwrap_or_default(), settled: self.settled }
    }
}
