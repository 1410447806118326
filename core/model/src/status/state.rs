//! The main state.

use std::cmp::Ordering;
use std::fmt;

/// The main state, in the order in which it rises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Not sent.
    #[default]
    Draft,
    /// Handed over, no usable answer: Pending.
    Sent,
    /// It did not reach the counterpart, as far as known.
    Undeliverable,
    /// The counterpart has it, technically sound.
    Received,
    /// Kept by customs, not legally accepted.
    Registered,
    /// The submission is void.
    Rejected,
    /// Legally accepted.
    Accepted,
    /// Accepted, but not released.
    Refused,
    /// The goods may move.
    Released,
    /// The procedure is finished.
    Cleared,
    /// No exit result in time.
    NotExited,
    /// The exit is confirmed.
    Exited,
    /// Cancelled by decision.
    Invalidated,
    /// The goods were sent back.
    Returned,
    /// Two different ends were reported; a person decides.
    Disputed,
}

impl State {
    /// All states, lowest first.
    pub const ALL: [Self; 15] = [
        Self::Draft,
        Self::Sent,
        Self::Undeliverable,
        Self::Received,
        Self::Registered,
        Self::Rejected,
        Self::Accepted,
        Self::Refused,
        Self::Released,
        Self::Cleared,
        Self::NotExited,
        Self::Exited,
        Self::Invalidated,
        Self::Returned,
        Self::Disputed,
    ];

    /// The word that events and the store use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Undeliverable => "undeliverable",
            Self::Received => "received",
            Self::Registered => "registered",
            Self::Rejected => "rejected",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Released => "released",
            Self::Cleared => "cleared",
            Self::NotExited => "not_exited",
            Self::Exited => "exited",
            Self::Invalidated => "invalidated",
            Self::Returned => "returned",
            Self::Disputed => "disputed",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Its row in the order: three ends share one.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Exited | Self::Invalidated | Self::Returned => 11,
            Self::Disputed => 12,
            other => other as u8,
        }
    }

    /// The lowest state that is at least as high as both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match self.rank().cmp(&other.rank()) {
            Ordering::Less => other,
            Ordering::Greater => self,
            Ordering::Equal if self == other => self,
            Ordering::Equal => Self::Disputed,
        }
    }

    /// True where `other` is as high or higher.
    pub fn is_below(self, other: Self) -> bool {
        self.join(other) == other
    }

    /// True for the ends, among which none is above another.
    pub const fn is_end(self) -> bool {
        self.rank() == 11
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
