//! Grammars of JSON-LD: by which names the grammar knows what a text may name in several ways.
//!
//! ```text
//! linked cargo https://onerecord.iata.org/ns/cargo#
//! inverse cargo:pieces cargo:ofShipment
//! ```

use std::borrow::Cow;
use std::fmt::Write;

/// What the names of a grammar of JSON-LD stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// The prefixes of its names, each with what it stands for.
    pub prefixes: Vec<(Box<str>, Box<str>)>,
    /// Members that may be said from the other side: the pieces of a shipment, by each piece.
    pub inverses: Vec<(Box<str>, Box<str>)>,
}

impl Linked {
    /// What a prefix stands for.
    pub fn stands_for(&self, prefix: &str) -> Option<&str> {
        let found = self.prefixes.iter().find(|(own, _)| **own == *prefix);
        found.map(|(_, iri)| &**iri)
    }

    /// An IRI as the grammar names it; as it is, where no prefix fits.
    pub fn compact<'t>(&self, iri: &'t str) -> Cow<'t, str> {
        let named = |(prefix, whole): &(Box<str>, Box<str>)| {
            let rest = iri.strip_prefix(&**whole).filter(|rest| !rest.is_empty())?;
            Some(format!("{prefix}:{rest}"))
        };
        self.prefixes.iter().find_map(named).map_or(Cow::Borrowed(iri), Cow::Owned)
    }

    /// Writes it as it is read.
    pub(super) fn write(&self, out: &mut String) {
        for (word, pairs) in [("linked", &self.prefixes), ("inverse", &self.inverses)] {
            for (own, other) in pairs {
                let _ = writeln!(out, "{word} {own} {other}");
            }
        }
    }
}

/// Takes a line of the header, where it is about this.
pub(super) fn directive<'w>(
    linked: &mut Option<Linked>,
    word: &str,
    mut words: impl Iterator<Item = &'w str>,
) -> bool {
    let is_prefix = word == "linked";
    let (true, Some(own), Some(other)) = (is_prefix || word == "inverse", words.next(), words.next()) else {
        return false;
    };
    let linked = linked.get_or_insert_default();
    let pairs = if is_prefix { &mut linked.prefixes } else { &mut linked.inverses };
    pairs.push((own.into(), other.into()));
    true
}
