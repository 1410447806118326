//! Facts beside the main state.

/// A fact beside the state, which opens and closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flag {
    /// Goods or papers are examined.
    Control,
    /// Documents are asked for.
    DocumentsWanted,
    /// The authority asks a question.
    Query,
    /// Duty is to be paid.
    DutyDue,
    /// The guarantee does not do.
    GuaranteeBad,
    /// The goods are held.
    Detained,
    /// The procedure is suspended.
    Suspended,
    /// An amendment is undecided.
    AmendPending,
    /// A cancellation is undecided.
    CancelPending,
    /// The authority wants an amendment.
    AmendWanted,
    /// What arrived differs from what was declared.
    Discrepancy,
    /// A debt is being recovered.
    Recovery,
    /// Something happened on the way.
    Incident,
    /// The goods wait for a security check.
    SecurityDelay,
    /// An officer works on it.
    Manual,
}

impl Flag {
    /// All flags with their words.
    pub const ALL: [(Self, &'static str); 15] = [
        (Self::Control, "control"),
        (Self::DocumentsWanted, "documents_wanted"),
        (Self::Query, "query"),
        (Self::DutyDue, "duty_due"),
        (Self::GuaranteeBad, "guarantee_bad"),
        (Self::Detained, "detained"),
        (Self::Suspended, "suspended"),
        (Self::AmendPending, "amend_pending"),
        (Self::CancelPending, "cancel_pending"),
        (Self::AmendWanted, "amend_wanted"),
        (Self::Discrepancy, "discrepancy"),
        (Self::Recovery, "recovery"),
        (Self::Incident, "incident"),
        (Self::SecurityDelay, "security_delay"),
        (Self::Manual, "manual"),
    ];

    /// The word that events and the store use.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(flag, _)| *flag == self).map_or("", |(_, word)| word)
    }

    /// The flag of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == word).map(|(flag, _)| *flag)
    }
}
