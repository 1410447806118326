//! The numbers and names that a field has in other systems.

use std::fmt;

/// Several words in one cell, separated by `|`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Words(pub &'static str);

impl Words {
    /// The words, in the table's order.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        self.0.split('|').filter(|word| !word.is_empty())
    }

    /// True where there is none.
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// True where one of them is `word`.
    pub fn has(self, word: &str) -> bool {
        self.iter().any(|own| own == word)
    }
}

/// How well a TDED number fits the EDIFACT directories (D.96B, D.13B).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fit {
    /// It is a data element there, of that meaning.
    Element,
    /// It is none; EDIFACT says it with a general element and a qualifier. Marked `~`.
    Bridged,
    /// It is one of another meaning. Marked `!`.
    Misnamed,
}

/// A number of the Trade Data Elements Directory (ISO 7372, UN/CEFACT).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tded {
    /// Four digits.
    pub number: &'static str,
    /// How it relates to EDIFACT.
    pub fit: Fit,
}

/// What a field is called elsewhere. A blank means "not known for sure", never "does not exist".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Identifiers {
    /// WCO Data Model: class chain and attribute (`42A.67A.68A.23A.137`), as in the DMS 3.6 dictionaries.
    pub wco: Words,
    /// TDED numbers with their marks; [`tded`](Self::tded) reads them.
    pub tded: Words,
    /// EU data element numbers (`6/8`).
    pub de: Words,
    /// EU customs data model numbers (`18 05`).
    pub eucdm: Words,
    /// Boxes of the Single Administrative Document.
    pub sad: Words,
    /// Elements of the China cross-border e-commerce messages.
    pub ceb: Words,
    /// ASC X12 data elements, with their qualifier where it takes one.
    pub x12: Words,
}

impl Identifiers {
    /// True where nothing is known.
    pub fn is_empty(&self) -> bool {
        self.named().all(|(_, words)| words.is_empty())
    }

    /// The TDED numbers without their marks.
    pub fn tded(&self) -> impl Iterator<Item = Tded> {
        self.tded.iter().map(|word| match (word.strip_suffix('~'), word.strip_suffix('!')) {
            (Some(number), _) => Tded { number, fit: Fit::Bridged },
            (_, Some(number)) => Tded { number, fit: Fit::Misnamed },
            _ => Tded { number: word, fit: Fit::Element },
        })
    }

    /// Each kind with its heading, in the table's order.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, Words)> {
        [
            ("WCO", self.wco),
            ("TDED", self.tded),
            ("DE", self.de),
            ("EUCDM", self.eucdm),
            ("SAD", self.sad),
            ("CEB", self.ceb),
            ("X12", self.x12),
        ]
        .into_iter()
    }

    /// What `over` states, else what these state, kind by kind.
    #[must_use]
    pub fn refined(self, over: Self) -> Self {
        let pick = |own: Words, over: Words| if over.is_empty() { own } else { over };
        Self {
            wco: pick(self.wco, over.wco),
            tded: pick(self.tded, over.tded),
            de: pick(self.de, over.de),
            eucdm: pick(self.eucdm, over.eucdm),
            sad: pick(self.sad, over.sad),
            ceb: pick(self.ceb, over.ceb),
            x12: pick(self.x12, over.x12),
        }
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.replace('|', ", "))
    }
}

impl fmt::Display for Identifiers {
    /// `WCO 42A.D014 · TDED 1004`; nothing where nothing is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stated = self.named().filter(|(_, words)| !words.is_empty());
        for (at, (heading, words)) in stated.enumerate() {
            write!(f, "{}{heading} {words}", if at == 0 { "" } else { " · " })?;
        }
        Ok(())
    }
}
