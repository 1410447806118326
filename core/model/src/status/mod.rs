//! The status of a declaration: the join of all events seen, so that the order of arrival does not matter.
//!
//! States, flags and their rules are those of the canonical model, section 8. An event is written as a state
//! word, `+flag` and `-flag`, in any number (`released +duty_due`); `=exited` is a person's decision of a
//! dispute.

mod flag;
mod state;
#[cfg(test)]
mod tests;

use dragoman_tree::{Code, Finding};
use jiff::Timestamp;

pub use flag::Flag;
pub use state::State;

/// Findings of this module.
pub const CODES: &[&Code] = &[&UNKNOWN, &LATE_REJECTION];

/// An event word that the model lacks.
pub const UNKNOWN: Code = Code {
    id: "DG-E0520",
    title: "unknown event",
    help: "The table of events holds a word that is neither a state nor a flag. Until it is mended the \
           message counts as Pending: it changes nothing, and a person may look at what it says.",
};
/// A rejection of what was accepted.
pub const LATE_REJECTION: Code = Code {
    id: "DG-E0521",
    title: "rejected after it was accepted",
    help: "The authority rejected a submission that it had accepted. The declaration stays accepted; a \
           person has to find out what the rejection is about.",
};

/// The last thing said about a flag: when, and whether it opened. An event without a time is older than all
/// others; of two at the same time the one that opens counts.
type Said = Option<(Option<Timestamp>, bool)>;

/// What is known of a declaration, or of one event: a product of lattices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    state: State,
    /// The last decision of a dispute.
    decided: Option<(Option<Timestamp>, State)>,
    flags: [Said; Flag::ALL.len()],
}

impl Status {
    /// A state without flags.
    pub fn of(state: State) -> Self {
        Self { state, ..Self::default() }
    }

    /// What one event says: a state, `+flag`, `-flag` and `=end`, separated by blanks. Empty is Pending. A
    /// word that the model lacks makes the whole event Pending, with a finding.
    pub fn of_event(event: &str, at: Option<Timestamp>) -> (Self, Option<Finding>) {
        let mut status = Self::of(State::Sent);
        for word in event.split_whitespace() {
            if status.add(word, at).is_none() {
                let message = format!("`{word}` is no event; the message counts as Pending");
                let near = crate::nearest(word, State::ALL.iter().map(|state| state.word()));
                let finding = Finding::warning(&UNKNOWN, message);
                let hint = near.map(|near| format!("did you mean {near}?"));
                return (Self::of(State::Sent), Some(Finding { hint, ..finding }));
            }
        }
        (status, None)
    }

    fn add(&mut self, word: &str, at: Option<Timestamp>) -> Option<()> {
        if let Some(end) = word.strip_prefix('=') {
            let end = State::from_word(end).filter(|state| state.is_end())?;
            (self.state, self.decided) = (self.state.join(end), self.decided.max(Some((at, end))));
        } else if let Some(flag) = word.strip_prefix(['+', '-']) {
            let said = self.flags.get_mut(Flag::from_word(flag)? as usize)?;
            *said = (*said).max(Some((at, word.starts_with('+'))));
        } else {
            self.state = self.state.join(State::from_word(word)?);
        }
        Some(())
    }

    /// What is known when both are: commutative, associative, idempotent, and never lower than either.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        let mut flags = self.flags;
        for (said, more) in flags.iter_mut().zip(other.flags) {
            *said = (*said).max(more);
        }
        Self { state: self.state.join(other.state), decided: self.decided.max(other.decided), flags }
    }

    /// What an answer to an amendment, a cancellation or an arrival says of the declaration itself: its flags, and what is
    /// above accepted. Below, it says what became of that message.
    #[must_use]
    pub fn of_goods(self) -> Self {
        let is_of_goods = self.state.rank() > State::Accepted.rank();
        Self { state: if is_of_goods { self.state } else { State::Draft }, ..self }
    }

    /// The main state; of a dispute that was decided, the end that was decided.
    pub fn state(&self) -> State {
        match (self.state, self.decided) {
            (State::Disputed, Some((_, end))) => end,
            (state, _) => state,
        }
    }

    /// True where nothing usable was heard since it was sent.
    pub fn is_pending(&self) -> bool {
        self.state == State::Sent
    }

    /// True where the flag is open.
    pub fn has(&self, flag: Flag) -> bool {
        matches!(self.flags.get(flag as usize), Some(Some((_, true))))
    }

    /// True where the last that was said of the flag closed it.
    pub fn has_closed(&self, flag: Flag) -> bool {
        matches!(self.flags.get(flag as usize), Some(Some((_, false))))
    }

    /// The open flags.
    pub fn flags(&self) -> impl Iterator<Item = Flag> + '_ {
        Flag::ALL.iter().map(|(flag, _)| *flag).filter(|flag| self.has(*flag))
    }

    /// A finding where `event` rejects what `self` says was accepted.
    pub fn late_rejection(&self, event: &Self) -> Option<Finding> {
        let late = event.state == State::Rejected && self.state.rank() > State::Rejected.rank();
        late.then(|| {
            Finding::warning(&LATE_REJECTION, format!("rejected, but it was {} before", self.state()))
        })
    }
}
