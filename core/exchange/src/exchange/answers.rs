//! What an authority said, summed up: the same whatever the order in which its answers arrive.

use dragoman_model::{State, Status};
use jiff::Timestamp;

use crate::event::Said;

/// All that an authority said about something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// What it made of it.
    pub status: Status,
    /// Its number.
    pub mrn: Option<String>,
    /// The highest version that it counts.
    pub version: Option<String>,
    /// What is at fault, in alphabetical order, each once.
    pub causes: Vec<String>,
    /// Until when somebody has to do something: the latest moment that was named.
    pub limit: Option<Timestamp>,
}

impl Answers {
    /// Takes an answer.
    pub(super) fn hear(&mut self, said: &Said) {
        let (status, _) = Status::of_event(&said.events, said.at);
        self.join(Self {
            status,
            mrn: said.mrn.clone(),
            version: said.version.clone(),
            causes: said.causes.clone(),
            limit: said.limit,
        });
    }

    /// Knows that the counterpart has it, or what else its sending proves.
    pub(super) fn know(&mut self, state: State) {
        self.status = self.status.join(Status::of(state));
    }

    /// Knows what both know.
    pub(super) fn join(&mut self, other: Self) {
        self.status = self.status.join(other.status);
        self.mrn = self.mrn.take().max(other.mrn);
        // Versions are numbers, as text: 10 is above 9.
        let by_number = |version: &Option<String>| version.as_ref().map(|text| (text.len(), text.clone()));
        if by_number(&other.version) > by_number(&self.version) {
            self.version = other.version;
        }
        self.causes.extend(other.causes);
        self.causes.sort_unstable();
        self.causes.dedup();
        self.limit = self.limit.max(other.limit);
    }

    /// What answers to an amendment, a cancellation or an arrival say of the declaration.
    pub(super) fn of_goods(&self) -> Self {
        Self { status: self.status.of_goods(), ..self.clone() }
    }
}
